"""The reading engine: one per process, one thread, everything loaded once."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from functools import lru_cache
from pathlib import Path

import cv2
import numpy as np

from domain.page import CleanPage, Pixels
from domain.record import Line
from ocr.agreement import agree, unless_contradicted
from ocr.crops import Crop, cut
from ocr.detection import Detector, Piece
from ocr.language_model import LanguageModel
from ocr.layout import LinePlace, arrange
from ocr.model_files import LATIN_READER, model_dir
from ocr.number_boxes import boxed_crop, with_number_boxes
from ocr.orientation import Orientation
from ocr.paddle import PaddleRecogniser
from ocr.recogniser import Reading, Recogniser
from ocr.red_print import in_red
from ocr.self_test import prove
from ocr.tesseract import TesseractRecogniser
from ocr.text_line import TextLine, reread, text_line
from ocr.together import Together

FAST_MODEL, CAREFUL_MODEL = "vi_PP-OCRv6_tiny", "vi_PP-OCRv6_small"
"""Our recognisers: one for every line, a slower one that joins it on the lines that matter."""
OWN_MODELS = (CAREFUL_MODEL, FAST_MODEL)
_LONG = 3.0
"""A line is so many times as wide as high, at least."""
_MODELS = Path(__file__).parent / "models"


def shipped_model(name: str = FAST_MODEL) -> Path:
    """The folder of a recogniser of ours."""
    return _MODELS / name


def shipped_language() -> Path:
    """The letter statistics that our recognisers read with."""
    return _MODELS / "vi_letters" / "letters.npz"


def proven(folder: Path) -> PaddleRecogniser:
    """A recogniser of ours as pages are read with it. Raises ``models_missing``, ``model_unfit``."""
    recogniser = PaddleRecogniser(folder, language=_shipped_language())
    prove(recogniser)
    return recogniser


@lru_cache(maxsize=1)
def _shipped_language() -> LanguageModel:
    return LanguageModel(shipped_language())


class ReadingEngine:
    """Reads pages. Belongs to one thread; construct once per process (loading takes seconds)."""

    def __init__(self, *, second_opinion: bool = True) -> None:
        """Load all networks and prove ours. Raises ``models_missing``, ``model_unfit``, ``tool_missing``.

        ``second_opinion``: whether values are read by both our models and by Tesseract too.
        """
        fast, careful = (proven(shipped_model(name)) for name in (FAST_MODEL, CAREFUL_MODEL))
        self._reader = Together(fast=fast, careful=careful, language=_shipped_language())
        self._second = TesseractRecogniser() if second_opinion else None
        self._detector = Detector()
        self._orientation = Orientation(self._detector, fast)
        self._latin: Recogniser | None = None

    @property
    def readers(self) -> tuple[str, ...]:
        """Names of the line readers in use, the leading one first."""
        readers = (self._reader, self._second)
        return tuple(reader.name for reader in readers if reader is not None)

    def rotation(self, pixels: Pixels) -> int:
        """Degrees counter-clockwise (0, 90, 180 or 270) that turn the page upright."""
        return self._orientation.turn(pixels)

    def find_lines(self, page: CleanPage) -> tuple[tuple[LinePlace, Crop], ...]:
        """Where the lines of a page stand, in reading order, each with its picture."""
        grey = page.pixels
        if grey.ndim == 3:
            grey = np.asarray(cv2.cvtColor(grey, cv2.COLOR_BGR2GRAY), np.uint8)
        places = arrange(with_number_boxes(self._detector.find(grey), grey), grey)
        return tuple((place, _picture(grey, place.piece)) for place in places)

    def read_page(self, page: CleanPage) -> tuple[Line, ...]:
        """The lines of a page in reading order, boxes in pixels of the scan."""
        return tuple(line.line() for line in self.read_lines(page))

    def read_lines(self, page: CleanPage) -> tuple[TextLine, ...]:
        """As :meth:`read_page`, with what later steps need."""
        found = self.find_lines(page)
        readings = self._reader.read([crop.pixels for _, crop in found])
        return tuple(
            text_line(reading, crop=crop, page=page.number, row=place.row, to_scan=page.to_scan)
            for (place, crop), reading in zip(found, readings, strict=True)
            if reading.text
        )

    def with_red_print(self, page: CleanPage, lines: Sequence[TextLine]) -> tuple[TextLine, ...]:
        """The lines of a page, those printed in red read anew as the scan shows them.

        Pieces of seals stay as they are: they are short.
        """
        red = {
            index: crop
            for index, line in enumerate(lines)
            if line.crop is not None
            and line.crop_width >= _LONG * line.crop.pixels.shape[0]
            and (crop := in_red(page, line.crop)) is not None
        }
        readings = self._reader.read([crop.pixels for crop in red.values()])
        seen = list(lines)
        for (index, crop), reading in zip(red.items(), readings, strict=True):
            if reading.text:
                seen[index] = text_line(
                    reading,
                    crop=crop,
                    page=page.number,
                    row=lines[index].row,
                    to_scan=page.to_scan,
                )
        return tuple(seen)

    def second_opinion(self, lines: Sequence[TextLine]) -> tuple[TextLine, ...]:
        """The lines as both our models read them, agreed where no reader contradicts.

        Lines that have it, or lost their picture, stay as they are; so do all where none is wanted.
        """
        if self._second is None:
            return tuple(lines)
        answered = list(lines)
        waiting = {
            index: line.crop.pixels
            for index, line in enumerate(lines)
            if line.agreed is None and line.crop is not None
        }
        self._look_again(answered, waiting)
        for index, reading in zip(waiting, self._second.read(list(waiting.values())), strict=True):
            answered[index] = _settled(answered[index], reading)
        return tuple(answered)

    def _look_again(self, lines: list[TextLine], waiting: Mapping[int, Pixels]) -> None:
        """Let both models look where only one did."""
        single = {index: crop for index, crop in waiting.items() if not lines[index].others}
        first = [lines[index].text for index in single]
        again = self._reader.again(list(single.values()), first)
        for index, reading in zip(single, again, strict=True):
            lines[index] = reread(lines[index], reading)

    def read_latin(self, crops: Sequence[Pixels]) -> tuple[Reading, ...]:
        """Capitals, digits and ``<`` (machine-readable zones) by the stock PP-OCRv6 recogniser."""
        if self._latin is None:
            self._latin = PaddleRecogniser(model_dir(LATIN_READER))
        return self._latin.read(crops)


def _picture(page: Pixels, piece: Piece) -> Crop:
    return boxed_crop(page, piece) if piece.cells else cut(page, piece)


def _settled(line: TextLine, foreign: Reading) -> TextLine:
    """The line, agreed where neither a reader of another make nor one of ours alone contradicts."""
    agreed = agree(line, foreign)
    for text in line.others:
        agreed = unless_contradicted(agreed, text)
    return agreed


def without_pictures(lines: Sequence[TextLine]) -> tuple[TextLine, ...]:
    """The lines without their crops, so that long files stay small in memory."""
    return tuple(replace(line, crop=None) for line in lines)
