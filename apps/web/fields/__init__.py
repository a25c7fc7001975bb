"""The fields of a document beside its page: looking, correcting, confirming, and going through many documents."""
