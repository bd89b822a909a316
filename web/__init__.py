"""HTTP, pages and the command line: where people and programs meet the archive."""
