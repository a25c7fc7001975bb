"""The pipeline: runs and steps in two tables, executed by Celery workers."""
