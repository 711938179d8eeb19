"""Eight-bit convolutions: the *small* model at about 1.6 times the speed and a third of the size.

Static quantisation as ONNX Runtime describes it: the ranges of the inner values are measured on training
lines, weights are scaled per channel.  Weights keep seven bits (``reduce_range``), because processors
without VNNI add pairs of products in sixteen bits and would overflow.
"""

from __future__ import annotations

import random
import tempfile
from collections.abc import Iterator, Sequence
from pathlib import Path

import numpy as np
import onnx
from numpy.typing import NDArray
from onnx import version_converter
from onnxruntime.quantization import (
    CalibrationDataReader,
    CalibrationMethod,
    QuantFormat,
    QuantType,
    quantize_static,
)
from onnxruntime.quantization.shape_inference import quant_pre_process

from ocr.training.corpus import Corpus
from ocr.training.fonts import Font
from ocr.training.lines import HEIGHT, Typesetter

_SEED = 5
_LINES = 150
_LENGTHS = (6, 20, 40)
_NARROWEST = 320
_STEM = 5
"""The first convolutions stay exact: they see the ink itself, and a tone mark is a few dots of it."""
_PER_CHANNEL_OPSET = 13
"""The first version of ONNX whose ``DequantizeLinear`` knows one scale per channel."""


class _TrainingLines(CalibrationDataReader):  # type: ignore[misc]  # onnxruntime ships no types for it
    """Training lines as the network is given them, one by one."""

    def __init__(self, fonts: Sequence[Font], wanted: str) -> None:
        self._lines = _lines(fonts)
        self._wanted = wanted

    def get_next(self) -> dict[str, NDArray[np.float32]] | None:
        """The next line, or nothing when all were given."""
        line = next(self._lines, None)
        return None if line is None else {self._wanted: line}


def _lines(fonts: Sequence[Font]) -> Iterator[NDArray[np.float32]]:
    setter, corpus = Typesetter(fonts, np.random.default_rng(_SEED)), Corpus(_SEED)
    chance = random.Random(_SEED)
    made = 0
    while made < _LINES:
        image = setter.line(corpus.line(chance.choice(_LENGTHS)))
        if image is None:
            continue
        width = max(_NARROWEST, image.shape[1])
        canvas = np.zeros((1, 3, HEIGHT, width), np.float32)
        canvas[0, :, :, : image.shape[1]] = image.astype(np.float32) / 127.5 - 1
        made += 1
        yield canvas


def quantise(model: Path, fonts: Sequence[Font]) -> None:
    """Replace the model file by one with eight-bit convolutions."""
    given = onnx.load(model).graph.input[0].name
    with tempfile.TemporaryDirectory() as scratch:
        plain = Path(scratch) / "plain.onnx"
        quant_pre_process(model, plain, skip_symbolic_shape=True)
        graph = version_converter.convert_version(onnx.load(plain), _PER_CHANNEL_OPSET)
        onnx.save(graph, plain)
        convolutions = [node.name for node in graph.graph.node if node.op_type == "Conv"]
        quantize_static(
            plain,
            model,
            _TrainingLines(fonts, given),
            quant_format=QuantFormat.QDQ,
            op_types_to_quantize=["Conv"],
            nodes_to_exclude=convolutions[:_STEM],
            per_channel=True,
            reduce_range=True,
            activation_type=QuantType.QUInt8,
            weight_type=QuantType.QInt8,
            calibrate_method=CalibrationMethod.MinMax,
        )
