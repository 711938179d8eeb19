"""What a detector takes for a line though nothing is printed there: signatures, seal arcs, rules, stains.

The recogniser is shown them with an empty text, so that it stays silent instead of making up words.
"""

from __future__ import annotations

import cv2
import numpy as np
from numpy.random import Generator

from ocr.training.damage import Image, damaged, stamp

_HEIGHT = 64


def scribble(rng: Generator) -> Image:
    """One damaged crop without print, 64 pixels high."""
    page = np.full((_HEIGHT, int(rng.integers(40, 480))), 255, np.uint8)
    draw = rng.random()
    if draw < 0.6:
        for _ in range(int(rng.integers(1, 4))):
            _stroke(page, rng)
    elif draw < 0.75:
        _rules(page, rng)
    if rng.random() < 0.3:
        page = stamp(page, rng)
    return damaged(page, rng)


def _stroke(page: Image, rng: Generator) -> None:
    """A pen that moves on while it turns: loops of a signature, drawn in place."""
    height, width = page.shape
    time = np.linspace(0, rng.uniform(4, 40), 400)
    start, end = np.sort(rng.uniform(-0.1, 1.1, size=2)) * width
    x = start + (end - start) * time / time[-1]
    y = np.full_like(time, rng.uniform(0.25, 0.75) * height)
    for _ in range(3):
        turn, sway, lift = rng.uniform(0.3, 2.2), rng.uniform(0, 0.35), rng.uniform(0, 0.4)
        x += sway * height * np.sin(turn * time + rng.uniform(0, 6.28))
        y += lift * height * np.sin(turn * time + rng.uniform(0, 6.28))
    points = np.stack([x, y], axis=1).round().astype(np.int32)
    ink, pen = int(rng.integers(0, 150)), int(rng.integers(1, 6))
    cv2.polylines(page, [points], isClosed=False, color=(ink,), thickness=pen, lineType=cv2.LINE_AA)


def _rules(page: Image, rng: Generator) -> None:
    """Borders of a table or the edge of the sheet, drawn in place."""
    height, width = page.shape
    ink, pen = int(rng.integers(0, 160)), int(rng.integers(1, 6))
    for _ in range(int(rng.integers(1, 4))):
        if rng.random() < 0.5:
            y = int(rng.integers(0, height))
            cv2.line(page, (0, y), (width, y + int(rng.integers(-3, 4))), (ink,), pen)
        else:
            x = int(rng.integers(0, width))
            cv2.line(page, (x, 0), (x + int(rng.integers(-3, 4)), height), (ink,), pen)
