"""GELUs gated by a sigmoid, ``x · σ(1.702 x)``, which ONNX Runtime computes without leaving eight bits.

The form is that of the GELU paper (Hendrycks and Gimpel 2016, § 2), 0.02 away from the exact one at most.
Between two rounded convolutions the exact one costs three passes over floating-point numbers (unpack,
activate, pack), this one a look-up of 256 values and a product of bytes: 0.5 instead of 0.9 ns an element.
Swapped in without training, *small* became 1.18 times faster and made 891 errors instead of 885 in 5,000
tuning lines, *tiny* 1.13 times and 1,487 instead of 1,440, which training wins back.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
import onnx
from numpy.typing import NDArray
from onnx import helper, numpy_helper

STEEPNESS = 1.702
EXACT = {"tiny": 4, "small": 0}
"""How many GELUs, from the ink on, stay exact in each size: those not between rounded convolutions."""
_STEEP = "steepness"
_FINEST = 1 / 255
"""Step of a gate in eight bits: from shut to open in 255 of them."""


@dataclass(frozen=True, kw_only=True)
class Gelu:
    """The nodes of one GELU in the order they run, what it reads and what it makes."""

    nodes: tuple[onnx.NodeProto, ...]
    reads: str
    makes: str


def gelus(nodes: list[onnx.NodeProto]) -> Iterator[Gelu]:
    """Every ``x/√2 → erf → +1 → ·x → ·½`` in the order in which they run."""
    makers = {node.output[0]: node for node in nodes}
    for half in nodes:
        inner = makers.get(half.input[0]) if half.op_type == "Mul" else None
        if inner is None or inner.op_type != "Mul" or len(inner.input) < 2:
            continue
        plus = makers.get(inner.input[1])
        erf = makers.get(plus.input[0]) if plus is not None else None
        if plus is None or erf is None or erf.op_type != "Erf":
            continue
        parts = (makers[erf.input[0]], erf, plus, inner, half)
        yield Gelu(nodes=parts, reads=inner.input[0], makes=half.output[0])


def gated_gelus(nodes: list[onnx.NodeProto]) -> Iterator[Gelu]:
    """Every ``x → ·1.702 → σ → ·x``, as :func:`gated` writes it."""
    makers = {node.output[0]: node for node in nodes}
    for product in nodes:
        gate = makers.get(product.input[-1]) if product.op_type == "Mul" else None
        steep = (
            makers.get(gate.input[0]) if gate is not None and gate.op_type == "Sigmoid" else None
        )
        if gate is not None and steep is not None and list(steep.input[1:]) == [_STEEP]:
            parts = (steep, gate, product)
            yield Gelu(nodes=parts, reads=product.input[0], makes=product.output[0])


def gated(model: onnx.ModelProto, exact: int) -> onnx.ModelProto:
    """A copy of ``model`` whose GELUs, but for the first ``exact``, are gated by a sigmoid."""
    swapped = onnx.ModelProto()
    swapped.CopyFrom(model)
    graph = swapped.graph
    chosen = list(gelus(list(graph.node)))[exact:]
    graph.initializer.append(numpy_helper.from_array(np.array(STEEPNESS, np.float32), _STEEP))
    for gelu in chosen:
        first, erf, _, _, half = gelu.nodes
        for node, operator, reads in (
            (first, "Mul", [gelu.reads, _STEEP]),
            (erf, "Sigmoid", [first.output[0]]),
            (half, "Mul", [gelu.reads, erf.output[0]]),
        ):
            node.op_type = operator
            del node.input[:], node.attribute[:]
            node.input.extend(reads)
        for node in gelu.nodes[2:4]:
            graph.node.remove(node)
    return swapped


def in_eight_bits(model: onnx.ModelProto) -> onnx.ModelProto:
    """A copy of a rounded, fused ``model`` whose gates between two roundings are rounded too.

    ``QuickGelu`` is what ONNX Runtime makes of every ``x · σ(a x)``, also of the Swish of the official graph.
    """
    rounded = onnx.ModelProto()
    rounded.CopyFrom(model)
    graph = rounded.graph
    arrays = {item.name: numpy_helper.to_array(item) for item in graph.initializer}
    makers = {name: node for node in graph.node for name in node.output}
    readers: dict[str, list[str]] = {}
    for node in graph.node:
        for name in node.input:
            readers.setdefault(name, []).append(node.op_type)
    nodes: list[onnx.NodeProto] = []
    for node in graph.node:
        unpacked = makers.get(node.input[0]) if node.op_type == "QuickGelu" else None
        if (
            unpacked is not None
            and unpacked.op_type == "DequantizeLinear"
            and set(readers[node.output[0]]) == {"QuantizeLinear"}
        ):
            nodes.extend(_rounded_gate(graph, node, unpacked, arrays[unpacked.input[1]]))
        else:
            nodes.append(node)
    del graph.node[:]
    graph.node.extend(nodes)
    return rounded


def _rounded_gate(
    graph: onnx.GraphProto,
    gelu: onnx.NodeProto,
    unpacked: onnx.NodeProto,
    scale: NDArray[np.float32],
) -> list[onnx.NodeProto]:
    """The same packed bytes are unpacked twice, once steeper: no product is needed for that."""
    name, steepness = gelu.name, helper.get_attribute_value(gelu.attribute[0])
    numbers = {
        "steep_scale": np.float32(scale * np.float32(steepness)),
        "gate_scale": np.float32(_FINEST),
        "gate_zero": np.uint8(0),
    }
    graph.initializer.extend(
        numpy_helper.from_array(np.asarray(number), f"{name}_{key}")
        for key, number in numbers.items()
    )
    gate = [f"{name}_gate_scale", f"{name}_gate_zero"]
    packed, zero = unpacked.input[0], unpacked.input[2]
    steps = (
        ("DequantizeLinear", [packed, f"{name}_steep_scale", zero], f"{name}_steep"),
        ("Sigmoid", [f"{name}_steep"], f"{name}_gate"),
        ("QuantizeLinear", [f"{name}_gate", *gate], f"{name}_gate_packed"),
        ("DequantizeLinear", [f"{name}_gate_packed", *gate], f"{name}_gate_rounded"),
        ("Mul", [gelu.input[0], f"{name}_gate_rounded"], gelu.output[0]),
    )
    return [
        helper.make_node(operator, reads, [makes], name=f"{makes}_{operator}")
        for operator, reads, makes in steps
    ]
