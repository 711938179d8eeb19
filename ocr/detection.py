"""Where the text stands on a page: PP-OCRv6 detection through paddleocr's onnxruntime engine."""

from dataclasses import dataclass, replace

import cv2
import numpy as np
from numpy.typing import NDArray
from paddleocr import TextDetection

from domain.page import Pixels
from ocr.model_files import DETECTOR, model_dir
from ocr.type_area import TypeArea, find_type_area

SIDE_LIMIT = 1600
"""Longest side the detector sees: without a limit its memory grows with the page (2.5 GB measured)."""
LETTER_HEIGHT = 13.0
"""Pixels the detector needs of a usual letter: pages are shrunk to that before it looks at them."""
_SURE, _FAINT = 0.4, 0.3
"""Mean probability of a piece that is text (as the detector was published), and of one that may be: the dots
of a leader lower the mean."""
ONE_THREAD = {"intra_op_num_threads": 1, "inter_op_num_threads": 1, "enable_cpu_mem_arena": False}
"""One process per core is the rule; a second thread gains nothing (measured)."""


@dataclass(frozen=True, kw_only=True, eq=False)
class Piece:
    """A detected stretch of text: an upright-ish rectangle in pixels of the page.

    ``angle`` in degrees clockwise from the horizontal, −45 … 45; ``width`` runs along the text.
    ``faint``: the network is less sure of it than it is of text. ``cells``: the number of boxes for one
    character each that it is made of, 0 for running text.
    """

    x: float
    y: float
    width: float
    height: float
    angle: float
    faint: bool = False
    cells: int = 0

    @property
    def left(self) -> float:
        """Smallest x of the centre line."""
        return self.x - self.width / 2

    @property
    def right(self) -> float:
        """Largest x of the centre line."""
        return self.x + self.width / 2

    @property
    def top(self) -> float:
        """Upper edge at the centre."""
        return self.y - self.height / 2

    @property
    def bottom(self) -> float:
        """Lower edge at the centre."""
        return self.y + self.height / 2

    def stretch(self, start: float, end: float) -> "Piece":
        """What stands between two distances from its left end along the text; they may lie outside it."""
        offset, turn = (start + end - self.width) / 2, np.deg2rad(self.angle)
        return replace(
            self,
            x=self.x + offset * float(np.cos(turn)),
            y=self.y + offset * float(np.sin(turn)),
            width=end - start,
        )

    def corners(self) -> NDArray[np.float64]:
        """4 × 2, clockwise from top-left."""
        turn = np.deg2rad(self.angle)
        along = np.array([np.cos(turn), np.sin(turn)]) * self.width / 2
        down = np.array([-np.sin(turn), np.cos(turn)]) * self.height / 2
        centre = np.array([self.x, self.y])
        return np.stack(
            [
                centre - along - down,
                centre + along - down,
                centre + along + down,
                centre - along + down,
            ]
        )


def piece_around(points: NDArray[np.float64], *, faint: bool = False) -> Piece:
    """The smallest rectangle around points, its long run taken as the text's direction if flat."""
    (x, y), (width, height), angle = cv2.minAreaRect(points.astype(np.float32))
    while angle > 45:
        angle, width, height = angle - 90, height, width
    while angle < -45:
        angle, width, height = angle + 90, height, width
    return Piece(x=x, y=y, width=max(width, 1.0), height=max(height, 1.0), angle=angle, faint=faint)


class Detector:
    """PP-OCRv6 text detection; construct once per process."""

    def __init__(self) -> None:
        """Load the network. Raises ``models_missing``."""
        self._network = TextDetection(
            model_name=DETECTOR,
            model_dir=str(model_dir(DETECTOR)),
            engine="onnxruntime",
            engine_config=ONE_THREAD,
            device="cpu",
            limit_side_len=SIDE_LIMIT,
            limit_type="max",
            box_thresh=_FAINT,
        )

    def find(self, pixels: Pixels) -> tuple[Piece, ...]:
        """All pieces of text on the page, in no particular order."""
        grey = pixels if pixels.ndim == 2 else cv2.cvtColor(pixels, cv2.COLOR_BGR2GRAY)
        area = find_type_area(np.asarray(grey, np.uint8)) or _whole(pixels)
        part = pixels[area.top : area.bottom, area.left : area.right]
        colour = part if part.ndim == 3 else cv2.cvtColor(part, cv2.COLOR_GRAY2BGR)
        side = min(SIDE_LIMIT, round(max(part.shape[:2]) * LETTER_HEIGHT / area.letter_height))
        (result,) = self._network.predict(
            np.ascontiguousarray(colour), limit_side_len=side, limit_type="max"
        )
        polygons = [np.asarray(points, np.float64) for points in result["dt_polys"]]
        corner = np.array([area.left, area.top], np.float64)
        return tuple(
            piece_around(points + corner, faint=bool(score < _SURE))
            for points, score in zip(polygons, result["dt_scores"], strict=True)
            if len(points) >= 3
        )


def _whole(pixels: Pixels) -> TypeArea:
    """All of a page whose print tells nothing, as sharp as the detector may see it."""
    height, width = pixels.shape[:2]
    return TypeArea(left=0, top=0, right=width, bottom=height, letter_height=LETTER_HEIGHT)
