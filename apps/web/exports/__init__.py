"""Files of values that were asked for: how far each is, what it holds, and downloading it."""
