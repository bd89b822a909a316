"""Questions and the answers the archive gives to them. Knows no HTTP."""
