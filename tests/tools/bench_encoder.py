"""How fast the encoder reads, beside what its device can multiply at all: `python -m tests.tools.bench_encoder`.

The texts are this repository's own documentation in passages. On a CPU one thread computes and CPU time is told; on a
card (`--device cuda`) the time from texts to vectors, with `--threads` that make the next batches ready. The peaks are
matrix products of the sizes of the encoder's layers, alone and warm, in the same run: in floating point (PyTorch's
linear layer), and in bytes where the CPU multiplies them. Counted are multiplications and additions of the layers'
products and of attention; a word's vector, normalisations and the like are in the time and not in the count.
"""

import argparse
import time
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import NamedTuple

import torch
from transformers import AutoConfig

from apps.classification.runtime.device import Device
from apps.classification.runtime.encoder import Encoder
from apps.classification.runtime.int8_linear import MIDDLE, Int8Linear, has_int8
from apps.classification.runtime.model_files import DEFAULT_ENCODER

_DOCS = Path(__file__).parents[2] / "docs"
_ROWS, _ROWS_ON_A_CARD = 2048, 32_768
_ROUNDS = 5
_REPEATS = 40


class _Sizes(NamedTuple):
    layers: int
    width: int
    middle: int

    @property
    def products(self) -> tuple[tuple[int, int], ...]:
        """Inputs and outputs of a layer's four products."""
        return (
            (self.width, 3 * self.width),
            (self.width, self.width),
            (self.width, self.middle),
            (self.middle, self.width),
        )

    def operations(self, lengths: Sequence[int]) -> float:
        """Count the operations on texts of so many tokens."""
        linear = 2 * sum(inputs * outputs for inputs, outputs in self.products)
        attention = 4 * self.width
        return self.layers * sum(length * linear + length**2 * attention for length in lengths)


def main() -> None:
    """Print tokens and operations a second, and which shares of the peaks they are."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--encoder", default=DEFAULT_ENCODER, help="a local folder, or an id of the local cache")
    parser.add_argument("--device", default="auto", help="auto, cpu, cuda or cuda:NUMBER")
    parser.add_argument("--threads", type=int, default=1)
    parser.add_argument("--repeat", type=int, default=1, metavar="TIMES", help="read the passages so often in one go")
    options = parser.parse_args()
    encoder = Encoder.load(options.encoder, device=options.device, threads=options.threads)
    config = AutoConfig.from_pretrained(encoder.files.folder, local_files_only=True)
    sizes = _Sizes(config.num_hidden_layers, config.hidden_size, config.intermediate_size)
    text = "\n\n".join(path.read_text(encoding="utf-8") for path in sorted(_DOCS.glob("*.md")))
    passages = [text[span.start : span.end] for span in encoder.chunks(text)]
    lengths = [_tokens(encoder, passage) for passage in passages]
    clock = time.perf_counter if encoder.device.card else time.process_time
    seconds = _fastest(lambda: encoder.encode(passages * options.repeat), _ROUNDS, clock) / options.repeat
    reached = sizes.operations(lengths) / seconds / 1e9
    print(encoder.device)
    print(f"{encoder.number_format}: {sum(lengths) / seconds:,.0f} tokens/s, {reached:.0f} GFLOP/s")
    for name, peak in _peaks(sizes, encoder.device, clock):
        print(f"peak in {name} {peak:.0f} GFLOP/s: the whole encoder reaches {reached / peak:.0%} of it")


def _tokens(encoder: Encoder, passage: str) -> int:
    encoder.counted()
    encoder.encode([passage])
    return encoder.counted()[0]


def _peaks(sizes: _Sizes, device: Device, clock: Callable[[], float]) -> Iterator[tuple[str, float]]:
    """Give each number format and the fastest of the layers' products in it, in GFLOP/s."""
    rows, dtype = (_ROWS_ON_A_CARD, device.dtype) if device.card else (_ROWS, torch.bfloat16)

    def fastest(product: Callable[[int, int], Callable[[], object]]) -> float:
        return max(
            2 * rows * inputs * outputs / _fastest(product(inputs, outputs), _REPEATS, clock) / 1e9
            for inputs, outputs in sizes.products
        )

    def in_floats(inputs: int, outputs: int) -> Callable[[], object]:
        layer = torch.nn.Linear(inputs, outputs, dtype=dtype, device=device.place)
        given = torch.randn(rows, inputs, dtype=dtype, device=device.place)

        def multiply() -> None:
            layer(given)
            if device.place.type == "cuda":
                torch.cuda.synchronize(device.place)

        return multiply

    with torch.inference_mode():
        yield str(dtype).removeprefix("torch."), fastest(in_floats)
        if has_int8() and not device.card:
            yield "bytes", fastest(_in_bytes)


def _in_bytes(inputs: int, outputs: int) -> Callable[[], object]:
    layer = Int8Linear(torch.randn(outputs, inputs), torch.zeros(outputs))
    given = torch.randint(0, 256, (_ROWS, inputs), dtype=torch.uint8)
    return lambda: layer(given, 1.0, MIDDLE, torch.float32)


def _fastest(act: Callable[[], object], times: int, clock: Callable[[], float]) -> float:
    """Return the seconds of the fastest of several times."""
    act()
    seconds = []
    for _ in range(times):
        began = clock()
        act()
        seconds.append(clock() - began)
    return min(seconds)


if __name__ == "__main__":
    main()
