"""Management commands of classification."""
