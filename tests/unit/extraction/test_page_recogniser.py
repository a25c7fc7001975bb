"""Pages that lie, slope, are of another language or badly photographed, and pages without text."""

import hashlib
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from apps.extraction.engine.layout.language import _identifier, language_of
from apps.extraction.engine.ocr import OcrOptions, find_languages
from apps.extraction.engine.ocr.accurate import Accurate, Sheet
from apps.extraction.engine.ocr.boxed_lines import Point
from apps.extraction.engine.ocr.languages import two_letters
from apps.extraction.engine.ocr.on_its_head import are_each_other_on_their_heads, tells_its_way_up
from apps.extraction.engine.ocr.page import PageRecogniser, _Reading, _Seen
from apps.extraction.engine.ocr.recognised import Recognised
from apps.extraction.engine.ocr.upright import Upright
from apps.extraction.engine.readers.base import Source
from apps.extraction.engine.reading import Engine
from apps.extraction.engine.types import Word
from tests.unit.extraction import makers_recognition as makers
from tests.unit.extraction.makers import scanned_pdf

FRENCH = [
    "Les factures sont payables à trente jours après réception.",
    "Passé ce délai, des pénalités de retard sont exigibles.",
    "Où que soit le siège, les tribunaux restent compétents.",
    "La propriété est conservée jusqu'au règlement intégral.",
]
GERMAN = [
    "Rechnungen sind innerhalb von dreißig Tagen zu bezahlen.",
    "Bis zur vollständigen Bezahlung bleibt die Ware unser Eigentum.",
    "Änderungen und Ergänzungen müssen schriftlich erfolgen.",
    "Ausschließlicher Gerichtsstand ist München, soweit zulässig.",
]


@pytest.fixture(scope="module")
def recogniser() -> Iterator[PageRecogniser]:
    made = PageRecogniser(OcrOptions.of(languages=["eng", "deu", "fra"], extra=None, accurate=True))
    yield made
    made.close()


@pytest.fixture(scope="module")
def accurate() -> Iterator[Accurate]:
    made = Accurate()
    yield made
    made.close()


def _share_right(lines: list[str], text: str) -> float:
    wanted, read = " ".join(lines).split(), text.split()
    return sum(word in read for word in wanted) / len(wanted)


def _middle(words: list[Word], text: str) -> tuple[float, float]:
    word = next(word for word in words if word.text == text)
    return (word.x0 + word.x1) / 2, (word.y0 + word.y1) / 2


def test_three_languages_are_shipped() -> None:
    found = find_languages(["eng", "deu", "fra", "osd"], None)
    assert list(found) == ["eng", "deu", "fra", "osd"]
    assert (
        hashlib.sha256(found["fra"].read_bytes()).hexdigest()
        == "ced037562e8c80c13122dece28dd477d399af80911a28791a66a63ac1e3445ca"
    )
    assert (found["fra"].parent / "LICENSE").is_file()


def test_names_of_languages() -> None:
    assert [two_letters(name) for name in ("deu", "chi_sim", "osd")] == ["de", "zh", ""]


@pytest.mark.parametrize("clockwise", [0, 90, 180, 270])
def test_pages_are_read_whichever_way_they_lie(recogniser: PageRecogniser, clockwise: int) -> None:
    upright = makers.print_of(makers.LETTER)
    found, how = recogniser.recognise(makers.turned(upright, clockwise))
    assert found.text().split() == " ".join(makers.LETTER).split()
    assert how.turned == -clockwise % 360
    x, y = _middle(found.words, "agreement")
    left, top = (80 + 180) / upright.width, (80 + 18) / upright.height
    expected = {0: (left, top), 90: (1 - top, left), 180: (1 - left, 1 - top), 270: (top, 1 - left)}[clockwise]
    assert (x, y) == pytest.approx(expected, abs=0.03)


def test_what_only_the_accurate_engine_reads_is_turned_as_well(recogniser: PageRecogniser) -> None:
    picture = makers.turned(makers.photographed(makers.print_of(makers.LETTER)), 180)
    found, how = recogniser.recognise(picture)
    assert (how.engine, how.turned) == ("rapidocr", 180)
    assert _share_right(makers.LETTER, found.text()) > 0.9


