"""Classification: what a document is, by models that are versioned and measured."""
