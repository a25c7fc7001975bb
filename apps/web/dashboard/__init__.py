"""The start page: what came in, what it is, what needs attention, how processing goes."""
