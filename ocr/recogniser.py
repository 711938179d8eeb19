"""A reader of single lines: the interface both of our readers keep."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

from domain.page import Pixels


@dataclass(frozen=True, kw_only=True)
class Reading:
    """What one reader saw on one line crop.

    ``text`` is NFC; ``confidence`` 0 … 1 is the mean over the characters. ``confidences`` and
    ``positions`` have one entry per character of ``text``, or are empty where the reader does not
    tell them; a position is the character's (left, right) in pixels of the crop. ``others`` is what
    each of our recognisers read alone, where both looked.
    """

    text: str
    confidence: float
    confidences: tuple[float, ...] = ()
    positions: tuple[tuple[float, float], ...] = ()
    others: tuple[str, ...] = ()


EMPTY = Reading(text="", confidence=0.0)
"""Nothing legible."""


class Recogniser(Protocol):
    """Reads line crops. An implementation belongs to one thread."""

    @property
    def name(self) -> str:
        """Short stable name for records and benches."""
        ...

    def read(self, crops: Sequence[Pixels]) -> tuple[Reading, ...]:
        """One reading per crop, in order; an illegible crop gives an empty text."""
        ...
