"""Queries: their text, the named ones, and their answers."""
