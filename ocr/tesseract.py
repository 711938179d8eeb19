"""Tesseract ``vie`` as a line reader, through the library bundled in the ``tesserocr`` wheel."""

import os
import unicodedata
from collections.abc import Sequence
from pathlib import Path

import cv2
import numpy as np
import tesserocr

from domain.errors import ErrorCode, HosoError
from domain.page import Pixels
from ocr.recogniser import EMPTY, Reading

_LANGUAGE = "vie"
_TRAINED = f"{_LANGUAGE}.traineddata"
_HEIGHT = 56
"""Tesseract's networks want capitals of 20–30 pixels; a line crop of this height holds them so."""
_BORDER = 8
_SYSTEM_FOLDERS = "/usr/share/tesseract-ocr"


def find_tessdata() -> Path:
    """The folder holding ``vie.traineddata``: HOSO_TESSDATA, TESSDATA_PREFIX, then Debian's folders.

    Raises ``tool_missing`` with a remedy.
    """
    named = [os.environ.get("HOSO_TESSDATA"), os.environ.get("TESSDATA_PREFIX")]
    folders = [Path(name) for name in named if name]
    folders += [folder / "tessdata" for folder in folders]
    folders += sorted(Path(_SYSTEM_FOLDERS).glob("*/tessdata"), reverse=True)
    folders.append(Path("/usr/share/tessdata"))
    for folder in folders:
        if (folder / _TRAINED).is_file():
            return folder
    raise HosoError(
        ErrorCode.TOOL_MISSING,
        tool="tesseract-ocr-vie",
        file=_TRAINED,
        remedy="apt install tesseract-ocr-vie, or set HOSO_TESSDATA to the folder that holds the file",
    )


class TesseractRecogniser:
    """Reads lines with Tesseract's LSTM network for Vietnamese (page segmentation mode 7)."""

    name = "tesseract-vie"

    def __init__(self, *, tessdata: Path | None = None) -> None:
        """Load the network. Raises ``tool_missing`` where its data is absent."""
        self._api = tesserocr.PyTessBaseAPI(
            path=str(tessdata or find_tessdata()),
            lang=_LANGUAGE,
            psm=tesserocr.PSM.SINGLE_LINE,
            oem=tesserocr.OEM.LSTM_ONLY,
        )
        self._api.SetVariable("debug_file", os.devnull)

    def read(self, crops: Sequence[Pixels]) -> tuple[Reading, ...]:
        """One reading per crop, with confidences and positions per character."""
        return tuple(self._read_one(crop) for crop in crops)

    def _read_one(self, crop: Pixels) -> Reading:
        prepared, scale = _prepare(crop)
        height, width = prepared.shape
        self._api.SetImageBytes(prepared.tobytes(), width, height, 1, width)
        self._api.SetSourceResolution(300)
        self._api.Recognize()
        return self._collect(scale)

    def _collect(self, scale: float) -> Reading:
        """Walk over the symbols; a space is put between words, as wide as the gap."""
        symbols = self._api.GetIterator()
        level = tesserocr.RIL.SYMBOL
        text: list[str] = []
        confidences: list[float] = []
        positions: list[tuple[float, float]] = []
        if symbols is None:
            return EMPTY
        for symbol in tesserocr.iterate_level(symbols, level):
            box = symbol.BoundingBox(level)
            letters = _letters(symbol, level)
            if box is None or not letters:
                continue
            left, right = ((x - _BORDER) / scale for x in (box[0], box[2]))
            sure = symbol.Confidence(level) / 100.0
            if text and symbol.IsAtBeginningOf(tesserocr.RIL.WORD):
                text.append(" ")
                confidences.append(min(sure, confidences[-1]))
                positions.append((positions[-1][1], max(left, positions[-1][1])))
            step = (right - left) / len(letters)
            for index, letter in enumerate(letters):
                text.append(letter)
                confidences.append(sure)
                positions.append((left + index * step, left + (index + 1) * step))
        if not text:
            return EMPTY
        return Reading(
            text="".join(text),
            confidence=float(np.mean(confidences)),
            confidences=tuple(confidences),
            positions=tuple(positions),
        )


def _letters(symbol: tesserocr.PyResultIterator, level: int) -> str:
    """The NFC text of a symbol; tesserocr raises where Tesseract has none."""
    try:
        return unicodedata.normalize("NFC", symbol.GetUTF8Text(level)).strip()
    except RuntimeError:
        return ""


def _prepare(crop: Pixels) -> tuple[Pixels, float]:
    """Grey, of one height, with a white border; returns the picture and its scale."""
    grey = crop if crop.ndim == 2 else np.asarray(cv2.cvtColor(crop, cv2.COLOR_BGR2GRAY), np.uint8)
    scale = _HEIGHT / grey.shape[0]
    way = cv2.INTER_CUBIC if scale > 1 else cv2.INTER_AREA
    width = max(1, round(grey.shape[1] * scale))
    scaled = cv2.resize(grey, (width, _HEIGHT), interpolation=way)
    bordered = cv2.copyMakeBorder(
        scaled, _BORDER, _BORDER, _BORDER, _BORDER, cv2.BORDER_CONSTANT, value=(255,)
    )
    return np.ascontiguousarray(bordered, np.uint8), scale
