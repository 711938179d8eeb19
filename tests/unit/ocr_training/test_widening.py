"""The stretch that a network gives its lines before it looks at them."""

import cv2
import numpy as np
import onnx
import onnxruntime
from numpy.typing import NDArray

from ocr.training.widening import widened


def _unchanged() -> onnx.ModelProto:
    """A network that says what it is shown."""
    given, made = (
        onnx.helper.make_tensor_value_info(name, onnx.TensorProto.FLOAT, [1, 3, 48, None])
        for name in ("x", "y")
    )
    node = onnx.helper.make_node("Relu", ["x"], ["y"])
    graph = onnx.helper.make_graph([node], "unchanged", [given], [made])
    return onnx.helper.make_model(
        graph, opset_imports=[onnx.helper.make_opsetid("", 11)], ir_version=8
    )


def _answer(model: onnx.ModelProto, picture: NDArray[np.float32]) -> NDArray[np.float32]:
    session = onnxruntime.InferenceSession(
        model.SerializeToString(), providers=["CPUExecutionProvider"]
    )
    return np.asarray(session.run(None, {"x": picture})[0], np.float32)


def test_the_network_sees_the_line_wider() -> None:
    plain = _unchanged()
    rng = np.random.default_rng(7)
    line = cv2.GaussianBlur(rng.uniform(0, 1, (48, 128)).astype(np.float32), (0, 0), 2)
    picture = np.broadcast_to(line, (1, 3, 48, 128)).copy()
    seen = _answer(widened(plain, 1.125), picture)
    assert seen.shape == (1, 3, 48, 144)
    expected = cv2.resize(line, (144, 48), interpolation=cv2.INTER_LINEAR)
    assert np.abs(seen[0, 0] - expected).max() < 1e-4
    # the model that was given stays as it was
    assert _answer(plain, picture).shape == picture.shape
