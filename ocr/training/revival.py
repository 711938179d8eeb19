"""``python -m ocr.training.revival MODEL --size small --out RUN``: a released model, to be trained on.

Checkpoints are not kept in the repository, and they go with the machine that made them; but the released
``inference.onnx`` holds every weight, folded, fused and perhaps rounded to eight bits.
"""

from __future__ import annotations

import argparse
from pathlib import Path

import onnx
import torch

from ocr.training.network import Recogniser
from ocr.training.released import Weights, released_weights
from ocr.training.train import Plan, Trainer


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
