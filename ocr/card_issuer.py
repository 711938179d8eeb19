"""Who issued an identity card: named where it is signed, on its back, below the rank of who signs."""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from ocr.spans import Part, Span
from ocr.text_line import TextLine
from ocr.values import fold_letters

_DEPARTMENT = re.compile(r"\bcuc canh sat\b")
_GOES_ON = re.compile(r"quan ly hanh chinh|dkql|dang ky quan ly|cu tru|trat tu|xa hoi|dlqg|dan cu")
"""What the rows below hold: ``quản lý hành chính về trật tự xã hội``, ``ĐKQL cư trú và DLQG về dân cư``."""
_POLICE = re.compile(r"\bcong an (?:tinh|thanh pho|tp\.?) \S.*")
_MINISTRY = re.compile(r"^bo cong an$")
_WHOLE = frozenset(
    {
        "cuc canh sat quan ly hanh chinh ve trat tu xa hoi",
        "cuc canh sat dkql cu tru va dlqg ve dan cu",
        "bo cong an",
    }
)
"""Names that are known to be whole; a province's may go on below (``Bà Rịa`` / ``- Vũng Tàu``)."""
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
    for pattern in (_DEPARTMENT, _POLICE, _MINISTRY):
        for index, text in enumerate(folded):
            found = pattern.search(text.rstrip())
            if found is None:
                continue
            first = Part(line=index, start=found.start(), end=len(lines[index].text))
            below = _rows_below(lines, folded, index) if pattern is _DEPARTMENT else []
            span = Span(parts=(first, *below))
            return CardIssuer(span=span, whole=fold_letters(span.text(lines)).strip() in _WHOLE)
    return None


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
