"""The network of our own taggers: an encoder that also sees how words are written, its layers mixed, a small head."""

from collections.abc import Sequence
from itertools import accumulate
from typing import Any, Final, cast

import torch
from torch import Tensor, nn
from torch.nn import functional
from transformers import PreTrainedModel
from transformers.masking_utils import create_bidirectional_mask

from apps.classification.engine.tagging.shapes import SIZES
from apps.classification.runtime.attention import Spans

_SHAPE_WIDTH: Final = 24
_FIRST_ROWS: Final = tuple(accumulate(SIZES, initial=0))[:-1]  # of each feature's table, all of them put together
_HEAD_WIDTH: Final = 192
LOW_RANK: Final = "lora."
"""What the names of the adapter's tensors begin with in an artefact: `lora.MODULE.a` and `lora.MODULE.b`."""


class TaggerNetwork(nn.Module):
    """Gives every token scores for the labels.

    The default encoder's tokenizer drops capitals, so the shapes of words (see `shapes`) are added where attention can
    use them, and once more stand beside the output: to the word vectors, or to what comes out of the `trunk`, the first
    layers, which are then the encoder's own and may have been computed for something else (see `continued`). The head
    reads a learned mixture of the layers (Peters et al. 2018), with a trunk also of what goes into it.
    """

    def __init__(self, encoder: PreTrainedModel, label_count: int, *, trunk: int = 0, dropout: float = 0.0) -> None:
        super().__init__()
        width = int(encoder.config.hidden_size)
        layers = int(encoder.config.num_hidden_layers)
        self.encoder = encoder
        self.trunk = trunk
        self.shapes = nn.ModuleList(nn.Embedding(size, width) for size in SIZES)
        self.near = nn.ModuleList(nn.Embedding(size, _SHAPE_WIDTH) for size in SIZES)
        self.mix = nn.Parameter(torch.zeros(layers + (trunk > 0)))
        self.dropout = nn.Dropout(dropout)
        self.head = nn.Sequential(
            nn.Linear(width + _SHAPE_WIDTH, _HEAD_WIDTH), nn.GELU(), nn.Linear(_HEAD_WIDTH, label_count)
        )
        with torch.no_grad():
            self.mix[-1] = 2.0  # the last layer counts most to begin with
            for table in self.shapes:
                cast("nn.Embedding", table).weight.normal_(std=0.01)

    def forward(self, ids: Tensor, mask: Tensor, shapes: Tensor) -> Tensor:
        """Return scores of shape (texts, tokens, labels) for ids and mask (texts, tokens) and shapes beside them."""
        body = cast("Any", self.encoder)
        vectors = body.get_input_embeddings()(ids)
        if not self.trunk:
            vectors = vectors + _looked_up(self.shapes, shapes).to(vectors.dtype)
            output = body(inputs_embeds=vectors, attention_mask=mask, output_hidden_states=True)
            return self._read(output.hidden_states[1:], shapes)
        hidden = body.embeddings(inputs_embeds=vectors)
        seen = create_bidirectional_mask(config=body.config, inputs_embeds=hidden, attention_mask=mask)
        below = [hidden]
        for layer in body.encoder.layer[: self.trunk]:
            below.append(layer(below[-1], seen))
        return self._continued(below, seen, shapes)

    def continued(self, below: Sequence[Tensor], places: Tensor | Spans, shapes: Tensor) -> Tensor:
        """Return the scores for what went into the trunk and came out of each of its layers.

        Each has the shape (texts, tokens, width), `places` is their mask and shapes as above; or the texts stand one
        after the other in (1, rows, width), and `places` says where.
        """
        if isinstance(places, tuple):
            return self._continued(below, places, shapes)
        config = cast("Any", self.encoder).config
        seen = create_bidirectional_mask(config=config, inputs_embeds=below[-1], attention_mask=places)
        return self._continued(below, seen, shapes)

    def _continued(self, below: Sequence[Tensor], seen: object, shapes: Tensor) -> Tensor:
        states = [*below]
        hidden = below[-1] + _looked_up(self.shapes, shapes).to(below[-1].dtype)
        for layer in cast("Any", self.encoder).encoder.layer[self.trunk :]:
            hidden = layer(hidden, seen)
            states.append(hidden)
        return self._read(states, shapes)

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
        missing = self.own_tensors().keys() - own.keys()
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


def _looked_up(tables: nn.ModuleList, shapes: Tensor) -> Tensor:
    """Return the sum of the tables' rows for each feature of the shapes, (texts, tokens, width)."""
    rows = torch.cat([cast("nn.Embedding", table).weight for table in tables])
    places = (shapes + torch.tensor(_FIRST_ROWS)).flatten(end_dim=-2)
    return functional.embedding_bag(places, rows, mode="sum").view(*shapes.shape[:-1], -1)
