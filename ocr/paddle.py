"""PP-OCR text recognisers in ONNX, run directly through onnxruntime: CTC, one thread.

Reads our own model (PP-OCRv6 with the Vietnamese alphabet) and the stock PP-OCRv6 recogniser, which
share one format: ``inference.onnx`` beside ``inference.yml`` (whose ``PostProcess.character_dict``
holds the alphabet; class 0 is the CTC blank, the space comes last).
"""

import itertools
import math
import unicodedata
from collections.abc import Sequence
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
from ocr.ctc import Search, best_path, probabilities
from ocr.language_model import LanguageModel
from ocr.recogniser import EMPTY, Reading

HEIGHT = 48
_WIDEST = 960
"""Widest picture the networks were trained on; longer lines are cut at gaps between words."""
_NARROWEST = 96
"""Narrower pictures are padded to this, the least the networks were trained on."""
_WIDTH_STEP = 32


@dataclass(frozen=True, kw_only=True)
class _Strip:
    """A piece of a crop: which crop, where it begins in it (pixels), its scale, and its picture."""

    crop: int
    left: float
    scale: float
    pixels: Pixels


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
        self._search = Search(self._alphabet, language) if language else None
        options = onnxruntime.SessionOptions()
        options.intra_op_num_threads = 1
        options.inter_op_num_threads = 1
        options.enable_cpu_mem_arena = False  # widths vary: the arena would keep every size seen
        self._session = onnxruntime.InferenceSession(
            str(weights), options, providers=["CPUExecutionProvider"]
        )
        self._input = self._session.get_inputs()[0].name

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
        strips = [
            strip for index, crop in enumerate(crops) for strip in _strips(index, _scaled(crop))
        ]
        gathered: list[list[Reading]] = [[] for _ in crops]
        for strip in strips:
            gathered[strip.crop].append(self._read_strip(strip))
        return tuple(_joined(readings) for readings in gathered)

    def _read_strip(self, strip: _Strip) -> Reading:
        # One by one: on one thread a batch is a tenth slower, for it leaves the processor's cache.
        wide = strip.pixels.shape[1]
        width = max(_NARROWEST, math.ceil(wide / _WIDTH_STEP) * _WIDTH_STEP)
        image = np.zeros((1, 3, HEIGHT, width), np.float32)
        image[0, :, :, :wide] = strip.pixels.astype(np.float32) / 127.5 - 1.0
        (scores,) = self._session.run(None, {self._input: image})[:1]
        return self._decode(np.asarray(scores[0], np.float32), strip, width / scores.shape[1])

    def _decode(self, scores: NDArray[np.float32], strip: _Strip, step: float) -> Reading:
        """A run's highest probability is its letter's confidence, its middle the letter's place."""
        lattice = probabilities(scores[: math.ceil(strip.pixels.shape[1] / step)])
        path = self._search.path(lattice) if self._search else best_path(lattice)
        if not path:
            return EMPTY
        text = [self._alphabet[run.letter] for run in path]
        middles = [(run.start + run.end) / 2 * step for run in path]
        return _finished(text, [run.probability for run in path], middles, strip)


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


def _finished(text: list[str], sure: list[float], middles: list[float], strip: _Strip) -> Reading:
    """Trim spaces, spread each character between its neighbours, map back to crop pixels."""
    first = next((index for index, letter in enumerate(text) if letter != " "), len(text))
    last = next((i for i in range(len(text) - 1, -1, -1) if text[i] != " "), -1)
    if first > last:
        return EMPTY
    centres = middles[first : last + 1]
    letters, sure = text[first : last + 1], sure[first : last + 1]
    reach = float(np.median(np.diff(centres))) / 2 if len(centres) > 1 else HEIGHT / 4
    edges = [centres[0] - reach]
    edges += [(a + b) / 2 for a, b in itertools.pairwise(centres)]
    edges.append(centres[-1] + reach)
    spread = [strip.left + max(0.0, edge) / strip.scale for edge in edges]
    joined = unicodedata.normalize("NFC", "".join(letters))
    whole = len(joined) == len(letters)
    return Reading(
        text=joined,
        confidence=float(np.mean(sure)),
        confidences=tuple(sure) if whole else (),
        positions=tuple(itertools.pairwise(spread)) if whole else (),
    )


def _joined(readings: Sequence[Reading]) -> Reading:
    """The strips of one line as one reading, a space between them."""
    parts = [reading for reading in readings if reading.text]
    if not parts:
        return EMPTY
    joined = parts[0]
    for part in parts[1:]:
        whole = bool(joined.positions and part.positions)
        gap = (joined.positions[-1][1], part.positions[0][0]) if whole else (0.0, 0.0)
        between = min(joined.confidences[-1:] + part.confidences[:1], default=0.0)
        joined = Reading(
            text=f"{joined.text} {part.text}",
            confidence=(joined.confidence * len(joined.text) + part.confidence * len(part.text))
            / (len(joined.text) + len(part.text)),
            confidences=(*joined.confidences, between, *part.confidences) if whole else (),
            positions=(*joined.positions, gap, *part.positions) if whole else (),
        )
    return joined


def _scaled(crop: Pixels) -> tuple[Pixels, float]:
    """Grey, of the network's height."""
    grey = crop if crop.ndim == 2 else np.asarray(cv2.cvtColor(crop, cv2.COLOR_BGR2GRAY), np.uint8)
    scale = HEIGHT / grey.shape[0]
    way = cv2.INTER_CUBIC if scale > 1 else cv2.INTER_AREA
    size = (max(8, round(grey.shape[1] * scale)), HEIGHT)
    return np.asarray(cv2.resize(grey, size, interpolation=way), np.uint8), scale


def _strips(crop: int, scaled: tuple[Pixels, float]) -> list[_Strip]:
    """The line in pieces no wider than the network knows, cut in the widest gap near the even cut."""
    pixels, scale = scaled
    width = pixels.shape[1]
    count = math.ceil(width / _WIDEST)
    if count == 1:
        return [_Strip(crop=crop, left=0.0, scale=scale, pixels=pixels)]
    cuts = [0]
    paper = int(np.percentile(pixels, 90))
    ink = np.clip(paper - 24 - pixels.astype(np.int32), 0, None).sum(axis=0)
    for number in range(1, count):
        target = width * number // count
        reach = _WIDEST // 6
        low, high = max(cuts[-1] + HEIGHT, target - reach), min(width - HEIGHT, target + reach)
        cuts.append(_gap(ink, low, high) if high > low else target)
    cuts.append(width)
    return [
        _Strip(crop=crop, left=left / scale, scale=scale, pixels=pixels[:, left:right])
        for left, right in itertools.pairwise(cuts)
    ]


def _gap(ink: NDArray[np.int32], low: int, high: int) -> int:
    """The middle of the widest empty stretch between two columns, the emptiest column where none is.

    "Empty" allows for speckle: a tenth of the ink that columns of this line usually carry.
    """
    stretch = ink[low:high]
    empty = np.concatenate([[False], stretch <= 0.1 * np.median(ink), [False]])
    edges = np.flatnonzero(np.diff(empty.astype(np.int8)))
    starts, ends = edges[::2], edges[1::2]
    if len(starts) == 0:
        return low + int(np.convolve(stretch, np.ones(HEIGHT // 6), mode="same").argmin())
    widest = int((ends - starts).argmax())
    return low + int(starts[widest] + ends[widest]) // 2
