"""The network of our own taggers: an encoder that also sees how words are written, its layers mixed, a small head."""

from collections.abc import Sequence
from functools import cache
from itertools import accumulate
from typing import Any, Final, cast

import torch
from torch import Tensor, nn
from torch.nn import functional
from transformers import PreTrainedModel
from transformers.masking_utils import create_bidirectional_mask

from apps.classification.engine.tagging.shapes import SIZES
from apps.classification.runtime.attention import Chosen, Spans

_SHAPE_WIDTH: Final = 24
_FIRST_ROWS: Final = tuple(accumulate(SIZES, initial=0))[:-1]  # of each feature's table, all of them put together
_HEAD_WIDTH: Final = 192
_GATE_WIDTH: Final = 32
_OUTSIDE_SCORE: Final = 20.0  # of `O` above all other labels, for words that are part of no mention
_ROWS_STEP: Final = 64  # the rows of those that go on are filled up to a multiple, as `pack` does
LOW_RANK: Final = "lora."
"""What the names of the adapter's tensors begin with in an artefact: `lora.MODULE.a` and `lora.MODULE.b`."""


class TaggerNetwork(nn.Module):
    """Gives every token scores for the labels.

    The default encoder's tokenizer drops capitals, so the shapes of words (see `shapes`) are added where attention can
    use them, and once more stand beside the output: to the word vectors, or to what comes out of the `trunk`, the first
    layers, which are then the encoder's own and may have been computed for something else (see `continued`). The head
    reads a learned mixture of the layers (Peters et al. 2018), with a trunk also of what goes into it.

    What comes out of the first layer behind a trunk, the first that sees how words are written, tells which of them may
    be part of a mention, too: `gate` gives the log odds. Only these go on. The others are seen by them as they
    left (early exit of tokens, Li et al. 2021).
    """

    def __init__(self, encoder: PreTrainedModel, label_count: int, *, trunk: int = 0, dropout: float = 0.0) -> None:
        super().__init__()
        width = int(encoder.config.hidden_size)
        layers = int(encoder.config.num_hidden_layers)
        self.encoder = encoder
        self.trunk = trunk
        self._label_count = label_count
        self.shapes = nn.ModuleList(nn.Embedding(size, width) for size in SIZES)
        self.near = nn.ModuleList(nn.Embedding(size, _SHAPE_WIDTH) for size in SIZES)
        self.mix = nn.Parameter(torch.zeros(layers + (trunk > 0)))
        self.gate = _gate(width) if trunk else None
        self.dropout = nn.Dropout(dropout)
        self.head = nn.Sequential(
            nn.Linear(width + _SHAPE_WIDTH, _HEAD_WIDTH), nn.GELU(), nn.Linear(_HEAD_WIDTH, label_count)
        )
        with torch.no_grad():
            self.mix[-1] = 2.0  # the last layer counts most to begin with
            for table in self.shapes:
                cast("nn.Embedding", table).weight.normal_(std=0.01)

    def forward(self, ids: Tensor, mask: Tensor, shapes: Tensor, leads: Tensor | None = None) -> Tensor:
        """Return scores of shape (texts, tokens, labels) for ids and mask (texts, tokens) and shapes beside them.

        `leads`, (texts, tokens), has the place of the first token of each one's word, -1 for tokens of no word. Without
        it every token goes on behind a trunk.
        """
        if self.trunk:
            below, seen = self._trunk(ids, mask)
            return self._continued(below, seen, shapes, leads)
        body = cast("Any", self.encoder)
        vectors = body.get_input_embeddings()(ids)
        vectors = vectors + _looked_up(self.shapes, shapes).to(vectors.dtype)
        output = body(inputs_embeds=vectors, attention_mask=mask, output_hidden_states=True)
        return self._read(output.hidden_states[1:], shapes)

    def at_the_gate(self, ids: Tensor, mask: Tensor, shapes: Tensor) -> Tensor:
        """Return what `gate` is given, (texts, tokens, width)."""
        return self._entered(*self._trunk(ids, mask), shapes)

    def continued(self, below: Sequence[Tensor], places: Tensor | Spans, shapes: Tensor, leads: Tensor) -> Tensor:
        """Return the scores for what went into the trunk and came out of each of its layers.

        Each has the shape (texts, tokens, width), `places` is their mask and shapes and leads as above; or the texts
        stand one after the other in (1, rows, width), and `places` says where.
        """
        if isinstance(places, tuple):
            return self._continued_packed(below, places, shapes, leads)
        config = cast("Any", self.encoder).config
        seen = create_bidirectional_mask(config=config, inputs_embeds=below[-1], attention_mask=places)
        return self._continued(below, seen, shapes, leads)

    def _trunk(self, ids: Tensor, mask: Tensor) -> tuple[list[Tensor], object]:
        """Return what `continued` begins with, and the mask as layers want it."""
        body = cast("Any", self.encoder)
        below = [body.embeddings(input_ids=ids)]
        seen = create_bidirectional_mask(config=body.config, inputs_embeds=below[0], attention_mask=mask)
        for layer in body.encoder.layer[: self.trunk]:
            below.append(layer(below[-1], seen))
        return below, seen

    def _continued(self, below: Sequence[Tensor], seen: object, shapes: Tensor, leads: Tensor | None) -> Tensor:
        hidden = self._entered(below, seen, shapes)
        going_on = None if leads is None else self._going_on(hidden, leads)
        states = [*below, hidden]
        for layer in self._own_layers[1:]:
            passed = layer(states[-1], seen)
            states.append(passed if going_on is None else torch.where(going_on.unsqueeze(-1), passed, states[-1]))
        scores = self._read(states, shapes)
        return scores if going_on is None else torch.where(going_on.unsqueeze(-1), scores, _outside(scores))

    def _continued_packed(self, below: Sequence[Tensor], spans: Spans, shapes: Tensor, leads: Tensor) -> Tensor:
        """Compute for the tokens that go on what `_continued` computes for all."""
        hidden = self._entered(below, spans, shapes)
        going_on = self._going_on(hidden, leads)[0]
        numbers = going_on.nonzero().squeeze(-1)
        count = len(numbers)
        scores = _outside(hidden.new_empty((1, hidden.shape[1], self._label_count)))
        if not count:
            return scores
        states = [state[:, numbers] for state in (*below, hidden)]
        rows = functional.pad(numbers, (0, -count % _ROWS_STEP))
        chosen = Chosen(spans, rows, [int(going_on[start : start + length].sum()) for start, length in spans])
        for layer in self._own_layers[1:]:
            states.append(layer(hidden, chosen)[:, :count])
            hidden[0, numbers] = states[-1][0]
        scores[0, numbers] = self._read(states, shapes[:, numbers])[0]
        return scores

    def _entered(self, below: Sequence[Tensor], seen: object, shapes: Tensor) -> Tensor:
        """Return what comes out of the first layer behind the trunk."""
        shaped = below[-1] + _looked_up(self.shapes, shapes).to(below[-1].dtype)
        return cast("Tensor", self._own_layers[0](shaped, seen))

    def _going_on(self, hidden: Tensor, leads: Tensor) -> Tensor:
        """Tell which tokens belong to words that may be part of a mention, (texts, tokens)."""
        odds: Tensor = cast("nn.Module", self.gate)(hidden.float()).squeeze(-1)
        return (odds > 0).gather(1, leads.clamp_min(0)) & (leads >= 0)

    @property
    def _own_layers(self) -> Sequence[nn.Module]:
        return cast("Sequence[nn.Module]", cast("Any", self.encoder).encoder.layer[self.trunk :])

    def _read(self, states: Sequence[Tensor], shapes: Tensor) -> Tensor:
        shares = self.mix.softmax(dim=0)
        mixed = shares[0] * states[0].float()
        for share, state in zip(shares[1:], states[1:], strict=True):
            mixed = torch.addcmul(mixed, state.float(), share)
        features = torch.cat([mixed, _looked_up(self.near, shapes).float()], dim=-1)
        return cast("Tensor", self.head(self.dropout(features)))

    def own_tensors(self) -> dict[str, Tensor]:
        """Return what belongs to the tagger and not to the encoder, by name."""
        return {name: tensor for name, tensor in self.state_dict().items() if not name.startswith("encoder.")}

    def load_own(self, tensors: dict[str, Tensor], scale: float) -> None:
        """Take the tensors of an artefact: the tagger's own, and the adapter's, which are added to the encoder's.

        Raises KeyError or RuntimeError where they do not fit the encoder.
        """
        own = {name: tensor.float() for name, tensor in tensors.items() if not name.startswith(LOW_RANK)}
        # A tagger with a trunk that has no gate is one where every word goes on.
        missing = {name for name in self.own_tensors().keys() - own.keys() if not name.startswith("gate.")}
        if missing:
            raise KeyError(f"missing tensors: {', '.join(sorted(missing))}")
        self.load_state_dict(own, strict=False)
        merge_adapter(self.encoder, tensors, scale)


