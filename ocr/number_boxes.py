"""Numbers written one character to a box (residence forms CT01 to CT08 of Circular 56/2021/TT-BCA).

Line readers take the rules between boxes for letters and lose figures between them. A row of boxes is found
by its paper: cells that ink encloses, alike and side by side. It is one piece of text, and its picture has
the characters close together and no rules.
"""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise
from typing import NamedTuple

import cv2
import numpy as np
from numpy.typing import NDArray

from domain.page import Pixels
from ocr.crops import Crop, straight
from ocr.detection import Piece

_WORK_SIDE = 1600
"""About this many pixels of a page's longer side are looked at; a whole divisor makes shrinking cheap."""
_CONTRAST = 10
"""Ink is darker than the mean around it by this many grey values."""
_LEAST_CELLS, _MOST_CELLS = 6, 60
"""Fewer boxes in a row are parts of a date, or boxes to tick."""
_HIGH, _WIDE = (0.7, 3.0), (0.5, 1.6)
"""Height of a cell, in usual heights of text, and its width, in its heights."""
_PAPER = 0.4
"""A cell is a rectangle: its paper covers this share of it at least, the rest is a character."""
_LEVEL, _NEXT, _ALIKE = 0.25, 0.2, 1.25
"""Neighbours stand level (within this share of their height), at the same distance (within this share of it)
and differ in size by at most this factor."""
_MOST_MISSING = 2
"""Cells between two found ones that a character touching its rules has hidden."""
_EDGE = 0.12
"""Share of a cell on each side that its rules may reach into."""
_RULED, _MOSTLY = 0.85, 0.75
"""A rule runs along this share of its cell's side, and this share of a row's cells have all four."""
_LEAST_INK, _INK = 40, 0.4
"""Characters are darker than the paper by this at least; ink is what has this share of their contrast."""
_LEAST_SIGN = 0.08
"""Ink of a dash or a dot reaches this far one way at least, in heights of its cell; less is dirt."""
_ONE_WIDE, _ONE_GAP, _MOSTLY_ONE = 1.3, 0.12, 0.7
"""A box holds one character: no wider than this, its ink in one stretch of columns but for such gaps (heights
of the row's characters). In this share of the boxes at least, or they are the cells of a table."""
_MOST_ON_A_PAGE = 600
"""More cells of that size are squared paper."""
_BESIDE, _ABOVE, _GAP = 0.3, 0.35, 0.16
"""Paper beside, above and between the characters of the picture, in heights of characters."""


class _Cell(NamedTuple):
    """The paper of one box: edges in pixels of the page."""

    left: float
    top: float
    width: float
    height: float

    @property
    def x(self) -> float:
        return self.left + self.width / 2

    @property
    def y(self) -> float:
        return self.top + self.height / 2


@dataclass(frozen=True, kw_only=True, eq=False)
class _Strip:
    """A row of boxes made level: its picture, where its characters have ink, the width of a box."""

    pixels: Pixels
    ink: NDArray[np.bool_]
    pitch: float

    def reach(self, cell: int) -> tuple[int, int] | None:
        """The columns of the character in a box; ``None`` for an empty one."""
        start = round(cell * self.pitch)
        own = self.ink[:, start : round((cell + 1) * self.pitch)]
        rows, columns = np.flatnonzero(own.any(axis=1)), np.flatnonzero(own.any(axis=0))
        if len(rows) == 0 or max(np.ptp(rows), np.ptp(columns)) < _LEAST_SIGN * len(own):
            return None
        return start + int(columns[0]), start + int(columns[-1]) + 1

    @property
    def rows(self) -> tuple[int, int]:
        """The first row with ink, and the one behind the last."""
        rows = np.flatnonzero(self.ink.any(axis=1))
        return int(rows[0]), int(rows[-1]) + 1

    def holds_one_each(self, places: Collection[tuple[int, int]]) -> bool:
        """Whether the boxes at these columns hold a character each, not a word."""
        if not places:
            return False
        top, bottom = self.rows
        high, inked = bottom - top, self.ink.max(axis=0)
        single = [
            right - left <= _ONE_WIDE * high
            and np.diff(np.flatnonzero(inked[left:right])).max(initial=1) <= 1 + _ONE_GAP * high
            for left, right in places
        ]
        return float(np.mean(single)) >= _MOSTLY_ONE


