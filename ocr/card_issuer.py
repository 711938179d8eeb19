"""Who issued an identity card: named where it is signed, on its back, below the rank of who signs."""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from domain.provinces import PROVINCES
from ocr.spans import Part, Span
from ocr.text_line import TextLine
from ocr.values import fold_letters

_DEPARTMENT = re.compile(r"\bcuc canh sat\b")
_GOES_ON = re.compile(r"quan ly hanh chinh|dkql|dang ky quan ly|cu tru|trat tu|xa hoi|dlqg|dan cu")
"""What the rows below hold: ``quản lý hành chính về trật tự xã hội``, ``ĐKQL cư trú và DLQG về dân cư``."""
_POLICE = re.compile(r"\b(?:cong an|ca)\W+(?:tinh|thanh pho|tp\b)\W*\S.*")
_POLICE_OF = re.compile(r"\b(?:cong an|ca)\W*$")
"""The province's police, whose province stands on the row below: what is printed, and what is filled in."""
_UNIT = re.compile(r"(?:tinh|thanh pho|tp\b)\W*\S")
_MINISTRY = re.compile(r"^bo cong an$")
_WHOLE = frozenset(
    {
        "cuc canh sat quan ly hanh chinh ve trat tu xa hoi",
        "cuc canh sat dkql cu tru va dlqg ve dan cu",
        "bo cong an",
    }
)
"""Names that are known to be whole."""
_OF_A_PROVINCE = re.compile(
    rf"CÔNG AN (?:TỈNH|THÀNH PHỐ|TP\.?) (?:{'|'.join(one.name.upper() for one in PROVINCES)})"
)
"""So are these, unless more of the name may stand below (``Bà Rịa`` / ``- Vũng Tàu``)."""
_BEGINNINGS = ("QUẢNG NAM", "HÀ NAM", "GIA LAI")
"""They begin names of former provinces too: Quảng Nam - Đà Nẵng, Hà Nam Ninh, Gia Lai - Kon Tum."""
_GOES_ON_BELOW = re.compile(r"[-–—]")
_ROW = 1.2
"""White between the rows of a name, in line heights, at most."""
_ROWS = 3


@dataclass(frozen=True, kw_only=True)
class CardIssuer:
    """``span`` is the name; ``whole``: nothing of it is missing."""

    span: Span
    whole: bool


def card_issuer(lines: Sequence[TextLine]) -> CardIssuer | None:
    """The department, the police of a province or the ministry, whichever a card names first in this order.

    The ministry's name also stands in the seal of its department.
    """
    folded = [fold_letters(line.text) if line.text.isupper() else "" for line in lines]
    for pattern in (_DEPARTMENT, _POLICE, _POLICE_OF, _MINISTRY):
        for index, text in enumerate(folded):
            found = pattern.search(text.rstrip())
            if found is None:
                continue
            first = Part(line=index, start=found.start(), end=len(lines[index].text))
            below = _rows_below(lines, folded, index) if pattern is _DEPARTMENT else []
            if pattern is _POLICE_OF:
                below = _unit_below(lines, folded, index)
                if not below:
                    continue
            span = Span(parts=(first, *below))
            return CardIssuer(span=span, whole=_is_whole(span, lines))
    return None


def _is_whole(span: Span, lines: Sequence[TextLine]) -> bool:
    text = span.text(lines).strip()
    if fold_letters(text) in _WHOLE:
        return True
    if _OF_A_PROVINCE.fullmatch(text) is None or text.endswith(_BEGINNINGS):
        return False
    last = lines[span.parts[-1].line]
    return not any(
        _is_below(other, last) and (other.text.isupper() or _GOES_ON_BELOW.match(other.text))
        for other in lines
    )


def _unit_below(lines: Sequence[TextLine], folded: Sequence[str], index: int) -> list[Part]:
    """The province on the next row, under the words that it goes with."""
    for at in range(index + 1, len(lines)):
        if _is_below(lines[at], lines[index]) and _UNIT.match(folded[at]):
            return [Part(line=at, start=0, end=len(lines[at].text))]
    return []


def _is_below(other: TextLine, line: TextLine) -> bool:
    """Whether it stands on the next row, under some of the line."""
    near = other.page == line.page and line.top < other.top < line.bottom + _ROW * line.height
    return near and other.left < line.right and line.left < other.right


def _rows_below(lines: Sequence[TextLine], folded: Sequence[str], index: int) -> list[Part]:
    parts: list[Part] = []
    last = lines[index]
    for at in range(index + 1, len(lines)):
        line = lines[at]
        near = line.page == last.page and line.top - last.bottom < _ROW * line.height
        if near and len(parts) < _ROWS and _GOES_ON.search(folded[at]):
            parts.append(Part(line=at, start=0, end=len(line.text)))
            last = line
    return parts
