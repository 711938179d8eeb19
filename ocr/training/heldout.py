"""The examination: lines whose fonts, words and damage training never saw, and how they are marked."""

from __future__ import annotations

import random
from collections.abc import Callable, Sequence
from dataclasses import dataclass

import cv2
import numpy as np
from numpy.random import Generator
from numpy.typing import NDArray
from rapidfuzz.distance import Levenshtein

from ocr.training import alphabet
from ocr.training.corpus import Corpus
from ocr.training.damage import Image
from ocr.training.fonts import Font
from ocr.training.lines import Typesetter

SEED = 20261121
LEVELS = ("light", "medium", "heavy")
OFFICE = "office"
OFFICE_SIZE = 24
"""Pixels per em of 11 pt print at 150 dpi, the least a scan should have; smaller print is asked too."""

Reader = Callable[[Sequence[Image]], list[str]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Question:
    """One line of the examination."""

    image: Image
    text: str
    level: str
    size: int
    """Pixels per em of the print before damage."""

    @property
    def groups(self) -> tuple[str, ...]:
        """The marks it counts for: all, its level, and ``office``: what offices scan and keep."""
        office = self.level != "heavy" and self.size >= OFFICE_SIZE
        return ("all", self.level, *((OFFICE,) if office else ()))


@dataclass(frozen=True, slots=True, kw_only=True)
class Marks:
    """How a reader did; every rate is a fraction of the letters or of the lines."""

    lines: int
    letters: int
    errors: int
    tone_errors: int
    exact: int

    @property
    def cer(self) -> float:
        """Character error rate."""
        return self.errors / max(1, self.letters)

    @property
    def tone_rate(self) -> float:
        """Share of letters read with the right base letter and a wrong tone or diacritic."""
        return self.tone_errors / max(1, self.letters)

    @property
    def exact_rate(self) -> float:
        """Share of lines without any error."""
        return self.exact / max(1, self.lines)

    def __add__(self, other: Marks) -> Marks:
        """Marks over both sets."""
        return Marks(
            lines=self.lines + other.lines,
            letters=self.letters + other.letters,
            errors=self.errors + other.errors,
            tone_errors=self.tone_errors + other.tone_errors,
            exact=self.exact + other.exact,
        )


def _clipped(array: NDArray[np.floating]) -> Image:
    return np.clip(array, 0, 255).astype(np.uint8)


def _waved(image: Image, rng: Generator, strength: float) -> Image:
    """Paper that does not lie flat."""
    height, width = image.shape
    columns = np.arange(width, dtype=np.float32)
    phase, period = rng.uniform(0, 6.28), height * rng.uniform(6, 14)
    shift = strength * height * 0.02 * np.sin(columns * 2 * np.pi / period + phase)
    x, y = np.meshgrid(columns, np.arange(height, dtype=np.float32))
    moved = y + shift[None, :].astype(np.float32)
    return np.asarray(cv2.remap(image, x, moved, cv2.INTER_CUBIC, borderValue=(255,)), np.uint8)


def _gamma(image: Image, rng: Generator, strength: float) -> Image:
    floor = rng.uniform(0, 45 * strength)
    curve = (np.arange(256) / 255) ** rng.uniform(0.6, 1.0) * (255 - floor) + floor
    return np.asarray(cv2.LUT(image, _clipped(curve)), np.uint8)


def _vignette(image: Image, rng: Generator, strength: float) -> Image:
    height, width = image.shape
    centre = rng.uniform(0, width)
    slope = 1 - 0.16 * strength * np.abs(np.arange(width) - centre) / max(width, height)
    return _clipped(image * slope[None, :])


def _streaks(image: Image, rng: Generator, strength: float) -> Image:
    """Dirt on the scanner's glass draws thin vertical lines."""
    result = image.astype(np.float32)
    for _ in range(int(rng.integers(0, 1 + round(2 * strength)))):
        x = int(rng.integers(0, image.shape[1]))
        result[:, x : x + 1] -= rng.uniform(20, 90)
    return _clipped(result)


def _star(image: Image, rng: Generator, strength: float) -> Image:
    """The pale star of a national seal over the print."""
    height, width = image.shape
    shade = int(255 - rng.uniform(12, 45) * strength)
    radius = height * rng.uniform(0.6, 1.8)
    centre = np.array([rng.uniform(0, width), rng.uniform(0, height)])
    turns = np.arange(10) * np.pi / 5 - np.pi / 2
    reach = np.where(np.arange(10) % 2 == 0, radius, radius * 0.4)
    points = centre + np.stack([np.cos(turns) * reach, np.sin(turns) * reach], axis=1)
    layer = np.full(image.shape, 255, np.uint8)
    cv2.fillPoly(layer, [points.astype(np.int32)], (shade,))
    return np.minimum(image, layer)


def _motion(image: Image, rng: Generator, strength: float) -> Image:
    length = max(2, round(image.shape[0] * 0.035 * strength))
    kernel = np.zeros((2 * length + 1, 2 * length + 1), np.float32)
    angle = rng.uniform(0, np.pi)
    reach = np.array([np.cos(angle), np.sin(angle)]) * length / 2
    start, end = (
        [round(float(v)) for v in np.array([length, length]) + sign * reach] for sign in (-1, 1)
    )
    cv2.line(kernel, start, end, (1.0,), 1)
    return np.asarray(cv2.filter2D(image, -1, kernel / max(kernel.sum(), 1.0)), np.uint8)


def _lanczos(image: Image, rng: Generator, strength: float) -> Image:
    height = rng.uniform(36, 44) - 9 * strength
    scale = min(1.0, height / image.shape[0])
    small = cv2.resize(image, None, fx=scale, fy=scale, interpolation=cv2.INTER_AREA)
    size = image.shape[1], image.shape[0]
    return np.asarray(cv2.resize(small, size, interpolation=cv2.INTER_LANCZOS4), np.uint8)


def _photons(image: Image, rng: Generator, strength: float) -> Image:
    """Shot noise: more of it where the paper is bright."""
    gain = rng.uniform(1.0, 4.0) * strength
    return _clipped(rng.poisson(np.maximum(image, 1) / gain) * gain)


def _webp(image: Image, rng: Generator, strength: float) -> Image:
    quality = int(90 - rng.uniform(15, 50) * strength / 1.6)
    coded = cv2.imencode(".webp", image, [cv2.IMWRITE_WEBP_QUALITY, max(8, quality)])[1]
    return np.asarray(cv2.imdecode(coded, cv2.IMREAD_GRAYSCALE), np.uint8)


def _adaptive(image: Image, rng: Generator, strength: float) -> Image:
    """A scanner's own black-and-white mode: a threshold that follows the neighbourhood."""
    block = int(image.shape[0] * rng.uniform(0.5, 1.1)) | 1
    offset = 18 - rng.uniform(2, 6) * strength
    method, kind = cv2.ADAPTIVE_THRESH_GAUSSIAN_C, cv2.THRESH_BINARY
    binary = cv2.adaptiveThreshold(image, 255, method, kind, max(15, block), offset)
    return np.asarray(binary, np.uint8)


_STAGES: tuple[tuple[float, Callable[[Image, Generator, float], Image]], ...] = (
    (0.4, _waved),
    (0.7, _gamma),
    (0.5, _vignette),
    (0.2, _star),
    (0.35, _motion),
    (0.4, _lanczos),
    (0.3, _streaks),
    (0.5, _photons),
    (0.5, _webp),
    (0.12, _adaptive),
)
_STRENGTH = {"light": 0.4, "medium": 1.0, "heavy": 1.6}


def harm(level: str) -> Callable[[Image, Generator], Image]:
    """The held-out damage of one level, as a :class:`Typesetter` takes it."""
    strength = _STRENGTH[level]

    def apply(image: Image, rng: Generator) -> Image:
        for chance, stage in _STAGES:
            if rng.random() < chance * min(1.0, 0.4 + strength / 2):
                image = stage(image, rng, strength)
        return image

    return apply


def questions(fonts: Sequence[Font], count: int, seed: int = SEED) -> list[Question]:
    """``count`` lines in equal parts of each level; the same seed and fonts give the same lines."""
    made: list[Question] = []
    corpus = Corpus(seed, held_out=True)
    chance = random.Random(seed)
    even = [Font(path=f.path, family=f.family, letters=f.letters, weight=1.0) for f in fonts]
    for index in range(count):
        level = LEVELS[index % len(LEVELS)]
        setter = Typesetter(even, np.random.default_rng(seed + index), harm(level))
        image = None
        while image is None:
            text = corpus.line(chance.choice((6, 12, 20, 30, 42, 60, 80)))
            image = setter.line(text)
        made.append(Question(image=image, text=text, level=level, size=setter.size))
    return made


def mark(said: str, text: str) -> Marks:
    """Compare one reading with the truth."""
    said = alphabet.normalise(said)
    tones = sum(
        operation.tag == "replace"
        and alphabet.bare(text[operation.src_pos]) == alphabet.bare(said[operation.dest_pos])
        for operation in Levenshtein.editops(text, said)
    )
    return Marks(
        lines=1,
        letters=len(text),
        errors=Levenshtein.distance(text, said),
        tone_errors=tones,
        exact=int(text == said),
    )


def examine(reader: Reader, asked: Sequence[Question]) -> dict[str, Marks]:
    """Marks per group of questions (see :attr:`Question.groups`)."""
    totals: dict[str, Marks] = {}
    for question, said in zip(asked, reader([item.image for item in asked]), strict=True):
        marks = mark(said, question.text)
        for key in question.groups:
            totals[key] = totals[key] + marks if key in totals else marks
    return totals
