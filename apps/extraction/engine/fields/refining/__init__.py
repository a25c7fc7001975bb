"""What a workspace's people decided, learned on top of the shipped rankers of fields and their probabilities."""

from typing import Final

TYPES: Final = ("invoice", "receipt", "contract")  # of documents whose shipped rankers are learned on top of
