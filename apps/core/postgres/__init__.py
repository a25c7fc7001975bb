"""Django's PostgreSQL backend with two additions.

The embedded servers run before the first connection is made; and since parameters travel beside a statement, which may
have 65,535 of them, what is stored or deleted in bulk is cut into several.
"""
