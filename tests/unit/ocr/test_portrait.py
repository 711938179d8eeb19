"""Cards: below the portrait stands how long the card is valid, beside it the address goes on."""

from dataclasses import replace

import numpy as np
import pytest

from domain.form import FormCode
from ocr.extraction import extract
from ocr.portrait import parted_at_portrait
from ocr.text_line import TextLine
from tests.unit.ocr.conftest import HEIGHT, PITCH, LinesOf, Row, spec_of, text_line_at

CARD = spec_of(FormCode.IDENTITY_CARD)
EDGE = 360.0
HEAD: tuple[Row, ...] = (
    [(400.0, "CĂN CƯỚC CÔNG DÂN")],
    [(EDGE, "Số / No.: 056171563649")],
)
WHOLE = "Số 173 đường Cách Mạng Tháng Tám, phường Ninh Hà, tỉnh Khánh Hòa"


def joined(
    left: str, right: str, *, row: int, at: float = EDGE + 4, letter: float = 9.0
) -> TextLine:
    """A line that was read across: ``left`` in small print below the portrait, ``right`` from ``at`` on."""
    begin, behind = len(left) * letter, at
    gap = [(begin, behind)] if not left.endswith(" ") else []
    text = left + (" " if gap else "") + right
    small = [(i * letter, (i + 1) * letter) for i in range(len(left))]
    wide = [(behind + 12.0 * i, behind + 12.0 * (i + 1)) for i in range(len(right))]
    end = wide[-1][1]
    line = text_line_at(text, left=0.0, row=row, page=1, agreed=True)
    top = PITCH * row
    return replace(
        line,
        positions=tuple(small + gap + wide),
        crop_width=end,
        place=np.array([[0.0, top], [end, top], [end, top + HEIGHT], [0.0, top + HEIGHT]]),
    )


def read(lines: list[TextLine]) -> dict[str, tuple[str, str | None, bool]]:
    fields = extract(CARD, parted_at_portrait(CARD, lines)).fields
    return {name: (field.text, field.value, field.certain) for name, field in fields.items()}


@pytest.mark.parametrize("label", ["Nơi thường trú / Place of residence:", "Nơi thường trú:"])
@pytest.mark.parametrize(
    "heading",
    [
        "có gà bi đến Dae ơ cạy:",
        "Có giá trị đến / Date of expiry:",
        "Có gi m để: Không thời hạn",
        "11/04/2031",
    ],
)
def test_an_address_goes_on_behind_what_stands_below_the_portrait(
    lines_of: LinesOf, label: str, heading: str
) -> None:
    lines = lines_of([*HEAD, [(EDGE, f"{label} Số 173 đường Cách")]])
    lines.append(joined(heading, "Mạng Tháng Tám, phường Ninh Hà,", row=3))
    lines += [
        replace(line, row=4, place=line.place + np.array([0.0, 4 * PITCH]))
        for line in lines_of([[(EDGE, "tỉnh Khánh Hòa")]])
    ]
    assert read(lines)["residence"][1] == WHOLE


def test_a_date_and_the_word_read_without_a_blank_between_them(lines_of: LinesOf) -> None:
    lines = lines_of([*HEAD, [(EDGE, "Nơi thường trú: Tổ 7, phường Ninh Hà,")]])
    lines.append(text_line_at("11/04/2031tỉnh Khánh Hòa", left=200.0, row=3, page=1, agreed=True))
    found = read(lines)
    assert found["residence"][1] == "Tổ 7, phường Ninh Hà, tỉnh Khánh Hòa"
    assert found["valid_until"][1] == "2031-04-11"


def test_a_row_of_the_address_that_begins_further_left_stays_whole(lines_of: LinesOf) -> None:
    lines = lines_of(
        [
            *HEAD,
            [(EDGE, "Nơi thường trú: Số 173 đường Cách")],
            [(0.0, "Mạng Tháng Tám, thôn Đoài, xã Ninh Hà, tỉnh Khánh Hòa")],
        ]
    )
    assert parted_at_portrait(CARD, lines)[-1].text == lines[-1].text


def test_a_date_below_the_portrait_under_a_misread_heading_is_that_of_expiry(
    lines_of: LinesOf,
) -> None:
    lines = lines_of(
        [
            *HEAD,
            [(EDGE, "Nơi thường trú: Tổ 7, phường Ninh Hà,")],
            [(0.0, "cò gảm đăn"), (EDGE, "tỉnh Khánh Hòa")],
            [(0.0, "11/04/2031")],
        ]
    )
    found = read(lines)
    assert found["residence"][1] == "Tổ 7, phường Ninh Hà, tỉnh Khánh Hòa"
    assert found["valid_until"] == ("11/04/2031", "2031-04-11", False)


def test_the_address_beside_it_is_not_when_a_card_expires(lines_of: LinesOf) -> None:
    lines = lines_of(
        [
            *HEAD,
            [(EDGE, "Nơi thường trú: Tổ 7, phường Ninh Hà,")],
            [(0.0, "Có giá trị đến:"), (EDGE, "thị xã Ninh Hòa,")],
            [(0.0, "n7198/2032"), (EDGE, "tỉnh Khánh Hòa")],
        ]
    )
    found = read(lines)
    assert found["residence"][1] == "Tổ 7, phường Ninh Hà, thị xã Ninh Hòa, tỉnh Khánh Hòa"
    assert found["valid_until"][:2] == ("n7198/2032", None)


def test_the_back_of_a_card_stays_as_it_is(lines_of: LinesOf) -> None:
    lines = lines_of(
        [
            [(EDGE, "Giới tính / Sex: Nam")],
            [(0.0, "Đặc điểm nhận dạng / Personal identification:")],
            [(0.0, "Sẹo chấm C: 3cm trên đuôi lông mày trái, 2cm dưới mép phải")],
            [(300.0, "Ngày, tháng, năm / Date, month, year: 20/02/2021")],
            "Nơi cư trú / Place of residence:",
            "Ấp 2, xã Di Linh, tỉnh Lâm Đồng",
        ]
    )
    assert list(parted_at_portrait(CARD, lines)) == lines
