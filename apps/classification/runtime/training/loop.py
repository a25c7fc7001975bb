"""The training of a tagger: epochs over passages drawn anew, and a running mean of the weights at the end."""

import math
import random
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Final, NamedTuple

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor, nn
from transformers import AutoTokenizer

from apps.classification.engine.tagging.labels import OUTSIDE
from apps.classification.engine.tagging.training.corpus import IGNORED
from apps.classification.engine.tagging.training.packing import Passage
from apps.classification.runtime.device import cpu_dtype
from apps.classification.runtime.encoder import batches_by_length
from apps.classification.runtime.entity_models import WordScorer, tagger_tokens
from apps.classification.runtime.model_files import ModelFiles
from apps.classification.runtime.torch_backend import longest_input
from apps.classification.runtime.training.network import artefact_tensors, learned, learning_network, take
from apps.classification.runtime.word_tokens import WordTokens, batched, tokenised

_NO_LABEL: Final = -100  # what torch's loss leaves out
_SMOOTHING: Final = 0.02
_TEMPERATURE: Final = 2.0  # of the scores of a teacher and of what learns from it
_WARM_UP: Final = 0.1  # of all steps
_LAST_SHARE: Final = 0.02  # of the learning rate, at the end of the cosine
_AVERAGED_FROM: Final = 0.7  # of all steps: from there on a running mean of the weights is kept, and it is the result
_AVERAGE_STEP: Final = 0.02


@dataclass(frozen=True, slots=True, kw_only=True)
class TrainingOptions:
    """How a tagger is trained.

    `layers` are the encoder's layers to keep, none for all, the first `trunk` of them without an adapter; `tokens` is
    the padded size of a step.
    """

    epochs: int = 6
    rank: int = 48
    learning_rate: float = 1e-3
    tokens: int = 2048
    seed: int = 1
    layers: tuple[int, ...] = ()
    trunk: int = 0


class Example(NamedTuple):
    """A passage as numbers: its tokens, and for each word its label or `_NO_LABEL`."""

    row: WordTokens
    labels: list[int]
    weight: float


