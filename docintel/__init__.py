"""Configuration: settings, URLs, Celery, WSGI. No behaviour lives here."""
