"""Django's PostgreSQL backend with one addition: the embedded servers run before the first connection is made."""
