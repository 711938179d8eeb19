"""PP-OCR text recognisers in ONNX, run directly through onnxruntime: CTC, one thread.

Reads our own model (PP-OCRv6 with the Vietnamese alphabet) and the stock PP-OCRv6 recogniser, which
share one format: ``inference.onnx`` beside ``inference.yml`` (whose ``PostProcess.character_dict``
holds the alphabet; class 0 is the CTC blank, the space comes last).
"""

import itertools
import math
import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import cv2
import numpy as np
import onnxruntime
import yaml
from numpy.typing import NDArray

from domain.errors import ErrorCode, HosoError
from domain.page import Pixels
from ocr.ctc import Lattice, Run, Search, joined, probabilities
from ocr.language_model import LanguageModel
from ocr.recogniser import EMPTY, Reading

HEIGHT = 48
_WIDEST = 1600
"""Widest picture read at once; what is longer is read in pieces that overlap. The networks were trained up to
1280, and what is cut is read worse: 76 errors against 102 on 381 lines of 960 to 1600."""
_SHARED = 128
"""Columns that neighbouring pieces have in common."""
_NARROWEST = 96
"""Narrower pictures are padded to this, the least the networks were trained on."""
_WIDTH_STEP, _PADDING = 32, 127.5
"""Pictures are padded to a multiple of this, with the grey that the network is given as nought."""
_PITCH_STEP = 64
"""Pieces begin at multiples of this, so that their time steps fall together: eight columns each, or 64/9."""


@dataclass(frozen=True, kw_only=True, eq=False)
class Look:
    """What a recogniser saw: its reading, the lattice behind it, and the classes of the letters there.

    ``lead``: how far the reading leads other spellings; see :class:`ocr.ctc.Found`.
    """

    reading: Reading
    lead: float
    lattice: Lattice
    classes: Mapping[str, int]


class PaddleRecogniser:
    """A PP-OCR recogniser from a model directory."""

    def __init__(self, folder: Path, *, language: LanguageModel | None = None) -> None:
        """Load the network. Raises ``models_missing`` where a file is absent or unusable.

        With ``language``, letters the picture leaves open are read as the language has them.
        """
        weights, settings = folder / "inference.onnx", folder / "inference.yml"
        if not (weights.is_file() and settings.is_file()):
            raise HosoError(
                ErrorCode.MODELS_MISSING,
                model=folder.name,
                remedy="the folder must hold inference.onnx and inference.yml",
            )
        self._name = folder.name
        self._alphabet = _alphabet(settings)
        self._classes = {letter: number for number, letter in enumerate(self._alphabet)}
        self._search = Search(self._alphabet, language)
        options = onnxruntime.SessionOptions()
        options.intra_op_num_threads = 1
        options.inter_op_num_threads = 1
        options.enable_cpu_mem_arena = False  # widths vary: the arena would keep every size seen
        self._session = onnxruntime.InferenceSession(
            str(weights), options, providers=["CPUExecutionProvider"]
        )
        self._input = self._session.get_inputs()[0].name
        self._step = _PITCH_STEP / len(self._scores(np.zeros((HEIGHT, _PITCH_STEP), np.uint8)))

    @property
    def name(self) -> str:
        """The model's name."""
        return self._name

    @property
    def alphabet(self) -> frozenset[str]:
        """The letters it can write."""
        return frozenset(self._alphabet)

    def read(self, crops: Sequence[Pixels]) -> tuple[Reading, ...]:
        """One reading per crop, with confidences and positions per character."""
        return tuple(self.look(crop).reading for crop in crops)

    def look(self, crop: Pixels, *, stretch: float = 1.0) -> Look:
        """One crop, made wider by ``stretch`` before it is looked at.

        A run's highest probability is its letter's confidence, its middle the letter's place.
        """
        pixels, scale = _scaled(crop, stretch)
        pieces, pitch = _pieces(pixels)
        lattice = joined([self._lattice(piece) for piece in pieces], round(pitch / self._step))
        found = self._search.path(lattice)
        path = _single_spaced(found.runs, self._classes[" "])
        text = [self._alphabet[run.letter] for run in path]
        middles = [(run.start + run.end) / 2 * self._step / (scale * stretch) for run in path]
        sure = [run.probability for run in path]
        reading = _finished(text, sure, middles, HEIGHT / scale)
        return Look(reading=reading, lead=found.lead, lattice=lattice, classes=self._classes)

    def _lattice(self, pixels: Pixels) -> Lattice:
        """Without the steps that saw only the padding."""
        wide = pixels.shape[1]
        width = max(_NARROWEST, math.ceil(wide / _WIDTH_STEP) * _WIDTH_STEP)
        padded = np.full((HEIGHT, width), _PADDING, np.float32)
        padded[:, :wide] = pixels
        return probabilities(self._scores(padded)[: math.ceil(wide / self._step)])

    def _scores(self, pixels: NDArray[Any]) -> NDArray[np.float32]:
        """Time × classes. Line by line: on one thread a batch is a tenth slower, for it leaves the cache."""
        image = np.empty((1, 3, *pixels.shape), np.float32)
        image[:] = pixels / _PADDING - 1.0
        return np.asarray(self._session.run(None, {self._input: image})[0][0], np.float32)


