"""Model versions: what they were made of, how good they are, comparing two, and which of them is in use."""
