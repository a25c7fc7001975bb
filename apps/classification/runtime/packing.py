"""Texts of a batch as numbers: side by side and padded, or one after the other in a single row.

So none is padded: up to an eighth of all rows was.
"""

from collections.abc import Sequence
from itertools import accumulate, chain
from typing import NamedTuple

import numpy as np
import torch
from torch import Tensor

from apps.classification.runtime.attention import Span, Spans, padded

_STEP = 64  # as `padded`: there are few sizes, since oneDNN keeps code and buffers for each one it meets


class Packed(NamedTuple):
    """Ids and positions of tokens, both (1, rows), and where each text stands among the rows.

    Behind the last text there are rows that belong to none.
    """

    ids: Tensor
    positions: Tensor
    spans: Spans

    @property
    def rows(self) -> int:
        """How many rows there are, those of no text included."""
        return self.ids.shape[1]


def side_by_side(batch: Sequence[Sequence[int]], width: int, pad_id: int) -> tuple[Tensor, Tensor]:
    """Return the token ids of texts and 1 where there is one, both (texts, width)."""
    lengths = np.fromiter(map(len, batch), np.int64, len(batch))
    mask = np.arange(width) < lengths[:, None]
    ids = np.full(mask.shape, pad_id, dtype=np.int64)
    ids[mask] = np.fromiter(chain.from_iterable(batch), np.int64, lengths.sum())
    return torch.from_numpy(ids), torch.from_numpy(mask.astype(np.int64))


def pack(batch: Sequence[Sequence[int]], pad_id: int) -> Packed:
    """Put the token ids of texts one after the other."""
    lengths = [len(ids) for ids in batch]
    starts = list(accumulate(lengths, initial=0))
    behind = padded(lengths[-1]) - lengths[-1]  # attention rounds lengths up and looks at what follows
    rows = -(-(starts[-1] + behind) // _STEP) * _STEP
    ids = torch.full((1, rows), pad_id, dtype=torch.long)
    positions = torch.zeros((1, rows), dtype=torch.long)
    ids[0, : starts[-1]] = torch.tensor([token for text in batch for token in text])
    positions[0, : starts[-1]] = torch.cat([torch.arange(length) for length in lengths])
    return Packed(
        ids, positions, tuple(Span(start, length) for start, length in zip(starts[:-1], lengths, strict=True))
    )
