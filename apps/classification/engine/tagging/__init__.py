"""Tagging words of text with kinds of entities: pure parts around the model, which lives in `runtime`."""
