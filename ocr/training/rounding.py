"""Training with eight bits in the loop: the network learns with the rounding it will be shipped with.

A network that is only rounded afterwards loses some of its letters; one that saw its own rounding for the
last minutes of training keeps more of them (Jacob et al., "Quantization and training of neural networks for
efficient integer-arithmetic-only inference", 2018).  The values rounded here are those that
:mod:`ocr.training.quantisation` rounds in the exported file: what goes into and comes out of a
quantised convolution, and its weights, one scale per channel.
"""

from __future__ import annotations

from collections.abc import Iterable

import torch
from torch import Tensor

from ocr.training.network import Kernel, Recogniser

_LEVELS = 255
_WEIGHT_LEVELS = 64
"""Seven bits and a sign, as ``reduce_range`` leaves them."""


class _Straight(torch.autograd.Function):  # type: ignore[misc]  # torch is not here to be typed
    """Rounds on the way forth and lets the gradient pass as if it had not."""

    @staticmethod
    def forward(_: object, x: Tensor, scale: float, zero: int) -> Tensor:
        return torch.fake_quantize_per_tensor_affine(x, scale, zero, 0, _LEVELS)

    @staticmethod
    def backward(_: object, slope: Tensor) -> tuple[Tensor, None, None]:
        return slope, None, None


def _activation(low: float, high: float) -> Kernel:
    low, high = min(low, 0.0), max(high, 0.0)
    scale = max(high - low, 1e-6) / _LEVELS
    zero = round(-low / scale)
    return lambda x: _Straight.apply(x, scale, zero)


def _weight(x: Tensor) -> Tensor:
    """One scale per output channel, symmetrical about zero."""
    largest = x.detach().abs().amax(tuple(range(1, x.dim()))).clamp_min(1e-9)
    zeros = torch.zeros(len(largest), dtype=torch.int32)
    return torch.fake_quantize_per_channel_affine(
        x, largest / _WEIGHT_LEVELS, zeros, 0, -_WEIGHT_LEVELS, _WEIGHT_LEVELS
    )


def _ranges(
    network: Recogniser, names: Iterable[str], lines: Iterable[Tensor]
) -> dict[str, tuple[float, float]]:
    """The least and the greatest value of each named tensor, each the mean over all lines.

    So the quantiser measures them, too (``CalibMovingAverage``).
    """
    sums = dict.fromkeys(names, (0.0, 0.0))

    def watching(name: str) -> Kernel:
        def watch(x: Tensor) -> Tensor:
            low, high = sums[name]
            sums[name] = low + float(x.min()), high + float(x.max())
            return x

        return watch

    network.roundings = {name: watching(name) for name in sums}
    shown = list(lines)
    with torch.inference_mode():
        for line in shown:
            network(line)
    network.roundings = {}
    return {name: (low / len(shown), high / len(shown)) for name, (low, high) in sums.items()}


def roundings(
    network: Recogniser, exact: frozenset[str], lines: Iterable[Tensor]
) -> dict[str, Kernel]:
    """What rounds which value of the network, for ``network.roundings``.

    ``exact`` names the convolutions that stay exact; ranges are measured on ``lines``, one image
    each.
    """
    weights: set[str] = set()
    values: set[str] = set()
    for convolution in network.convolutions():
        if convolution.name not in exact:
            weights.add(convolution.weight)
            values |= {convolution.reads, convolution.makes}
    ranges = _ranges(network, values, lines)
    return {
        **{name: _activation(*ranges[name]) for name in values},
        **dict.fromkeys(weights, _weight),
    }
