"""Experiments: planning, leading and reading them; who is asked about which documents, and what was said."""
