"""Exports: values of chosen documents as a file, written in the background; the rows remember what went out."""
