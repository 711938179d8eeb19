"""Rendering training lines: corpus × font × damage, grouped into batches of one width."""

from __future__ import annotations

import multiprocessing as mp
import queue
import random
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from itertools import pairwise
from multiprocessing.synchronize import Event

import cv2
import numpy as np
from numpy.random import Generator
from numpy.typing import NDArray
from PIL import Image as Picture
from PIL import ImageDraw, ImageFont

from ocr.training import alphabet
from ocr.training.corpus import Corpus
from ocr.training.damage import Damage, Image, damaged
from ocr.training.fonts import Font
from ocr.training.scribbles import scribble

HEIGHT = 48
PAD = 127
"""PaddleOCR pads a batch with zeros after normalising to [-1, 1]; this is the grey they stand for."""
BUCKETS = (96, 128, 160, 192, 224, 256, 320, 384, 448, 512, 608, 736, 896, 1088, 1280)
_WANTED = (96, 160, 256, 384, 576, 832, 1216)
_WANTED_SHARES = (0.10, 0.16, 0.22, 0.22, 0.16, 0.09, 0.05)
BATCH_PIXELS = 5120
"""Columns per batch; the number of lines per batch is this divided by the bucket's width."""
_SILENT_SHARE = 0.025
"""Pictures without print, so that signatures and stains are not read as letters."""
_FILLED_SHARE, _LARGEST_STRETCH = 0.6, 1.13
"""Lines stretched to fill their bucket: a reader of single lines pads nothing, so a last letter that touches
the edge must be known without the grey behind it."""
_RESHAPED, _LEANING = 0.24, (-0.06, 0.28)
"""Natural logarithm of the greatest factor of a letter's width, and how far its head leans to the right."""
_RESHAPED_SHARE, _SMALL_SHARE = 0.25, 0.4
"""What training asks for. In unseen faces print below 18 pixels per em has 5 % of the letters and a third of
the errors, twice as many as in faces that were learned: variety counts most where little is to be seen."""
_SPACIOUS_SHARE, _BLANK_SIDES, _BLANK_HEIGHTS = 0.08, 6.0, 0.6
"""Lines with blank paper about them, at most so many ems of it: not everybody's crops are as close as those
of our detector, and to *small*, which had learned only these, four blank ems were a leader or a dash."""
_AVERAGE_LETTER = 19.0
"""Columns an average letter takes once the crop is 48 pixels high."""


Box = tuple[int, int, int, int]
"""Left, top, right, bottom."""


Wanted = Callable[[Image, str], bool]
"""Whether a picture of a text goes into training."""


def _every(_image: Image, _text: str) -> bool:
    return True


def no_sieve(_seed: int) -> Wanted:
    """Every line is wanted."""
    return _every


@dataclass(frozen=True, slots=True, kw_only=True)
class Batch:
    """Grey images of one bucket, padded on the right, and the class numbers of their texts.

    ``met`` tells how often each line was in training before.
    """

    images: NDArray[np.uint8]
    targets: NDArray[np.int64]
    lengths: NDArray[np.int64]
    met: NDArray[np.int64]


