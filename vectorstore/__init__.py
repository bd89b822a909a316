"""Newspapers, articles, passages and their vectors. Knows no question."""