class TaggerTraining:
    """A tagger that learns on this machine's processor, one thread."""

    def __init__(
        self,
        files: ModelFiles,
        kinds: Sequence[str],
        options: TrainingOptions,
        start: Mapping[str, NDArray[np.generic]] | None = None,
        teacher: WordScorer | None = None,
    ) -> None:
        torch.manual_seed(options.seed)
        torch.set_num_threads(1)
        self.labels = [OUTSIDE, *(f"{prefix}-{kind}" for kind in kinds for prefix in "BI")]
        self._options = options
        self._chance = random.Random(options.seed)  # noqa: S311 - draws sentences
        self._tokenizer = AutoTokenizer.from_pretrained(files.folder, local_files_only=True, use_fast=True)
        self._network = learning_network(files, len(self.labels), options.rank, options.layers, options.trunk)
        self._longest = min(tagger_tokens(options.trunk), longest_input(files.folder, self._network.encoder.config))
        if start is not None:
            take(self._network, start)
        self._teacher = teacher
        self._parameters = dict(learned(self._network))
        self._average: dict[str, Tensor] = {}
        self._step, self._steps = 0, 0

    def fit(
        self,
        draw: Callable[[random.Random], list[Passage]],
        *,
        after_epoch: Callable[[], object],
        report: Callable[[str], None],
    ) -> None:
        """Learn; `draw` gives the passages of an epoch. At the end the weights are their mean over the last steps."""
        optimizer = torch.optim.AdamW(self._parameters.values(), weight_decay=0.01, betas=(0.9, 0.98))
        for epoch in range(1, self._options.epochs + 1):
            examples = self._examples(draw(self._chance))
            batches = list(batches_by_length([len(each.row.ids) for each in examples], self._options.tokens))
            self._chance.shuffle(batches)
            self._steps = self._steps or len(batches) * self._options.epochs
            self._network.train()
            total = 0.0
            for number, batch in enumerate(batches, start=1):
                total += self._learn([examples[index] for index in batch], optimizer)
                if number % 50 == 0 or number == len(batches):
                    report(f"epoch {epoch}, step {number} of {len(batches)}: loss {total / number:.4f}")
            after_epoch()
        for name, parameter in self._parameters.items():
            parameter.data.copy_(self._average.get(name, parameter.data))

    @property
    def gate(self) -> nn.Module | None:
        """What tells which words go on, here too; every word does as long as it was not taught."""
        return self._network.gate

    def tensors(self) -> dict[str, NDArray[np.generic]]:
        """Return what the tagger's file is to hold."""
        return artefact_tensors(self._network)

    def _examples(self, passages: Sequence[Passage]) -> list[Example]:
        rows = tokenised(self._tokenizer, [passage.text for passage in passages], self._longest)
        places = {label: place for place, label in enumerate(self.labels)}
        return [
            Example(row, word_labels(passage, row.words, places), passage.weight)
            for passage, row in zip(passages, rows, strict=True)
            if row.words
        ]

    def _learn(self, examples: Sequence[Example], optimizer: torch.optim.Optimizer) -> float:
        """Make one step and return its loss."""
        for group in optimizer.param_groups:
            group["lr"] = self._rate()
        logits = self._logits([example.row for example in examples])
        at_words = torch.cat([logits[number, example.row.firsts] for number, example in enumerate(examples)])
        labels = torch.tensor([label for example in examples for label in example.labels])
        weights = torch.tensor([example.weight for example in examples for _ in example.labels])
        losses = nn.functional.cross_entropy(
            at_words, labels, ignore_index=_NO_LABEL, reduction="none", label_smoothing=_SMOOTHING
        )
        loss = (losses * weights).sum() / (weights * (labels != _NO_LABEL)).sum().clamp(min=1.0)
        if self._teacher is not None:
            loss = (loss + self._distance(at_words, examples, self._teacher)) / 2
        loss.backward()  # type: ignore[no-untyped-call]
        nn.utils.clip_grad_norm_(self._parameters.values(), 1.0)
        optimizer.step()
        optimizer.zero_grad(set_to_none=True)
        self._step += 1
        if self._step > _AVERAGED_FROM * self._steps:
            self._average_weights()
        return float(loss.item())

    def _distance(self, at_words: Tensor, examples: Sequence[Example], teacher: WordScorer) -> Tensor:
        """Return how far the scores of words are from the teacher's (Hinton, Vinyals, Dean 2015)."""
        with torch.no_grad():
            logits = teacher.token_logits([example.row for example in examples])
            wanted = torch.cat([logits[number, example.row.firsts] for number, example in enumerate(examples)])
        softened = nn.functional.log_softmax(at_words / _TEMPERATURE, dim=-1)
        wanted = nn.functional.log_softmax(wanted.float() / _TEMPERATURE, dim=-1)
        distance = nn.functional.kl_div(softened, wanted, reduction="batchmean", log_target=True)
        return distance * _TEMPERATURE**2

    def _rate(self) -> float:
        """Return the learning rate of this step: up within the first ones, then down along a cosine."""
        done = min(1.0, self._step / self._steps)
        falling = _LAST_SHARE + (1 - _LAST_SHARE) * 0.5 * (1 + math.cos(math.pi * done))
        return self._options.learning_rate * min(1.0, (self._step + 1) / max(1.0, _WARM_UP * self._steps)) * falling

    def _average_weights(self) -> None:
        for name, parameter in self._parameters.items():
            mean = self._average.get(name)
            if mean is None:
                self._average[name] = parameter.detach().clone()
            else:
                mean.lerp_(parameter.detach(), _AVERAGE_STEP)

    def _logits(self, rows: Sequence[WordTokens]) -> Tensor:
        batch = batched(rows, int(self._tokenizer.pad_token_id or 0), self._longest)
        with torch.autocast("cpu", dtype=torch.bfloat16, enabled=cpu_dtype() is torch.bfloat16):
            logits = self._network(*batch)
        return logits.float()  # type: ignore[no-any-return]


def word_labels(passage: Passage, words: Sequence[tuple[int, int]], places: dict[str, int]) -> list[int]:
    """Return the label of each word by the mention it shares a character with; `places` numbers the labels."""
    labels = [places[OUTSIDE]] * len(words)
    at = 0
    for kind, start, end in passage.spans:
        while at < len(words) and words[at][1] <= start:
            at += 1
        prefix = "B"
        while at < len(words) and words[at][0] < end:
            labels[at] = _NO_LABEL if kind == IGNORED else places[f"{prefix}-{kind}"]
            prefix = "I"
            at += 1
    return labels
