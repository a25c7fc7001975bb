"""Heads of tags on generated documents: what is learned from whom, from when on it is proposed, and how sure it is."""

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray
from scipy.sparse import csr_matrix

from apps.classification.engine.artifact import ArtifactError
from apps.classification.engine.features import FeatureMatrix
from apps.classification.engine.novelty import Scores
from apps.classification.engine.tags import proposed
from apps.classification.engine.tags_file import dump, read
from apps.classification.engine.training.tag_calibration import platt, threshold
from apps.classification.engine.training.tag_figures import HeldOut
from apps.classification.engine.training.tag_figures import figures as figures_of
from apps.classification.engine.training.tag_fit import FEWEST, Said, SaidOfTags, chosen, fit, learnable

BUCKETS, DIMENSIONS, KINDS = 512, 32, 6
EVEN = np.ones(BUCKETS)


def documents(kinds: list[set[int]], *, seed: int = 0) -> FeatureMatrix:
    """Make documents, each of some kinds: a kind is a direction of vectors and a set of words, with noise."""
    world, generator = np.random.default_rng(99), np.random.default_rng(seed)
    centres, words = world.normal(size=(KINDS, DIMENSIONS)), world.integers(0, BUCKETS, size=(KINDS, 20))
    vectors = np.stack([centres[list(each)].sum(axis=0) + 0.7 * generator.normal(size=DIMENSIONS) for each in kinds])
    rows = [
        np.unique(np.concatenate([words[list(each)].ravel(), generator.integers(0, BUCKETS, 20)])) for each in kinds
    ]
    ends, columns = np.cumsum([0, *map(len, rows)]), np.concatenate(rows)
    return FeatureMatrix(
        vectors=(vectors / np.linalg.norm(vectors, axis=1, keepdims=True)).astype(np.float32),
        words=csr_matrix((np.ones(len(columns)), columns, ends), shape=(len(kinds), BUCKETS)),
        scores=Scores(*np.zeros((3, len(kinds), 1))),
        has_text=np.ones(len(kinds), dtype=bool),
    )


def mixed(count: int, *, seed: int = 0) -> list[set[int]]:
    """Draw the kinds of documents, one or two of six each."""
    generator = np.random.default_rng(seed)
    return [set(generator.choice(KINDS, generator.integers(1, 3), replace=False).tolist()) for _ in range(count)]


def said_of(kinds: list[set[int]], *, tags: int = KINDS, without: Said = Said.CONFIRMED_WITHOUT) -> NDArray[np.int8]:
    return np.array([[Said.YES if tag in each else without for tag in range(tags)] for each in kinds], dtype=np.int8)


def known(kinds: list[set[int]], said: NDArray[np.int8]) -> SaidOfTags:
    return SaidOfTags(documents(kinds), said, tuple("abcdef"[: said.shape[1]]))


def test_several_tags_are_told_apart_on_new_documents() -> None:
    kinds, new = mixed(150), mixed(200, seed=1)
    heads, figures = fit(known(kinds, said_of(kinds)), EVEN)
    pairs = {
        (row, "abcdef".index(each.tag))
        for row, found in enumerate(proposed(heads, documents(new, seed=1), EVEN))
        for each in found
    }
    wanted = {(row, kind) for row, each in enumerate(new) for kind in each}
    assert len(pairs & wanted) / len(pairs) > 0.9
    assert len(pairs & wanted) / len(wanted) > 0.75
    assert heads.fitted.all()
    assert all(score.precision > 0.85 and score.recall > 0.6 for score in figures.tags.values())
    assert figures.documents == 150
    shares = heads.probabilities(heads.scores(documents(new, seed=1), EVEN))
    truth = said_of(new) == Said.YES
    assert abs(shares.mean() - truth.mean()) < 0.05
    assert shares[truth].mean() - shares[~truth].mean() > 0.7


