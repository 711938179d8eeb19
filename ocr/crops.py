"""Straight, padded pictures of single lines, cut out of a page."""

from dataclasses import dataclass, replace

import cv2
import numpy as np
from numpy.typing import NDArray

from domain.page import Pixels
from ocr.detection import Piece

_PAD_UP = 0.12
"""Vietnamese stacks tones over circumflexes: the detector's edge often cuts them (text heights)."""
_PAD_DOWN = 0.10
PAD_SIDE = 0.30
_WHITE = 255
_STRAIGHT = 0.25
"""Below this angle (degrees) a plain slice is as good as a resampled one."""
_DARK = 128
"""Only a line of less mean grey may be light print on a dark band."""


@dataclass(frozen=True, kw_only=True, eq=False)
class Crop:
    """The picture of a line and the 2 × 3 matrix that maps its pixels to the page's."""

    pixels: Pixels
    to_page: NDArray[np.float64]
    characters: int | None = None
    """How many it shows, where they stand in boxes of their own."""

    def columns(self, left: int, right: int) -> "Crop":
        """The crop between two of its columns."""
        origin = self.to_page[:, :2] @ np.array([float(left), 0.0]) + self.to_page[:, 2]
        return Crop(
            pixels=np.ascontiguousarray(self.pixels[:, left:right]),
            to_page=np.column_stack([self.to_page[:, :2], origin]),
        )

    def box(self, left: float, right: float) -> NDArray[np.float64]:
        """Corners (4 × 2, clockwise from top-left, page pixels) of the columns ``left`` … ``right``."""
        height = self.pixels.shape[0]
        points = np.array([[left, 0], [right, 0], [right, height], [left, height]], np.float64)
        return points @ self.to_page[:, :2].T + self.to_page[:, 2]


def cut(page: Pixels, piece: Piece) -> Crop:
    """The line at ``piece``, made horizontal, dark on light; outside the page it is white."""
    crop = _cut(page, piece, fill=_WHITE)
    up, side = round(_PAD_UP * piece.height), round(PAD_SIDE * piece.height)
    if not _is_light_print(
        crop.pixels[up : up + int(piece.height), side : side + int(piece.width)]
    ):
        return crop
    negative = _cut(page, piece, fill=0)
    return replace(negative, pixels=np.asarray(cv2.bitwise_not(negative.pixels), np.uint8))


def _is_light_print(line: Pixels) -> bool:
    """Print covers less than half of a line: the middle grey is its ground, and print moves the mean."""
    if line.size == 0 or (mean := float(line.mean())) >= _DARK:
        return False
    return float(np.median(line)) < mean


def straight(page: Pixels, piece: Piece) -> Pixels:
    """The page where ``piece`` stands, made horizontal, without any margin."""
    return _level(page, piece, side=0.0, up=0.0, down=0.0, fill=_WHITE).pixels


def _cut(page: Pixels, piece: Piece, *, fill: int) -> Crop:
    side, up, down = (share * piece.height for share in (PAD_SIDE, _PAD_UP, _PAD_DOWN))
    return _level(page, piece, side=side, up=up, down=down, fill=fill)


def _level(page: Pixels, piece: Piece, *, side: float, up: float, down: float, fill: int) -> Crop:
    width, height = round(piece.width + 2 * side), round(piece.height + up + down)
    turn = np.deg2rad(piece.angle) if abs(piece.angle) >= _STRAIGHT else 0.0
    along = np.array([np.cos(turn), np.sin(turn)])
    below = np.array([-np.sin(turn), np.cos(turn)])
    origin = (
        np.array([piece.x, piece.y])
        - along * (piece.width / 2 + side)
        - below * (piece.height / 2 + up)
    )
    if turn == 0.0:
        origin = np.round(origin)
    to_page = np.stack([along, below, origin], axis=1)
    if turn == 0.0:
        left, top = (int(value) for value in origin)
        return Crop(pixels=_slice(page, left, top, width, height, fill), to_page=to_page)
    pixels = cv2.warpAffine(
        page,
        to_page,
        (width, height),
        flags=cv2.INTER_CUBIC | cv2.WARP_INVERSE_MAP,
        borderMode=cv2.BORDER_CONSTANT,
        borderValue=(fill, fill, fill),
    )
    return Crop(pixels=np.asarray(pixels, np.uint8), to_page=to_page)


def _slice(page: Pixels, left: int, top: int, width: int, height: int, fill: int) -> Pixels:
    canvas = np.full((height, width, *page.shape[2:]), fill, np.uint8)
    x1, y1 = max(0, left), max(0, top)
    x2, y2 = min(page.shape[1], left + width), min(page.shape[0], top + height)
    if x2 > x1 and y2 > y1:
        canvas[y1 - top : y2 - top, x1 - left : x2 - left] = page[y1:y2, x1:x2]
    return canvas