def _page_with(labels: list[str], clockwise: int) -> Image.Image:
    """Draw a page with labels on end, which run down (90) or up (270)."""
    picture = makers.print_of(makers.LETTER[:3], size=(1240, 1240))
    for number, label in enumerate(labels):
        picture.paste(makers.turned(makers.print_of([label], size=(600, 160)), clockwise), (100 + 200 * number, 500))
    return picture


@pytest.mark.parametrize("clockwise", [90, 270])
def test_lines_on_end_are_read_the_way_they_run(accurate: Accurate, clockwise: int) -> None:
    """Words, numbers, and serial numbers that are others on their heads."""
    labels = ["Percentage of answers", "INV 2024-0098", "No 6891", "NOON 0.89", "89608"]
    words = [word.text for word in accurate.look(_page_with(labels, clockwise)).recognised().words]
    assert sorted(words) == sorted(" ".join([*makers.LETTER[:3], *labels]).split())


def test_what_reads_both_ways_runs_down_where_nothing_else_tells(accurate: Accurate) -> None:
    read = {turn: accurate.look(_page_with(["89608"], turn)).recognised().words[-1].text for turn in (90, 270)}
    assert read == {90: "89608", 270: "80968"}


def test_lines_on_end_are_read_either_way(accurate: Accurate) -> None:
    picture = makers.print_of(makers.LETTER[:3], size=(1240, 1240))
    for place, text, clockwise in ((200, "Percentage of answers", 270), (800, "Number of questions", 90)):
        label = makers.print_of([text], size=(600, 160))
        picture.paste(makers.turned(label, clockwise), (place, 500))
    words = [word.text for word in accurate.look(picture).recognised().words]
    assert words == [
        *" ".join(makers.LETTER[:3]).split(),
        *["Percentage", "of", "answers", "Number", "of", "questions"],
    ]


@pytest.mark.parametrize(
    ("one", "other", "are_one"),
    [
        ("No 6891", "I689 ON", True),
        ("6 OZ", "ZO 9", True),
        ("upon", "uodn", True),
        ("89608", "89608", False),
        ("60%", "60", False),
        ("Page", "Page", False),
        ("-", "-", False),
    ],
)
def test_print_that_reads_on_its_head(one: str, other: str, are_one: bool) -> None:
    assert are_each_other_on_their_heads(one, other) == are_one


@pytest.mark.parametrize(
    ("text", "tells"),
    [("Percentage", True), ("Chronic fatigue", True), ("INV 2024-0098", False), ("date 0891680 NOON", False)],
)
def test_words_tell_their_way_up(text: str, tells: bool) -> None:
    assert tells_its_way_up(text) == tells


@pytest.mark.parametrize(("count", "turns"), [(20, [90, 180, 270, 180]), (1_001, [180])])
def test_noise_that_seems_to_stand(monkeypatch: pytest.MonkeyPatch, count: int, turns: list[int]) -> None:
    """Words that stand are turned, few enough of them; where that fails the accurate engine's lines tell."""
    recogniser = PageRecogniser(OcrOptions.of(languages=["eng"], extra=None, accurate=True))
    picture = makers.print_of([])
    standing = Recognised([Word(0.5, 0.1, 0.51, 0.9, "illi", 0.2)] * count, [" "] * count)
    tried: list[int] = []

    def read(language: str, upright: Upright) -> _Reading:
        tried.append(upright.turned)
        return _Reading("tesseract", language, standing, upright)

    level: list[Point] = [(0, 0), (80, 0), (80, 10), (0, 10)]
    on_its_head = Sheet([(np.zeros((10, 80, 3), np.uint8), level)] * 3, lambda *_: [], picture.size)
    monkeypatch.setattr(recogniser, "_read", read)
    monkeypatch.setattr(
        recogniser, "_look", lambda _, turn: _Seen(Upright(picture, turn, 0.0, picture.size), on_its_head)
    )
    reading = _Reading("tesseract", "eng", standing, Upright(picture, 0, 0.0, picture.size))
    assert recogniser._turned(picture, reading, None)[0] == reading
    assert tried == turns


