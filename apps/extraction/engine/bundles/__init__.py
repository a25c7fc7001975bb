"""Bundles: one scan that holds several documents. What pages look like, where documents begin, cutting them apart."""
