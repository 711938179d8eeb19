"""``python -m ocr.training.revival MODEL --size small --out RUN``: a released model, to be trained on.

Checkpoints are not kept in the repository, and they go with the machine that made them; but the released
``inference.onnx`` holds every weight, folded, fused and perhaps rounded to eight bits.
"""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import Any

import numpy as np
import onnx
import torch
from numpy.typing import NDArray
from onnx import numpy_helper

from ocr.training.network import Recogniser
from ocr.training.train import Plan, Trainer

_FUSED = ("ConvAddFusion_Add_B_", "ConvBnFusion_W_", "ConvBnFusion_BN_B_")
"""What ONNX Runtime puts before the name of a weight that it has folded another operator into."""
_ROUNDED = "_quantized"

Weights = dict[str, NDArray[Any]]


def released_weights(model: onnx.ModelProto) -> Weights:
    """The floating-point weights of an exported graph, under the names they have in the official one."""
    weights = {item.name: numpy_helper.to_array(item).copy() for item in model.graph.initializer}
    for node in model.graph.node:
        if node.op_type == "DequantizeLinear" and node.input[0] in weights:
            name = node.input[0].removesuffix(_ROUNDED)
            weights[name] = _exact(*[weights[part] for part in node.input])
    for prefix in _FUSED:
        weights = {name.removeprefix(prefix): array for name, array in weights.items()}
    return weights


def _exact(rounded: NDArray[Any], scale: NDArray[Any], zero: NDArray[Any]) -> NDArray[np.float32]:
    """One scale per output channel, the first axis."""
    channels = (-1, *[1] * (rounded.ndim - 1))
    steps = rounded.astype(np.float32) - zero.astype(np.float32).reshape(channels)
    return np.asarray(steps * scale.reshape(channels), np.float32)


def revive(network: Recogniser, released: Weights) -> None:
    """Give ``network`` the weights of an exported model.

    Raises ``KeyError`` where the model lacks one.
    """
    folded = [norm for norm in network.norms() if norm.scale not in released]
    scales = {norm.scale for norm in folded}
    with torch.no_grad():
        for name, key in network.parameter_names.items():
            # A scale folded into the convolution before it stays what it was.
            if name not in scales:
                weight = network.weights[key]
                weight.copy_(torch.from_numpy(released[name]).reshape(weight.shape))
        for norm in folded:
            weight = network.weights[network.parameter_names[norm.convolution]]
            shift = network.weights[network.parameter_names[norm.shift]]
            channels = (1, len(shift), 1, 1)
            offset = norm.apply(torch.zeros(channels))
            gain = norm.apply(torch.ones(channels)) - offset
            weight.div_(gain.reshape(-1, *[1] * (weight.dim() - 1)))
            # What comes out for nothing must be the released bias.
            shift.add_(shift - offset.reshape(-1))
        network.head.weight.copy_(torch.from_numpy(released[network.head_weight_name]).t())
        network.head.bias.copy_(torch.from_numpy(released[network.head_bias_name]))


def main() -> None:
    """Write a checkpoint of no steps."""
    parser = argparse.ArgumentParser(prog="python -m ocr.training.revival", description=__doc__)
    parser.add_argument("model", type=Path, help="folder with inference.onnx")
    parser.add_argument("--size", choices=("tiny", "small"), required=True)
    parser.add_argument("--out", type=Path, required=True, help="folder of the run")
    wanted = parser.parse_args()
    wanted.out.mkdir(parents=True, exist_ok=True)
    trainer = Trainer(Plan(size=wanted.size, minutes=0.0, out=wanted.out))
    released = released_weights(onnx.load(wanted.model / "inference.onnx"))
    revive(trainer.network, released)
    revive(trainer.average, released)
    trainer.save()


if __name__ == "__main__":
    main()
