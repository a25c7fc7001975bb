"""The pages about documents: upload, list, one document, trash."""