def _alphabet(settings: Path) -> list[str]:
    content: Any = yaml.safe_load(settings.read_text(encoding="utf-8"))
    try:
        letters = [str(letter) for letter in content["PostProcess"]["character_dict"]]
    except (KeyError, TypeError) as error:
        raise HosoError(
            ErrorCode.MODELS_MISSING,
            model=settings.parent.name,
            remedy="inference.yml must list PostProcess.character_dict",
        ) from error
    return ["", *letters, " "]


def _single_spaced(path: Sequence[Run], space: int) -> tuple[Run, ...]:
    """A wide gap is one space, however often the network saw it."""
    before = (None, *path)
    return tuple(
        run
        for last, run in zip(before, path, strict=False)
        if last is None or not run.letter == last.letter == space
    )


def _finished(text: list[str], sure: list[float], middles: list[float], height: float) -> Reading:
    """Trim spaces, spread each character between its neighbours; all in pixels of the crop."""
    first = next((index for index, letter in enumerate(text) if letter != " "), len(text))
    last = next((i for i in range(len(text) - 1, -1, -1) if text[i] != " "), -1)
    if first > last:
        return EMPTY
    centres = middles[first : last + 1]
    letters, sure = text[first : last + 1], sure[first : last + 1]
    reach = float(np.median(np.diff(centres))) / 2 if len(centres) > 1 else height / 4
    edges = [max(0.0, centres[0] - reach)]
    edges += [(a + b) / 2 for a, b in itertools.pairwise(centres)]
    edges.append(centres[-1] + reach)
    spelled = unicodedata.normalize("NFC", "".join(letters))
    whole = len(spelled) == len(letters)
    return Reading(
        text=spelled,
        confidence=float(np.mean(sure)),
        confidences=tuple(sure) if whole else (),
        positions=tuple(itertools.pairwise(edges)) if whole else (),
    )


def _scaled(crop: Pixels, stretch: float) -> tuple[Pixels, float]:
    """Grey, of the network's height."""
    grey = crop if crop.ndim == 2 else np.asarray(cv2.cvtColor(crop, cv2.COLOR_BGR2GRAY), np.uint8)
    scale = HEIGHT / grey.shape[0]
    way = cv2.INTER_CUBIC if scale > 1 else cv2.INTER_AREA
    size = (max(8, round(grey.shape[1] * scale * stretch)), HEIGHT)
    return np.asarray(cv2.resize(grey, size, interpolation=way), np.uint8), scale


def _pieces(pixels: Pixels) -> tuple[list[Pixels], int]:
    """The line, or pieces of it that overlap, and how many columns each begins after the one before."""
    width = pixels.shape[1]
    if width <= _WIDEST:
        return [pixels], width
    count = math.ceil((width - _SHARED) / (_WIDEST - _SHARED))
    pitch = math.ceil((width - _SHARED) / count / _PITCH_STEP) * _PITCH_STEP
    return [pixels[:, k * pitch : (k + 1) * pitch + _SHARED] for k in range(count)], pitch
