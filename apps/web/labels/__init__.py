"""The types of a workspace: how many examples each has, adding types of one's own by a sentence, retiring them."""
