"""From a checkpoint to the two files that stock PaddleOCR loads: ``inference.onnx`` and ``inference.yml``.

``python -m ocr.training.export --size tiny --checkpoint DIR/checkpoint.pt --out ocr/models/…``;
``--quantise FONTS`` makes it faster.
"""

from __future__ import annotations

import argparse
from pathlib import Path

import numpy as np
import onnx
import onnxruntime as ort
import torch
import yaml

from ocr.training import alphabet, fonts
from ocr.training.network import HEIGHT, Recogniser
from ocr.training.quantisation import quantise
from ocr.training.train import fresh_network, official_folder, official_model

_TOLERANCE = 1e-3


def averaged(size: str, checkpoint: Path) -> Recogniser:
    """The network with the averaged weights of a checkpoint."""
    network = fresh_network(size)
    network.load_state_dict(torch.load(checkpoint, weights_only=True)["average"])
    network.eval()
    return network


def write(network: Recogniser, size: str, folder: Path) -> None:
    """Write the model and its description; raise when ONNX Runtime disagrees with PyTorch."""
    folder.mkdir(parents=True, exist_ok=True)
    model = folder / "inference.onnx"
    onnx.save(network.written_into(official_model(size)), model)
    described = yaml.safe_load(
        (official_folder(size) / "inference.yml").read_text(encoding="utf-8")
    )
    # The reader appends the space as the last class by itself.
    described["PostProcess"]["character_dict"] = list(alphabet.LETTERS)
    with (folder / "inference.yml").open("w", encoding="utf-8") as out:
        yaml.safe_dump(described, out, allow_unicode=True, sort_keys=False)
    _compare(network, model)


def _compare(network: Recogniser, model: Path) -> None:
    session = ort.InferenceSession(model, providers=["CPUExecutionProvider"])
    # Two widths and two batch sizes prove that both axes stayed dynamic.
    for lines, width in ((1, 320), (3, 776)):
        image = np.random.default_rng(width).uniform(-1, 1, (lines, 3, HEIGHT, width))
        given = image.astype(np.float32)
        with torch.inference_mode():
            expected = network(torch.from_numpy(given)).softmax(-1).numpy()
        said = session.run(None, {session.get_inputs()[0].name: given})[0]
        worst = float(np.abs(np.asarray(said) - expected).max())
        if worst > _TOLERANCE:
            message = f"ONNX Runtime differs from PyTorch by {worst:.2g} at width {width}"
            raise RuntimeError(message)


def main() -> None:
    """Export one checkpoint."""
    parser = argparse.ArgumentParser(prog="python -m ocr.training.export", description=__doc__)
    parser.add_argument("--size", choices=("tiny", "small"), required=True)
    parser.add_argument("--checkpoint", type=Path, required=True)
    parser.add_argument("--out", type=Path, required=True)
    parser.add_argument(
        "--quantise",
        type=Path,
        nargs="+",
        metavar="FONTS",
        help="eight-bit convolutions, calibrated on training lines in these fonts",
    )
    wanted = parser.parse_args()
    write(averaged(wanted.size, wanted.checkpoint), wanted.size, wanted.out)
    if wanted.quantise:
        training, _ = fonts.split(fonts.collect(wanted.quantise))
        quantise(wanted.out / "inference.onnx", wanted.size, training)


if __name__ == "__main__":
    main()
