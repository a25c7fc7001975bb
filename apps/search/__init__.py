"""Search: an index that can be dropped and rebuilt."""
