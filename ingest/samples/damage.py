"""What paper, scanner and years do to a page: graded damage of real scanning."""

import random
from dataclasses import dataclass
from enum import StrEnum

import cv2
import numpy as np
from numpy.typing import NDArray

from domain.page import Pixels


class DamageLevel(StrEnum):
    """How badly a page is damaged."""

    LIGHT = "light"
    MEDIUM = "medium"
    HEAVY = "heavy"


SHARES = {DamageLevel.LIGHT: 60, DamageLevel.MEDIUM: 30, DamageLevel.HEAVY: 10}
"""Per cent of documents at each level."""


@dataclass(frozen=True, kw_only=True)
class Damage:
    """Everything that happens to one page, drawn beforehand so that truth can tell."""

    level: DamageLevel
    dpi: int
    skew: float
    """Degrees counter-clockwise."""
    warp: float
    """Largest shift of a corner as a share of the page."""
    noise: float
    blur: float
    """Gaussian sigma in pixels."""
    fading: float
    """0 none … 1 gone."""
    paper: tuple[int, int, int]
    """Colour of the paper, RGB."""
    shadow: float
    folds: int
    bleed: float
    jpeg_quality: int
    bitonal: bool
    speckle: float
    turn: int
    """Degrees counter-clockwise by which the scan stands wrongly (0, 90, 180, 270)."""
    seed: int


_RANGES: dict[DamageLevel, dict[str, tuple[float, float]]] = {
    DamageLevel.LIGHT: {
        "skew": (0.0, 1.0), "warp": (0.0, 0.001), "noise": (1.0, 3.0), "blur": (0.2, 0.55),
        "fading": (0.0, 0.12), "yellow": (0, 10), "shadow": (0.0, 0.06), "jpeg": (78, 95),
        "bleed": (0.0, 0.0), "speckle": (0.0, 0.00002),
    },
    DamageLevel.MEDIUM: {
        "skew": (0.3, 2.8), "warp": (0.001, 0.005), "noise": (3.0, 7.0), "blur": (0.45, 0.85),
        "fading": (0.05, 0.32), "yellow": (8, 38), "shadow": (0.05, 0.2), "jpeg": (58, 85),
        "bleed": (0.0, 0.06), "speckle": (0.0, 0.00008),
    },
    DamageLevel.HEAVY: {
        "skew": (1.5, 6.0), "warp": (0.003, 0.012), "noise": (6.0, 12.0), "blur": (0.65, 1.15),
        "fading": (0.2, 0.5), "yellow": (20, 55), "shadow": (0.15, 0.4), "jpeg": (40, 68),
        "bleed": (0.03, 0.12), "speckle": (0.00003, 0.0003),
    },
}  # fmt: skip
_RESOLUTIONS = {
    DamageLevel.LIGHT: ((200, 300), (6, 4)),
    DamageLevel.MEDIUM: ((200, 300, 250), (6, 3, 1)),
    DamageLevel.HEAVY: ((200, 150, 300), (6, 2, 2)),
}


def draw_damage(rng: random.Random, *, level: DamageLevel | None = None) -> Damage:
    """Damage of one document; the level is drawn 60/30/10 where none is given."""
    levels = list(SHARES)
    level = level or rng.choices(levels, weights=[SHARES[one] for one in levels])[0]
    span = {name: rng.uniform(*limits) for name, limits in _RANGES[level].items()}
    resolutions, weights = _RESOLUTIONS[level]
    yellow = span["yellow"]
    return Damage(
        level=level,
        dpi=rng.choices(resolutions, weights=weights)[0],
        skew=span["skew"] * rng.choice((-1, 1)),
        warp=span["warp"],
        noise=span["noise"],
        blur=span["blur"],
        fading=span["fading"],
        paper=(255 - round(yellow * 0.2), 254 - round(yellow * 0.35), 252 - round(yellow)),
        shadow=span["shadow"],
        folds=rng.choice((0, 1, 2)) if level is not DamageLevel.LIGHT else 0,
        bleed=span["bleed"],
        jpeg_quality=round(span["jpeg"]),
        bitonal=rng.random() < 0.12,
        speckle=span["speckle"],
        turn=rng.choice((90, 180, 270)) if rng.random() < 0.05 else 0,
        seed=rng.getrandbits(32),
    )


