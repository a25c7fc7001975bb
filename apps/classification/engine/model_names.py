"""What a configured model is called, without looking at its weights."""

from pathlib import Path


def short_name(name: str) -> str:
    """Return the last part of a folder's path; an id of Hugging Face stays as it is."""
    return Path(name).resolve().name if Path(name).is_dir() else name
