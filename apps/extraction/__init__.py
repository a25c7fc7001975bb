"""Extraction: text, words, tables and values of readings; the engine that reads files."""
