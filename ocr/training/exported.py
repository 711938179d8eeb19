"""An exported model as training meets it again: fed line by line, as stock PaddleOCR does."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import onnxruntime as ort
from numpy.typing import NDArray

from ocr.training.damage import Image

_NARROWEST = 320
"""Stock PaddleOCR pads every line to this width at least."""


def fed(image: Image) -> NDArray[np.float32]:
    """A grey line as the network takes it: one image, three equal channels in [-1, 1], padded with zeros."""
    height, width = image.shape
    canvas = np.zeros((1, 3, height, max(_NARROWEST, width)), np.float32)
    canvas[0, :, :, :width] = image.astype(np.float32) / 127.5 - 1
    return canvas


class ExportedModel:
    """``inference.onnx`` of a model folder, on one thread."""

    def __init__(self, folder: Path) -> None:
        """Load it."""
        options = ort.SessionOptions()
        options.intra_op_num_threads = 1
        options.inter_op_num_threads = 1
        model = folder / "inference.onnx"
        self._session = ort.InferenceSession(model, options, providers=["CPUExecutionProvider"])
        self._input = self._session.get_inputs()[0].name

    def scores(self, image: Image) -> NDArray[Any]:
        """Class probabilities, time × classes."""
        lines: NDArray[Any] = np.asarray(self._session.run(None, {self._input: fed(image)})[0])
        one: NDArray[Any] = lines[0]
        return one
