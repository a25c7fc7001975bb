"""Recognition by RapidOCR (PP-OCR models on ONNX Runtime): slower, and far better on photographs.

Only its own models in the wheel are used, on one thread; nothing is fetched or reported.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from typing import Any

import numpy as np
import numpy.typing as npt
from PIL import Image

from apps.extraction.engine.ocr.boxed_lines import BoxedLine, Point, in_reading_order
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
_NARROWEST_LINE = 160  # pixels at the height of 48 to which short lines are padded: a quarter less time than 320
_WIDEST_LINE = 4_000
_LONGEST_LINE = 100  # times its height: some 200 letters; what is longer is a rule
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

Pixels = npt.NDArray[np.uint8]


class Accurate:
    """RapidOCR with its models loaded: 150 MB, and 350 while it reads."""

    def __init__(self) -> None:
        import onnxruntime  # noqa: PLC0415  (these three take .8 s and 100 MB, and few pages need them)

        onnxruntime.disable_telemetry_events()
        import cv2  # noqa: PLC0415  (as above)

        with _parsed_once():
            from rapidocr import RapidOCR  # noqa: PLC0415  (as above)

        cv2.setNumThreads(1)
        self.name = "rapidocr"
        self._engine = RapidOCR(params=dict(_SETTINGS))

    def recognise(self, picture: Image.Image) -> Recognised:
        """Return the words of an upright picture, line by line, columns of prose one after the other."""
        if max(picture.size) < TINY_PX:
            larger = (picture.width * _TINY_SCALE, picture.height * _TINY_SCALE)
            picture = picture.convert("RGB").resize(larger, Image.Resampling.BICUBIC)
        if min(picture.size) * _DETECTION_SIDE_PX < _NARROWEST_PX * max(picture.size):
            return Recognised([], [])
        pixels: Pixels = np.ascontiguousarray(np.asarray(picture.convert("RGB"))[:, :, ::-1])
        self._engine.max_side_len = _DETECTION_SIDE_PX
        found: Any = self._engine(pixels, use_det=True, use_rec=False)  # its type depends on what was asked for
        quads = found.boxes
        if quads is None or not len(quads):
            return Recognised([], [])
        self._engine.max_side_len = _WIDEST_LINE
        crops = self._engine.crop_text_regions(pixels, quads.astype(np.float32))
        lines = [self._line(crop, quad) for crop, quad in zip(crops, quads, strict=True)]
        return in_reading_order([line for line in lines if line is not None], picture.width, picture.height)

    def _line(self, crop: Pixels, quad: npt.NDArray[np.float32]) -> BoxedLine | None:
        """Read one line; a tall crop, which RapidOCR has turned, may as well be a narrow word that stands."""
        corners: list[Point] = [(float(x), float(y)) for x, y in quad]
        high, wide = _distance(corners[0], corners[3]), _distance(corners[0], corners[1])
        if high >= _TALL * wide:
            standing = self._read(np.ascontiguousarray(np.rot90(crop, -1)), corners)
            lying = self._read(crop, [corners[1], corners[2], corners[3], corners[0]])
            line = max((found for found in (standing, lying) if found), key=lambda found: found.score, default=None)
        else:
            line = self._read(crop, corners)
        return line if line is not None and line.score >= _LEAST_SCORE else None

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


@contextmanager
def _parsed_once() -> Iterator[None]:
    """Have each of the library's settings parsed once: it takes its list of models apart at two places, .26 s each."""
    from omegaconf import OmegaConf  # noqa: PLC0415  (as above)

    load = OmegaConf.load
    OmegaConf.load = staticmethod(cache(load))  # type: ignore[method-assign]  # until it is imported
    try:
        yield
    finally:
        OmegaConf.load = staticmethod(load)  # type: ignore[method-assign]


def _distance(one: Point, other: Point) -> float:
    return float(np.hypot(one[0] - other[0], one[1] - other[1]))
