"""The supervisor: `manage.py up` starts, watches and stops every process of one installation."""
