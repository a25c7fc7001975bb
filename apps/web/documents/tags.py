"""Tags as people type them."""

LONGEST_TAG = 60
MOST_TAGS = 30


def tag_names(typed: str) -> list[str]:
    """Split "invoices, 2026" into names, without repeats; raises nothing: what is too long is cut."""
    names = (" ".join(name.split())[:LONGEST_TAG] for name in typed.replace("\x00", "").split(","))
    return list(dict.fromkeys(name for name in names if name))[:MOST_TAGS]
