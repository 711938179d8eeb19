"""Which way up a page stands: a small network, and the text itself where that is unsure."""

from collections.abc import Sequence

import cv2
import numpy as np
from paddleocr import DocImgOrientationClassification

from domain.page import Pixels
from ocr.crops import cut
from ocr.detection import ONE_THREAD, Detector, Piece
from ocr.model_files import ORIENTATION, model_dir
from ocr.recogniser import Reading, Recogniser

_TRUSTED_UPRIGHT = 0.9
"""Score from which "stands upright" is believed unread."""
_LIKELY = 0.5
"""Score from which another guess counts where reading tells nothing; empty pages are guessed with 0.25."""
_FEW_LETTERS, _CLEARER = 4, 0.02
"""Fewer letters tell nothing, nor does a smaller difference of mean confidence. On 60 pages, most of them in
English (``shared/data``), it was 0.93 to 1.00 upright, 0.70 to 0.90 upside down, up to 0.96 in one line."""
_PAGE_RATIO = 1.25
"""Full pages are at least this much higher than wide; cards and cut-outs are proven by text too."""
_WITNESSES = 6
_SIDE = 1280


class Orientation:
    """Finds the turn that sets a page upright; construct once per process."""

    def __init__(self, detector: Detector, reader: Recogniser) -> None:
        """Load the network. Raises ``models_missing``."""
        self._detector = detector
        self._reader = reader
        self._network = DocImgOrientationClassification(
            model_name=ORIENTATION,
            model_dir=str(model_dir(ORIENTATION)),
            engine="onnxruntime",
            engine_config=ONE_THREAD,
            device="cpu",
        )

    def turn(self, pixels: Pixels) -> int:
        """Degrees counter-clockwise (0, 90, 180, 270) to turn ``pixels`` upright."""
        small = _shrunken(pixels)
        colour = small if small.ndim == 3 else cv2.cvtColor(small, cv2.COLOR_GRAY2BGR)
        (result,) = self._network.predict(np.ascontiguousarray(colour))
        guess, score = int(result["label_names"][0]), float(result["scores"][0])
        height, width = small.shape[:2]
        if guess == 0 and score >= _TRUSTED_UPRIGHT and height >= _PAGE_RATIO * width:
            return 0
        return self._proven(small, guess if score >= _LIKELY else 0)

    def _proven(self, pixels: Pixels, guess: int) -> int:
        """Read some text both ways up; what that does not tell is guessed, and a page without text stays."""
        grey = pixels if pixels.ndim == 2 else cv2.cvtColor(pixels, cv2.COLOR_BGR2GRAY)
        page, turn = np.asarray(grey, np.uint8), 0
        pieces = self._detector.find(page)
        if not pieces:
            return 0
        if _standing(pieces):
            page, turn = np.ascontiguousarray(np.rot90(page)), 90
            pieces = self._detector.find(page)
        widest = sorted(pieces, key=lambda piece: -piece.width)[:_WITNESSES]
        crops = [cut(page, piece).pixels for piece in widest]
        overturned = [np.ascontiguousarray(crop[::-1, ::-1]) for crop in crops]
        gain = clearer(self._reader.read(crops), self._reader.read(overturned))
        if gain:
            return turn if gain > 0 else turn + 180
        return guess if guess % 180 == turn else turn


def _standing(pieces: Sequence[Piece]) -> bool:
    """Whether most of the text runs up or down the page."""
    lying = sum(piece.width * (piece.width > 1.5 * piece.height) for piece in pieces)
    standing = sum(piece.height * (piece.height > 1.5 * piece.width) for piece in pieces)
    return standing > lying


def clearer(some: Sequence[Reading], others: Sequence[Reading]) -> float:
    """How much surer a letter is in ``some`` readings than in the ``others``, 0 where that tells nothing."""
    letters = max(sum(len(reading.text) for reading in readings) for readings in (some, others))
    one, other = (
        sum(reading.confidence * len(reading.text) for reading in readings)
        for readings in (some, others)
    )
    if letters < _FEW_LETTERS or abs(one - other) < _CLEARER * letters:
        return 0.0
    return (one - other) / letters


def _shrunken(pixels: Pixels) -> Pixels:
    scale = min(1.0, _SIDE / max(pixels.shape[:2]))
    if scale == 1.0:
        return pixels
    size = (max(1, round(pixels.shape[1] * scale)), max(1, round(pixels.shape[0] * scale)))
    return np.asarray(cv2.resize(pixels, size, interpolation=cv2.INTER_AREA), np.uint8)