def with_number_boxes(pieces: Sequence[Piece], page: Pixels) -> tuple[Piece, ...]:
    """The pieces, with one for every row of boxes in the place of what was found within it.

    ``page`` is grey. Empty boxes, and cells that hold more than a character, stay as they were found.
    """
    if not pieces:
        return ()
    usual = float(np.median([piece.height for piece in pieces]))
    boxes: list[Piece] = []
    for cells in _rows(_cells(page, usual)):
        for part in _parted(cells, page):
            row = _whole(part, page)
            if _is_written(row, page) and all(_outside(row, other) == [row] for other in boxes):
                boxes.append(row)
    for row in boxes:
        pieces = [part for piece in pieces for part in _outside(piece, row)]
    return (*pieces, *boxes)


def _is_written(row: Piece, page: Pixels) -> bool:
    if np.mean(_ruled(row, page)) < _MOSTLY:
        return False
    strip = _strip(page, row)
    return strip.holds_one_each(_characters(strip, row.cells).values())


def boxed_crop(page: Pixels, piece: Piece) -> Crop:
    """The characters of a row of boxes close together and without rules."""
    strip = _strip(page, piece)
    places = _characters(strip, piece.cells)
    top, bottom = strip.rows
    high = bottom - top
    step = max(right - left for left, right in places.values()) + max(2, round(_GAP * high))
    above, beside = round(_ABOVE * high), round(_BESIDE * high)
    paper = int(np.median(strip.pixels))
    pixels = np.full((high + 2 * above, step * piece.cells + 2 * beside), paper, np.uint8)
    for cell, (left, right) in places.items():
        start = beside + cell * step + (step - (right - left)) // 2
        pixels[above : above + high, start : start + right - left] = strip.pixels[
            top:bottom, left:right
        ]
    turn = np.deg2rad(piece.angle)
    along = np.array([np.cos(turn), np.sin(turn)]) * strip.pitch / step
    below = np.array([-np.sin(turn), np.cos(turn)])
    origin = piece.corners()[0] - along * beside + below * (top - above)
    return Crop(
        pixels=pixels,
        to_page=np.stack([along, below, origin], axis=1),
        characters=len(places),
    )


def _cells(page: Pixels, usual: float) -> list[_Cell]:
    """Patches of paper that ink encloses, of the size and shape of a box."""
    scale = 1 / max(1, round(max(page.shape) / _WORK_SIDE))
    small = cv2.resize(page, None, fx=scale, fy=scale, interpolation=cv2.INTER_AREA)
    around = max(3, round(2 * usual * scale)) | 1
    paper = cv2.adaptiveThreshold(
        small, 1, cv2.ADAPTIVE_THRESH_MEAN_C, cv2.THRESH_BINARY, around, _CONTRAST
    )
    _, _, stats, _ = cv2.connectedComponentsWithStats(paper, connectivity=4)
    left, top, width, height, area = (stats[:, at] for at in range(5))
    is_cell = (height >= _HIGH[0] * usual * scale) & (height <= _HIGH[1] * usual * scale)
    is_cell &= (width >= _WIDE[0] * height) & (width <= _WIDE[1] * height)
    is_cell &= area >= _PAPER * width * height
    edges = np.stack([left, top, width, height], axis=1)[is_cell] / scale
    if len(edges) > _MOST_ON_A_PAGE:
        return []
    return [_Cell(*map(float, row)) for row in edges]


def _rows(cells: Iterable[_Cell]) -> list[list[_Cell]]:
    """Cells side by side at one distance, from the left, where there are enough of them."""
    rows: list[list[_Cell]] = []
    for cell in sorted(cells):
        row = next((row for row in rows if _continues(row, cell)), None)
        if row is None:
            rows.append([cell])
        else:
            row.append(cell)
    return [row for row in rows if len(row) >= _LEAST_CELLS]


def _continues(row: Sequence[_Cell], cell: _Cell) -> bool:
    last, pitch = row[-1], (row[1].x - row[0].x if len(row) > 1 else cell.x - row[0].x)
    steps = (cell.x - last.x) / max(1.0, pitch)
    return (
        0.5 < steps < _MOST_MISSING + 1.5
        and abs(steps - round(steps)) <= _NEXT
        and pitch <= _ALIKE * last.width
        and abs(cell.y - last.y) <= _LEVEL * last.height * round(steps)
        and max(cell.width, last.width) <= _ALIKE * min(cell.width, last.width)
        and max(cell.height, last.height) <= _ALIKE * min(cell.height, last.height)
    )


def _parted(row: Sequence[_Cell], page: Pixels) -> list[list[_Cell]]:
    """A row parted where no boxes stand between its cells: two numbers beside one another."""
    parts = [[row[0]]]
    for before, cell in pairwise(row):
        missing = round((cell.x - before.x) / (row[1].x - row[0].x)) - 1
        if missing and not all(_ruled(_between(before, cell, missing), page)):
            parts.append([])
        parts[-1].append(cell)
    return [part for part in parts if len(part) >= _LEAST_CELLS]


