"""Long prose of the samples as plain files; `$name` marks what the generator fills in."""

from pathlib import Path
from string import Template

FOLDER = Path(__file__).parent


def load(file_name: str, **values: str) -> str:
    """Return the text of `file_name` with its marks filled; a mark without a value is an error."""
    return Template((FOLDER / file_name).read_text(encoding="utf-8")).substitute(values)


def blocks(text: str) -> list[str]:
    """Return the paragraphs of `text`, which empty lines divide, each on one line."""
    return [" ".join(block.split()) for block in text.split("\n\n") if block.strip()]
