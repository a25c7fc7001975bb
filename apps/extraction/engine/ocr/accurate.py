"""Recognition by RapidOCR (PP-OCR models on ONNX Runtime): slower, and far better on photographs.

Only its own models in the wheel are used, on one thread; nothing is fetched or reported.
"""

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from statistics import mean
from typing import Any, TypeAlias

import numpy as np
import numpy.typing as npt
from PIL import Image

from apps.extraction.engine.ocr.boxed_lines import BoxedLine, Point, in_reading_order
from apps.extraction.engine.ocr.on_its_head import are_each_other_on_their_heads, tells_its_way_up
from apps.extraction.engine.ocr.recognised import Recognised
from apps.extraction.engine.text import clean

# Longest side in which lines are looked for. 31 receipts (every other one of the dev set's): word-bag F1 and CPU
# seconds of finding at 736 / 960 / 1600: .973 .11 / .973 .19 / .975 .50; small print on whole pages needs the middle.
_DETECTION_SIDE_PX = 960
# Cut-outs of a screen have letters of 8 pixels. Tables in nine such pictures, adjacency F1 as they are / at scale 3:
# every other one .50 / .85, the others .57 / .87.
TINY_PX = 700
_TINY_SCALE = 3
_NARROWEST_PX = 16  # of the shorter side when the longer is made that long; the library fails at less than 1
_LEAST_SCORE = 0.5  # of a line; below, it is a smudge
_TALL = 1.5  # RapidOCR turns crops that are that much higher than wide
_SURELY_UP = 0.9  # score of words that run up, as labels of axes do, beyond which no other way is tried
_RUNS_UP, _RUNS_DOWN = 90, 270  # degrees clockwise that bring such a line level
# Difference of the scores of both ways, up to which they do not tell. Generated print that is text on its head too
# (89608, SOS) has .001 at most, other print (noon, 60%) .002 and more.
_NO_DIFFERENCE = 0.0015
_NARROWEST_LINE = 160  # pixels at the height of 48 to which short lines are padded: a quarter less time than 320
_WIDEST_LINE = 4_000
_LONGEST_LINE = 100  # times its height: some 200 letters; what is longer is a rule
# Lines that tell how a page lies: as many, about as long as some 16 letters (times their height). 14 receipts and
# invoices in four turns: read the right way the mean score of their lines is .97 and more, the other way .69 at most,
# and all of them are on end where the page lies; handwriting read the right way has .89 to .93.
_TELLING_LINES = 6
_FEWEST_TELLING = 3
_TELLING_LENGTH = 8
_RIGHT_WAY = 0.8
_SETTINGS = {
    "EngineConfig.onnxruntime.intra_op_num_threads": 1,
    "EngineConfig.onnxruntime.inter_op_num_threads": 1,
    "Global.log_level": "error",
    "Global.max_side_len": _DETECTION_SIDE_PX,
    "Global.text_score": 0.0,
    "Global.use_cls": False,
    "Det.limit_type": "max",
    "Det.limit_side_len": _DETECTION_SIDE_PX,
    "Rec.rec_batch_num": 1,  # batches save no time on one thread and hold more memory
    "Rec.rec_img_shape": [3, 48, _NARROWEST_LINE],
}
_MODELS = {"Det.model_path": "PP-OCRv6_det_small.onnx", "Rec.model_path": "PP-OCRv6_rec_small.onnx"}

Pixels: TypeAlias = npt.NDArray[np.uint8]
Place: TypeAlias = tuple[Pixels, list[Point]]


class Accurate:
    """RapidOCR with its models loaded: 150 MB, and 350 while it reads."""

    name = "rapidocr"

    def __init__(self) -> None:
        import onnxruntime  # noqa: PLC0415  (these three take .5 s and 100 MB, and few pages need them)

        onnxruntime.disable_telemetry_events()
        import cv2  # noqa: PLC0415  (as above)

        with _without_a_list_of_models():
            import rapidocr  # noqa: PLC0415  (as above)

            build = rapidocr.RapidOCR

        cv2.setNumThreads(1)
        models = Path(rapidocr.__file__).parent / "models"
        self._engine = build(params=_SETTINGS | {key: str(models / name) for key, name in _MODELS.items()})

    def look(self, picture: Image.Image) -> "Sheet":
        """Find the lines of a picture."""
        if max(picture.size) < TINY_PX:
            larger = (picture.width * _TINY_SCALE, picture.height * _TINY_SCALE)
            picture = picture.convert("RGB").resize(larger, Image.Resampling.BICUBIC)
        if min(picture.size) * _DETECTION_SIDE_PX < _NARROWEST_PX * max(picture.size):
            return Sheet([], self._line, picture.size)
        pixels: Pixels = np.ascontiguousarray(np.asarray(picture.convert("RGB"))[:, :, ::-1])
        self._engine.max_side_len = _DETECTION_SIDE_PX
        found: Any = self._engine(pixels, use_det=True, use_rec=False)  # its type depends on what was asked for
        quads = found.boxes
        if quads is None or not len(quads):
            return Sheet([], self._line, picture.size)
        crops = self._engine.crop_text_regions(pixels, quads.astype(np.float32))
        places = ([(float(x), float(y)) for x, y in quad] for quad in quads)
        return Sheet(list(zip(crops, places, strict=True)), self._line, picture.size)

    def _line(self, crop: Pixels, corners: list[Point]) -> list[BoxedLine]:
        """Read one line; return its readings: none, or one, or two of one on end that may as well run the other way."""
        self._engine.max_side_len = _WIDEST_LINE
        is_level = not _is_tall(corners) and not _is_on_end(corners)
        lines = [self._read(crop, corners)] if is_level else self._read_on_end(crop, corners)
        return [line for line in lines if line is not None and line.score >= _LEAST_SCORE]

    def _read_on_end(self, crop: Pixels, corners: list[Point]) -> Sequence[BoxedLine | None]:
        """Read a crop that lies (RapidOCR has turned it if it was tall), or is a narrow word that stands."""
        is_tall = _is_tall(corners)
        along = [*corners[1:], *corners[:1]] if is_tall else corners
        ways = [(crop, along), (np.ascontiguousarray(np.rot90(crop, 2)), [*along[2:], *along[:2]])]
        ways.sort(key=lambda way: _turn_of(way[1]) != _RUNS_UP)
        up = self._read(*ways[0])
        if up is not None and up.score >= _SURELY_UP and tells_its_way_up(up.text):
            return [up]
        down = self._read(*ways[1])
        standing = self._read(np.ascontiguousarray(np.rot90(crop, -1)), corners) if is_tall else None
        best = max((line for line in (down, up, standing) if line), key=lambda line: line.score, default=None)
        if up is None or down is None or best is standing or abs(up.score - down.score) > _NO_DIFFERENCE:
            return [best]
        return [down, up] if are_each_other_on_their_heads(up.text, down.text) else [best]

    def _read(self, crop: Pixels, corners: list[Point]) -> BoxedLine | None:
        if not crop.size or crop.shape[1] > _LONGEST_LINE * crop.shape[0]:
            return None
        found: Any = self._engine(crop, use_det=False, use_rec=True, return_word_box=True)
        text = found.txts[0] if found.txts else ""
        details = found.word_results[0] if text.strip() else None
        if details is None or not details.line_txt_len:
            return None
        places = [(column + 0.5) / details.line_txt_len for columns in details.word_cols for column in columns]
        return BoxedLine.of(clean(text), places, details.confs, corners)

    def close(self) -> None:
        """Forget the models."""
        self._engine.text_det = self._engine.text_rec = None


