"""Pieces whose ends the detector set within a word are carried on to the word's end.

A letter that a crop cuts is read as another, by every reader alike: half an ``m`` is an ``n``.
"""

from collections.abc import Sequence
from dataclasses import replace

from domain.page import Pixels
from ocr.crops import PAD_SIDE, cut
from ocr.detection import Piece
from ocr.leaders import Blob, blobs_of

_REACH = 2.0
"""How far beside a piece letters are followed (text heights)."""
_LETTER = 0.3
"""Ink of less height (text heights) is a dot, a mark or dirt."""


def with_whole_words(piece: Piece, page: Pixels) -> Piece:
    """The piece, made longer at either end while letters follow within the padding of its crop.

    ``page`` is grey.
    """
    crop = cut(page, replace(piece, width=piece.width + 2 * _REACH * piece.height))
    height, width = crop.pixels.shape
    letters = [
        blob
        for blob in blobs_of(crop.pixels)
        if blob.height >= _LETTER * piece.height
        and not (blob.top == 0 and blob.bottom == height)  # a rule between columns
    ]
    left, right = (width - piece.width) / 2, (width + piece.width) / 2
    gap = PAD_SIDE * piece.height
    ends = _carried(letters, right, gap)
    starts = width - _carried([_mirrored(blob, width) for blob in letters], width - left, gap)
    if ends == right and starts == left:
        return piece
    return piece.stretch(starts - left, ends - left)


def _carried(letters: Sequence[Blob], edge: float, gap: float) -> float:
    """Where the letters end that go on over ``edge``, each at most ``gap`` behind the one before."""
    for blob in sorted(letters, key=lambda blob: blob.left):
        if blob.left <= edge + gap and blob.right > edge:
            edge = float(blob.right)
    return edge


def _mirrored(blob: Blob, width: int) -> Blob:
    return replace(blob, left=width - blob.right, right=width - blob.left)
