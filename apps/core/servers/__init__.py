"""Embedded PostgreSQL and Valkey: real servers from pip packages, for machines where none is configured."""
