"""Experiments: planning one, what it has shown so far, and what to do about it."""
