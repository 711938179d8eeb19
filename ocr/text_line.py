"""A line as the room works with it: richer than the record's line, never leaves ``ocr``."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from domain.geometry import Box
from domain.record import Line
from ocr.crops import Crop
from ocr.recogniser import Reading


@dataclass(frozen=True, kw_only=True, eq=False)
class TextLine:
    """One line of a page.

    ``sure`` has one confidence per character of ``text`` (0 … 1) and ``agreed`` one flag per
    character: whether a second reader saw the same word; ``None`` where none was asked.
    ``others``: what each of our recognisers read alone, where both looked.
    ``crop`` is dropped (``None``) once nobody will look again.
    """

    page: int
    row: int
    text: str
    confidence: float
    sure: tuple[float, ...]
    agreed: tuple[bool, ...] | None
    positions: tuple[tuple[float, float], ...]
    crop: Crop | None
    place: NDArray[np.float64]
    """Corners of the line, 4 × 2 clockwise from top-left, pixels of the clean page."""
    to_scan: NDArray[np.float64]
    crop_width: float
    """Width in pixels to which ``positions`` refer; the crop covers ``place`` exactly."""
    others: tuple[str, ...] = ()

    @property
    def left(self) -> float:
        """Smallest x on the clean page."""
        return float(self.place[:, 0].min())

    @property
    def right(self) -> float:
        """Largest x on the clean page."""
        return float(self.place[:, 0].max())

    @property
    def top(self) -> float:
        """Smallest y on the clean page."""
        return float(self.place[:, 1].min())

    @property
    def bottom(self) -> float:
        """Largest y on the clean page."""
        return float(self.place[:, 1].max())

    @property
    def height(self) -> float:
        """Vertical extent on the clean page."""
        return self.bottom - self.top

    @property
    def middle(self) -> float:
        """Y of its middle on the clean page."""
        return (self.top + self.bottom) / 2

    def is_beside(self, other: "TextLine", within: float) -> bool:
        """Whether it stands on the other's row: middles at most ``within`` heights of the other apart."""
        return self.page == other.page and abs(self.middle - other.middle) <= within * other.height

    def x_span(self, start: int, end: int) -> tuple[float, float]:
        """Horizontal reach (share of the line's width, 0 … 1) of characters ``start`` … ``end``."""
        count = max(1, len(self.text))
        return max(0.0, start / count), min(1.0, end / count)

    def x_at(self, index: int) -> float:
        """X on the clean page where the character ``index`` begins."""
        if self.positions and self.crop_width > 0:
            share = self.positions[min(index, len(self.positions) - 1)][0] / self.crop_width
        else:
            share = index / max(1, len(self.text))
        return self.left + share * (self.right - self.left)

    def box_of(self, start: int, end: int) -> Box:
        """Box on the scan of the characters ``start`` … ``end``: by their positions, else in proportion."""
        top_left, top_right, bottom_right, bottom_left = self.place
        if self.positions and self.crop_width > 0:
            left = self.positions[start][0] / self.crop_width
            right = self.positions[max(start, end - 1)][1] / self.crop_width
        else:
            left, right = self.x_span(start, end)
        left, right = max(0.0, min(left, 0.99)), min(1.0, max(right, left + 0.01))
        upper, lower = top_right - top_left, bottom_right - bottom_left
        return to_scan_box(
            np.stack(
                [
                    top_left + upper * left,
                    top_left + upper * right,
                    bottom_left + lower * right,
                    bottom_left + lower * left,
                ]
            ),
            self.to_scan,
        )

    def parted(self, index: int, *, left_of: float = float("inf")) -> list["TextLine"]:
        """The line cut in two before the character ``index``, crops and places cut likewise.

        They are cut at the left of ``left_of`` (x on the clean page) where that lies before the character.
        """
        at = min(self.x_at(index), left_of)
        share = (at - self.left) / max(1.0, self.right - self.left)
        x = max(1, min(round(share * self.crop_width) - 2, round(self.crop_width) - 1))
        return [self._reach(0, index, 0, x), self._reach(index, len(self.text), x, self.crop_width)]

    def _reach(self, start: int, end: int, left: float, right: float) -> "TextLine":
        """Characters ``start`` … ``end`` in the columns ``left`` … ``right`` of the crop."""
        while end > start and self.text[end - 1].isspace():
            end -= 1
        across = (self.place[1] - self.place[0]) / self.crop_width
        shift, rest = across * left, across * (self.crop_width - right)
        sure = self.sure[start:end]
        return replace(
            self,
            text=self.text[start:end],
            sure=sure,
            confidence=sum(sure) / max(1, len(sure)),
            agreed=None if self.agreed is None else self.agreed[start:end],
            positions=tuple((a - left, b - left) for a, b in self.positions[start:end]),
            crop=None if self.crop is None else self.crop.columns(int(left), int(right)),
            place=self.place + np.stack([shift, -rest, -rest, shift]),
            crop_width=right - left,
            others=(),
        )

    def with_inserted(self, at: int, other: "TextLine") -> "TextLine":
        """The line with the text of ``other`` before the character ``at``, all of it at that place."""
        whole = self.keeping(range(len(self.text)))
        edge = whole.positions[at][0] if at < len(self.text) else self.crop_width
        text, sure, flags = f" {other.text}", (1.0, *other.sure), (True, *(other.agreed or ()))
        if at == 0:
            text, sure, flags = f"{other.text} ", (*other.sure, 1.0), (*(other.agreed or ()), True)
        agreed = None
        if self.agreed is not None and other.agreed is not None:
            agreed = (*self.agreed[:at], *flags, *self.agreed[at:])
        place = ((edge, edge),) * len(text)
        return replace(
            whole,
            text=self.text[:at] + text + self.text[at:],
            sure=(*self.sure[:at], *sure, *self.sure[at:]),
            agreed=agreed,
            positions=(*whole.positions[:at], *place, *whole.positions[at:]),
        )

    def keeping(self, places: Sequence[int]) -> "TextLine":
        """The line with the characters at ``places`` only, each with what is known of it."""
        positions = self.positions or tuple(self._share(at) for at in range(len(self.text)))
        return replace(
            self,
            text="".join(self.text[at] for at in places),
            sure=tuple(self.sure[at] for at in places),
            agreed=None if self.agreed is None else tuple(self.agreed[at] for at in places),
            positions=tuple(positions[at] for at in places),
        )

    def _share(self, at: int) -> tuple[float, float]:
        """Where a character stands, in columns of the crop, when the reader told no positions."""
        left, right = self.x_span(at, at + 1)
        return left * self.crop_width, right * self.crop_width

    def line(self) -> Line:
        """The line as the record keeps it."""
        return Line(
            page=self.page,
            text=self.text,
            confidence=self.confidence,
            agreed=self.agreed is not None and all(self.agreed),
            box=to_scan_box(self.place, self.to_scan),
        )


