"""The PP-OCRv6 recogniser as a PyTorch module, read from and written back to its ONNX file.

The official weights are published as an inference graph.  Instead of porting the architecture by
hand, this module *executes that graph* with PyTorch operators and registers every floating-point
weight in it as a trainable parameter under its original name.  Export is therefore exact: the
trained values go back into the same graph, and whatever could load the official file can load ours.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from typing import Any

import numpy as np
import onnx
import torch
from onnx import numpy_helper
from torch import Tensor, nn
from torch.nn import functional

from ocr.training.gates import STEEPNESS, gated_gelus, gelus

Value = Any
Kernel = Callable[..., Any]

HEIGHT = 48
STRIDE = 8
"""Horizontal pixels per CTC time step, for both published sizes."""


@dataclass(frozen=True, slots=True)
class Step:
    """One operator call: which values it reads, what it does, which value it makes."""

    operator: str
    name: str
    kernel: Kernel
    reads: tuple[str, ...]
    makes: str


@dataclass(frozen=True, slots=True)
class Convolution:
    """A convolution and the batch norm behind it, which the exported file folds into one."""

    name: str
    weight: str
    reads: str
    makes: str


@dataclass(frozen=True, slots=True)
class Norm:
    """A batch norm: the convolution's weight before it, its own two weights, and what it does."""

    convolution: str
    scale: str
    shift: str
    apply: Kernel


def _attributes(node: onnx.NodeProto) -> dict[str, Any]:
    return {item.name: onnx.helper.get_attribute_value(item) for item in node.attribute}


def _explicit_pads(attributes: dict[str, Any]) -> tuple[int, ...]:
    """Pads as PyTorch's ``pad`` wants them: left, right, top, bottom."""
    if attributes.get("auto_pad") == b"SAME_UPPER":
        kernel = attributes["kernel_shape"]
        height, width = (size - 1 for size in kernel)
        return width // 2, width - width // 2, height // 2, height - height // 2
    top, left, bottom, right = attributes.get("pads", [0, 0, 0, 0])
    return left, right, top, bottom


def _convolution(attributes: dict[str, Any]) -> Kernel:
    left, right, top, bottom = _explicit_pads(attributes)
    stride = tuple(attributes.get("strides", (1, 1)))
    group = attributes.get("group", 1)
    symmetric = left == right and top == bottom

    def run(x: Tensor, weight: Tensor, bias: Tensor | None = None) -> Tensor:
        flat = None if bias is None else bias.reshape(-1)
        if symmetric:
            return functional.conv2d(x, weight, flat, stride, (top, left), 1, group)
        padded = functional.pad(x, (left, right, top, bottom))
        return functional.conv2d(padded, weight, flat, stride, 0, 1, group)

    return run


def _maximum_pool(attributes: dict[str, Any]) -> Kernel:
    pads = _explicit_pads(attributes)
    kernel, stride = tuple(attributes["kernel_shape"]), tuple(attributes["strides"])
    # The pooled maps come out of a ReLU, so padding with zero is padding with minus infinity.
    return lambda x: functional.max_pool2d(functional.pad(x, pads), kernel, stride)


def _average_pool(attributes: dict[str, Any]) -> Kernel:
    kernel, stride = tuple(attributes["kernel_shape"]), tuple(attributes["strides"])
    return lambda x: functional.avg_pool2d(x, kernel, stride)


def _normalisation(attributes: dict[str, Any]) -> Kernel:
    epsilon = attributes.get("epsilon", 1e-5)

    def run(x: Tensor, scale: Tensor, shift: Tensor, mean: Tensor, variance: Tensor) -> Tensor:
        # Running statistics stay those of the official training: batches here are small.
        return functional.batch_norm(x, mean, variance, scale, shift, training=False, eps=epsilon)

    return run


def _slice(x: Value, starts: Value, ends: Value, axes: Value = (0,), steps: Value = (1,)) -> Value:
    if isinstance(x, tuple):
        return x[int(starts[0]) : int(ends[0]) : int(steps[0])]
    index = [slice(None)] * x.dim()
    for start, end, axis in zip(starts, ends, axes, strict=True):
        index[int(axis)] = slice(int(start), min(int(end), x.shape[int(axis)]))
    return x[tuple(index)]


def _squeeze(attributes: dict[str, Any]) -> Kernel:
    axis = attributes["axes"][0]
    return lambda x: x if isinstance(x, tuple) else x.squeeze(axis)


def _unsqueeze(attributes: dict[str, Any]) -> Kernel:
    axis = attributes["axes"][0]
    return lambda x: x if isinstance(x, tuple) else x.unsqueeze(axis)


def _concatenation(attributes: dict[str, Any]) -> Kernel:
    axis = attributes["axis"]

    def run(*parts: Value) -> Value:
        if isinstance(parts[0], tuple):
            return tuple(int(size) for part in parts for size in part)
        return torch.cat(parts, axis)

    return run


def _reshape(x: Tensor, shape: Value) -> Tensor:
    sizes = [x.shape[i] if int(size) == 0 else int(size) for i, size in enumerate(shape)]
    return x.reshape(sizes)