def test_five_examples_are_enough_for_a_proposal_and_not_for_a_probability() -> None:
    kinds = [{0}] * FEWEST + [{1}] * FEWEST
    heads, _ = fit(known(kinds, said_of(kinds, tags=2)), EVEN)
    found = proposed(heads, documents([{0}] * 10 + [{1}] * 10 + [{4}] * 20, seed=2), EVEN)
    assert [{each.tag for each in tags} for tags in found[:10]].count({"a"}) >= 8
    assert all("a" not in {each.tag for each in tags} for tags in found[10:20])
    assert sum(bool(tags) for tags in found[20:]) <= 2, "what is like nothing that was ever tagged gets no tag"
    assert {each.probability for tags in found for each in tags} == {None}


def test_what_cannot_be_told_is_not_proposed() -> None:
    kinds = mixed(80)
    said = (
        np.random.default_rng(3).choice([Said.YES, Said.CONFIRMED_WITHOUT], size=(80, 1), p=[0.2, 0.8]).astype(np.int8)
    )
    heads, figures = fit(known(kinds, said), EVEN)
    assert not any(proposed(heads, documents(mixed(200, seed=4), seed=4), EVEN)) or figures.tags["a"].precision < 0.8
    assert figures.tags["a"].f1 < 0.3


def test_a_refusal_counts_more_than_a_tag_that_nobody_put() -> None:
    kinds = [{0}] * 10 + [{1}] * 10 + [{0, 1}] * 10
    said = said_of(kinds, tags=2, without=Said.TAGGED_WITHOUT)
    said[20:, 0] = Said.TAGGED_WITHOUT  # of kind 0 as well: they miss the tag
    weak, _ = fit(known(kinds, said), EVEN)
    said[20:, 0] = Said.NO
    strong, _ = fit(known(kinds, said), EVEN)
    like_them = documents([{0, 1}] * 20, seed=5)
    assert strong.scores(like_them, EVEN)[:, 0].mean() < weak.scores(like_them, EVEN)[:, 0].mean()


def test_tags_put_and_nothing_decided_of_the_rest_give_no_probability() -> None:
    kinds = mixed(120)
    heads, _ = fit(known(kinds, said_of(kinds, without=Said.TAGGED_WITHOUT)), EVEN)
    assert not heads.fitted.any()
    assert np.isfinite(heads.thresholds).all()


def test_documents_of_which_nobody_said_anything_teach_nothing() -> None:
    kinds = mixed(60)
    said = said_of(kinds, tags=2)
    more = np.concatenate([said, np.full((30, 2), Said.UNKNOWN, dtype=np.int8)])
    without, _ = fit(known(kinds, said), EVEN)
    with_them, _ = fit(SaidOfTags(documents([*kinds, *mixed(30, seed=8)]), more, ("a", "b")), EVEN)
    new = documents(mixed(50, seed=9), seed=9)
    for heads in (without, with_them):
        assert len(heads.tags) == 2
    assert np.corrcoef(without.scores(new, EVEN)[:, 0], with_them.scores(new, EVEN)[:, 0])[0, 1] > 0.99


def test_one_template_that_is_a_whole_tag_is_learned() -> None:
    same = documents([{0}])
    others = documents([{1}, {2}, {3}] * 4, seed=6)
    rows = [same] * 6
    vectors = np.concatenate([*(each.vectors for each in rows), others.vectors])
    words = csr_matrix(np.concatenate([*(each.words.toarray() for each in rows), others.words.toarray()]))
    matrix = replace(others, vectors=vectors, words=words, has_text=np.ones(18, dtype=bool))
    said = np.array([[Said.YES]] * 6 + [[Said.CONFIRMED_WITHOUT]] * 12, dtype=np.int8)
    heads, figures = fit(SaidOfTags(matrix, said, ("a",)), EVEN)
    assert (figures.tags["a"].precision, figures.tags["a"].recall > 0.5) == (1, True)
    assert [bool(each) for each in proposed(heads, matrix, EVEN)] == [True] * 6 + [False] * 12


