"""What ships is rounded where its recipe says, and nowhere else."""

import onnx
import pytest

from ocr.engine import CAREFUL_MODEL, FAST_MODEL, shipped_model
from ocr.training.quantisation import EXACT


@pytest.mark.parametrize(("name", "size"), [(FAST_MODEL, "tiny"), (CAREFUL_MODEL, "small")])
def test_exactly_the_named_convolutions_of_a_shipped_model_are_exact(name: str, size: str) -> None:
    graph = onnx.load(shipped_model(name) / "inference.onnx").graph
    rounded = {node.output[0] for node in graph.node if node.op_type == "DequantizeLinear"}
    convolutions = [node for node in graph.node if node.op_type == "Conv"]
    exact = {node.name for node in convolutions if node.input[1] not in rounded}
    assert exact == EXACT[size]
    assert len(convolutions) > len(exact)
