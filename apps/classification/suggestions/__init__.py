"""Tags that heads propose for documents: what stands to be decided, and how good the heads are."""
