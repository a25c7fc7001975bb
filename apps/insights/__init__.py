"""Insights: figures about what came in, what it is and how processing goes."""
