"""GELUs gated by a sigmoid, and the same in eight bits."""

import numpy as np
import onnx
import onnxruntime
import pytest
from numpy.typing import NDArray
from onnx import TensorProto, helper, numpy_helper

from ocr.engine import CAREFUL_MODEL, FAST_MODEL, shipped_model
from ocr.training.gates import EXACT, STEEPNESS, gated, gated_gelus, gelus, in_eight_bits

Numbers = NDArray[np.float32]
_RANGE = np.linspace(-9, 9, 721, dtype=np.float32)


def _gelu(reads: str, makes: str) -> list[onnx.NodeProto]:
    """The five nodes that the official graphs write for one GELU."""
    return [
        helper.make_node("Div", [reads, "root"], [f"{makes}/a"]),
        helper.make_node("Erf", [f"{makes}/a"], [f"{makes}/b"]),
        helper.make_node("Add", [f"{makes}/b", "one"], [f"{makes}/c"]),
        helper.make_node("Mul", [reads, f"{makes}/c"], [f"{makes}/d"]),
        helper.make_node("Mul", [f"{makes}/d", "half"], [makes]),
    ]


def _model(nodes: list[onnx.NodeProto], numbers: dict[str, object]) -> onnx.ModelProto:
    given, made = (
        helper.make_tensor_value_info(name, TensorProto.FLOAT, [None]) for name in ("x", "y")
    )
    arrays = [numpy_helper.from_array(np.asarray(value), name) for name, value in numbers.items()]
    graph = helper.make_graph(nodes, "gelu", [given], [made], arrays)
    opsets = [helper.make_opsetid("", 13), helper.make_opsetid("com.microsoft", 1)]
    return helper.make_model(graph, opset_imports=opsets, ir_version=8)


def _exact_model() -> onnx.ModelProto:
    numbers = {"root": np.float32(2**0.5), "one": np.float32(1), "half": np.float32(0.5)}
    return _model(_gelu("x", "z") + _gelu("z", "y"), numbers)


def _answer(model: onnx.ModelProto) -> Numbers:
    session = onnxruntime.InferenceSession(
        model.SerializeToString(), providers=["CPUExecutionProvider"]
    )
    return np.asarray(session.run(None, {"x": _RANGE})[0], np.float32)


def _by_sigmoid(x: Numbers) -> Numbers:
    return np.asarray(x / (1 + np.exp(-STEEPNESS * x)), np.float32)


def test_all_but_the_first_gelus_are_gated_and_found_again() -> None:
    plain = _exact_model()
    half = gated(plain, 1)
    assert [gelu.makes for gelu in gelus(list(half.graph.node))] == ["z"]
    assert [(one.reads, one.makes) for one in gated_gelus(list(half.graph.node))] == [("z", "y")]
    whole = gated(plain, 0)
    assert np.abs(_answer(whole) - _by_sigmoid(_by_sigmoid(_RANGE))).max() < 1e-5
    # the paper's bound, and the model that was given stays as it was
    assert 0.01 < np.abs(_answer(whole) - _answer(plain)).max() < 0.05
    assert len(list(gelus(list(plain.graph.node)))) == 2


def test_a_gate_between_two_roundings_is_rounded_and_hardly_moves() -> None:
    numbers = {
        "scale": np.float32(0.05), "zero": np.uint8(100), "out": np.float32(0.03), "low": np.uint8(6),
    }  # fmt: skip
    nodes = [
        helper.make_node("QuantizeLinear", ["x", "scale", "zero"], ["p"]),
        helper.make_node("DequantizeLinear", ["p", "scale", "zero"], ["u"]),
        helper.make_node("QuickGelu", ["u"], ["g"], "g", domain="com.microsoft", alpha=STEEPNESS),
        helper.make_node("QuantizeLinear", ["g", "out", "low"], ["q"]),
        helper.make_node("DequantizeLinear", ["q", "out", "low"], ["y"]),
    ]
    plain = _model(nodes, numbers)
    rounded = in_eight_bits(plain)
    assert "QuickGelu" not in {node.op_type for node in rounded.graph.node}
    # one step of the gate (1/255) at the greatest value, and one of the result
    assert np.abs(_answer(rounded) - _answer(plain)).max() <= 0.03 + 7.75 / 255 / 2


def test_a_gelu_between_numbers_stays_a_gelu() -> None:
    node = helper.make_node("QuickGelu", ["x"], ["y"], domain="com.microsoft", alpha=STEEPNESS)
    model = _model([node], {})
    assert [one.op_type for one in in_eight_bits(model).graph.node] == ["QuickGelu"]


@pytest.mark.parametrize(("name", "size"), [(FAST_MODEL, "tiny"), (CAREFUL_MODEL, "small")])
def test_every_gelu_of_a_shipped_model_is_rounded_but_the_exact_ones(name: str, size: str) -> None:
    graph = onnx.load(shipped_model(name) / "inference.onnx").graph
    operators = [node.op_type for node in graph.node]
    steep = [helper.get_attribute_value(node.attribute[0]) for node in graph.node
             if node.op_type == "QuickGelu"]  # fmt: skip
    assert operators.count("Gelu") == EXACT[size]
    assert operators.count("Sigmoid") > EXACT[size]
    assert all(abs(one - STEEPNESS) > 0.1 for one in steep)  # only Swish, of the official graph