def _between(before: _Cell, behind: _Cell, cells: int) -> Piece:
    pitch = (behind.x - before.x) / (cells + 1)
    return Piece(
        x=(before.x + behind.x) / 2,
        y=(before.y + behind.y) / 2,
        width=cells * pitch,
        height=(before.height + behind.height) / 2,
        angle=float(np.rad2deg(np.arctan2(behind.y - before.y, behind.x - before.x))),
        cells=cells,
    )


def _whole(row: Sequence[_Cell], page: Pixels) -> Piece:
    """A row of boxes as a piece, with those at its ends whose characters touch their rules."""
    xs, ys = np.array([cell.x for cell in row]), np.array([cell.y for cell in row])
    slope, height_at_0 = np.polyfit(xs, ys, 1)
    cells = round(float((xs[-1] - xs[0]) / np.median(np.diff(xs)))) + 1
    pitch = (xs[-1] - xs[0]) / (cells - 1)
    x = (xs[0] + xs[-1]) / 2
    found = Piece(
        x=float(x),
        y=float(slope * x + height_at_0),
        width=float(cells * pitch * np.hypot(1.0, slope)),
        height=float(np.median([cell.height for cell in row])),
        angle=float(np.rad2deg(np.arctan(slope))),
        cells=cells,
    )
    for before in (True, False):
        more = _one_more(found, before=before)
        while found.cells < _MOST_CELLS and _ruled(more, page)[0 if before else -1]:
            found, more = more, _one_more(more, before=before)
    return found


def _one_more(row: Piece, *, before: bool) -> Piece:
    pitch = row.width / row.cells
    start, end = (-pitch, row.width) if before else (0.0, row.width + pitch)
    return replace(row.stretch(start, end), cells=row.cells + 1)


def _ruled(row: Piece, page: Pixels) -> list[bool]:
    """Which cells have straight rules above, below and on both sides: borders of paper are woven."""
    edge = round(_EDGE * row.height) + 1
    around = replace(row.stretch(-edge, row.width + edge), height=row.height + 2 * edge)
    level = straight(page, around)
    dark = cv2.dilate((level < np.median(level) - _LEAST_INK).astype(np.uint8), np.ones((3, 3)))
    band, pitch = 2 * edge, row.width / row.cells
    starts = [round(at * pitch) for at in range(row.cells + 1)]
    beside = [_has_rule(dark[edge:-edge, at : at + band].T) for at in starts]
    return [
        left
        and right
        and _has_rule(dark[:band, start + edge : end + edge])
        and _has_rule(dark[-band:, start + edge : end + edge])
        for left, right, (start, end) in zip(beside, beside[1:], pairwise(starts), strict=False)
    ]


def _has_rule(dark: NDArray[np.generic]) -> bool:
    """Whether one row of a picture is ink nearly from end to end."""
    return dark.size > 0 and float(dark.mean(axis=1).max()) >= _RULED


def _outside(piece: Piece, row: Piece) -> list[Piece]:
    """What of a piece stands beside a row of boxes."""
    if abs(piece.y - row.y) > row.height / 2:
        return [piece]
    if min(piece.right, row.right) <= max(piece.left, row.left):
        return [piece]
    before, behind = row.left - piece.left, piece.right - row.right
    parts = [piece.stretch(0.0, before), piece.stretch(piece.width - behind, piece.width)]
    return [part for part in parts if part.width >= row.height / 2]


def _strip(page: Pixels, row: Piece) -> _Strip:
    """A row of boxes made level, and the ink in its boxes without their rules."""
    level = straight(page, row)
    pitch = level.shape[1] / row.cells
    inner = np.zeros(level.shape, bool)
    rule = round(_EDGE * level.shape[0])
    for cell in range(row.cells):
        edges = (cell + _EDGE) * pitch, (cell + 1 - _EDGE) * pitch
        inner[rule : level.shape[0] - rule, round(edges[0]) : round(edges[1])] = True
    paper, darkest = np.median(level), np.percentile(level[inner], 0.5)
    contrast = max(float(paper) - float(darkest), _LEAST_INK / _INK)
    return _Strip(pixels=level, ink=inner & (level < paper - _INK * contrast), pitch=pitch)


def _characters(strip: _Strip, cells: int) -> dict[int, tuple[int, int]]:
    """The columns of the characters of a row, by the box they stand in."""
    reaches = ((cell, strip.reach(cell)) for cell in range(cells))
    return {cell: reach for cell, reach in reaches if reach is not None}
