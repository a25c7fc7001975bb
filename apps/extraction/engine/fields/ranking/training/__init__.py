"""Training the ranker: generated documents, labelled candidates, folds, fitting and figures."""
