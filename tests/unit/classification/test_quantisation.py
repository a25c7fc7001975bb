"""8-bit layers give the floating-point ones' vectors, whatever the lengths and however far a channel reaches."""

from collections.abc import Sequence
from typing import Any, cast

import pytest
import torch
from transformers import BertConfig, BertModel, DistilBertConfig, DistilBertModel

from apps.classification.runtime import quantisation
from apps.classification.runtime.attention import Chosen, Span, attend, attend_from
from apps.classification.runtime.device import chosen
from apps.classification.runtime.int8_layers import Int8Attention, Middle
from apps.classification.runtime.int8_linear import Channels, has_int8
from apps.classification.runtime.quantisation import beginnings, quantise, sample_texts, settle

LENGTHS = (17, 3, 1, 9)
needs_int8 = pytest.mark.skipif(not has_int8(), reason="this processor has no VNNI")


def _bert() -> BertModel:
    torch.manual_seed(7)
    config = BertConfig(
        vocab_size=64, hidden_size=64, num_hidden_layers=3, num_attention_heads=2, intermediate_size=128
    )
    model = BertModel(config, add_pooling_layer=False)
    model.train(mode=False)
    with torch.no_grad():
        for parameter in model.parameters():
            parameter.mul_(3)  # trained weights are larger than these begin with
        # As in trained encoders: one channel of the middle reaches much further than the others.
        cast("Any", model.encoder).layer[1].intermediate.dense.bias[5] += 30
    return model


def _run(model: BertModel, texts: Sequence[str]) -> torch.Tensor:
    """Pass texts through, a letter a token."""
    ids = torch.tensor(beginnings([[ord(letter) % 64 for letter in text] for text in texts]))
    return cast("torch.Tensor", model(input_ids=ids).last_hidden_state)


def _hidden(model: BertModel, lengths: tuple[int, ...]) -> list[torch.Tensor]:
    """Return the last layer of each sequence of a padded batch, without its padding."""
    torch.manual_seed(3)
    ids = torch.randint(1, 64, (len(lengths), max(lengths)))
    mask = (torch.arange(max(lengths)) < torch.tensor(lengths)[:, None]).long()
    with torch.inference_mode():
        hidden = model(input_ids=ids, attention_mask=mask).last_hidden_state.float()
    return [hidden[row, :length] for row, length in enumerate(lengths)]


@needs_int8
@pytest.mark.parametrize("lengths", [LENGTHS, (8, 8, 8), (1,)])
def test_the_vectors_stay_what_they_were(lengths: tuple[int, ...]) -> None:
    plain = _hidden(_bert(), lengths)
    model = _bert()
    assert quantise(model, lambda texts: _run(model, texts))
    for before, after in zip(plain, _hidden(model, lengths), strict=True):
        assert float(torch.nn.functional.cosine_similarity(before, after, dim=-1).min()) > 0.98


@needs_int8
def test_a_sequence_is_the_same_beside_longer_ones() -> None:
    model = _bert()
    quantise(model, lambda texts: _run(model, texts))
    ids = torch.tensor([[5, 6, 7] + [0] * 29, [9] * 32])
    mask = torch.tensor([[1] * 3 + [0] * 29, [1] * 32])
    with torch.inference_mode():
        alone = model(input_ids=torch.tensor([[5, 6, 7]])).last_hidden_state[0]
        beside = model(input_ids=ids, attention_mask=mask).last_hidden_state[0, :3]
    assert float((alone - beside).abs().max()) < 0.02


