"""The process of a line reader that ships with us: ``python -m ocr.peers.own_lines JOB ANSWER``.

Imports nothing but recognisers, so that start and memory are theirs alone.
"""

import sys
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import cv2

from ocr.language_model import LanguageModel
from ocr.paddle import PaddleRecogniser
from ocr.peers.foreign import Pages, Reader, crops_by_page, serve
from ocr.recogniser import Recogniser
from ocr.tesseract import TesseractRecogniser
from ocr.together import Together


class LineReader(Reader):
    """A recogniser on the crops, a page at a time as in the product."""

    def __init__(self, recogniser: Recogniser) -> None:
        self._recogniser = recogniser

    def read(self, batch: Mapping[str, Any]) -> Pages:
        """Line by line; illegible ones are left out, as in the product."""
        return [
            [reading.text for reading in self._recogniser.read(crops) if reading.text]
            for crops in crops_by_page(batch)
        ]


def _paddle(options: Mapping[str, Any]) -> Reader:
    return LineReader(PaddleRecogniser(Path(options["model"]), language=_language(options)))


def _together(options: Mapping[str, Any]) -> Reader:
    language = _language(options)
    fast, careful = (
        PaddleRecogniser(Path(options[name]), language=language) for name in ("fast", "careful")
    )
    return LineReader(Together(fast=fast, careful=careful, language=language))


def _language(options: Mapping[str, Any]) -> LanguageModel | None:
    file = options.get("language")
    return LanguageModel(Path(file)) if file else None


OWN_LINES: Mapping[str, Callable[[Mapping[str, Any]], Reader]] = {
    "paddle-lines": _paddle,
    "together-lines": _together,
    "tesseract-lines": lambda options: LineReader(
        TesseractRecogniser(tessdata=Path(options["tessdata"]))
    ),
}

if __name__ == "__main__":
    cv2.setNumThreads(1)
    sys.exit(serve(sys.argv[1:], OWN_LINES))
