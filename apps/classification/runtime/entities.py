"""Mentions of entities in texts by a model: the shipped tagger or a configured one; torch loads with `load`."""

from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING, Final, Self

from apps.classification.engine.tagging.artifact import CONFIG_FILE
from apps.classification.engine.tagging.chances import probability
from apps.classification.engine.tagging.labels import Mention, Tagged
from apps.classification.runtime.encoder import Encoder, batches_by_length, stay_offline
from apps.classification.runtime.model_files import find_model

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    from apps.classification.runtime.entity_models import OwnTagger, WordScorer
    from apps.classification.runtime.torch_backend import Embedded
    from apps.classification.runtime.word_tokens import WordTokens

# Windows computed together; bounds the memory that tokens and scores take for long documents.
_WINDOWS_PER_BLOCK: Final = 512


class EntityModel:
    """A loaded model; get one with `EntityModel.load`. Safe to call from several threads."""

    def __init__(self, scorer: "WordScorer", threads: int = 1, *, continues: "OwnTagger | None" = None) -> None:
        self._scorer, self._continues = scorer, continues
        self._pool = ThreadPoolExecutor(threads, thread_name_prefix="entities")

    @classmethod
    def load(cls, name: str, *, encoder: Encoder | None = None, threads: int = 1, device: str = "auto") -> Self:
        """Load a folder with a tagger, a folder with a checkpoint for token classification, or one of the local cache.

        `encoder` lends its word vectors to a tagger that belongs to it. `device` is as `device.chosen` says. Raises
        `TaggerError` or `ModelFilesError` when files are missing or not the right ones, `DeviceError` and
        `DeviceFullError`.
        """
        stay_offline()
        from apps.classification.runtime.device import chosen  # noqa: PLC0415 - torch: 2 s, only when used
        from apps.classification.runtime.entity_models import (  # noqa: PLC0415 - as above
            Checkpoint,
            OwnTagger,
        )

        folder, place = Path(name), chosen(device)
        if not (folder / CONFIG_FILE).is_file():
            files = find_model(name)
            return cls(place.loaded(lambda: Checkpoint(files, place)), threads)
        tagger = place.loaded(lambda: OwnTagger(folder, place, encoder))
        return cls(tagger, threads, continues=tagger if tagger.trunk else None)

    @property
    def version(self) -> str:
        """Name and hash prefix of the weights."""
        return self._scorer.version

    def __call__(self, texts: Sequence[str]) -> list[list[Mention]]:
        """Return the mentions of each text in their order."""
        found: list[list[Mention]] = [[] for _ in texts]
        windows = self._windows(texts)
        while block := list(islice(windows, _WINDOWS_PER_BLOCK)):
            mentions = self._mentions([text for _, _, text in block])
            for (number, start, _), of_window in zip(block, mentions, strict=True):
                found[number] += [
                    mention._replace(start=start + mention.start, end=start + mention.end) for mention in of_window
                ]
        return found

    def _windows(self, texts: Sequence[str]) -> Iterator[tuple[int, int, str]]:
        """Give the windows of all texts: number of the text, where the window begins in it, what it says."""
        for number, text in enumerate(texts):
            for start, end in self._scorer.windows(text):
                yield number, start, text[start:end]

    def alongside(self, texts: Sequence[str]) -> "Alongside | None":
        """Return what finds the mentions of passages while the encoder that was lent gives them their vectors.

        None where the model has nothing in common with that encoder.
        """
        return Alongside(self._continues, texts) if self._continues is not None else None

    def _mentions(self, windows: Sequence[str]) -> list[list[Mention]]:
        rows = self._scorer.tokenised(windows)
        batches = list(batches_by_length([len(row.ids) for row in rows], self._scorer.device.tokens_per_batch()))
        compute = self._pool.map if len(batches) > 1 else map
        found: list[list[Mention]] = [[] for _ in windows]
        scored = compute(self._scorer.scores, [[rows[number] for number in batch] for batch in batches])
        for batch, scores in zip(batches, scored, strict=True):
            for number, of_window in zip(batch, scores, strict=True):
                found[number] = mentions(self._scorer, windows[number], rows[number], of_window)
        return found


class Alongside:
    """Finds the mentions of passages while an encoder gives them vectors; see `Beside` in the module `encoder`."""

    def __init__(self, scorer: "OwnTagger", texts: Sequence[str]) -> None:
        self._scorer, self._texts = scorer, texts
        self.mentions: list[list[Mention]] = [[] for _ in texts]

    @property
    def lower(self) -> int:
        """After how many layers of the encoder the tagger goes on by itself."""
        return self._scorer.trunk

    def take(self, numbers: Sequence[int], batch: "Embedded") -> None:
        """Find the mentions of these texts."""
        texts = [self._texts[number] for number in numbers]
        rows = self._scorer.tokenised(texts)
        scores = self._scorer.continued_scores(rows, batch)
        for number, text, row, of_text in zip(numbers, texts, rows, scores, strict=True):
            self.mentions[number] = mentions(self._scorer, text, row, of_text)


def mentions(scorer: "WordScorer", text: str, row: "WordTokens", scores: "NDArray[np.float32]") -> list[Mention]:
    """Return the mentions of a text from the log probabilities of its words, shape (words, labels)."""
    return [_mention(scorer, text, row, each) for each in scorer.scheme.mentions(scores)]


def _mention(scorer: "WordScorer", text: str, row: "WordTokens", tagged: Tagged) -> Mention:
    start, end = row.words[tagged.first][0], row.words[tagged.last - 1][1]
    calibration = scorer.calibration.get(tagged.kind)
    chance = None if calibration is None else round(probability(calibration, tagged.log_probability), 4)
    return Mention(tagged.kind, start, end, chance)
