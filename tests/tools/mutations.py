"""Damage done to files, reproducibly: what bad disks, bad programs and attackers do to them."""

import random
import re
import zipfile
from collections.abc import Callable, Sequence
from io import BytesIO
from typing import TypeAlias

Mutation: TypeAlias = Callable[[random.Random, bytes, bytes], bytes]
"""Takes the source of chance, a file, and another file to take pieces from."""

_NUMBER = re.compile(rb"\d+")
_NUMBERS = (b"0", b"-1", b"1e308", b"nan", b"4294967296", b"99999999999999999999", b"2147483647", b"65536")
_TOKENS = (
    b"<<",
    b">>",
    b"[" * 200,
    b"(" * 200,
    b"{" * 500,
    b"<a>" * 200,
    b"endstream",
    b"&x;",
    b"\0" * 64,
    b"\xff" * 64,
)
_LONGEST_PIECE = 4_096


def _flip_bits(chance: random.Random, content: bytes, _: bytes) -> bytes:
    data = bytearray(content)
    for _turn in range(chance.choice((1, 3, 30, 300))):
        if data:
            data[chance.randrange(len(data))] ^= 1 << chance.randrange(8)
    return bytes(data)


def _cut_off(chance: random.Random, content: bytes, _: bytes) -> bytes:
    return content[: chance.randrange(len(content) + 1)]


def _drop(chance: random.Random, content: bytes, _: bytes) -> bytes:
    start, end = _piece(chance, content)
    return content[:start] + content[end:]


def _repeat(chance: random.Random, content: bytes, _: bytes) -> bytes:
    start, end = _piece(chance, content)
    return content[:end] + content[start:end] * chance.choice((1, 2, 100)) + content[end:]


def _splice(chance: random.Random, content: bytes, other: bytes) -> bytes:
    start, end = _piece(chance, content)
    from_, to = _piece(chance, other)
    return content[:start] + other[from_:to] + content[end:]


def _odd_number(chance: random.Random, content: bytes, _: bytes) -> bytes:
    places = [found.span() for found in _NUMBER.finditer(content)]
    for start, end in sorted(chance.sample(places, min(len(places), chance.choice((1, 2, 8)))), reverse=True):
        content = content[:start] + chance.choice(_NUMBERS) + content[end:]
    return content


def _odd_token(chance: random.Random, content: bytes, _: bytes) -> bytes:
    place = chance.randrange(len(content) + 1)
    return content[:place] + chance.choice(_TOKENS) + content[place:]


_MUTATIONS: Sequence[Mutation] = (_flip_bits, _cut_off, _drop, _repeat, _splice, _odd_number, _odd_token)


def mutated(chance: random.Random, content: bytes, other: bytes) -> bytes:
    """Return a damaged copy; a zip file is damaged within a member as often as from outside."""
    if content[:4] == b"PK\x03\x04" and chance.random() < 0.5:
        return _within(chance, content, other)
    for _turn in range(chance.choice((1, 1, 2, 4))):
        content = chance.choice(_MUTATIONS)(chance, content, other)
    return content


def _within(chance: random.Random, content: bytes, other: bytes) -> bytes:
    """Return a sound zip file with one member damaged, so that the damage reaches the parser of that member."""
    buffer = BytesIO()
    with zipfile.ZipFile(BytesIO(content)) as old, zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as new:
        names = old.namelist()
        damaged = chance.choice(names)
        for name in names:
            member = old.read(name)
            new.writestr(name, chance.choice(_MUTATIONS)(chance, member, other) if name == damaged else member)
    return buffer.getvalue()


def _piece(chance: random.Random, content: bytes) -> tuple[int, int]:
    start = chance.randrange(len(content) + 1)
    return start, min(len(content), start + chance.randrange(1, _LONGEST_PIECE))
