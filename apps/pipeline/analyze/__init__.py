"""The use case behind `manage.py analyze`: from paths to analysis objects, without database, broker or network."""
