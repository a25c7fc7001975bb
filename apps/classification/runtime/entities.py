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
    from apps.classification.runtime.entity_models import WordScorer
    from apps.classification.runtime.word_tokens import WordTokens

# Windows computed together; bounds the memory that tokens and scores take for long documents.
_WINDOWS_PER_BLOCK: Final = 512
_TOKENS_PER_BATCH: Final = 2048


class EntityModel:
    """A loaded model; get one with `EntityModel.load`. Safe to call from several threads."""

    def __init__(self, scorer: "WordScorer", threads: int = 1) -> None:
        self._scorer = scorer
        self._pool = ThreadPoolExecutor(threads, thread_name_prefix="entities")

    @classmethod
    def load(cls, name: str, *, encoder: Encoder | None = None, threads: int = 1) -> Self:
        """Load a folder with a tagger, a folder with a checkpoint for token classification, or one of the local cache.

        `encoder` lends its word vectors to a tagger that belongs to it. Raises `TaggerError` or `ModelFilesError` when
        files are missing or not the right ones.
        """
        stay_offline()
        from apps.classification.runtime.entity_models import (  # noqa: PLC0415 - torch: 2 s, only when used
            Checkpoint,
            OwnTagger,
        )

        folder = Path(name)
        own = (folder / CONFIG_FILE).is_file()
        return cls(OwnTagger(folder, encoder) if own else Checkpoint(find_model(name)), threads)

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

    def _mentions(self, windows: Sequence[str]) -> list[list[Mention]]:
        rows = self._scorer.tokenised(windows)
        batches = list(batches_by_length([len(row.ids) for row in rows], _TOKENS_PER_BATCH))
        compute = self._pool.map if len(batches) > 1 else map
        found: list[list[Mention]] = [[] for _ in windows]
        scored = compute(self._scorer.scores, [[rows[number] for number in batch] for batch in batches])
        for batch, scores in zip(batches, scored, strict=True):
            for number, of_window in zip(batch, scores, strict=True):
                tagged = self._scorer.scheme.mentions(of_window)
                found[number] = [self._mention(windows[number], rows[number], each) for each in tagged]
        return found

    def _mention(self, text: str, row: "WordTokens", tagged: Tagged) -> Mention:
        start, end = row.words[tagged.first][0], row.words[tagged.last - 1][1]
        calibration = self._scorer.calibration.get(tagged.kind)
        chance = None if calibration is None else round(probability(calibration, tagged.log_probability), 4)
        return Mention(tagged.kind, start, end, chance)
