"""What was learned from corrections: receipts with the documents that changed, and taking them back."""
