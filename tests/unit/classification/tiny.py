"""Tiny randomly initialised models on disk, as Hugging Face's libraries save them."""

import json
from collections.abc import Sequence
from pathlib import Path

import torch
from tokenizers import BertWordPieceTokenizer
from transformers import BertConfig, BertForSequenceClassification, BertModel

from tests.unit.classification.generated import DIMENSIONS, FILLER, WORDS

LONGEST = 32  # tokens


def write_tokenizer(folder: Path) -> int:
    """Write a tokenizer that knows letters and the generated words; returns the size of its vocabulary."""
    vocabulary = ["[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]", ".", ",", "!", *"abcdefghijklmnopqrstuvwxyz"]
    vocabulary += [f"##{letter}" for letter in "abcdefghijklmnopqrstuvwxyz"]
    vocabulary += sorted({word for words in [*WORDS.values(), FILLER] for word in words if len(word) > 1})
    (folder / "vocab.txt").write_text("\n".join(vocabulary))
    rust = BertWordPieceTokenizer(str(folder / "vocab.txt"), lowercase=True)
    rust.save(str(folder / "tokenizer.json"))
    settings = {"tokenizer_class": "BertTokenizer", "do_lower_case": True, "model_max_length": LONGEST}
    (folder / "tokenizer_config.json").write_text(json.dumps(settings))
    return len(vocabulary)


def write_encoder(folder: Path, *, layers: int) -> Path:
    """Write a BERT of 16 dimensions without a head."""
    folder.mkdir()
    size = write_tokenizer(folder)
    torch.manual_seed(3)
    config = BertConfig(
        vocab_size=size,
        hidden_size=DIMENSIONS,
        num_hidden_layers=layers,
        num_attention_heads=2,
        intermediate_size=32,
        max_position_embeddings=LONGEST,
    )
    BertModel(config).save_pretrained(folder, safe_serialization=True)
    return folder


def write_checkpoint(folder: Path, labels: Sequence[str]) -> Path:
    """Write a BERT for sequence classification with labels; its weights are large, so that it prefers something."""
    folder.mkdir(exist_ok=True)
    size = write_tokenizer(folder)
    torch.manual_seed(11)
    config = BertConfig(
        vocab_size=size,
        hidden_size=DIMENSIONS,
        num_hidden_layers=1,
        num_attention_heads=2,
        intermediate_size=32,
        max_position_embeddings=LONGEST,
        id2label=dict(enumerate(labels)),
        label2id={label: number for number, label in enumerate(labels)},
        initializer_range=1.0,
    )
    BertForSequenceClassification(config).save_pretrained(folder, safe_serialization=True)
    return folder
