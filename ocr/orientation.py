"""Which way up a page stands: a small network, and the text itself where that is unsure."""

from collections.abc import Sequence

import cv2
import numpy as np
from paddleocr import DocImgOrientationClassification

from domain.page import Pixels
from domain.syllables import is_vietnamese_syllable
from ocr.crops import cut
from ocr.detection import ONE_THREAD, Detector
from ocr.model_files import ORIENTATION, model_dir
from ocr.recogniser import Reading, Recogniser

_TRUSTED_UPRIGHT = 0.70
"""Score from which "stands upright" is believed; a turn is always proven by reading some text."""
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
        return self._proven(small, guess)

    def _proven(self, pixels: Pixels, guess: int) -> int:
        """Compare what can be read at the likely turns; without any text the page stays as it is."""
        grey = pixels if pixels.ndim == 2 else cv2.cvtColor(pixels, cv2.COLOR_BGR2GRAY)
        pieces = self._detector.find(np.asarray(grey, np.uint8))
        if not pieces:
            return 0
        lying = sum(piece.width * (piece.width > 1.5 * piece.height) for piece in pieces)
        standing = sum(piece.height * (piece.height > 1.5 * piece.width) for piece in pieces)
        turns = (90, 270) if standing > lying else (0, 180)
        order = sorted(turns, key=lambda turn: turn != guess)
        scores = {turn: self._legibility(np.asarray(grey, np.uint8), turn) for turn in order}
        return max(order, key=lambda turn: scores[turn])

    def _legibility(self, grey: Pixels, turn: int) -> float:
        turned = np.ascontiguousarray(np.rot90(grey, turn // 90))
        pieces = self._detector.find(turned)
        lying = [piece for piece in pieces if piece.width > 2 * piece.height]
        widest = sorted(lying, key=lambda piece: -piece.width)[:_WITNESSES]
        return _sense(self._reader.read([cut(turned, piece).pixels for piece in widest]))


def _sense(readings: Sequence[Reading]) -> float:
    """How much sense some readings make: confident words that can be Vietnamese, or long numbers."""
    words = [(word, reading.confidence) for reading in readings for word in reading.text.split()]
    good = sum(
        confidence * len(word)
        for word, confidence in words
        if (word.isalpha() and is_vietnamese_syllable(word)) or (word.isdigit() and len(word) > 3)
    )
    return good / (1 + sum(len(word) for word, _ in words)) * min(1.0, len(words) / 4)


def _shrunken(pixels: Pixels) -> Pixels:
    scale = min(1.0, _SIDE / max(pixels.shape[:2]))
    if scale == 1.0:
        return pixels
    size = (max(1, round(pixels.shape[1] * scale)), max(1, round(pixels.shape[0] * scale)))
    return np.asarray(cv2.resize(pixels, size, interpolation=cv2.INTER_AREA), np.uint8)
