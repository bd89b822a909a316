"""How the catalogue came to its present shape."""
