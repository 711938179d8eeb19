"""Small pages drawn for the tests of ingest."""

import cv2
import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.uint8]


def text_page(*, dpi: int = 200, skew: float = 0.0, ink: int = 20, lines: int = 40) -> Array:
    """A grey A4 page of text lines, turned counter-clockwise by ``skew`` degrees."""
    height, width = round(11.69 * dpi), round(8.27 * dpi)
    page = np.full((height, width), 255, np.uint8)
    scale, step = dpi / 200 * 0.8, height // (lines + 4)
    for row in range(lines):
        text = f"Dong thu {row} khai sinh ngay {row % 28 + 1} thang {row % 12 + 1} nam 19{row + 40}"
        at = (width // 10, step * (row + 2))
        cv2.putText(page, text, at, cv2.FONT_HERSHEY_DUPLEX, scale, ink, 2, cv2.LINE_AA)
    if skew:
        turn = cv2.getRotationMatrix2D((width / 2, height / 2), skew, 1.0)
        page = np.asarray(
            cv2.warpAffine(page, turn, (width, height), borderValue=(255,)), dtype=np.uint8
        )
    return page


def colour(grey: Array) -> Array:
    """The same in BGR."""
    return np.asarray(cv2.cvtColor(grey, cv2.COLOR_GRAY2BGR), dtype=np.uint8)
