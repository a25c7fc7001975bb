"""What needs a person: documents that failed or were read in part, and questions about types."""