class Sheet:
    """A picture in which lines were found; each is read when it is first asked for.

    `places` are the lines' crops with their corners in pixels; `read` reads one, both ways where its print does not
    tell which (down first, then up); `size` is the picture's.
    """

    def __init__(
        self,
        places: Sequence[Place],
        read: Callable[[Pixels, list[Point]], Sequence[BoxedLine]],
        size: tuple[int, int],
    ) -> None:
        self._places = places
        self._read = read
        self._size = size
        self._lines: dict[int, Sequence[BoxedLine]] = {}

    def turn(self) -> int | None:
        """Return by how many degrees to turn the picture clockwise, so that its lines run to the right.

        None where they do not tell: too few, or unreadable on end, where both ways are tried. Level lines are read the
        way they are found, and are unreadable on their heads.
        """
        on_end = [_is_on_end(corners) for _, corners in self._places]
        lies = 2 * sum(on_end) > len(on_end)
        along = [index for index, each in enumerate(on_end) if each == lies]
        telling = sorted(along, key=lambda index: abs(self._length(index) - _TELLING_LENGTH))[:_TELLING_LINES]
        lines = [self._line(index) for index in telling]
        if lines and mean(ways[0].score if ways else 0.0 for ways in lines) >= _RIGHT_WAY:
            turns = [_turn_of(ways[0].corners) for ways in lines if len(ways) == 1]
            return max(set(turns), key=turns.count, default=_RUNS_DOWN)
        return 180 if not lies and len(lines) >= _FEWEST_TELLING else None

    def recognised(self) -> Recognised:
        """Return the words, line by line, columns of prose one after the other."""
        lines = [ways for ways in (self._line(index) for index in range(len(self._places))) if ways]
        turns = [_turn_of(ways[0].corners) for ways in lines if len(ways) == 1]
        way = -1 if turns.count(_RUNS_UP) > turns.count(_RUNS_DOWN) else 0
        return in_reading_order([ways[way] for ways in lines], *self._size)

    def _line(self, index: int) -> Sequence[BoxedLine]:
        if index not in self._lines:
            self._lines[index] = self._read(*self._places[index])
        return self._lines[index]

    def _length(self, index: int) -> float:
        """Return how many times as long as it is high a line is."""
        _, corners = self._places[index]
        sides = sorted((_distance(corners[0], corners[1]), _distance(corners[0], corners[3])))
        return sides[1] / max(1.0, sides[0])


@contextmanager
def _without_a_list_of_models() -> Iterator[None]:
    """Spare the library its list of models that can be fetched, which it takes apart in .2 s: ours are in its wheel."""
    from omegaconf import OmegaConf  # noqa: PLC0415  (as above)

    load = OmegaConf.load
    OmegaConf.load = staticmethod(lambda _: OmegaConf.create())  # type: ignore[method-assign, assignment]
    try:
        yield
    finally:
        OmegaConf.load = staticmethod(load)  # type: ignore[method-assign]


def _is_tall(corners: Sequence[Point]) -> bool:
    return _distance(corners[0], corners[3]) >= _TALL * _distance(corners[0], corners[1])


def _is_on_end(corners: Sequence[Point]) -> bool:
    """Whether a line runs up or down, however its corners are counted."""
    end = corners[3] if _is_tall(corners) else corners[1]
    return abs(end[1] - corners[0][1]) > abs(end[0] - corners[0][0])


def _turn_of(corners: Sequence[Point]) -> int:
    """Return by how many degrees to turn a line clockwise, so that it runs to the right."""
    right, down = corners[1][0] - corners[0][0], corners[1][1] - corners[0][1]
    if abs(right) >= abs(down):
        return 0 if right >= 0 else 180
    return 270 if down > 0 else 90


def _distance(one: Point, other: Point) -> float:
    return float(np.hypot(one[0] - other[0], one[1] - other[1]))
