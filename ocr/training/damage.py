"""What paper, stamps, scanners and our own clean-up do to a line of print.

Every function takes a grey image (``uint8``, ink dark) and a NumPy generator and returns an image of
the same shape.  :func:`damaged` chains them in the order in which they happen to a real page: ink,
paper, optics, sensor, file, clean-up.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import lru_cache
from typing import Any

import cv2
import numpy as np
from numpy.random import Generator
from numpy.typing import NDArray

Image = NDArray[np.uint8]
Damage = Callable[[Image, Generator], Image]


def _bytes(array: NDArray[Any]) -> Image:
    return np.clip(array, 0, 255).astype(np.uint8)


def _image(array: object) -> Image:
    """What OpenCV returns, typed as what it is; nothing is copied."""
    return np.asarray(array, np.uint8)


@lru_cache(maxsize=1)
def _noise() -> NDArray[np.float32]:
    """One large tile of unit noise; a random window of it is as good as fresh noise and far cheaper."""
    return np.random.default_rng(7).standard_normal((256, 6144)).astype(np.float32)


def _window(shape: tuple[int, ...], rng: Generator) -> NDArray[np.float32]:
    tile = _noise()
    height, width = min(shape[0], tile.shape[0]), min(shape[1], tile.shape[1])
    top = int(rng.integers(0, tile.shape[0] - height + 1))
    left = int(rng.integers(0, tile.shape[1] - width + 1))
    view = tile[top : top + height, left : left + width]
    return view if view.shape == shape else np.resize(view, shape)


def thick_ink(image: Image, rng: Generator) -> Image:
    """Ink that bled: bold, or a copy of a copy."""
    kernel = np.ones((1, 2) if rng.random() < 0.5 else (2, 2), np.uint8)
    return _image(cv2.erode(image, kernel))


def thin_ink(image: Image, rng: Generator) -> Image:
    """A worn ribbon: strokes lose their edges."""
    kernel = np.ones((2, 1) if rng.random() < 0.5 else (1, 2), np.uint8)
    share = rng.uniform(0.3, 0.9)
    return _image(cv2.addWeighted(cv2.dilate(image, kernel), share, image, 1 - share, 0))


def broken_strokes(image: Image, rng: Generator) -> Image:
    """Specks of paper where the ink did not hold."""
    coarse = _window((max(2, image.shape[0] // 2), max(2, image.shape[1] // 2)), rng)
    holes = cv2.resize(coarse, (image.shape[1], image.shape[0]), interpolation=cv2.INTER_LINEAR)
    mask = holes > rng.uniform(1.0, 1.9)
    result = image.copy()
    result[mask] = np.maximum(result[mask], int(rng.integers(170, 245)))
    return result


def dot_matrix(image: Image, rng: Generator) -> Image:
    """A needle printer: ink only on a grid of dots."""
    pitch = max(2, round(image.shape[0] / rng.uniform(13, 20)))
    rows, columns = np.ogrid[: image.shape[0], : image.shape[1]]
    grid = (np.cos(rows * 2 * np.pi / pitch) + np.cos(columns * 2 * np.pi / pitch)) > -0.35
    return np.where(grid, image, np.maximum(image, 225)).astype(np.uint8)


def faded(image: Image, rng: Generator) -> Image:
    """Contrast that falls from one end of the line to the other."""
    ends = rng.uniform(0.35, 1.0, size=2)
    slope = np.linspace(ends[0], ends[1], image.shape[1], dtype=np.float32)
    return _bytes(255 - (255 - image.astype(np.float32)) * slope[None, :])


def grey_paper(image: Image, rng: Generator) -> Image:
    """Paper that is not white, ink that is not black."""
    paper, ink = rng.uniform(165, 255), rng.uniform(0, 95)
    return _bytes(ink + image.astype(np.float32) * ((paper - ink) / 255))


def uneven_paper(image: Image, rng: Generator) -> Image:
    """Stains and lamp light: a slow change of the background."""
    knots = rng.uniform(-38, 8, size=(2, int(rng.integers(2, 7)))).astype(np.float32)
    field = cv2.resize(knots, (image.shape[1], image.shape[0]), interpolation=cv2.INTER_CUBIC)
    return _bytes(image + field)


def fold(image: Image, rng: Generator) -> Image:
    """The shadow of a fold, along or across the line."""
    height, width = image.shape
    strength, spread = rng.uniform(25, 110), rng.uniform(1.0, 9.0)
    if rng.random() < 0.5:
        distance = np.abs(np.arange(width) - rng.uniform(0, width))[None, :]
    else:
        tilt = rng.uniform(-0.03, 0.03) * np.arange(width)[None, :]
        distance = np.abs(np.arange(height)[:, None] - rng.uniform(0, height) + tilt)
    return _bytes(image - strength * np.exp(-((distance / spread) ** 2)))


def bleed_through(image: Image, rng: Generator) -> Image:
    """The mirrored print of the other side, faint."""
    back = np.roll(image[:, ::-1], int(rng.integers(0, image.shape[1])), axis=1)
    back = np.roll(back, int(rng.integers(-image.shape[0] // 2, image.shape[0] // 2 + 1)), axis=0)
    back = _image(cv2.GaussianBlur(back, (0, 0), 1.3))
    share = rng.uniform(0.08, 0.3)
    return np.minimum(image, _bytes(255 - (255 - back.astype(np.float32)) * share))


def stamp(image: Image, rng: Generator) -> Image:
    """Arcs and letters of a round seal, as they remain after the red channel was taken."""
    height, width = image.shape
    layer = np.full(image.shape, 255, np.uint8)
    shade = (int(rng.integers(120, 243)),)
    radius = int(height * rng.uniform(1.2, 3.5))
    centre = int(rng.integers(0, width)), int(rng.integers(-height, 2 * height))
    for ring in (radius, int(radius * 0.93), int(radius * 0.62)):
        cv2.circle(layer, centre, max(2, ring), shade, int(rng.integers(1, 4)), cv2.LINE_AA)
    for angle in np.arange(0, 2 * np.pi, 0.22):
        spot = centre + np.array([np.cos(angle), np.sin(angle)]) * radius * 0.78
        where = int(spot[0]), int(spot[1])
        letter = chr(int(rng.integers(65, 91)))
        cv2.putText(
            layer, letter, where, cv2.FONT_HERSHEY_SIMPLEX, height / 90, shade, 1, cv2.LINE_AA
        )
    if rng.random() < 0.5:
        worn = _window(image.shape, rng) > rng.uniform(-0.5, 1.0)
        layer[worn] = 255
    return np.minimum(image, layer)


def rule(image: Image, rng: Generator) -> Image:
    """A ruled, dashed or dotted line under the text, or a table border at the edge."""
    height, width = image.shape
    result = image.copy()
    y = int(height * rng.uniform(0.72, 0.98))
    thickness = max(1, round(height / rng.uniform(22, 45)))
    ink = int(rng.integers(0, 140))
    period = int(rng.choice((1, 1, 3, 4, 6, 8, 12)))
    band = result[y : y + thickness]
    columns = np.arange(width) % period < max(1, period // 2)
    band[:, columns] = np.minimum(band[:, columns], ink)
    if rng.random() < 0.15:
        x = int(rng.integers(0, max(1, height // 5)))
        result[:, x : x + thickness] = ink
    return result


def blurred(image: Image, rng: Generator) -> Image:
    """Out of focus, in proportion to the height of the letters."""
    sigma = rng.uniform(0.3, max(0.5, image.shape[0] / 34))
    return _image(cv2.GaussianBlur(image, (0, 0), sigma))


def smeared(image: Image, rng: Generator) -> Image:
    """Paper or camera moved."""
    length = int(rng.integers(2, max(3, image.shape[0] // 12 + 2)))
    kernel = np.full((1, length), 1 / length, np.float32)
    return _image(cv2.filter2D(image, -1, kernel if rng.random() < 0.7 else kernel.T))


def ghosted(image: Image, rng: Generator) -> Image:
    """A second, paler print beside the first: a copy of a copy, or paper that slipped under the lamp."""
    reach = max(1.0, image.shape[0] / 22)
    move = np.eye(2, 3, dtype=np.float32)
    move[:, 2] = rng.uniform(-reach, reach, size=2)
    size = image.shape[1], image.shape[0]
    twin = cv2.warpAffine(image, move, size, borderMode=cv2.BORDER_REPLICATE)
    share = rng.uniform(0.25, 0.55)
    return _image(cv2.addWeighted(_image(twin), share, image, 1 - share, 0))


def astigmatic(image: Image, rng: Generator) -> Image:
    """Softer in one direction than across it, at any angle: a lens or a hand that was not still."""
    reach = max(2, round(image.shape[0] / 12))
    y, x = np.mgrid[-reach : reach + 1, -reach : reach + 1].astype(np.float32)
    angle = rng.uniform(0, np.pi)
    along, across = x * np.cos(angle) + y * np.sin(angle), y * np.cos(angle) - x * np.sin(angle)
    wide = rng.uniform(0.5, max(0.8, image.shape[0] / 26))
    kernel = np.exp(-0.5 * ((along / wide) ** 2 + (across / rng.uniform(0.25, 0.6)) ** 2))
    return _image(cv2.filter2D(image, -1, kernel / kernel.sum()))


def coarse(image: Image, rng: Generator) -> Image:
    """Scanned at 100-200 dpi and enlarged again."""
    target = rng.uniform(15, 34)
    scale = min(1.0, target / image.shape[0])
    size = max(4, round(image.shape[1] * scale)), max(4, round(image.shape[0] * scale))
    small = cv2.resize(image, size, interpolation=cv2.INTER_AREA)
    back = int(
        rng.choice((cv2.INTER_LINEAR, cv2.INTER_CUBIC, cv2.INTER_NEAREST), p=(0.5, 0.4, 0.1))
    )
    return _image(cv2.resize(small, (image.shape[1], image.shape[0]), interpolation=back))


def grainy(image: Image, rng: Generator) -> Image:
    """Sensor noise."""
    return _bytes(image + _window(image.shape, rng) * rng.uniform(2, 20))


def speckled(image: Image, rng: Generator) -> Image:
    """Dust and fax noise: black specks on paper, white ones in ink."""
    result = image.copy()
    size = int(rng.integers(1, 3))
    shape = (-(-image.shape[0] // size), -(-image.shape[1] // size))
    field = np.kron(_window(shape, rng), np.ones((size, size), np.float32))
    field = field[: image.shape[0], : image.shape[1]]
    result[field > rng.uniform(2.1, 3.2)] = int(rng.integers(0, 120))
    result[field < -rng.uniform(2.1, 3.2)] = 255
    return result


def compressed(image: Image, rng: Generator) -> Image:
    """JPEG."""
    quality = int(rng.integers(18, 85))
    coded = cv2.imencode(".jpg", image, [cv2.IMWRITE_JPEG_QUALITY, quality])[1]
    decoded = cv2.imdecode(coded, cv2.IMREAD_GRAYSCALE)
    return _image(decoded)


def cleaned(image: Image, rng: Generator) -> Image:
    """What our own clean-up leaves: the page divided by its background."""
    kernel = np.ones((9, 9), np.uint8)
    background = cv2.GaussianBlur(cv2.dilate(image, kernel), (0, 0), 9)
    ratio = image.astype(np.float32) / np.maximum(background, 1)
    return _bytes(ratio * rng.uniform(245, 275))


def bitonal(image: Image, rng: Generator) -> Image:
    """One bit per pixel, as old scanners and fax machines deliver."""
    dark, light = np.percentile(image, (4, 90))
    threshold = dark + (light - dark) * rng.uniform(0.42, 0.78)
    result = np.where(image > threshold, 255, 0).astype(np.uint8)
    if rng.random() < 0.35:
        result = _image(cv2.medianBlur(result, 3))
    return result


INK: tuple[tuple[float, Damage], ...] = (
    (0.14, thick_ink),
    (0.12, thin_ink),
    (0.10, broken_strokes),
    (0.02, dot_matrix),
    (0.12, rule),
)
PAPER: tuple[tuple[float, Damage], ...] = (
    (0.15, faded),
    (0.45, grey_paper),
    (0.15, uneven_paper),
    (0.06, fold),
    (0.07, bleed_through),
    (0.10, stamp),
)
OPTICS: tuple[tuple[float, Damage], ...] = (
    (0.40, blurred),
    (0.06, smeared),
    (0.08, ghosted),
    (0.12, astigmatic),
    (0.30, coarse),
)
SENSOR: tuple[tuple[float, Damage], ...] = (
    (0.35, grainy),
    (0.07, speckled),
    (0.30, compressed),
)
CLEANUP: tuple[tuple[float, Damage], ...] = (
    (0.40, cleaned),
    (0.14, bitonal),
    (0.05, speckled),
)
_CLEAN_SHARE = 0.12


def damaged(image: Image, rng: Generator) -> Image:
    """One random life of a printed line, in the order in which pages suffer."""
    if rng.random() < _CLEAN_SHARE:
        return image
    for chances in (INK, PAPER, OPTICS, SENSOR, CLEANUP):
        for chance, damage in chances:
            if rng.random() < chance:
                image = damage(image, rng)
    return image
