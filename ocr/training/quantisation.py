"""Eight-bit convolutions: *small* at about 1.9 times the speed and a third of the size, *tiny* at 1.2 times.

Static quantisation as ONNX Runtime describes it: the ranges of the inner values are measured on training
lines, weights are scaled per channel.  Weights keep seven bits (``reduce_range``), because processors
without VNNI add pairs of products in sixteen bits and would overflow.  Part of what
the rounding costs in letters is won back by training with it: see :mod:`ocr.training.rounding`.
"""

from __future__ import annotations

import random
import tempfile
from collections.abc import Iterator, Sequence
from pathlib import Path

import numpy as np
import onnx
import onnxruntime as ort
from numpy.typing import NDArray
from onnx import version_converter
from onnxruntime.quantization import (
    CalibrationDataReader,
    CalibrationMethod,
    QuantFormat,
    QuantType,
    quantize_static,
)

from ocr.training.corpus import Corpus
from ocr.training.exported import fed
from ocr.training.fonts import Font
from ocr.training.gates import in_eight_bits
from ocr.training.lines import Typesetter

_SEED = 5
_LINES = 150
_LENGTHS = (6, 20, 40)
EXACT = {
    size: frozenset(f"Conv.{number}" for number in numbers)
    for size, numbers in {
        "small": (0, 1, 2, 3, 4, 5, 10, 13, 16, 46, 55, 56),
        "tiny": (*range(16), 18, 21, 24, 25, 26, 29, 32, 35),
    }.items()
}
"""Convolutions that are not rounded.  The first five of *small* see the ink itself, and a tone mark is a few
dots of it; 46, 55 and 56 are those whose rounding alone moves its answers most, and cost no time. Nor do
the four depthwise ones of the widest maps: of what rounding changes in the answers (mean divergence over 480
lines) they make a tenth. All depthwise ones make a third, but cost 10 % more time for 4 % fewer errors.
Of *tiny* only the thirteen widest pointwise convolutions are rounded: they do most of the work. Eight
more would make it no faster and cost a tenth more errors."""
_RANGES = {"CalibMovingAverage": True, "CalibMovingAverageConstant": 0.05}
"""Ranges follow the lines instead of keeping the greatest value of any. Two means of checkpoints of *small*
made 311 and 313 errors in 2,900 lines with them, 312 and 327 without."""
_PER_CHANNEL_OPSET = 13
"""The first version of ONNX whose ``DequantizeLinear`` knows one scale per channel."""
_UNWANTED_FUSIONS = ["ConvActivationFusion", "ConvAddActivationFusion"]
"""They make operators of convolutions that the quantiser does not know."""


class _TrainingLines(CalibrationDataReader):  # type: ignore[misc]  # onnxruntime ships no types for it
    """Training lines as the network is given them, one by one."""

    def __init__(self, fonts: Sequence[Font], wanted: str) -> None:
        self._lines = calibration_lines(fonts)
        self._wanted = wanted

    def get_next(self) -> dict[str, NDArray[np.float32]] | None:
        """The next line, or nothing when all were given."""
        line = next(self._lines, None)
        return None if line is None else {self._wanted: line}


def calibration_lines(fonts: Sequence[Font]) -> Iterator[NDArray[np.float32]]:
    """Training lines, always the same for the same fonts, as the network is given them."""
    setter, corpus = Typesetter(fonts, np.random.default_rng(_SEED)), Corpus(_SEED)
    chance = random.Random(_SEED)
    made = 0
    while made < _LINES:
        image = setter.line(corpus.line(chance.choice(_LENGTHS)))
        if image is None:
            continue
        made += 1
        yield fed(image)


def _fused(model: Path, out: Path) -> None:
    """Write the graph with its activations as one operator each.

    The quantiser would otherwise put its roundings between the parts of a GELU, where ONNX Runtime no
    longer finds them: five passes over memory instead of one.
    """
    converted = version_converter.convert_version(onnx.load(model), _PER_CHANNEL_OPSET)
    options = ort.SessionOptions()
    options.graph_optimization_level = ort.GraphOptimizationLevel.ORT_ENABLE_EXTENDED
    options.optimized_model_filepath = str(out)
    ort.InferenceSession(
        converted.SerializeToString(),
        options,
        providers=["CPUExecutionProvider"],
        disabled_optimizers=_UNWANTED_FUSIONS,
    )
    graph = onnx.load(out)
    for node in graph.graph.node:
        if _is_global_mean(node):
            # The same mean, by an operator that needs not be told the order of the axes.
            del node.attribute[:]
            node.op_type = "GlobalAveragePool"
    used = {node.domain for node in graph.graph.node}
    kept = [version for version in graph.opset_import if version.domain in used]
    del graph.opset_import[:]
    graph.opset_import.extend(kept)
    onnx.save(graph, out)


def _is_global_mean(node: onnx.NodeProto) -> bool:
    if node.op_type != "ReduceMean":
        return False
    said = {item.name: onnx.helper.get_attribute_value(item) for item in node.attribute}
    return list(said["axes"]) == [2, 3] and said.get("keepdims", 1) == 1


def quantise(model: Path, size: str, fonts: Sequence[Font]) -> None:
    """Replace the model file of this size by one with eight-bit convolutions and gates."""
    with tempfile.TemporaryDirectory() as scratch:
        fused = Path(scratch) / "fused.onnx"
        _fused(model, fused)
        quantize_static(
            fused,
            model,
            _TrainingLines(fonts, onnx.load(fused).graph.input[0].name),
            quant_format=QuantFormat.QDQ,
            op_types_to_quantize=["Conv"],
            nodes_to_exclude=sorted(EXACT[size]),
            per_channel=True,
            reduce_range=True,
            activation_type=QuantType.QUInt8,
            weight_type=QuantType.QInt8,
            calibrate_method=CalibrationMethod.MinMax,
            extra_options=_RANGES,
        )
    onnx.save(in_eight_bits(onnx.load(model)), model)
