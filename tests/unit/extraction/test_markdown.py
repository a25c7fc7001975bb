"""Markdown of documents: structure as marks, and texts that mean the same when Markdown is read again."""

from html.parser import HTMLParser

import pytest
from hypothesis import given
from hypothesis import strategies as st
from markdown_it import MarkdownIt

from apps.extraction.engine.markdown import escaped, markdown_of
from apps.extraction.engine.types import Block, CellReading, PageReading, TableReading

LOOKING_LIKE_MARKS = [
    *("# no heading", "1. no item", "1) no", "- no item", "2 * 3 * 4", "_no emphasis_", "snake_case_name", "~~gone~~"),
    *("[a](b)", "[a]: b", "<b>no tag</b>", "a &amp; b", "> no quote", "===", "---", "`code`", "| a | b |", "\\"),
]


class Texts(HTMLParser):
    """The text of HTML."""

    def __init__(self) -> None:
        super().__init__()
        self.parts: list[str] = []

    def handle_data(self, data: str) -> None:
        self.parts.append(data)


def read_again(markdown: str) -> str:
    parser = Texts()
    parser.feed(MarkdownIt().enable(["table", "strikethrough"]).render(markdown))
    return " ".join("".join(parser.parts).split())


def page(*blocks: Block, number: int = 1, text: str = "") -> PageReading:
    return PageReading(
        number=number, width=0, height=0, rotation=0, text=text, text_source="native", blocks=list(blocks)
    )


def item(text: str, marker: str, level: int = 0) -> Block:
    return Block(kind="list_item", text=text, marker=marker, level=level)


def test_headings_paragraphs_and_what_is_left_out() -> None:
    blocks = [
        Block(kind="header", text="ACME annual report"),
        Block(kind="title", text="Report"),
        Block(kind="heading", text="Sales", level=1),
        Block(kind="paragraph", text="They rose."),
        Block(kind="paragraph", text="Check this", note="comment"),
        Block(kind="paragraph", text="secret", note="hidden"),
        Block(kind="code", text="a = `b`\n```"),
        Block(kind="page_number", text="1"),
    ]
    assert markdown_of([page(*blocks)], []) == (
        "# Report\n\n## Sales\n\nThey rose.\n\n> Check this\n\n````\na = `b`\n```\n````"
    )


def test_lists_keep_their_numbers_and_depths() -> None:
    blocks = [item("one", "1."), item("inner", "•", 1), item("lettered", "(a)", 2), item("two", "2.")]
    found = markdown_of([page(Block(kind="paragraph", text="Points:"), *blocks)], [])
    assert found == "Points:\n\n1. one\n   - inner\n     - (a) lettered\n2. two"
    assert MarkdownIt().render(found).count("<ul>") == 2


def test_a_first_item_is_never_deeper_than_its_list() -> None:
    assert markdown_of([page(item("deep", "-", 3), item("deeper", "-", 3))], []) == "- deep\n  - deeper"


def test_tables_become_pipe_tables_with_spans_flattened() -> None:
    cells = [
        CellReading(row=0, column=0, column_span=2, text="Item | kind"),
        CellReading(row=1, column=0, text="Pen\nblue"),
        CellReading(row=1, column=1, text="3"),
    ]
    table = TableReading(page=1, box=None, row_count=2, column_count=2, cells=cells)
    found = markdown_of([page(Block(kind="table", text="", table=0))], [table])
    assert found == "| Item \\| kind |  |\n| --- | --- |\n| Pen blue | 3 |"
    assert "<table>" in MarkdownIt().enable("table").render(found)


def test_pages_are_parted_and_pages_without_blocks_are_told_by_their_text() -> None:
    pages = [page(Block(kind="paragraph", text="One")), page(number=2, text="Two\nlines\n\nThree")]
    assert markdown_of(pages, []) == "One\n\n---\n\nTwo\nlines\n\nThree"


@pytest.mark.parametrize("text", LOOKING_LIKE_MARKS)
def test_marks_in_texts_are_no_marks(text: str) -> None:
    assert read_again(escaped(text)) == text


@given(st.text(alphabet="ab1 #*_-+=>`~[]()<>|!&;.:\\\n", max_size=40))
def test_any_text_reads_as_it_was(text: str) -> None:
    assert read_again(escaped(text)) == " ".join(text.split())