def _resize(x: Tensor, _region: Value, scales: Value) -> Tensor:
    return functional.interpolate(
        x, scale_factor=tuple(scales[2:]), mode="bilinear", align_corners=False
    )


def _gated_gelu(x: Tensor) -> Tensor:
    return functional.silu(x * STEEPNESS) * (1 / STEEPNESS)


def _hard_sigmoid(attributes: dict[str, Any]) -> Kernel:
    alpha, beta = attributes.get("alpha", 0.2), attributes.get("beta", 0.5)
    return lambda x: (x * alpha + beta).clamp(0.0, 1.0)


KERNELS: dict[str, Callable[[dict[str, Any]], Kernel]] = {
    "Conv": _convolution,
    "MaxPool": _maximum_pool,
    "AveragePool": _average_pool,
    "BatchNormalization": _normalisation,
    "Add": lambda _: torch.add,
    "Sub": lambda _: torch.sub,
    "Mul": lambda _: torch.mul,
    "Div": lambda _: torch.div,
    "Pow": lambda _: torch.pow,
    "Sqrt": lambda _: torch.sqrt,
    "Erf": lambda _: torch.erf,
    "Relu": lambda _: torch.relu,
    "Sigmoid": lambda _: torch.sigmoid,
    "HardSigmoid": _hard_sigmoid,
    "ReduceMean": lambda a: lambda x: x.mean(tuple(a["axes"]), keepdim=bool(a.get("keepdims", 1))),
    "Identity": lambda _: lambda x: x,
    "Squeeze": _squeeze,
    "Unsqueeze": _unsqueeze,
    "Transpose": lambda a: lambda x: x.permute(tuple(a["perm"])),
    "MatMul": lambda _: torch.matmul,
    "Softmax": lambda a: lambda x: x.softmax(a["axis"]),
    "Concat": _concatenation,
    "Reshape": lambda _: _reshape,
    "Shape": lambda _: lambda x: tuple(x.shape),
    "Slice": lambda _: _slice,
    "Gelu": lambda _: functional.gelu,
    "QuickGelu": lambda _: _gated_gelu,
    "Resize": lambda _: _resize,
}


def _bypass_identities(graph: onnx.GraphProto) -> list[onnx.NodeProto]:
    """The graph's nodes with every ``Identity`` replaced by its input."""
    alias: dict[str, str] = {}
    kept: list[onnx.NodeProto] = []
    for original in graph.node:
        node = onnx.NodeProto()
        node.CopyFrom(original)
        renamed = [alias.get(name, name) for name in node.input]
        del node.input[:]
        node.input.extend(renamed)
        if node.op_type == "Identity":
            alias[node.output[0]] = node.input[0]
        else:
            kept.append(node)
    return kept


def _fuse_gelus(nodes: list[onnx.NodeProto]) -> list[onnx.NodeProto]:
    """Every GELU, exact or gated by a sigmoid, becomes one operator: one pass over memory instead of many."""
    joined: dict[str, onnx.NodeProto] = {}
    dropped: set[str] = set()
    for operator, found in (("Gelu", gelus(nodes)), ("QuickGelu", gated_gelus(nodes))):
        for gelu in found:
            dropped |= {node.output[0] for node in gelu.nodes}
            joined[gelu.makes] = onnx.helper.make_node(operator, [gelu.reads], [gelu.makes])
    return [
        joined.get(node.output[0], node)
        for node in nodes
        if node.output[0] in joined or node.output[0] not in dropped
    ]


def _fuse_biases(nodes: list[onnx.NodeProto], weights: set[str]) -> list[onnx.NodeProto]:
    """A convolution followed by its bias becomes one call."""
    makers = {node.output[0]: node for node in nodes}
    readers: dict[str, int] = {}
    for node in nodes:
        for name in node.input:
            readers[name] = readers.get(name, 0) + 1
    dropped: set[str] = set()
    fused: list[onnx.NodeProto] = []
    for node in nodes:
        conv = makers.get(node.input[0]) if node.op_type == "Add" else None
        if (
            conv is not None
            and conv.op_type == "Conv"
            and len(conv.input) == 2
            and node.input[1] in weights
            and readers[conv.output[0]] == 1
        ):
            joined = onnx.NodeProto()
            joined.CopyFrom(conv)
            joined.input.append(node.input[1])
            joined.output[0] = node.output[0]
            dropped.add(conv.output[0])
            fused.append(joined)
        else:
            fused.append(node)
    return [node for node in fused if node.output[0] not in dropped]


