"""What a tagger learns from: tagged sentences, their conventions and licences, new sentences made of them, scores."""
