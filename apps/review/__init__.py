"""Review: what a person has to look at, and what the person decided."""
