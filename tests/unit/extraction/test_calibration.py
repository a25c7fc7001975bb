"""Engines' scores become probabilities."""

import pytest

from apps.extraction.engine.ocr.calibration import probability


@pytest.mark.parametrize("engine", ["tesseract", "rapidocr"])
def test_better_scores_are_likelier(engine: str) -> None:
    likely = [probability(engine, score / 200) for score in range(201)]
    assert likely == sorted(likely)
    assert 0 <= likely[0] < 0.5 < likely[-1] <= 1


def test_scores_mean_different_things() -> None:
    assert probability("rapidocr", 0.9) == 0.69
    assert probability("tesseract", 0.9) == pytest.approx(0.93, abs=0.01)
    assert probability("tesseract", 0.2) == 0.29
