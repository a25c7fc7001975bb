"""Normalisers: from how documents write a value to its one form."""
