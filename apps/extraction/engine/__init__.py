"""The reading engine: bytes in, pages, words and tables out. Pure Python without Django, Celery or torch."""