class Recogniser(nn.Module):  # type: ignore[misc]  # torch, a training extra, is not here to be typed
    """A PP-OCRv6 recogniser whose last layer speaks another alphabet."""

    def __init__(self, model: onnx.ModelProto, classes: int) -> None:
        """Read the graph of ``model`` and give it a fresh head of ``classes`` outputs."""
        super().__init__()
        arrays = {item.name: numpy_helper.to_array(item) for item in model.graph.initializer}
        nodes = _bypass_identities(model.graph)
        if [node.op_type for node in nodes[-3:]] != ["MatMul", "Add", "Softmax"]:
            message = "the graph does not end in a linear layer and a softmax"
            raise ValueError(message)
        self.head_weight_name = nodes[-3].input[1]
        self.head_bias_name = nodes[-2].input[1]
        self.official_head = arrays[self.head_weight_name], arrays[self.head_bias_name]
        width = arrays[self.head_weight_name].shape[0]
        self.head = nn.Linear(width, classes)
        nn.init.normal_(self.head.weight, std=1.0 / math.sqrt(width))
        nn.init.zeros_(self.head.bias)
        body = _fuse_biases(_fuse_gelus(nodes[:-3]), set(arrays))
        self.input_name = model.graph.input[0].name
        self.feature_name = nodes[-3].input[0]
        self.weights = nn.ParameterDict()
        self.parameter_names: dict[str, str] = {}
        self._constants: dict[str, Value] = {}
        self._statistics: dict[str, str] = {}
        self._register(body, arrays)
        self._steps = [
            Step(
                node.op_type,
                node.name,
                KERNELS[node.op_type](_attributes(node)),
                tuple(node.input),
                node.output[0],
            )
            for node in body
        ]
        self.roundings: dict[str, Kernel] = {}
        """By the name of a value or weight: what it goes through before it is used."""

    def _register(
        self, body: list[onnx.NodeProto], arrays: dict[str, np.ndarray[Any, Any]]
    ) -> None:
        for node in body:
            for position, name in enumerate(node.input):
                if name not in arrays or name in self.parameter_names or name in self._statistics:
                    continue
                array = arrays[name]
                key = name.replace(".", "_")
                if array.dtype.kind == "i" or node.op_type == "Resize":
                    self._constants[name] = tuple(array.reshape(-1).tolist())
                elif node.op_type == "BatchNormalization" and position >= 3:
                    self._statistics[name] = key
                    self.register_buffer(key, torch.from_numpy(array.copy()))
                elif array.size == 1 and node.op_type in {"Pow", "Add", "Mul", "Div"}:
                    # Lone numbers (ε of a layer norm, √d of the attention) are not weights.
                    self._statistics[name] = key
                    self.register_buffer(key, torch.from_numpy(array.copy()))
                else:
                    self.parameter_names[name] = key
                    self.weights[key] = nn.Parameter(torch.from_numpy(array.copy()))

    def features(self, image: Tensor) -> Tensor:
        """What the last layer sees: one vector per time step."""
        values: dict[str, Any] = {self.input_name: image, **self._constants}
        for name, key in self.parameter_names.items():
            values[name] = self._rounded(name, self.weights[key])
        for name, key in self._statistics.items():
            values[name] = getattr(self, key)
        for step in self._steps:
            made = step.kernel(*[values[name] for name in step.reads])
            values[step.makes] = self._rounded(step.makes, made)
        result: Tensor = values[self.feature_name]
        return result

    def _rounded(self, name: str, value: Value) -> Value:
        rounding = self.roundings.get(name)
        return value if rounding is None else rounding(value)

    def convolutions(self) -> list[Convolution]:
        """The convolutions in the order they run."""
        norms = {s.reads[0]: s.makes for s in self._steps if s.operator == "BatchNormalization"}
        return [
            Convolution(s.name, s.reads[1], s.reads[0], norms.get(s.makes, s.makes))
            for s in self._steps
            if s.operator == "Conv"
        ]

    def norms(self) -> list[Norm]:
        """The batch norms behind convolutions, into which a fused file folds them."""
        makers = {s.makes: s.reads[1] for s in self._steps if s.operator == "Conv"}
        return [
            Norm(makers[s.reads[0]], s.reads[1], s.reads[2], partial(self._applied, s))
            for s in self._steps
            if s.operator == "BatchNormalization" and s.reads[0] in makers
        ]

    def _applied(self, step: Step, x: Tensor) -> Tensor:
        values = {
            **{name: self.weights[key] for name, key in self.parameter_names.items()},
            **{name: getattr(self, key) for name, key in self._statistics.items()},
        }
        made: Tensor = step.kernel(x, *[values[name] for name in step.reads[1:]])
        return made

    def forward(self, image: Tensor) -> Tensor:
        """Unnormalised class scores, ``batch × time × classes``."""
        scores: Tensor = self.head(self.features(image))
        return scores

    def written_into(self, model: onnx.ModelProto) -> onnx.ModelProto:
        """A copy of the official graph that holds this network's weights and head."""
        filled = onnx.ModelProto()
        filled.CopyFrom(model)
        fresh = {name: self.weights[key] for name, key in self.parameter_names.items()}
        fresh[self.head_weight_name] = self.head.weight.t()
        fresh[self.head_bias_name] = self.head.bias
        for item in filled.graph.initializer:
            if item.name in fresh:
                array = fresh[item.name].detach().float().contiguous().numpy()
                item.CopyFrom(numpy_helper.from_array(array.astype(np.float32), item.name))
        # The recorded shapes of inner values still speak of the official alphabet.
        del filled.graph.value_info[:]
        classes = filled.graph.output[0].type.tensor_type.shape.dim[2]
        classes.dim_value = self.head.out_features
        return filled
