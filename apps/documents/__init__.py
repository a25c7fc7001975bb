"""Documents: immutable blobs, versions, readings and pages, and who may see them."""
