"""Candidates for values, what speaks for each, and trees that rank them."""