def is_alone(lines: Sequence[TextLine], index: int) -> bool:
    """Whether no other line with text stands on the line's row."""
    place = lines[index].page, lines[index].row
    return not any(
        line.text and at != index and (line.page, line.row) == place
        for at, line in enumerate(lines)
    )


def to_scan_box(points: NDArray[np.float64], to_scan: NDArray[np.float64]) -> Box:
    """The box on the scan of four points on the clean page."""
    mapped = points @ to_scan[:, :2].T + to_scan[:, 2]
    a, b, c, d = ((float(x), float(y)) for x, y in mapped)
    return Box(corners=(a, b, c, d))


def text_line(
    reading: Reading, *, crop: Crop, page: int, row: int, to_scan: NDArray[np.float64]
) -> TextLine:
    """A line from one reader's reading of its crop.

    A reading that has not as many characters as the boxes of the crop is one nobody agrees with.
    """
    width = crop.pixels.shape[1]
    miscounted = crop.characters is not None and crop.characters != len(
        reading.text.replace(" ", "")
    )
    return TextLine(
        page=page,
        row=row,
        text=reading.text,
        confidence=reading.confidence,
        sure=reading.confidences or (reading.confidence,) * len(reading.text),
        agreed=(False,) * len(reading.text) if miscounted else None,
        positions=reading.positions,
        crop=crop,
        place=crop.box(0.0, float(width)),
        to_scan=to_scan,
        crop_width=float(width),
        others=reading.others,
    )


def reread(line: TextLine, reading: Reading) -> TextLine:
    """The line as a better reader of ours sees the same crop; where that sees nothing, as it was."""
    if not reading.text:
        return replace(line, others=reading.others)
    return replace(
        line,
        text=reading.text,
        confidence=reading.confidence,
        sure=reading.confidences or (reading.confidence,) * len(reading.text),
        positions=reading.positions,
        others=reading.others,
    )
