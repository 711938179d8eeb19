"""Dotted and drawn leaders of forms: found by their ink and cut away before anything is read.

Line readers turn dots into letters ("......" → "saooopo"), and labels behind a leader get lost with
them. What a leader parts becomes stretches of text of their own on the same row.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace

import cv2
import numpy as np

from domain.page import Pixels
from ocr.crops import PAD_SIDE, cut
from ocr.detection import Piece

_DOT_HEIGHT = 0.24
"""Highest dot, in text heights; widest likewise."""
_DOT_WIDTH = 0.34
_RULE_WIDTH = 1.2
"""Dots run together in bad scans: a low stroke this wide is a leader by itself."""
_ZONE = (0.48, 1.0)
"""Leaders stand near the base line: between these shares of the text height."""
_SPACING = 0.75
_LEAST_DOTS = 4
_UNLIKE = 0.12
"""Dots of one leader differ in height by less than this (text heights): a comma among dirt is none."""
_LEAST_CONTRAST = 40
_LEAST_TEXT = 0.35
"""Narrower rests between two leaders (text heights) are dirt."""
_LEAST_LETTER = 0.3
"""Lowest letter, in text heights."""
_COVERED = 0.5
"""A run of dots of which letters cover more than this share has them standing upon it."""
_LEAST_LED = 1.5
"""A word beside a leader is at least this wide (text heights)."""
_BEYOND = 2.0
"""How far beside a piece its leader is followed (text heights): the detector often ends at the first dot."""


@dataclass(frozen=True, kw_only=True)
class Blob:
    """A connected patch of ink in a crop, in its pixels."""

    left: int
    right: int
    top: int
    bottom: int

    @property
    def width(self) -> int:
        """Columns."""
        return self.right - self.left

    @property
    def height(self) -> int:
        """Rows."""
        return self.bottom - self.top

    @property
    def y(self) -> float:
        """The middle row."""
        return (self.top + self.bottom) / 2


def without_leaders(piece: Piece, page: Pixels) -> list[Piece]:
    """The stretches of text in ``piece`` that leaders part; the piece itself where there are none.

    ``page`` is grey. Empty where the piece is nothing but a leader.
    """
    crop = cut(page, replace(piece, width=piece.width + 2 * _BEYOND * piece.height))
    margin_x = (crop.pixels.shape[1] - piece.width) / 2
    margin_y = (crop.pixels.shape[0] - piece.height) / 2
    blobs = blobs_of(crop.pixels)
    grounded = [blob for blob in blobs if _is_low(blob, piece.height, margin_y)]
    small = [blob for blob in blobs if blob.height <= _DOT_HEIGHT * piece.height]
    low = [blob for blob in grounded if not any(_colon(dot, blob, piece.height) for dot in small)]
    letters = [blob for blob in blobs if blob not in low]
    pad = PAD_SIDE * piece.height
    first, last = margin_x - pad, margin_x + piece.width + pad
    runs = [
        run
        for run in _runs(low, piece.height)
        if run[0] < last and run[1] > first and not _is_under(letters, run, piece.height)
    ]
    if not runs:
        return [piece]
    edges = [first, *(min(max(edge, first), last) for run in runs for edge in run), last]
    stretches = zip(edges[::2], edges[1::2], strict=True)
    return [
        _part(piece, left - margin_x, right - margin_x)
        for left, right in stretches
        if min(right, last - pad) - max(left, first + pad) >= _LEAST_TEXT * piece.height
        and _inked(letters, left, right, piece.height)
    ]


def has_led_text(piece: Piece, page: Pixels) -> bool:
    """Whether some text with a leader stands there: the one reason why the detector may doubt good text."""
    parts = without_leaders(piece, page)
    return parts != [piece] and sum(part.width for part in parts) >= _LEAST_LED * piece.height


def _inked(letters: Sequence[Blob], left: float, right: float, height: float) -> bool:
    return any(
        blob.right > left and blob.left < right and blob.height > _LEAST_LETTER * height
        for blob in letters
    )


def blobs_of(pixels: Pixels) -> list[Blob]:
    """The patches of ink of a grey crop; none where it has no contrast."""
    if int(pixels.max()) - int(pixels.min()) < _LEAST_CONTRAST:
        return []
    _, dark = cv2.threshold(pixels, 0, 255, cv2.THRESH_BINARY_INV | cv2.THRESH_OTSU)
    _, _, stats, _ = cv2.connectedComponentsWithStats(np.asarray(dark, np.uint8), connectivity=8)
    return [
        Blob(left=int(x), right=int(x + w), top=int(y), bottom=int(y + h))
        for x, y, w, h, area in stats[1:]
        if area >= 2
    ]


def _is_low(blob: Blob, height: float, margin: float) -> bool:
    """Small or flat, and near the base line."""
    small = blob.height <= _DOT_HEIGHT * height and blob.width <= _DOT_WIDTH * height
    flat = blob.height <= _DOT_HEIGHT * height and blob.width >= _RULE_WIDTH * height
    inside = _ZONE[0] * height <= blob.y - margin <= _ZONE[1] * height
    return (small or flat) and inside


def _colon(upper: Blob, lower: Blob, height: float) -> bool:
    """Whether a dot stands above another of about its size: no leader has such."""
    above = 0.1 * height < lower.top - upper.bottom < 0.6 * height
    over = abs(upper.left + upper.right - lower.left - lower.right) < lower.width + upper.width
    return above and over and 0.5 < upper.width / lower.width < 2


def _runs(blobs: Sequence[Blob], height: float) -> list[tuple[int, int]]:
    """Horizontal reaches (left, right) of leaders among low blobs."""
    runs: list[list[Blob]] = []
    for blob in sorted(blobs, key=lambda item: item.left):
        last = runs[-1][-1] if runs else None
        near = last is not None and blob.left - last.right <= _SPACING * height
        level = last is not None and abs(blob.y - last.y) <= 0.12 * height
        alike = last is not None and abs(blob.height - last.height) <= _UNLIKE * height
        if near and level and alike:
            runs[-1].append(blob)
        elif not near or not alike or blob.width > 0.08 * height:
            runs.append([blob])
    return [
        (run[0].left, max(blob.right for blob in run))
        for run in runs
        if len(run) >= _LEAST_DOTS or max(blob.width for blob in run) >= _RULE_WIDTH * height
    ]


def _is_under(letters: Sequence[Blob], run: tuple[int, int], height: float) -> bool:
    """Whether print stands upon a run of dots, which is a line to write on then and no leader."""
    upon = sum(
        max(0, min(blob.right, run[1]) - max(blob.left, run[0]))
        for blob in letters
        if blob.height > _LEAST_LETTER * height
    )
    covered = upon > _COVERED * (run[1] - run[0])
    return covered or any(_over(blob, run, height) for blob in letters)


def _over(blob: Blob, run: tuple[int, int], height: float) -> bool:
    """Whether a letter stands well inside the run: then it is no leader."""
    inset = 0.3 * height
    tall = blob.height > 0.4 * height
    return tall and blob.right > run[0] + inset and blob.left < run[1] - inset


def _part(piece: Piece, left: float, right: float) -> Piece:
    """What of the piece stands between ``left`` and ``right``, the leaders' ends from its left edge.

    Its own ends are drawn in by the crops' padding, so that a crop ends where the dots begin.
    """
    pad, least = PAD_SIDE * piece.height, 0.2 * piece.height
    middle = (left + right) / 2
    left = min(left + pad, middle - least / 2)
    right = max(right - pad, middle + least / 2)
    return piece.stretch(left, right)
