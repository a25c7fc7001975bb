"""Tiny randomly initialised models on disk, as Hugging Face's libraries save them."""

import json
import shutil
from collections.abc import Sequence
from pathlib import Path

import torch
from tokenizers import BertWordPieceTokenizer
from transformers import (
    BertConfig,
    BertForSequenceClassification,
    BertForTokenClassification,
    BertModel,
    RobertaConfig,
    RobertaModel,
)

from apps.classification.engine.tagging.artifact import TaggerConfig, write_tagger
from apps.classification.runtime.model_files import find_model
from apps.classification.runtime.training.network import artefact_tensors, learning_network
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


def write_roberta(folder: Path) -> Path:
    """Write a RoBERTa without a head, with the usual number of positions for texts of `LONGEST` tokens."""
    folder.mkdir()
    size = write_tokenizer(folder)
    torch.manual_seed(3)
    config = RobertaConfig(
        vocab_size=size,
        hidden_size=DIMENSIONS,
        num_hidden_layers=1,
        num_attention_heads=2,
        intermediate_size=32,
        max_position_embeddings=LONGEST + 1,
        pad_token_id=0,
        type_vocab_size=1,
    )
    RobertaModel(config).save_pretrained(folder, safe_serialization=True)
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


def write_tagger_for(encoder: Path, folder: Path, *, trunk: int) -> Path:
    """Write a tagger with random numbers for an encoder, which goes on from the encoder's first layers."""
    labels = ("O", "B-PER", "I-PER", "B-LOC", "I-LOC")
    files = find_model(str(encoder))
    torch.manual_seed(5)
    network = learning_network(files, len(labels), rank=2, layers=(), trunk=trunk)
    config = TaggerConfig(
        name="tiny", encoder=str(encoder), encoder_sha256=files.sha256, labels=labels, rank=2, scale=1.0, trunk=trunk
    )
    write_tagger(folder, config, artefact_tensors(network))
    return folder


def write_token_checkpoint(encoder: Path, folder: Path, labels: Sequence[str]) -> Path:
    """Write a BERT for token classification with labels, of an encoder's sizes; its weights are large."""
    shutil.copytree(encoder, folder)
    torch.manual_seed(11)
    settings = json.loads((encoder / "config.json").read_text())
    shape = ("vocab_size", "hidden_size", "num_hidden_layers", "num_attention_heads", "intermediate_size")
    config = BertConfig(
        **{name: settings[name] for name in shape},
        max_position_embeddings=settings["max_position_embeddings"],
        id2label=dict(enumerate(labels)),
        label2id={label: number for number, label in enumerate(labels)},
        initializer_range=1.0,
    )
    BertForTokenClassification(config).save_pretrained(folder, safe_serialization=True)
    return folder
