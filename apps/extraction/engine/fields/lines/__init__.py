"""Line items: what an invoice asks money for, read from rows of words below a head that names their columns."""
