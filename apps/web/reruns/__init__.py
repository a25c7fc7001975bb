"""Documents read once more beside their readings: starting that, what differs, promoting and discarding."""
