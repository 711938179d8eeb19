"""Lines of a page built from plain text, as if a reader had read them without error."""

from collections.abc import Callable, Sequence

import numpy as np
import pytest

from domain.form import FormCode
from ocr.extraction import extract
from ocr.form_library import FormSpec, library
from ocr.text_line import TextLine

LETTER, HEIGHT, PITCH = 12.0, 30.0, 40.0

Row = str | Sequence[tuple[float, str]]
LinesOf = Callable[..., list[TextLine]]


def text_line_at(text: str, *, left: float, row: int, page: int, agreed: bool | None) -> TextLine:
    """A line of ``LETTER`` pixels a letter on row ``row``."""
    right, top = left + LETTER * len(text), PITCH * row
    return TextLine(
        page=page,
        row=row,
        text=text,
        confidence=0.99,
        sure=(0.99,) * len(text),
        agreed=None if agreed is None else (agreed,) * len(text),
        positions=tuple((LETTER * i, LETTER * (i + 1)) for i in range(len(text))),
        crop=None,
        place=np.array([[left, top], [right, top], [right, top + HEIGHT], [left, top + HEIGHT]]),
        to_scan=np.array([[1.0, 0.0, 0.0], [0.0, 1.0, 0.0]]),
        crop_width=LETTER * len(text),
    )


@pytest.fixture
def lines_of() -> LinesOf:
    def build(rows: Sequence[Row], *, page: int = 1, agreed: bool | None = True) -> list[TextLine]:
        lines: list[TextLine] = []
        for number, row in enumerate(rows):
            cells = [(100.0, row)] if isinstance(row, str) else row
            lines += [
                text_line_at(text, left=left, row=number, page=page, agreed=agreed)
                for left, text in cells
                if text
            ]
        return lines

    return build


def spec_of(code: FormCode) -> FormSpec:
    """The shipped form of that code."""
    spec = library().form(code)
    assert spec is not None
    return spec


def values(form: FormCode, lines: list[TextLine]) -> dict[str, str | None]:
    """What is extracted, by field."""
    return {name: field.value for name, field in extract(spec_of(form), lines).fields.items()}


def certain(form: FormCode, lines: list[TextLine]) -> set[str]:
    """The fields that are promised."""
    return {name for name, field in extract(spec_of(form), lines).fields.items() if field.certain}
