"""A network that sees its lines wider than they are given: more time steps for every letter.

CTC has one step for eight columns; an average letter is 19 columns wide, a thin one of condensed print less
than eight. Stretched by an eighth before the first convolution, *tiny* made 11 % fewer errors in 2,900 lines
never trained on, before it learned anything from it, in 14 % more time; *small* gained nothing.
"""

from __future__ import annotations

import numpy as np
import onnx
from onnx import numpy_helper

FACTORS = {"tiny": 1.125, "small": 1.0}
"""By how much each size widens its lines: by eight columns for every 64, so nine steps see 64."""


def widened(model: onnx.ModelProto, factor: float) -> onnx.ModelProto:
    """A copy of ``model`` that first stretches its input ``factor`` times in width."""
    wider = onnx.ModelProto()
    wider.CopyFrom(model)
    graph = wider.graph
    given = graph.input[0].name
    for node in graph.node:
        renamed = ["widened" if name == given else name for name in node.input]
        del node.input[:]
        node.input.extend(renamed)
    scales = np.array([1, 1, 1, factor], np.float32)
    graph.initializer.append(numpy_helper.from_array(np.empty(0, np.float32), "no_region"))
    graph.initializer.append(numpy_helper.from_array(scales, "widening"))
    resize = onnx.helper.make_node(
        "Resize",
        [given, "no_region", "widening"],
        ["widened"],
        name="Widening",
        mode="linear",
        coordinate_transformation_mode="half_pixel",
    )
    graph.node.insert(0, resize)
    return wider
