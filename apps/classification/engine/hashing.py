"""Choices that look like chance and are the same every time: by the hash of a key and a salt."""

import hashlib


def unit_hash(key: str, *, salt: str) -> float:
    """Return a number in [0, 1) that is as good as random for a key, and another one for another salt."""
    digest = hashlib.sha256(f"{salt}\0{key}".encode()).digest()
    return (int.from_bytes(digest[:8]) >> 11) / 2**53


def is_chosen(key: str, *, salt: str, share: float) -> bool:
    """Tell whether a key belongs to the chosen share; a larger share holds all of a smaller one."""
    return unit_hash(key, salt=salt) < share
