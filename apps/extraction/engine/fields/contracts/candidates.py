"""What a contract's values are chosen from: a candidate with the cues that speak for and against it."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Candidate:
    """A value that a stretch of the running text may give; `cues` are numbers of about 0 to 1."""

    key: str
    value: str
    span: tuple[int, int]
    cues: tuple[float, ...]