@dataclass(slots=True)
class Typesetter:
    """Draws a text as one line of print, with what stands around it, and crops it as a detector would."""

    fonts: Sequence[Font]
    rng: Generator
    harm: Damage = damaged
    neighbour_share: float = 0.22
    small_share: float = 0.25
    """Lines in print of at most 29 pixels per em."""
    reshaped_share: float = 0.0
    """Lines whose letters are made narrower, wider or slanted: training asks for the faces no package has."""
    spacious_share: float = 0.0
    """Lines cropped with blank paper about them, but none beside what a crop cut through."""
    size: int = field(init=False, default=0)
    """Size of the print drawn last, in pixels per em before damage and scaling."""
    _shares: NDArray[np.float64] = field(init=False)

    def __post_init__(self) -> None:
        """Turn the weights of families into the chance of each file."""
        faces: dict[str, int] = {}
        for font in self.fonts:
            faces[font.family] = faces.get(font.family, 0) + 1
        raw = np.array([font.weight / faces[font.family] ** 0.8 for font in self.fonts])
        self._shares = np.cumsum(raw / raw.sum())

    def font_for(self, text: str) -> Font | None:
        """A random font that has all letters of the text, if a few draws find one."""
        for _ in range(12):
            index = int(np.searchsorted(self._shares, self.rng.random()))
            font = self.fonts[min(index, len(self.fonts) - 1)]
            if font.prints(text):
                return font
        return None

    def line(self, text: str) -> Image | None:
        """The damaged crop of one line, 48 pixels high, or nothing when no font has the letters."""
        rng = self.rng
        font = self.font_for(text)
        if font is None:
            return None
        sizes = rng.integers(15, 30), rng.integers(26, 58)
        size = int(rng.choice(sizes, p=(self.small_share, 1 - self.small_share)))
        self.size = size
        page, box = self._page(text, font, size)
        if self.reshaped_share and rng.random() < self.reshaped_share:
            page, box = _reshaped(page, box, rng)
        page, box = self._warped(page, box, size)
        crop = self._crop(page, box, size)
        if self.spacious_share and rng.random() < self.spacious_share:
            crop = _with_blank_paper(crop, size, rng)
        return to_height(self.harm(crop, rng), rng)

    def _page(self, text: str, font: Font, size: int) -> tuple[Image, Box]:
        """White paper with the line and maybe its neighbours; and the line's ink box."""
        rng = self.rng
        runs = self._runs(text, font, size)
        width = int(sum(advance for _, _, advance in runs)) + 4 * size
        height = int(4.2 * size)
        picture = Picture.new("L", (width, height), 255)
        pen = ImageDraw.Draw(picture)
        baseline, x = int(2.35 * size), float(2 * size)
        for words, face, advance in runs:
            pen.text((x, baseline), words, font=face, fill=0, anchor="ls")
            x += advance
        box = _ink_box(picture, size)
        if rng.random() < self.neighbour_share:
            self._neighbours(pen, font, size, baseline, width)
        return np.array(picture), box

    def _runs(
        self, text: str, font: Font, size: int
    ) -> list[tuple[str, ImageFont.FreeTypeFont, float]]:
        """The text in pieces with their faces and advances: second fonts, justified or spaced print."""
        rng = self.rng
        drawn = self._leaders(text)
        face = font.face(size)
        draw = rng.random()
        if draw < 0.14 and " " in drawn:
            cut = drawn.index(" ", int(rng.integers(0, drawn.rindex(" ") + 1)))
            other = self.font_for(drawn[cut:]) or font
            second = other.face(max(12, round(size * rng.uniform(0.9, 1.1))))
            head, tail = drawn[:cut], drawn[cut:]
            return [(head, face, face.getlength(head)), (tail, second, second.getlength(tail))]
        if draw < 0.32 and " " in drawn:
            gap = face.getlength(" ") * rng.uniform(0.75, 2.6)
            return [(word, face, face.getlength(word) + gap) for word in drawn.split(" ")]
        if draw < 0.40:
            track = size * rng.uniform(-0.025, 0.14)
            return [(letter, face, face.getlength(letter) + track) for letter in drawn]
        return [(drawn, face, face.getlength(drawn))]

    def _leaders(self, text: str) -> str:
        """An ellipsis stands for a leader of any length: draw one."""
        if "…" not in text:
            return text
        count = int(self.rng.integers(3, 34))
        dots = "." * count if self.rng.random() < 0.8 else " ".join("." * max(3, count // 2))
        return text.replace("…", dots)

    def _neighbours(
        self, pen: ImageDraw.ImageDraw, font: Font, size: int, baseline: int, width: int
    ) -> None:
        """Lines above and below, as close as single or tight spacing puts them."""
        rng = self.rng
        face = font.face(size)
        for sign in (-1, 1):
            if rng.random() < 0.65:
                words = "".join(
                    chr(int(code)) for code in rng.integers(97, 123, size=width // size * 2)
                )
                words = (
                    words.replace("w", " ").replace("x", "ự").replace("z", "Ấ").replace("k", "ộ")
                )
                pitch = size * rng.uniform(0.98, 1.45)
                start = int(rng.integers(0, 2 * size))
                pen.text((start, baseline + sign * pitch), words, font=face, fill=0, anchor="ls")

    def _warped(self, page: Image, box: Box, size: int) -> tuple[Image, Box]:
        """The page turned or tilted a little, and where the line's ink box went."""
        rng = self.rng
        if rng.random() < 0.35:
            return page, box
        height, width = page.shape
        # A detector turns its box with the line: what is left of the skew rises by a fraction of a letter.
        steepest = np.degrees(np.arctan2(0.22 * size, max(size, box[2] - box[0])))
        angle = float(np.clip(rng.normal(0, 0.5) * steepest, -1.6, 1.6))
        matrix = np.eye(3)
        matrix[:2] = cv2.getRotationMatrix2D((width / 2, height / 2), angle, 1.0)
        matrix[0, 1] += rng.normal(0, 0.04)
        if rng.random() < 0.25:
            # A photographed page: the four corners moved apart a little.
            corners = np.array([[0, 0], [width, 0], [width, height], [0, height]], np.float32)
            moved = corners + rng.normal(0, 0.022 * height, size=(4, 2))
            matrix = cv2.getPerspectiveTransform(corners, moved.astype(np.float32)) @ matrix
        turned = cv2.warpPerspective(page, matrix, (width, height), borderValue=(255,))
        return np.asarray(turned, np.uint8), _moved(box, matrix)

    def _crop(self, page: Image, box: Box, size: int) -> Image:
        rng = self.rng
        left, top, right, bottom = box
        above, below = rng.uniform(-0.015, 0.3, size=2) * size
        before, after = rng.uniform(0.0, 0.5, size=2) * size
        y0 = max(0, int(top - above))
        y1 = min(page.shape[0], max(int(bottom + below), y0 + size // 2, y0 + 8))
        x0, x1 = max(0, int(left - before)), min(page.shape[1], int(right + after) + 1)
        return np.ascontiguousarray(page[y0:y1, x0 : max(x1, x0 + 8)])


def _reshaped(page: Image, box: Box, rng: Generator) -> tuple[Image, Box]:
    """The page with narrower or wider letters, or letters that lean."""
    height, width = page.shape
    wider = float(np.exp(rng.uniform(-_RESHAPED, _RESHAPED)))
    leaning = float(rng.uniform(*_LEANING)) if rng.random() < 0.4 else 0.0
    matrix = np.eye(3)
    matrix[0] = wider, -leaning, max(0.0, leaning * height)
    size = int(wider * width + abs(leaning) * height) + 1, height
    way = cv2.INTER_AREA if wider < 1 and not leaning else cv2.INTER_LINEAR
    made = cv2.warpAffine(page, matrix[:2], size, flags=way, borderValue=(255,))
    return np.asarray(made, np.uint8), _moved(box, matrix)


def _with_blank_paper(crop: Image, size: int, rng: Generator) -> Image:
    """The crop with more paper at one side or several, as far as its border is blank there."""
    most = np.array([_BLANK_HEIGHTS, _BLANK_HEIGHTS, _BLANK_SIDES, _BLANK_SIDES])
    added = (rng.uniform(0, most) * (rng.random(4) < 0.5) * size).astype(int)
    borders = crop[0], crop[-1], crop[:, 0], crop[:, -1]
    blank = [int(border.min()) == 255 for border in borders]
    top, bottom, left, right = np.where(blank, added, 0).tolist()
    wider = cv2.copyMakeBorder(crop, top, bottom, left, right, cv2.BORDER_CONSTANT, value=(255,))
    return np.asarray(wider, np.uint8)


def to_height(crop: Image, rng: Generator) -> Image:
    """A crop scaled to 48 pixels of height: mostly as the product does, sometimes as PaddleOCR does."""
    width = max(16, round(crop.shape[1] * HEIGHT / crop.shape[0]))
    fine = cv2.INTER_AREA if crop.shape[0] > HEIGHT else cv2.INTER_CUBIC
    method = fine if rng.random() < 0.7 else cv2.INTER_LINEAR
    return np.asarray(cv2.resize(crop, (width, HEIGHT), interpolation=method), np.uint8)


def _ink_box(picture: Picture.Image, size: int) -> Box:
    ink = picture.point(lambda value: 255 - value).getbbox()
    if ink is None:
        return 0, size, picture.width, 2 * size
    left, top, right, bottom = ink
    # A detector box is never as flat as a dash or a row of dots.
    if bottom - top < size * 0.5:
        top, bottom = bottom - round(size * 0.75), bottom + round(size * 0.2)
    return left, max(0, top), right, bottom


def _moved(box: Box, matrix: NDArray[np.float64]) -> Box:
    left, top, right, bottom = box
    corners = np.array([[left, top], [right, top], [right, bottom], [left, bottom]], np.float64)
    mapped = np.column_stack([corners, np.ones(4)]) @ matrix.T
    points = mapped[:, :2] / mapped[:, 2:]
    (x0, y0), (x1, y1) = points.min(axis=0), points.max(axis=0)
    return int(x0), int(y0), int(np.ceil(x1)), int(np.ceil(y1))


def batches(
    typesetter: Typesetter, corpus: Corpus, seed: int, wanted: Wanted = _every
) -> Iterator[Batch]:
    """An endless stream of full batches of the lines that are ``wanted``."""
    rng = random.Random(seed)
    shelves: dict[int, list[tuple[Image, list[int]]]] = {width: [] for width in BUCKETS}
    while True:
        text, image = _example(typesetter, corpus, rng)
        if image is None or image.shape[1] > BUCKETS[-1]:
            continue
        target = alphabet.encode(text)
        # CTC needs one time step of eight columns per letter and one more between equal letters.
        needed = len(target) + sum(a == b for a, b in pairwise(target))
        if needed > image.shape[1] // 8 or not wanted(image, text):
            continue
        width = next(bucket for bucket in BUCKETS if bucket >= image.shape[1])
        if width <= image.shape[1] * _LARGEST_STRETCH and rng.random() < _FILLED_SHARE:
            image = np.asarray(cv2.resize(image, (width, HEIGHT)), np.uint8)
        shelf = shelves[width]
        shelf.append((image, target))
        if len(shelf) * width >= BATCH_PIXELS:
            yield _stacked(shelf, width)
            shelf.clear()


def _example(
    typesetter: Typesetter, corpus: Corpus, rng: random.Random
) -> tuple[str, Image | None]:
    """A text and its picture; now and then a picture without any."""
    if rng.random() < _SILENT_SHARE:
        return "", to_height(scribble(typesetter.rng), typesetter.rng)
    wanted = rng.choices(_WANTED, _WANTED_SHARES)[0]
    text = corpus.line(max(1, round(wanted * rng.uniform(0.4, 1.0) / _AVERAGE_LETTER)))
    return text, typesetter.line(text)


def _stacked(shelf: Sequence[tuple[Image, list[int]]], width: int) -> Batch:
    images = np.full((len(shelf), HEIGHT, width), PAD, np.uint8)
    for row, (image, _) in enumerate(shelf):
        images[row, :, : image.shape[1]] = image
    return Batch(
        images=images,
        targets=np.concatenate([np.array(target, np.int64) for _, target in shelf]),
        lengths=np.array([len(target) for _, target in shelf], np.int64),
        met=np.zeros(len(shelf), np.int64),
    )


def _produce(
    fonts: Sequence[Font],
    seed: int,
    sieve: Callable[[int], Wanted],
    out: mp.Queue[Batch],
    stop: Event,
) -> None:
    cv2.setNumThreads(1)
    typesetter = Typesetter(
        fonts,
        np.random.default_rng(seed),
        small_share=_SMALL_SHARE,
        reshaped_share=_RESHAPED_SHARE,
        spacious_share=_SPACIOUS_SHARE,
    )
    for batch in batches(typesetter, Corpus(seed), seed, sieve(seed)):
        while not stop.is_set():
            try:
                out.put(batch, timeout=2)
                break
            except queue.Full:
                continue
        if stop.is_set():
            out.cancel_join_thread()
            return


class Producers:
    """Processes that render batches while the network learns."""

    def __init__(
        self,
        fonts: Sequence[Font],
        *,
        workers: int,
        seed: int,
        sieve: Callable[[int], Wanted] = no_sieve,
        depth: int = 48,
    ) -> None:
        """Start ``workers`` processes; ``depth`` batches wait at most.

        ``sieve`` is called in each process with its seed and must survive pickling.
        """
        context = mp.get_context("spawn")
        self._queue: mp.Queue[Batch] = context.Queue(depth)
        self._stop = context.Event()
        self._processes = [
            context.Process(
                target=_produce,
                args=(fonts, seed + number, sieve, self._queue, self._stop),
                daemon=True,
            )
            for number in range(workers)
        ]
        for process in self._processes:
            process.start()

    def next(self) -> Batch:
        """The next batch, in whatever width is ready."""
        return self._queue.get(timeout=3600)

    def close(self) -> None:
        """End the processes."""
        self._stop.set()
        for process in self._processes:
            process.join(timeout=5)
            if process.is_alive():
                process.terminate()
