"""How far a page is turned: projection profiles of its letters (Postl 1986; Bloomberg 1995)."""

from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

from domain.page import Pixels

MAX_DEGREES = 15.0
_WORK_DPI = 100
_LEAST_LETTERS = 25
_LEAST_PROMINENCE = 1.25
"""Best profile against the median one; below it the page has no lines of text to go by."""
_MOST_POINTS = 24_000
_LEAST_DEPTH = 10
"""How much darker than the paper ink must be to be told from grain, after shrinking."""


@dataclass(frozen=True, kw_only=True)
class Skew:
    """``degrees`` counter-clockwise by which the page's lines are turned; 0 where none were found."""

    degrees: float
    found: bool


def letters(grey: Pixels, dpi: int) -> NDArray[np.bool_]:
    """Mask at about 100 dpi of marks as large as letters; rules, pictures and specks left out."""
    scale = min(1.0, _WORK_DPI / max(dpi, 1))
    if min(grey.shape) * scale < 1:
        # a strip so narrow shrinks to nothing: no letter stands on it
        return np.zeros((1, 1), np.bool_)
    small = cv2.resize(grey, None, fx=scale, fy=scale, interpolation=cv2.INTER_AREA)
    limit, dark = cv2.threshold(small, 0, 255, cv2.THRESH_BINARY_INV + cv2.THRESH_OTSU)
    if float(np.median(small)) - limit < _LEAST_DEPTH:
        # the threshold splits the paper's own grain: there is no ink
        return np.zeros(dark.shape, np.bool_)
    _, labels, stats, _ = cv2.connectedComponentsWithStats(dark, connectivity=8)
    width, height = stats[:, cv2.CC_STAT_WIDTH], stats[:, cv2.CC_STAT_HEIGHT]
    # at 100 dpi 8-16 pt letters are 6-22 dots; neighbours may touch, so allow short words
    keep = (np.maximum(width, height) >= 5) & (height <= 40) & (width <= 120)
    keep &= stats[:, cv2.CC_STAT_AREA] <= 1500
    keep[0] = False
    mask: NDArray[np.bool_] = keep[labels]
    return mask if int(keep.sum()) >= _LEAST_LETTERS else np.zeros_like(mask)


def find_skew(grey: Pixels, dpi: int) -> Skew:
    """Turn of the text lines within ±15°, to 0.05°; also for pages that lie on their side."""
    ys, xs = np.nonzero(letters(grey, dpi))
    if len(ys) < 200:
        return Skew(degrees=0.0, found=False)
    step = max(1, len(ys) // _MOST_POINTS)
    points = np.stack([xs[::step], ys[::step]]).astype(np.float32)
    # dots stand for squares: without a spread inside them, whole numbers favour angles near zero
    points += np.random.default_rng(0).random(points.shape, dtype=np.float32)
    # lines of a page on its side are columns: the same turn seen along the other axis
    sideways = np.stack([points[1], -points[0]])
    found = [_best_angle(points), _best_angle(sideways)]
    degrees, prominence = max(found, key=lambda one: one[1])
    if prominence < _LEAST_PROMINENCE:
        return Skew(degrees=0.0, found=False)
    return Skew(degrees=degrees, found=True)


def _best_angle(points: NDArray[np.float32]) -> tuple[float, float]:
    """Angle of the sharpest profile and how far it stands out."""
    coarse = np.arange(-MAX_DEGREES, MAX_DEGREES + 0.01, 0.5)
    scores = np.array([_sharpness(points, float(angle)) for angle in coarse])
    middle = float(coarse[int(scores.argmax())])
    prominence = float(scores.max() / max(float(np.median(scores)), 1e-9))
    for step in (0.1, 0.05):
        middle = _refined(points, middle, step)
    return float(np.clip(middle, -MAX_DEGREES, MAX_DEGREES)), prominence


def _refined(points: NDArray[np.float32], middle: float, step: float) -> float:
    """The top of the parabola through the scores around ``middle``."""
    angles = middle + np.arange(-5, 6) * step
    scores = np.array([_sharpness(points, float(angle)) for angle in angles])
    best = int(scores.argmax())
    near = slice(max(0, best - 2), best + 3)
    curve = np.polyfit(angles[near] - angles[best], scores[near], 2)
    if curve[0] >= 0:
        return float(angles[best])
    return float(angles[best] + np.clip(-curve[1] / (2 * curve[0]), -2 * step, 2 * step))


def _sharpness(points: NDArray[np.float32], degrees: float) -> float:
    """Sum of squared row counts once the page is turned back by ``degrees``."""
    angle = np.deg2rad(degrees)
    rows = points[1] * np.cos(angle) + points[0] * np.sin(angle)
    rows -= rows.min()
    counts = np.bincount(rows.astype(np.int32)).astype(np.float64)
    return float(np.square(counts).sum() / max(1, points.shape[1]))
