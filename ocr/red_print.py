"""Print in red, which cleaning drops with the stamps, is seen again in the colours of the scan.

Cards have their title in red, those of nine digits their number too.
"""

from dataclasses import replace

import cv2
import numpy as np

from domain.page import CleanPage
from ocr.crops import Crop

_PAPER = 70
"""Percentile of a line's greys that is paper: print covers less of it than the rest does."""
_INK = 50.0
"""How much darker than paper ink is, at least, in green, where red ink is black."""
_LEAST = 0.03
"""Share of a line that is ink, at least: letters, not specks."""
_RED = 0.5
"""Ink that is in red light less than half as dark as in green is red."""
_BLACK = 0.1
"""Share of a line's ink that is not red, at most: print under a seal is black, and cleaning frees it."""
_WHITE = 245.0
"""What paper becomes, as everywhere on a clean page."""


def in_red(page: CleanPage, crop: Crop) -> Crop | None:
    """The same line with its red print black on white; ``None`` where its print is not red."""
    if page.scan is None:
        return None
    matrix = page.to_scan @ np.vstack([crop.to_page, (0.0, 0.0, 1.0)])
    height, width = crop.pixels.shape[:2]
    colours = cv2.warpAffine(
        page.scan,
        matrix,
        (width, height),
        flags=cv2.INTER_LINEAR | cv2.WARP_INVERSE_MAP,
        borderMode=cv2.BORDER_REPLICATE,
    ).astype(np.float32)
    paper = np.percentile(colours, _PAPER, axis=(0, 1))
    _, green, red = np.moveaxis(paper - colours, 2, 0)
    ink = green > _INK
    if ink.mean() < _LEAST or (red[ink] > _RED * green[ink]).mean() > _BLACK:
        return None
    even = colours[:, :, 1] * (_WHITE / max(1.0, float(paper[1])))
    return replace(crop, pixels=np.clip(even, 0, 255).astype(np.uint8))
