"""Training of the document-type head; the only part of the engine that needs scikit-learn and scipy."""
