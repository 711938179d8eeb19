"""Detected pieces of text become lines in reading order. Pure geometry, in pixels of the page."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np

from domain.page import Pixels
from ocr.detection import Piece, piece_around
from ocr.edges import with_whole_words
from ocr.leaders import has_led_text, without_leaders

_SAME_ROW = 0.5
"""Share of the lower piece's height that must overlap for two pieces to stand on one row."""
_WORD_GAP = 0.9
"""Gaps up to this many text heights lie within one line; wider ones part fields or columns."""
_UPRIGHT = 2.5
"""From this many times the usual height, and its own width, on a piece runs down the page."""
_BESIDE = 0.4
"""Share of the lower piece's height that must overlap for a piece to go on into another."""
_SAME_PRINT, _MOST_SHARED = 0.6, 0.6
"""Print found twice in part: the pieces' heights overlap by this share at least, their widths at most.

Pieces of much the same height may share more (``_COVERED``): what is filled in stands a little higher.
"""
_COVERED = 0.95
"""Print found twice as a whole lies within another piece with this share of its width at least."""
_ALIKE = 1.6
"""Of the same print one piece is at most this many times as high as the other: a stamp about a word, or a
stroke of a seal across a row, is not that word."""
_LOWER, _RUNS_ON = 2.2, 4.0
"""A row's piece is at most so many times as high as figures filled in on it, and at least so many times as
wide as high."""
_LOWEST = 0.3
"""A piece so much lower than usual is no print but the dots of a line to write on, a stroke or a speck."""
_TALL = 1.75
"""A piece this many times the usual height probably holds two rows."""


@dataclass(frozen=True, kw_only=True, eq=False)
class LinePlace:
    """Where one line stands; ``row`` counts the rows of the page from the top."""

    piece: Piece
    row: int


def arrange(pieces: Sequence[Piece], page: Pixels) -> tuple[LinePlace, ...]:
    """Lines in reading order (rows from the top, each from the left).

    ``page`` is grey; its ink tells leaders from text and two rows from one. Label and value that a
    leader parts are two lines of one row. A row of number boxes is a line as it stands.
    """
    usable = [
        piece
        for piece in pieces
        if piece.height >= 5 and piece.width >= 4 and (not piece.faint or has_led_text(piece, page))
    ]
    if not usable:
        return ()
    usual = float(np.median([piece.height for piece in usable]))
    usable = [piece for piece in usable if piece.height >= _LOWEST * usual]
    running = [piece for piece in usable if not piece.cells]
    boxes = [piece for piece in usable if piece.cells]
    whole = [_up_to_others(piece, with_whole_words(piece, page), usable) for piece in running]
    single = [part for piece in whole for part in _split_rows(piece, usual, page)] + boxes
    level = [piece for piece in single if not _stands_upright(piece, usual)]
    upright = [[piece] for piece in single if _stands_upright(piece, usual)]
    places: list[LinePlace] = []
    for number, row in enumerate([*_rows(_without_overlaps(level)), *upright]):
        parts = [
            part
            for piece in row
            for part in ([piece] if piece.cells else without_leaders(piece, page))
        ]
        places += [LinePlace(piece=piece, row=number) for piece in _merge(parts)]
    return tuple(places)


def _stands_upright(piece: Piece, usual: float) -> bool:
    """Whether a piece runs down the page: a note in the margin, beside many rows and in none of them."""
    return piece.height > _UPRIGHT * max(usual, piece.width)


def _up_to_others(found: Piece, carried: Piece, pieces: Sequence[Piece]) -> Piece:
    """A piece that was carried on, ended where others begin that reach further: their words are theirs.

    What is filled in stands a little higher than its label, whose carrying on would cut it in two.
    """
    start, end = carried.left, carried.right
    if end > found.right:
        from_here = found.left + found.height
        ends = [o for o in pieces if from_here < o.left < end < o.right and _is_beside(found, o)]
        end = max(found.right, min((other.left for other in ends), default=end))
    if start < found.left:
        up_to = found.right - found.height
        starts = [o for o in pieces if o.left < start < o.right < up_to and _is_beside(found, o)]
        start = min(found.left, max((other.right for other in starts), default=start))
    return carried.stretch(start - carried.left, end - carried.left)


def _is_beside(piece: Piece, other: Piece) -> bool:
    return _overlap(piece, other) >= _BESIDE


def _without_overlaps(pieces: Sequence[Piece]) -> list[Piece]:
    """The pieces, each that runs on into the next one of its row ended where that begins.

    A piece that another covers, as after that was carried on over it, is the same print again and goes.
    """
    parted: list[Piece] = []
    pieces = [piece for piece in pieces if not any(_covers(other, piece) for other in pieces)]
    for piece in pieces:
        inside = [
            other.left
            for other in pieces
            if piece.left < other.left < piece.right < other.right
            and abs(piece.y - other.y) < piece.height
            and _overlap(piece, other) >= _SAME_PRINT
            and -_distance(piece, other)
            < _most_shared(piece, other) * min(piece.width, other.width)
        ]
        end = min(inside, default=piece.right)
        parted.append(piece if end == piece.right else piece.stretch(0.0, end - piece.left))
    return parted


