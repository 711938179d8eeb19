"""What a released model knows, under the names of the official graph."""

from __future__ import annotations

from typing import Any

import numpy as np
import onnx
from numpy.typing import NDArray
from onnx import numpy_helper

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
