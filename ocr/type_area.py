"""Where the print of a page stands and how large its letters are, so that detection looks at no more."""

from dataclasses import dataclass
from typing import NamedTuple

import cv2
import numpy as np
from numpy.typing import NDArray

from domain.page import Pixels

_WORK_SIDE = 1600
_LEAST_MARKS = 20
"""Fewer letter-sized marks tell nothing about the size of the print."""
_PALEST = 0.08
"""Contrast, as a share of that of the page's own ink, from which on a word is ink."""
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

    Stamps, pictures and dark edges count as ink, and so does print much paler than the rest: the area may
    be too large, never too small.
    """
    scale = min(1.0, _WORK_SIDE / max(grey.shape))
    if min(grey.shape) * scale < 1:
        return None  # a strip so narrow shrinks to nothing
    shrunk = cv2.resize(grey, None, fx=scale, fy=scale, interpolation=cv2.INTER_AREA)
    small = np.asarray(shrunk, np.uint8)
    _, below = cv2.threshold(small, 0, 255, cv2.THRESH_BINARY_INV + cv2.THRESH_OTSU)
    dark = np.asarray(below, np.uint8)
    marks = _marks(dark)
    # words whose letters touch, rules and pictures have not a letter's size
    letters = (marks.height >= 5) & (marks.height <= 60)
    letters &= (marks.width >= 2) & (marks.width <= 3 * marks.height)
    if int(letters.sum()) < _LEAST_MARKS:
        return None
    letter = float(np.median(marks.height[letters]))
    margin = _MARGIN * letter / scale
    areas = np.concatenate(
        # specks have no size
        [marks.edges[(marks.height >= 3) | (marks.width >= 3)], _pale_words(small, dark, letter)]
    )
    left, top = areas[:, :2].min(axis=0) / scale - margin
    right, bottom = areas[:, 2:].max(axis=0) / scale + margin
    return TypeArea(
        left=max(0, int(left)),
        top=max(0, int(top)),
        right=min(grey.shape[1], int(right) + 1),
        bottom=min(grey.shape[0], int(bottom) + 1),
        letter_height=letter / scale,
    )


class _Marks(NamedTuple):
    """Connected ink: left, top, right and bottom edge of each mark."""

    edges: NDArray[np.int32]

    @property
    def width(self) -> NDArray[np.int32]:
        return self.edges[:, 2] - self.edges[:, 0]

    @property
    def height(self) -> NDArray[np.int32]:
        return self.edges[:, 3] - self.edges[:, 1]


def _marks(ink: Pixels) -> _Marks:
    _, _, found, _ = cv2.connectedComponentsWithStats(ink, connectivity=8)
    corners = found[1:, [cv2.CC_STAT_LEFT, cv2.CC_STAT_TOP]]
    sizes = found[1:, [cv2.CC_STAT_WIDTH, cv2.CC_STAT_HEIGHT]]
    return _Marks(np.hstack([corners, corners + sizes]).astype(np.int32))


def _pale_words(small: Pixels, dark: Pixels, letter: float) -> NDArray[np.int32]:
    """The edges of words that the threshold between ink and paper counts as paper.

    ``letter`` is the height of the page's letters; smaller marks and lone ones are dirt, and what runs into
    the edge of the page is a fold or a shadow.
    """
    paper, ink = float(np.median(small[dark == 0])), float(np.median(small[dark > 0]))
    smooth = cv2.blur(small, (3, 3))
    pale = (smooth < paper - _PALEST * (paper - ink)).astype(np.uint8)
    reach = np.ones((1, max(3, round(letter))), np.uint8)
    words = _marks(np.asarray(cv2.morphologyEx(pale, cv2.MORPH_CLOSE, reach), np.uint8))
    sized = (words.height >= 0.6 * letter) & (words.height <= 4 * letter)
    inside = (words.edges[:, 0] > 0) & (words.edges[:, 2] < small.shape[1])
    return np.asarray(words.edges[sized & inside & (words.width >= 2 * letter)], np.int32)
