"""One step after another."""
