"""The faster arithmetic gives the plain one's vectors, whatever the lengths in a batch."""

import pytest
import torch
from transformers import BertConfig, BertModel, DistilBertConfig, DistilBertModel

from apps.classification.runtime.cpu_kernels import ATTENTION, PackedLinear, has_packing, speed_up

LENGTHS = (17, 3, 1, 9)


def _bert() -> BertModel:
    torch.manual_seed(7)
    config = BertConfig(
        vocab_size=50,
        hidden_size=64,
        num_hidden_layers=3,
        num_attention_heads=2,
        intermediate_size=128,
        hidden_dropout_prob=0.0,
        attention_probs_dropout_prob=0.0,
    )
    return BertModel(config, add_pooling_layer=False).bfloat16()


def _hidden(model: BertModel, lengths: tuple[int, ...]) -> list[torch.Tensor]:
    """Return the last layer of each sequence of a padded batch, without its padding."""
    torch.manual_seed(3)
    ids = torch.randint(1, 50, (len(lengths), max(lengths)))
    mask = (torch.arange(max(lengths)) < torch.tensor(lengths)[:, None]).long()
    with torch.inference_mode():
        hidden = model(input_ids=ids, attention_mask=mask).last_hidden_state.float()
    return [hidden[row, :length] for row, length in enumerate(lengths)]


@pytest.mark.parametrize("lengths", [LENGTHS, (8, 8, 8), (1,)])
def test_the_vectors_stay_the_same_within_rounding(lengths: tuple[int, ...]) -> None:
    plain = _hidden(_bert(), lengths)
    model = _bert()
    speed_up(model)
    for before, after in zip(plain, _hidden(model, lengths), strict=True):
        cosine = torch.nn.functional.cosine_similarity(before, after, dim=-1)
        assert float(cosine.min()) > 0.999


def test_every_linear_layer_is_packed_where_the_processor_can() -> None:
    model = _bert()
    speed_up(model)
    packed = [module for module in model.modules() if isinstance(module, PackedLinear)]
    plain = [module for module in model.modules() if isinstance(module, torch.nn.Linear)]
    assert (len(packed), len(plain)) == ((18, 0) if has_packing() else (0, 18))
    assert (model.config._attn_implementation == ATTENTION) is has_packing()


def test_other_designs_are_left_alone() -> None:
    config = DistilBertConfig(vocab_size=50, dim=64, n_layers=1, n_heads=2, hidden_dim=128)
    model = DistilBertModel(config).bfloat16()
    speed_up(model)
    assert not any(isinstance(module, PackedLinear) for module in model.modules())