def keep_layers(encoder: PreTrainedModel, layers: Sequence[int]) -> None:
    """Leave out all layers of an encoder but these, in their order; none means all.

    Raises AttributeError or IndexError for an encoder of another design or with fewer layers.
    """
    if layers:
        stack = cast("Any", encoder).encoder
        stack.layer = nn.ModuleList(stack.layer[place] for place in layers)
        encoder.config.num_hidden_layers = len(layers)


def lend_layers(encoder: PreTrainedModel, layers: Sequence[nn.Module]) -> None:
    """Put the lower layers of another model of the same weights in the places of an encoder's own."""
    for place, layer in enumerate(layers):
        cast("Any", encoder).encoder.layer[place] = layer


def merge_adapter(encoder: PreTrainedModel, tensors: dict[str, Tensor], scale: float) -> None:
    """Add scale * B A of every adapted module to its weights in place (Hu et al. 2021), so that it costs no time."""
    with torch.no_grad():
        for name, down in tensors.items():
            if not (name.startswith(LOW_RANK) and name.endswith(".a")):
                continue
            module = name[len(LOW_RANK) : -len(".a")]
            up = tensors[f"{LOW_RANK}{module}.b"]
            weight = cast("nn.Linear", encoder.get_submodule(module)).weight
            weight.copy_((weight.float() + scale * (up.float() @ down.float())).to(weight.dtype))


def _gate(width: int) -> nn.Sequential:
    """Return what tells which words go on: to begin with all of them do."""
    last = nn.Linear(_GATE_WIDTH, 1)
    with torch.no_grad():
        last.weight.zero_()
        last.bias.fill_(1.0)
    return nn.Sequential(nn.Linear(width, _GATE_WIDTH), nn.GELU(), last)


def _outside(scores: Tensor) -> Tensor:
    """Return scores of this shape that say `O`, which is the first label."""
    outside = torch.full_like(scores, -_OUTSIDE_SCORE)
    outside[..., 0] = 0.0
    return outside


def _looked_up(tables: nn.ModuleList, shapes: Tensor) -> Tensor:
    """Return the sum of the tables' rows for each feature of the shapes, (texts, tokens, width)."""
    rows = torch.cat([cast("nn.Embedding", table).weight for table in tables])
    places = (shapes + _first_rows(shapes.device)).flatten(end_dim=-2)
    return functional.embedding_bag(places, rows, mode="sum").view(*shapes.shape[:-1], -1)


@cache
def _first_rows(device: torch.device) -> Tensor:
    """Return the first row of each feature's table, on a device: a copy for each batch would wait for the card."""
    return torch.tensor(_FIRST_ROWS).to(device)