@pytest.mark.parametrize("degrees", [-8.0, 5.0])
def test_sloping_lines_are_set_straight(recogniser: PageRecogniser, degrees: float) -> None:
    picture = makers.tilted(makers.print_of(makers.LETTER), degrees)
    found, how = recogniser.recognise(picture)
    assert _share_right(makers.LETTER, found.text()) > 0.95
    assert how.skew == pytest.approx(degrees, abs=0.4)
    level, _ = recogniser.recognise(makers.print_of(makers.LETTER))
    places = [(word, next((other for other in found.words if other.text == word.text), None)) for word in level.words]
    ink = picture.point(lambda value: 255 - value)
    for word, tilted in places:
        if tilted is None or len(word.text) < 6:
            continue
        box = (tilted.x0 * ink.width, tilted.y0 * ink.height, tilted.x1 * ink.width, tilted.y1 * ink.height)
        assert ink.crop(box).histogram()[200:] != [0] * 56, f"no ink where {word.text} should be"


@pytest.mark.parametrize(("lines", "language"), [(FRENCH, "fra"), (GERMAN, "deu"), (makers.LETTER, "eng")])
def test_text_is_read_in_its_language(recogniser: PageRecogniser, lines: list[str], language: str) -> None:
    found, how = recogniser.recognise(makers.print_of(lines, letter_px=30))
    assert how.language == language
    assert _share_right(lines, found.text()) > 0.95
    assert how.dictionary_share > 0.9
    assert 0.9 < how.confidence <= 1


def test_what_is_read_badly_is_read_again() -> None:
    picture = makers.photographed(makers.print_of(makers.LETTER))
    shares = []
    for accurate in (False, True):
        recogniser = PageRecogniser(OcrOptions.of(languages=["eng"], extra=None, accurate=accurate))
        found, how = recogniser.recognise(picture)
        shares.append(_share_right(makers.LETTER, found.text()))
        recogniser.rest()
        again, _ = recogniser.recognise(picture)
        assert again == found
        recogniser.close()
        assert how.engine == ("rapidocr" if accurate else "tesseract")
    assert shares[0] < shares[1]
    assert shares[1] > 0.9


def test_the_accurate_engine_goes_when_it_is_not_needed(recogniser: PageRecogniser) -> None:
    recogniser.recognise(makers.photographed(makers.print_of(makers.LETTER)))
    assert recogniser._accurate is not None
    for _ in range(40):
        recogniser.recognise(makers.print_of(makers.LETTER[:1], size=(1000, 240)))
    assert recogniser._accurate is None


@pytest.mark.parametrize(
    "picture",
    [
        Image.new("L", (600, 400), 255),
        Image.radial_gradient("L"),
        Image.new("1", (2, 9)),
        Image.new("L", (9_000, 20), 255),
    ],
)
def test_pictures_without_text(recogniser: PageRecogniser, picture: Image.Image) -> None:
    found, how = recogniser.recognise(picture)
    assert (found.words, found.text(), how.confidence) == ([], "", 0)


def test_a_resting_engine_forgets_all_models_and_reads_the_same_again(tmp_path: Path) -> None:
    path = scanned_pdf(tmp_path / "scan.pdf", ["The agreement of the tedious letter"])
    source = Source(path=path, media_type="application/pdf")
    engine = Engine(OcrOptions.of(languages=["eng"], extra=None, accurate=False))
    before = engine.recognise_page(source, 1)
    assert language_of("The agreement was signed in the town on Monday") == "en"
    engine.rest()
    assert engine._recogniser is not None
    assert engine._recogniser._by_language == {}
    assert _identifier.cache_info().currsize == 0
    assert engine.recognise_page(source, 1) == before
    assert language_of("The agreement was signed in the town on Monday") == "en"