@needs_int8
def test_a_model_that_would_change_too_much_keeps_its_numbers(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(quantisation, "LEAST_COSINE", 1.01)
    model = _bert()
    assert not quantise(model, lambda texts: _run(model, texts))
    assert not any(isinstance(module, Int8Attention) for module in model.modules())
    for before, after in zip(_hidden(_bert(), LENGTHS), _hidden(model, LENGTHS), strict=True):
        assert torch.equal(before, after)


def test_other_designs_are_left_in_floating_point() -> None:
    config = DistilBertConfig(vocab_size=50, dim=64, n_layers=1, n_heads=2, hidden_dim=128)
    model = DistilBertModel(config)
    assert settle(model, lambda _: torch.zeros(0), chosen("cpu")) in {"bf16", "fp32"}
    assert not any(isinstance(module, Int8Attention) for module in model.modules())


def test_a_channel_that_reaches_far_is_continued_in_others() -> None:
    highest = torch.tensor([1.0, 5.0, 17.0])
    middle = Middle(highest)
    assert middle.channels.tolist() == [0, 1, 2, 2, 2, 2]
    values = torch.linspace(-4, 16, 200)
    before = values[:, None] - middle.begins[2:]
    steps = (torch.nn.functional.gelu(before) / middle.step + middle.zero).round().clamp(0, 255) - middle.zero
    together = (steps * middle.step).sum(dim=1)
    assert float((together - torch.nn.functional.gelu(values)).abs().max()) < 0.25
    assert float((together - torch.nn.functional.gelu(values)).abs().mean()) < 0.1


def test_each_channel_has_its_own_centre_and_step() -> None:
    low, high = torch.tensor([-1.0, 90.0]), torch.tensor([1.0, 110.0])
    weight = torch.tensor([[0.5, 0.02], [0.1, -0.03]])
    channels = Channels(low, high, weight)
    given = torch.tensor([[0.3, 101.0], [-0.9, 95.0]])
    back = (channels.bytes(given).float() - 128) * channels.step + channels.centre
    assert torch.allclose(back @ weight.T, given @ weight.T, atol=0.03)


@pytest.mark.parametrize("reach", [1.0, 40.0])  # with 40 a power of two of the greatest score is no number any more
@pytest.mark.parametrize("gap", [0, 20])
def test_attention_sees_its_own_text_only(reach: float, gap: int) -> None:
    torch.manual_seed(1)
    spans, start = [], 0
    for length in (20, 18, 7, 7, 3, 20):
        spans.append(Span(start, length))
        start += max(length, gap)
    projected = torch.randn(start + 12, 3, 2, 8) * reach
    found = attend(projected, spans)
    for start, length in spans:
        plain = plain_attention(projected[start : start + length])
        assert torch.allclose(found[start : start + length], plain, atol=1e-5 * reach, rtol=1e-4)
    assert not found[-12:].any()


@pytest.mark.parametrize(
    "score", [60.0, 68.5, 80.0, 85.5, 87.0, 89.0, 120.0, -60.0, -69.0, -80.0, -88.5, -90.0, -120.0]
)
def test_attention_is_right_for_scores_of_any_size(score: float) -> None:
    torch.manual_seed(2)
    projected = torch.randn(40, 3, 2, 8)
    projected[:20, 0], projected[:20, 1] = 1.0, score / 8**0.5
    projected[:20, 1] += torch.randn(20, 1, 1) * 0.01
    projected[:, 2] *= 5
    found = attend(projected, [Span(0, 20), Span(20, 20)])
    assert torch.allclose(found[:20], plain_attention(projected[:20]), atol=1e-2)
    alone = attend(projected[20:], [Span(0, 20)])
    assert torch.equal(found[20:], alone)  # whatever its neighbour's scores are


@pytest.mark.parametrize("reach", [1.0, 40.0])
def test_chosen_rows_attend_as_they_do_among_all(reach: float) -> None:
    torch.manual_seed(4)
    spans = (Span(0, 20), Span(20, 20), Span(40, 3), Span(43, 17))
    projected = torch.randn(80, 3, 2, 8) * reach
    rows = torch.tensor([0, 5, 19, 21, 43, 44, 59, 0, 0])
    found = attend_from(projected, Chosen(spans, rows, (3, 1, 0, 3)))
    assert torch.allclose(found[:7], attend(projected, spans)[rows[:7]], atol=1e-4 * reach)
    assert not found[7:].any()
    assert not attend_from(projected, Chosen(spans, rows[:0], (0, 0, 0, 0))).any()


def plain_attention(projected: torch.Tensor) -> torch.Tensor:
    query, key, value = projected.permute(1, 2, 0, 3)
    return torch.nn.functional.scaled_dot_product_attention(query, key, value).transpose(0, 1)


def test_the_sample_texts_are_of_many_kinds() -> None:
    assert len(sample_texts()) >= 10
    assert min(map(len, sample_texts())) > 150
