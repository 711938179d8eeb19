"""Where the print of a page stands and how large its letters are, so that detection looks at no more."""

from dataclasses import dataclass

import cv2
import numpy as np

from domain.page import Pixels

_WORK_SIDE = 1600
_LEAST_MARKS = 20
"""Fewer letter-sized marks tell nothing about the size of the print."""
_MARGIN = 2.0
"""Paper kept around the print, in letter heights."""


@dataclass(frozen=True, kw_only=True)
class TypeArea:
    """The printed part of a page in pixels, and the usual height of a mark of ink (letter or tone)."""

    left: int
    top: int
    right: int
    bottom: int
    letter_height: float


def find_type_area(grey: Pixels) -> TypeArea | None:
    """The part of a page that carries ink, with a margin; ``None`` where there is hardly any print.

    Stamps, pictures and dark edges count as ink: the area may be too large, never too small.
    """
    scale = min(1.0, _WORK_SIDE / max(grey.shape))
    small = cv2.resize(grey, None, fx=scale, fy=scale, interpolation=cv2.INTER_AREA)
    _, dark = cv2.threshold(small, 0, 255, cv2.THRESH_BINARY_INV + cv2.THRESH_OTSU)
    _, _, marks, _ = cv2.connectedComponentsWithStats(dark, connectivity=8)
    width, height = marks[1:, cv2.CC_STAT_WIDTH], marks[1:, cv2.CC_STAT_HEIGHT]
    # specks have no size; words whose letters touch, rules and pictures have not a letter's
    inked = (height >= 3) | (width >= 3)
    letters = (height >= 5) & (height <= 60) & (width >= 2) & (width <= 3 * height)
    if int(letters.sum()) < _LEAST_MARKS:
        return None
    left, top = marks[1:, cv2.CC_STAT_LEFT], marks[1:, cv2.CC_STAT_TOP]
    letter = float(np.median(height[letters])) / scale
    margin = _MARGIN * letter
    return TypeArea(
        left=max(0, int(left[inked].min() / scale - margin)),
        top=max(0, int(top[inked].min() / scale - margin)),
        right=min(grey.shape[1], int((left + width)[inked].max() / scale + margin) + 1),
        bottom=min(grey.shape[0], int((top + height)[inked].max() / scale + margin) + 1),
        letter_height=letter,
    )
