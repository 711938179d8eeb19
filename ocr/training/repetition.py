"""Lines that the network has met and not learned, kept to be met again.

Measured on *small* after 460,000 lines: of those that pass the sieve three in five are read with ease
all the same, and the hardest fifth makes nine tenths of the loss. Rendering more of these would take more
processors than training itself; but the step that learns a line also tells how hard it was ("prioritized
experience replay", Schaul et al., 2016). A line comes back a little moved and stretched, in other light,
so that its letters are learned and not its picture.
"""

from __future__ import annotations

import random
from dataclasses import dataclass, field

import cv2
import numpy as np
from numpy.typing import NDArray

from ocr.training.damage import Image
from ocr.training.lines import BATCH_PIXELS, PAD, Batch

_DOUBT = 0.3
"""Loss of a whole line from which on it is not learned yet: one letter seen with a probability of 0.74."""
_HOPELESS = 1.2
"""Loss per letter from which on nothing is left in the picture to be learned."""
_MEETINGS = 5
"""After so many times a line has taught what it can."""
_FEWEST_BATCHES, _SHELF_PIXELS = 8, 800_000
"""A shelf waits until it holds so many batches, lest the same lines follow each other; and it holds no more
columns than this (40 MB), beyond which a random line makes room."""


@dataclass(frozen=True, slots=True, kw_only=True)
class _Line:
    image: Image
    target: NDArray[np.int64]
    met: int


@dataclass(slots=True)
class Repetition:
    """The lines to be met again, on one shelf for each width."""

    rng: random.Random
    _shelves: dict[int, list[_Line]] = field(default_factory=dict)

    def keep(self, batch: Batch, losses: NDArray[np.float32]) -> None:
        """Take in the lines of a batch that are not learned; ``losses`` has the loss per letter of each."""
        width = batch.images.shape[2]
        shelf = self._shelves.setdefault(width, [])
        targets = np.split(batch.targets, np.cumsum(batch.lengths)[:-1])
        for image, target, met, loss in zip(batch.images, targets, batch.met, losses, strict=True):
            if met + 1 < _MEETINGS and loss < _HOPELESS and loss * len(target) > _DOUBT:
                shelf.append(_Line(image=image.copy(), target=target, met=int(met) + 1))
                if len(shelf) * width > _SHELF_PIXELS:
                    self._taken(shelf)

    def next(self) -> Batch | None:
        """A batch of lines met before, taken off their shelf; nothing while too few wait."""
        sizes = {width: -(-BATCH_PIXELS // width) for width in self._shelves}
        full = {
            width: len(shelf) * width
            for width, shelf in self._shelves.items()
            if len(shelf) >= _FEWEST_BATCHES * sizes[width]
        }
        if not full:
            return None
        width = self.rng.choices(list(full), list(full.values()))[0]
        lines = [self._taken(self._shelves[width]) for _ in range(sizes[width])]
        return Batch(
            images=np.stack([self._varied(line.image) for line in lines]),
            targets=np.concatenate([line.target for line in lines]),
            lengths=np.array([len(line.target) for line in lines], np.int64),
            met=np.array([line.met for line in lines], np.int64),
        )

    def _taken(self, shelf: list[_Line]) -> _Line:
        chosen = self.rng.randrange(len(shelf))
        shelf[chosen], shelf[-1] = shelf[-1], shelf[chosen]
        return shelf.pop()

    def _varied(self, padded: Image) -> Image:
        """The line moved by a pixel or two, stretched a little, in other light; its padding stays."""
        height, bucket = padded.shape
        inked = np.flatnonzero((padded != PAD).any(axis=0))
        width = int(inked[-1]) + 1 if len(inked) else bucket
        wider = min(bucket, round(width * self.rng.uniform(0.95, 1.05)))
        move = np.array(
            [
                [wider / width, 0, self.rng.uniform(-1.5, 1.5)],
                [0, self.rng.uniform(0.97, 1.03), self.rng.uniform(-1, 1)],
            ]
        )
        size = wider, height
        moved = cv2.warpAffine(padded[:, :width], move, size, borderMode=cv2.BORDER_REPLICATE)
        light = 255 * (np.arange(256) / 255) ** self.rng.uniform(0.75, 1.3)
        result = np.full_like(padded, PAD)
        result[:, :wider] = cv2.LUT(moved, np.round(light).astype(np.uint8))
        return result
