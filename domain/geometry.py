"""Boxes on a page: pixels of the page image as scanned (after orientation), origin top-left."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Self

Point = tuple[float, float]


@dataclass(frozen=True, kw_only=True)
class Box:
    """A quadrilateral, corners clockwise from top-left.

    Raises ``ValueError`` for a box of no area or with corners in another order, so that impossible
    boxes never travel.
    """

    corners: tuple[Point, Point, Point, Point]

    def __post_init__(self) -> None:
        if self._signed_area() <= 0:
            msg = f"corners must run clockwise from top-left and enclose an area: {self.corners}"
            raise ValueError(msg)

    def _signed_area(self) -> float:
        pairs = zip(self.corners, self.corners[1:] + self.corners[:1], strict=True)
        return sum(x1 * y2 - x2 * y1 for (x1, y1), (x2, y2) in pairs) / 2

    @classmethod
    def upright(cls, *, left: float, top: float, right: float, bottom: float) -> Self:
        """An axis-parallel box."""
        return cls(corners=((left, top), (right, top), (right, bottom), (left, bottom)))

    @classmethod
    def around(cls, boxes: Sequence["Box"]) -> Self:
        """The smallest upright box that holds all ``boxes``."""
        return cls.upright(
            left=min(box.left for box in boxes),
            top=min(box.top for box in boxes),
            right=max(box.right for box in boxes),
            bottom=max(box.bottom for box in boxes),
        )

    @property
    def left(self) -> float:
        """Smallest x."""
        return min(x for x, _ in self.corners)

    @property
    def right(self) -> float:
        """Largest x."""
        return max(x for x, _ in self.corners)

    @property
    def top(self) -> float:
        """Smallest y."""
        return min(y for _, y in self.corners)

    @property
    def bottom(self) -> float:
        """Largest y."""
        return max(y for _, y in self.corners)

    @property
    def width(self) -> float:
        """Horizontal extent."""
        return self.right - self.left

    @property
    def height(self) -> float:
        """Vertical extent."""
        return self.bottom - self.top
