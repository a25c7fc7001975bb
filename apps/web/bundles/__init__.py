"""The screen on which a person cuts a bundle into documents."""
