"""Proof, before the first page, that a recogniser of ours reads every Vietnamese letter here.

A damaged file, a wrong dictionary or a processor on which the arithmetic goes wrong would otherwise
show as wrong names.  ``lines.txt`` and its pictures hold each of the 134 letters that ASCII lacks, in
syllables, small and capital; :mod:`ocr.training.pangram` made them.
"""

from collections.abc import Sequence
from functools import lru_cache
from pathlib import Path
from typing import Protocol

import cv2
import numpy as np

from domain.errors import ErrorCode, HosoError
from domain.page import Pixels
from domain.text import nfc
from ocr.recogniser import Recogniser

FOLDER = Path(__file__).parent


class LettersKnown(Recogniser, Protocol):
    """A recogniser that can tell its alphabet."""

    @property
    def alphabet(self) -> frozenset[str]:
        """The letters it can write."""
        ...


@lru_cache(maxsize=1)
def pangram() -> tuple[tuple[str, Pixels], ...]:
    """The lines and their pictures (grey, 48 pixels high)."""
    texts = (FOLDER / "lines.txt").read_text(encoding="utf-8").splitlines()
    return tuple(
        (nfc(text), _picture(FOLDER / f"line-{number:02}.png"))
        for number, text in enumerate(texts, start=1)
    )


def letters_of(texts: Sequence[str]) -> frozenset[str]:
    """The letters of ``texts`` that ASCII lacks."""
    return frozenset(letter for text in texts for letter in text if ord(letter) > 0x7F)


def prove(recogniser: LettersKnown) -> None:
    """Read the pangram. Raises ``model_unfit`` with the letters missing or the lines misread."""
    lines = pangram()
    missing = letters_of([text for text, _ in lines]) - recogniser.alphabet
    if missing:
        raise HosoError(
            ErrorCode.MODEL_UNFIT, model=recogniser.name, missing="".join(sorted(missing))
        )
    readings = recogniser.read([picture for _, picture in lines])
    misread = [
        f"{reading.text} ≠ {text}"
        for (text, _), reading in zip(lines, readings, strict=True)
        if reading.text != text
    ]
    if misread:
        raise HosoError(ErrorCode.MODEL_UNFIT, model=recogniser.name, misread="; ".join(misread))


def _picture(path: Path) -> Pixels:
    grey = cv2.imdecode(np.fromfile(path, np.uint8), cv2.IMREAD_GRAYSCALE)
    return np.asarray(grey, np.uint8)