def damaged(page: Pixels, damage: Damage) -> Pixels:
    """The page (RGB, as drawn at ``damage.dpi``) as the scanner would give it; grey if bitonal."""
    noise = np.random.default_rng(damage.seed)
    work = _bleed_through(page, damage)
    if damage.fading > 0.01:
        keep = np.arange(256, dtype=np.float32)
        table = 255 - (255 - keep) * (1 - damage.fading)
        work = np.asarray(cv2.LUT(work, table.astype(np.uint8)), dtype=np.uint8)
    work = _bent(work, damage, noise)
    work = _lit(work, damage, noise)
    if damage.blur > 0.25:
        work = np.asarray(cv2.GaussianBlur(work, (0, 0), damage.blur), dtype=np.uint8)
    work = _noisy(work, damage, noise)
    if damage.bitonal:
        work = _bitonal(work)
    if damage.turn:
        work = np.ascontiguousarray(np.rot90(work, damage.turn // 90))
    return work


def _bleed_through(page: Pixels, damage: Damage) -> Pixels:
    """The other side's print shines through, mirrored and soft."""
    if damage.bleed < 0.02:
        return page
    back = cv2.GaussianBlur(page[:, ::-1], (0, 0), damage.dpi / 110)
    back = np.roll(back, damage.dpi // 3, axis=0)
    faint = cv2.addWeighted(back, damage.bleed, back, 0, 255 * (1 - damage.bleed))
    return np.asarray(np.minimum(page, np.maximum(faint, 150)), dtype=np.uint8)


def _bent(page: Pixels, damage: Damage, noise: np.random.Generator) -> Pixels:
    """Skew and a slight perspective in one resampling; the scanner's lid around the sheet is light."""
    height, width = page.shape[:2]
    turn = cv2.getRotationMatrix2D((width / 2, height / 2), damage.skew, 1.0)
    corners = np.array([[0, 0], [width, 0], [width, height], [0, height]], np.float32)
    moved = cv2.transform(corners[None], turn)[0]
    reach = damage.warp * np.array([width, height])
    moved = (moved + noise.uniform(-1, 1, (4, 2)) * reach).astype(np.float32)
    matrix = cv2.getPerspectiveTransform(corners, moved)
    warped = cv2.warpPerspective(
        page, matrix, (width, height), flags=cv2.INTER_LINEAR, borderValue=(250, 250, 250)
    )
    return np.asarray(warped, dtype=np.uint8)


def _lit(page: Pixels, damage: Damage, noise: np.random.Generator) -> Pixels:
    """Paper colour, uneven light and fold shadows as one multiplication."""
    height, width = page.shape[:2]
    rows, cols = 64, 46
    light = np.ones((rows, cols), np.float32)
    across = np.linspace(0, 1, cols, dtype=np.float32)[None]
    down = np.linspace(0, 1, rows, dtype=np.float32)[:, None]
    side = noise.random() < 0.5
    light -= damage.shadow * ((across if side else 1 - across) ** 2) * noise.uniform(0.3, 1.0)
    light -= damage.shadow * (down - noise.uniform(0, 1)) ** 2 * 0.6
    full = np.asarray(
        cv2.resize(light, (width, height), interpolation=cv2.INTER_LINEAR), np.float32
    )
    for _ in range(damage.folds):
        _add_fold(full, damage, noise)
    gain = np.array(damage.paper, np.float32) / 255
    levels = np.clip(full * 255, 0, 255).astype(np.uint8)
    sheet = cv2.merge([cv2.convertScaleAbs(levels, alpha=float(one)) for one in gain])
    return np.asarray(cv2.multiply(page, sheet, scale=1 / 255), dtype=np.uint8)


def _add_fold(light: NDArray[np.float32], damage: Damage, noise: np.random.Generator) -> None:
    """A crease across the sheet: a dark line with a soft flank on one side."""
    height = light.shape[0]
    at = int(height * (noise.choice((1 / 3, 1 / 2, 2 / 3)) + noise.uniform(-0.02, 0.02)))
    reach = max(3, damage.dpi // 14)
    depth = 0.05 + damage.shadow * 0.35
    profile = depth * np.exp(-np.arange(reach, dtype=np.float32) / (reach / 3))
    light[at : at + reach] -= profile[: light[at : at + reach].shape[0], None]
    light[at - 1 : at + 1] -= depth * 0.6


def _noisy(page: Pixels, damage: Damage, noise: np.random.Generator) -> Pixels:
    """Sensor noise (a tile repeated with offsets, for speed) and specks of dust."""
    height, width = page.shape[:2]
    tile = noise.normal(0, damage.noise, (512, 512, 1)).astype(np.float32)
    tile = cv2.GaussianBlur(tile, (0, 0), 0.6) * 1.6
    repeats = (height // 512 + 1, width // 512 + 1)
    grain = np.tile(tile, repeats)[:height, :width]
    grain3 = cv2.merge([grain, grain, grain])
    result = np.asarray(cv2.add(page, grain3, dtype=cv2.CV_8U), dtype=np.uint8)
    specks = int(damage.speckle * height * width)
    if specks:
        ys, xs = noise.integers(0, height - 2, specks), noise.integers(0, width - 2, specks)
        shades = noise.integers(20, 120, (specks, 1))
        result[ys, xs] = shades
        result[ys + 1, xs] = shades
    return result


def _bitonal(page: Pixels) -> Pixels:
    """What a scanner's black-and-white mode gives: a threshold against the neighbourhood."""
    grey = cv2.cvtColor(page, cv2.COLOR_RGB2GRAY)
    small = cv2.resize(grey, None, fx=0.125, fy=0.125, interpolation=cv2.INTER_AREA)
    around = cv2.blur(cv2.dilate(small, np.ones((5, 5), np.uint8)), (25, 25))
    limit = cv2.resize(around, (grey.shape[1], grey.shape[0]), interpolation=cv2.INTER_LINEAR)
    dark = cv2.compare(grey, cv2.convertScaleAbs(limit, alpha=0.72), cv2.CMP_LT)
    return np.asarray(255 - dark, dtype=np.uint8)