def _most_shared(piece: Piece, other: Piece) -> float:
    return _COVERED if _are_alike(piece, other) else _MOST_SHARED


def _are_alike(piece: Piece, other: Piece) -> bool:
    return max(piece.height, other.height) <= _ALIKE * min(piece.height, other.height)


def _covers(piece: Piece, other: Piece) -> bool:
    """Whether ``other`` is print within ``piece`` of much the same height."""
    return (
        piece.width > other.width
        and -_distance(piece, other) >= _COVERED * other.width
        and _overlap(piece, other) >= _SAME_PRINT
        and (_are_alike(piece, other) or _holds_low_print(piece, other))
    )


def _holds_low_print(piece: Piece, other: Piece) -> bool:
    """Whether ``piece`` is a row long enough to be no stamp, and ``other`` may be figures filled in on it."""
    return (
        other.height < piece.height <= _LOWER * other.height
        and piece.width >= _RUNS_ON * piece.height
    )


def _split_rows(piece: Piece, usual: float, page: Pixels) -> list[Piece]:
    """Two rows that the detector took for one, cut where the ink is thinnest."""
    tall = piece.height > _TALL * usual and piece.width > 4 * usual and abs(piece.angle) < 2
    if not tall:
        return [piece]
    top, bottom = max(0, round(piece.top)), min(page.shape[0], round(piece.bottom))
    left, right = max(0, round(piece.left)), min(page.shape[1], round(piece.right))
    ink = (255.0 - page[top:bottom, left:right]).sum(axis=1)
    low, high = len(ink) * 3 // 10, len(ink) * 7 // 10
    if high - low < 3 or ink.max() <= 0:
        return [piece]
    cut = low + int(ink[low:high].argmin())
    if ink[cut] > 0.12 * ink.max():
        return [piece]
    upper = replace(piece, y=(top + top + cut) / 2, height=float(cut))
    lower = replace(piece, y=(top + cut + bottom) / 2, height=float(bottom - top - cut))
    return [upper, lower]


def _rows(pieces: Sequence[Piece]) -> list[list[Piece]]:
    """Pieces grouped into rows: each joins the row whose nearest member it overlaps most."""
    rows: list[list[Piece]] = []
    for piece in sorted(pieces, key=lambda item: item.y):
        best: list[Piece] | None = None
        best_share = _SAME_ROW
        for row in rows[-8:]:
            neighbour = min(row, key=lambda item: _distance(item, piece))
            if _distance(neighbour, piece) < -0.3 * min(neighbour.width, piece.width):
                continue  # stands above or below it, not beside it
            share = _overlap(neighbour, piece)
            if share > best_share:
                best, best_share = row, share
        if best is None:
            rows.append([piece])
        else:
            best.append(piece)
    rows.sort(key=lambda row: float(np.mean([piece.y for piece in row])))
    return [sorted(row, key=lambda item: item.left) for row in rows]


def _distance(first: Piece, second: Piece) -> float:
    """Horizontal gap between two pieces; negative where they overlap."""
    return max(first.left, second.left) - min(first.right, second.right)


def _overlap(first: Piece, second: Piece) -> float:
    """Vertical overlap at the meeting point, as a share of the lower height."""
    meeting = (max(first.left, second.left) + min(first.right, second.right)) / 2
    first_y, second_y = (
        piece.y
        + np.tan(np.deg2rad(piece.angle)) * (np.clip(meeting, piece.left, piece.right) - piece.x)
        if piece.width > 4 * piece.height
        else piece.y
        for piece in (first, second)
    )
    top = max(first_y - first.height / 2, second_y - second.height / 2)
    bottom = min(first_y + first.height / 2, second_y + second.height / 2)
    return float((bottom - top) / min(first.height, second.height))


def _merge(row: Sequence[Piece]) -> list[Piece]:
    """Neighbours on one row that belong to one line of text."""
    merged: list[Piece] = []
    for piece in row:
        last = merged[-1] if merged else None
        if last is not None and _together(last, piece):
            merged[-1] = _joined(last, piece)
        else:
            merged.append(piece)
    return merged


def _together(first: Piece, second: Piece) -> bool:
    height = min(first.height, second.height)
    if first.cells or second.cells or max(first.height, second.height) > 1.8 * height:
        return False
    return second.left - first.right <= _WORD_GAP * height


def _joined(first: Piece, second: Piece) -> Piece:
    if abs(first.angle) < 1 and abs(second.angle) < 1:
        left, right = first.left, max(first.right, second.right)
        top, bottom = min(first.top, second.top), max(first.bottom, second.bottom)
        return Piece(
            x=(left + right) / 2,
            y=(top + bottom) / 2,
            width=right - left,
            height=bottom - top,
            angle=(first.angle * first.width + second.angle * second.width)
            / (first.width + second.width),
        )
    return piece_around(np.concatenate([first.corners(), second.corners()]))
