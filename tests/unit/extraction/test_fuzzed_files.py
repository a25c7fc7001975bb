"""Damaged files of every format: an answer or an error of the catalogue, and a parent that goes on."""

import random
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from apps.extraction.engine import containers
from apps.extraction.engine.guard import GuardedReader
from apps.extraction.engine.readers import READERS
from tests.tools.fuzz import LIMITS, fuzz, read_all
from tests.tools.mutations import mutated
from tests.tools.seeds import SEEDS, Seed

_CONTENTS = {seed: seed.make() for seed in SEEDS}
_UNSEEDED = {containers.XLSB}  # nothing that may be used writes it; its reader is that of the other spreadsheets
_BARE_HEADS = {".doc", ".xls", ".ppt", ".msg"}


@pytest.fixture(scope="module")
def reader() -> Iterator[GuardedReader]:
    with GuardedReader(limits=LIMITS) as guarded:
        yield guarded


def test_every_format_has_a_seed() -> None:
    assert set(READERS) - {seed.media_type for seed in SEEDS} == _UNSEEDED


@settings(max_examples=80, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(seed=st.sampled_from(SEEDS), chance=st.randoms(use_true_random=False), other=st.sampled_from(SEEDS))
def test_damaged_files_end_well(
    reader: GuardedReader, tmp_path: Path, seed: Seed, chance: random.Random, other: Seed
) -> None:
    path = tmp_path / f"damaged{seed.suffix}"
    path.write_bytes(mutated(chance, _CONTENTS[seed], _CONTENTS[other]))
    assert read_all(reader, path, seed.media_type)


@pytest.mark.parametrize("seed", SEEDS, ids=lambda seed: seed.suffix)
def test_undamaged_files_are_read(reader: GuardedReader, tmp_path: Path, seed: Seed) -> None:
    """Else the fuzzer would test nothing but the refusal; the old binary formats are bare heads."""
    path = tmp_path / f"sound{seed.suffix}"
    path.write_bytes(_CONTENTS[seed])
    end = read_all(reader, path, seed.media_type)
    assert (end == "read") is (seed.suffix not in _BARE_HEADS)


def test_the_fuzzer_counts_every_file(tmp_path: Path) -> None:
    outcomes = fuzz(minutes=0.01, seed=1, kept=tmp_path / "kept")
    assert sum(outcome.ends.total() for outcome in outcomes.values()) > 0
