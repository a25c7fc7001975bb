"""Fields of documents: what machines read of them, what people said, schemas, and the memory of layouts."""
