"""The gate of a tagger with a trunk: which words go on behind it, learned from what the tagger says of all of them."""

from collections.abc import Sequence
from typing import Any, Final, cast

import torch
from torch import Tensor, nn
from torch.nn import functional

from apps.classification.runtime.encoder import batches_by_length
from apps.classification.runtime.entity_models import OwnTagger

# Of gates with no, 32 and 64 hidden units after three epochs, the one with 32 let the fewest words of papers go on for
# as many words of mentions.
_EPOCHS: Final = 3
_WORDS: Final = 1024  # of a step
_LEAST_STEPS: Final = 300
_LEARNING_RATE: Final = 2e-3
_DROPOUT: Final = 0.1
_MISSED_COST: Final = 30.0  # of a word of a mention that does not go on, one that goes on in vain costs 1
_KEPT: Final = 0.999  # of the held-out words that the tagger calls part of a mention
_MARGIN: Final = 0.01  # of the log odds: the artefact is in half precision


def fit_gate(
    gate: nn.Module, tagger: OwnTagger, texts: Sequence[str], held_out: Sequence[str], outside_bias: float
) -> dict[str, float] | None:
    """Teach `gate` on texts, and put its threshold where nearly all words of mentions in the held-out ones pass.

    `gate` is a `TaggerNetwork`'s. Returns which share of all held-out words passes (`words`) and of those
    that the tagger calls part of a mention (`mentions`). Where there is none of these, every word goes on: None.
    """
    unseen, scores = _at_words(tagger, held_out)
    scores[:, 0] -= outside_bias
    is_mention = scores.argmax(dim=-1) != 0
    if not is_mention.any():
        return None
    hidden, scores = _at_words(tagger, texts)
    _learn(gate, hidden, 1 - scores.softmax(dim=-1)[:, 0])
    with torch.no_grad():
        odds = gate(unseen.float()).squeeze(-1)
        threshold = odds[is_mention].quantile(1 - _KEPT, interpolation="lower") - _MARGIN
        cast("Any", gate)[-1].bias -= threshold
        passes = (odds > threshold).float()
    return {"words": float(passes.mean()), "mentions": float(passes[is_mention].mean())}


@torch.no_grad()
def _at_words(tagger: OwnTagger, texts: Sequence[str]) -> tuple[Tensor, Tensor]:
    """Return what the gate is given, float16 (words, width), and the scores of words that all go on (words, labels)."""
    rows = [row for row in tagger.tokenised(texts) if row.words]
    parts = [
        tagger.before_the_gate([rows[index] for index in batch])
        for batch in batches_by_length([len(row.ids) for row in rows])
    ]
    return torch.cat([hidden.half() for hidden, _ in parts]), torch.cat([scores for _, scores in parts])


def _learn(gate: nn.Module, hidden: Tensor, chances: Tensor) -> None:
    """Learn the chances (words,) from what the gate is given; Adam, the learning rate falling to 0."""
    gate.requires_grad_(requires_grad=True)
    optimizer = torch.optim.AdamW(gate.parameters(), _LEARNING_RATE, weight_decay=0.05)
    in_epoch = -(-len(hidden) // _WORDS)
    epochs = max(_EPOCHS, -(-_LEAST_STEPS // in_epoch))
    falling = torch.optim.lr_scheduler.LinearLR(optimizer, 1.0, 0.0, epochs * in_epoch)
    cost = torch.tensor(_MISSED_COST)
    for _ in range(epochs):
        for words in torch.split(torch.randperm(len(hidden)), _WORDS):
            given = functional.dropout(hidden[words].float(), _DROPOUT)
            loss = functional.binary_cross_entropy_with_logits(gate(given).squeeze(-1), chances[words], pos_weight=cost)
            optimizer.zero_grad()
            loss.backward()  # type: ignore[no-untyped-call]
            optimizer.step()
            falling.step()
    gate.requires_grad_(requires_grad=False)
