"""A page of a scan and what its picture is worth."""

from dataclasses import dataclass, field
from enum import StrEnum

import numpy as np
from numpy.typing import NDArray

from domain.errors import HosoError

Pixels = NDArray[np.uint8]
"""Height × width × 3, BGR, or height × width for grey; 0 black … 255 white."""


class QualityReason(StrEnum):
    """Why a page may be unusable or risky to read."""

    LOW_RESOLUTION = "low_resolution"
    BLURRED = "blurred"
    SKEWED = "skewed"
    BLANK = "blank"
    FADED = "faded"


@dataclass(frozen=True, kw_only=True)
class Quality:
    """Quality verdict of one page (or the worst of a document's pages).

    ``dpi`` dots per inch, ``skew`` degrees counter-clockwise, ``blur`` 0 sharp … 1 unreadable.
    """

    dpi: int
    skew: float
    blur: float
    usable: bool
    reasons: tuple[QualityReason, ...] = ()


@dataclass(frozen=True, kw_only=True, eq=False)
class PageImage:
    """One page as scanned; ``number`` counts from 1 within its file."""

    number: int
    pixels: Pixels
    dpi: int
    """Resolution stated by the file, or inferred from an A4 page where it states none."""


@dataclass(frozen=True, kw_only=True, eq=False)
class LostPage:
    """A page that its file holds and nobody can see: torn, too large, of no kind that can be shown.

    ``error`` says why, with the page's number among its facts.
    """

    number: int
    error: HosoError


@dataclass(frozen=True, kw_only=True, eq=False)
class CleanPage:
    """A page made ready for reading: grey, upright, evenly lit, without the red of stamps.

    ``to_scan`` is the 2 × 3 affine matrix that maps a point of ``pixels`` back to the scan; ``scan`` is that,
    where it knows colours.
    """

    number: int
    pixels: Pixels
    to_scan: NDArray[np.float64]
    dpi: int
    quality: Quality
    scan: Pixels | None = field(default=None, repr=False)


@dataclass(frozen=True, kw_only=True)
class PageFacts:
    """What a record remembers of a page: size in pixels after orientation, and the turn applied."""

    number: int
    width: int
    height: int
    dpi: int
    rotation: int
    """Degrees counter-clockwise (0, 90, 180, 270) by which the scan was turned to stand upright."""
    quality: Quality = field(repr=False)
