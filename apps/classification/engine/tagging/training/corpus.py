"""Tagged sentences: read from files of tokens with BIO tags, in the conventions of their sources."""

import hashlib
import re
import tomllib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final, Literal, NamedTuple

import msgspec

IGNORED: Final = "?"
"""The kind of a span that teaches nothing."""
_SOURCES: Final = Path(__file__).with_name("sources.toml")
# Written without a blank before or after them when tokens become text again.
_GLUED_BEFORE: Final = re.compile(r"[.,;:!?)\]}%']|n't")
_GLUED_AFTER: Final = "([{"


class CorpusError(ValueError):
    """The folder or one of its files is not as it should be; the message says what is wrong."""


class TaggedSpan(NamedTuple):
    """A mention at start:end of a sentence; `kind` as the labels write it (PER), or `IGNORED`."""

    kind: str
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Sentence:
    """A sentence as people write it, with its mentions in their order."""

    text: str
    spans: tuple[TaggedSpan, ...]


class SourceRules(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What is known of a corpus; see `sources.toml`."""

    prefix: str = ""
    title: str = "unknown"
    licence: str = "unknown"
    url: str = ""
    weight: float = 1.0
    repeats: int = 1
    share: float = 1.0
    empty_share: float = 1.0
    handles: Literal["", "outside"] = ""
    hashtags: Literal["", "ignored"] = ""
    roles: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Corpus:
    """The sentences of one file in their order; `sha256` is the file's."""

    name: str
    rules: SourceRules
    sha256: str
    sentences: list[Sentence] = field(repr=False)


def read_corpora(folder: Path) -> list[Corpus]:
    """Read the `.tsv` files of a folder: a token, a tab and a tag a line, an empty line between sentences.

    Tags are `O`, `B-KIND` and `I-KIND`. Raises `CorpusError`.
    """
    paths = sorted(folder.glob("*.tsv"))
    if not paths:
        raise CorpusError(f"{folder} holds no .tsv files")
    known = known_sources()
    return [_read(path, known) for path in paths]


def known_sources() -> list[SourceRules]:
    """Return what `sources.toml` says."""
    table = tomllib.loads(_SOURCES.read_text(encoding="utf-8"))
    return msgspec.convert(table["source"], list[SourceRules])


def _read(path: Path, known: Sequence[SourceRules]) -> Corpus:
    rules = next((rules for rules in known if path.stem.startswith(rules.prefix)), SourceRules())
    data = path.read_bytes()
    sentences = [sentence_of(_in_our_conventions(tokens, rules)) for tokens in _tokens(path, data.decode("utf-8"))]
    return Corpus(path.stem, rules, hashlib.sha256(data).hexdigest(), sentences)


def _tokens(path: Path, text: str) -> Iterator[list[tuple[str, str]]]:
    """Give the (token, tag) pairs of each sentence."""
    current: list[tuple[str, str]] = []
    for number, line in enumerate(text.split("\n"), start=1):
        if line.strip():
            token, tab, tag = line.rstrip("\r").partition("\t")
            if not tab or not re.fullmatch(r"O|[BI]-[A-Z]+", tag):
                raise CorpusError(f"{path}, line {number}: expected a token, a tab and a BIO tag")
            current.append((token, tag))
        elif current:
            yield current
            current = []
    if current:
        yield current


def _in_our_conventions(tokens: Sequence[tuple[str, str]], rules: SourceRules) -> list[tuple[str, str]]:
    """Return the tokens with the tags that we would have given them."""
    changed: list[tuple[str, str]] = []
    for place, (token, tag) in enumerate(tokens):
        is_handle = token.startswith("@") or (place > 0 and tokens[place - 1][0] == "@")
        goes_on = place + 1 < len(tokens) and tokens[place + 1][1].startswith("I-")
        if rules.handles and is_handle:
            changed.append((token, "O"))
        elif rules.hashtags and token.startswith("#") and tag != "O":
            changed.append((token, IGNORED))
        elif tag.startswith("B-") and not goes_on and token.lower() in rules.roles:
            changed.append((token, "O" if tag == "B-PER" else IGNORED))
        else:
            changed.append((token, tag))
    return changed


def sentence_of(tokens: Sequence[tuple[str, str]]) -> Sentence:
    """Return a sentence as people write it: no blank before closing or after opening punctuation."""
    text = ""
    spans: list[TaggedSpan] = []
    open_kind = ""
    for token, tag in tokens:
        if text and not _GLUED_BEFORE.match(token) and text[-1] not in _GLUED_AFTER:
            text += " "
        start, text = len(text), text + token
        kind = tag if tag == IGNORED else tag[2:]
        if kind and tag.startswith("I-") and kind == open_kind:
            spans[-1] = spans[-1]._replace(end=len(text))
        elif kind:
            spans.append(TaggedSpan(kind, start, len(text)))
        open_kind = kind
    return Sentence(text, tuple(spans))