def test_enough_of_both_sides() -> None:
    said = np.zeros((12, 3), dtype=np.int8)
    said[:5], said[5:10, 0], said[5:9, 1] = Said.YES, Said.TAGGED_WITHOUT, Said.NO
    assert learnable(said).tolist() == [True, False, False]


@given(st.integers(0, 400), st.integers(1, 60), st.integers(0, 2**32 - 1))
@settings(max_examples=50, deadline=None)
def test_the_newest_of_each_tag_are_chosen(count: int, most: int, seed: int) -> None:
    said = np.random.default_rng(seed).integers(0, 5, size=(count, 4)).astype(np.int8)
    rows = chosen(said, most=most)
    assert len(rows) == min(count, most)
    assert (np.diff(rows) > 0).all()
    for tag in range(4):
        has, kept = np.flatnonzero(said[:, tag] == Said.YES), rows[said[rows, tag] == Said.YES]
        assert set(has[-min(len(has), most // 9) :].tolist() if most >= 9 else []) <= set(kept.tolist())


@given(st.lists(st.tuples(st.integers(0, 20), st.booleans()), min_size=1, max_size=60))
def test_the_threshold_keeps_its_precision(pairs: list[tuple[int, bool]]) -> None:
    scores, wanted = np.array([float(score) for score, _ in pairs]), np.array([right for _, right in pairs])
    found = threshold(scores, wanted)
    lowest = scores[wanted].min() if wanted.any() else 0.0
    for candidate in np.unique(scores):
        above = scores >= candidate
        holds = wanted[above].sum() >= 0.8 * (above.sum() + 1)
        if candidate == found or (holds and candidate < found):
            assert found <= max(candidate, lowest)
    if np.isfinite(found):
        assert (scores[wanted] == found).any()


def test_probabilities_follow_outcomes() -> None:
    generator = np.random.default_rng(0)
    scores = generator.normal(size=4000) * 3
    wanted = generator.random(4000) < 1 / (1 + np.exp(-(0.8 * scores - 1)))
    line = platt(scores, wanted)
    assert line == pytest.approx((0.8, -1), abs=0.12)
    assert platt(-scores, wanted) is None, "a score that misleads tells nothing"
    assert platt(scores[:12], np.arange(12) < 9) is None


def test_probabilities_are_judged_by_what_they_were_not_fitted_to() -> None:
    kinds = mixed(60)
    heads, figures = fit(known(kinds, said_of(kinds)), EVEN)
    assert figures.calibration_error is not None
    generator, folds = np.random.default_rng(1), np.arange(300) % 3
    scores = generator.normal(size=(300, KINDS))
    wanted = generator.random((300, KINDS)) < 0.1 + 0.1 * (scores > 0)
    wanted[folds == 0] = True  # of which the other two folds know nothing
    spoken = np.ones((300, KINDS), dtype=bool)
    held_out = HeldOut(scores, folds, np.full(KINDS, -np.inf), spoken, spoken, wanted)
    error = figures_of(heads, held_out).calibration_error
    assert error is not None
    assert error > 0.4, "fitted to all three folds they would be .43 on average, and right"
    assert figures_of(heads, replace(held_out, is_decided=~spoken)).calibration_error is None


def test_what_is_stored_is_read_back_or_refused() -> None:
    kinds = mixed(60)
    heads, _ = fit(known(kinds, said_of(kinds)), EVEN)
    file = dump(heads, base="encoder head")
    again = read(file.config, file.tensors, sha256=file.sha256)
    new = documents(mixed(20, seed=7), seed=7)
    assert np.allclose(again.scores(new, EVEN), heads.scores(new, EVEN), atol=0.05)
    assert again.tags == heads.tags
    assert (again.thresholds == heads.thresholds).all()
    with pytest.raises(ArtifactError, match="hash differs"):
        read(file.config, file.tensors + b"\x00", sha256=file.sha256)
    with pytest.raises(ArtifactError, match="hash differs"):
        read(file.config | {"base": "another"}, file.tensors, sha256=file.sha256)
