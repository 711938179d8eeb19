"""Who issued an identity card: named where it is signed, on its back, below the rank of who signs."""

import re
from collections.abc import Sequence

from ocr.spans import Part, Span
from ocr.text_line import TextLine
from ocr.values import fold_letters

_DEPARTMENT = re.compile(r"\bcuc canh sat\b")
_GOES_ON = (
    "quan ly hanh chinh",
    "dkql cu tru",
    "dang ky quan ly",
    "cu tru va",
    "ve trat tu",
    "va dlqg",
)
"""How the rows below begin: ``quản lý hành chính về trật tự xã hội``, ``ĐKQL cư trú và DLQG về dân cư``."""
_POLICE = re.compile(r"cong an (?:tinh|thanh pho|tp\.?) \S.*")
_MINISTRY = re.compile(r"bo cong an")
_ROW = 1.2
"""White between the rows of a name, in line heights, at most."""


def card_issuer(lines: Sequence[TextLine]) -> Span | None:
    """The department, the police of a province or the ministry, whichever a card names first in this order.

    The ministry's name also stands in the seal of its department.
    """
    folded = [fold_letters(line.text).strip() if line.text.isupper() else "" for line in lines]
    for index, text in enumerate(folded):
        department = _DEPARTMENT.search(text)
        if department is not None:
            start = fold_letters(lines[index].text).index(department.group())
            return Span(parts=(_part(lines, index, start), *_rows_below(lines, folded, index)))
    for pattern in (_POLICE, _MINISTRY):
        for index, text in enumerate(folded):
            if pattern.fullmatch(text):
                return Span(parts=(_part(lines, index),))
    return None


def _part(lines: Sequence[TextLine], index: int, start: int = 0) -> Part:
    return Part(line=index, start=start, end=len(lines[index].text))


def _rows_below(lines: Sequence[TextLine], folded: Sequence[str], index: int) -> list[Part]:
    parts: list[Part] = []
    last = lines[index]
    for at in range(index + 1, len(lines)):
        line = lines[at]
        near = line.page == last.page and line.top - last.bottom < _ROW * line.height
        if near and folded[at].startswith(_GOES_ON):
            parts.append(_part(lines, at))
            last = line
    return parts
