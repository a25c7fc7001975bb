"""The applications, from core at the bottom to web and api at the top."""
