"""Mentions in documents' texts, and the organisations they stand for."""
