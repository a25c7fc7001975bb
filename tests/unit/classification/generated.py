"""Labelled texts and vectors made by a small generator."""

from collections.abc import Sequence

import numpy as np
from numpy.random import Generator, default_rng
from numpy.typing import NDArray

from apps.classification.engine.labels import TypeLabel
from apps.classification.engine.training.examples import Example
from apps.classification.engine.training.trainer import DescribedLabel

WORDS = {
    "bill": ["amount", "due", "payable", "net", "remit", "customer", "quantity", "price", "discount", "account"],
    "recipe": ["flour", "butter", "oven", "stir", "bake", "sugar", "minutes", "bowl", "whisk", "salt"],
    "poem": ["moon", "river", "silence", "shadow", "heart", "whisper", "dawn", "autumn", "petals", "wind"],
    "weather": ["rain", "cloud", "forecast", "degrees", "storm", "humidity", "sunny", "pressure", "front", "snow"],
}
FILLER = ["the", "a", "of", "to", "and", "in", "for", "with", "on", "is", "it", "this", "that", "from", "at", "by"]
DIMENSIONS = 16


def directions() -> dict[str, NDArray[np.float32]]:
    """One fixed direction of the vector space for each generated type."""
    basis = default_rng(5).normal(size=(len(WORDS), DIMENSIONS))
    return {label: (row / np.linalg.norm(row)).astype(np.float32) for label, row in zip(WORDS, basis, strict=True)}


def made_text(label: str, generator: Generator) -> str:
    words = [*generator.choice(WORDS[label], 25), *generator.choice(FILLER, 35)]
    return " ".join(generator.permutation(words))


def made_vectors(label: str, generator: Generator) -> NDArray[np.float32]:
    noisy = directions()[label] + generator.normal(scale=0.25, size=(3, DIMENSIONS))
    return np.asarray(noisy / np.linalg.norm(noisy, axis=1, keepdims=True), dtype=np.float32)


def made_examples(labels: Sequence[str] = ("bill", "recipe", "poem"), *, each: int = 20) -> list[Example]:
    """Documents of two sources a label, but `poem` has one only; every two neighbours are one group."""
    generator = default_rng(1)
    return [
        Example(
            text=made_text(label, generator),
            chunk_vectors=made_vectors(label, generator),
            label=label,
            source="only" if label == "poem" else ("north", "south")[number % 4 // 2],
            licence="CC0-1.0" if number % 4 < 2 else "no licence stated",
            group=f"group-{number // 2}",
            kind="pdf" if number % 2 else "txt",
            sha256=f"{label}{number:04}",
        )
        for label in labels
        for number in range(each)
    ]


def described_labels() -> list[DescribedLabel]:
    return [
        DescribedLabel(
            TypeLabel(label, label.title(), f"Something of {label}.", (f"A {label}.",), (label,)),
            directions()[label][None],
            sentence=directions()[label],
        )
        for label in WORDS
    ]
