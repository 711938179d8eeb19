"""Cards: the QR code by shape, out of a picture, and against print and machine-readable zone."""

import io

import cv2
import numpy as np
import pytest
import segno

from domain.geometry import Box
from domain.page import CleanPage, Quality
from domain.record import CheckOutcome, FieldValue
from ocr.card import CardSources, merge
from ocr.mrz import find_zone
from ocr.qr import CardCode, find_card_code, parse_card_code

BOX = Box.upright(left=0, top=0, right=10, bottom=10)
PAYLOAD = (
    "024198003456||Nguyễn Thị Hương|05031998|Nữ|Thôn 2, Nghĩa Trung, Việt Yên, Bắc Giang|20112021"
)
ZONE = find_zone(
    (
        "IDVNM1980034564024198003456<<4",
        "9803053F3803051VNM<<<<<<<<<<<4",
        "NGUYEN<<THI<HUONG<<<<<<<<<<<<<",
    )
)


def code_of(text: str) -> CardCode | None:
    return parse_card_code(text, page=1, box=BOX)


def printed(value: str | None, *, certain: bool = False) -> FieldValue:
    return FieldValue(
        text=value or "?", value=value, confidence=0.8, certain=certain, page=1, box=BOX
    )


def test_fields_are_told_apart_by_shape() -> None:
    full = code_of(PAYLOAD)
    assert full is not None
    assert full.full_name == "Nguyễn Thị Hương"
    assert (full.birth_date, full.sex, full.issue_date) == ("1998-03-05", "female", "2021-11-20")
    without_old_number = code_of(PAYLOAD.replace("||", "|"))
    assert without_old_number == full
    with_old_number = code_of(PAYLOAD.replace("||", "|123456789|") + "||Cha|Mẹ")
    assert with_old_number == full
    assert code_of("https://example.org/|a|b|c|d") is None


def test_a_code_is_found_on_a_page() -> None:
    buffer = io.BytesIO()
    segno.make(PAYLOAD, error="m").save(buffer, kind="png", scale=4)
    picture = cv2.imdecode(np.frombuffer(buffer.getvalue(), np.uint8), cv2.IMREAD_GRAYSCALE)
    page = np.full((600, 900), 255, np.uint8)
    page[100 : 100 + picture.shape[0], 300 : 300 + picture.shape[1]] = picture
    found = find_card_code(
        CleanPage(
            number=1,
            pixels=page,
            to_scan=np.array([[2.0, 0.0, 0.0], [0.0, 2.0, 0.0]]),
            dpi=300,
            quality=Quality(dpi=300, skew=0, blur=0, usable=True),
        )
    )
    assert found is not None
    assert found.personal_id == "024198003456"
    assert 590 < found.box.left < 640  # pixels of the scan, twice those of the page


@pytest.mark.parametrize("shape", [(1, 1), (1, 3000), (30, 1)])
def test_a_strip_without_room_for_a_code_has_none(shape: tuple[int, int]) -> None:
    strip = CleanPage(
        number=1,
        pixels=np.full(shape, 255, np.uint8),
        to_scan=np.array([[1.0, 0.0, 0.0], [0.0, 1.0, 0.0]]),
        dpi=1,
        quality=Quality(dpi=1, skew=0, blur=0, usable=False),
    )
    assert find_card_code(strip) is None


def test_a_misread_print_is_put_right() -> None:
    fields, checks = merge(
        {"full_name": printed("Nguyễn Thị Hưong")}, CardSources(code=code_of(PAYLOAD))
    )
    assert fields["full_name"].value == "Nguyễn Thị Hương"
    assert fields["full_name"].certain
    assert fields["birth_date"].value == "1998-03-05"
    assert [item.outcome for item in checks] == [CheckOutcome.PASS]


def test_a_contradicting_print_stays_and_warns() -> None:
    fields, checks = merge(
        {"full_name": printed("Trần Quốc Bảo", certain=True)}, CardSources(code=code_of(PAYLOAD))
    )
    assert fields["full_name"].value == "Trần Quốc Bảo"
    assert not fields["full_name"].certain
    assert checks[0].outcome is CheckOutcome.WARN
    assert checks[0].facts["different"] == ["full_name"]


def test_figures_that_both_readers_saw_are_not_put_right_by_a_code_that_says_others() -> None:
    sure, unsure = printed("2021-12-20", certain=True), printed("2021-12-20")
    source = CardSources(code=code_of(PAYLOAD))
    fields, (check,) = merge({"issue_date": sure}, source)
    assert (fields["issue_date"].value, fields["issue_date"].certain) == ("2021-12-20", False)
    assert check.outcome is CheckOutcome.WARN
    fields, _ = merge({"issue_date": unsure}, source)
    assert (fields["issue_date"].value, fields["issue_date"].certain) == ("2021-11-20", True)
    fields, _ = merge({"issue_date": printed("2021-08-26")}, source)
    assert not fields["issue_date"].certain


def test_the_zone_confirms_numbers_and_dates_but_never_writes_names() -> None:
    line_box = {"full_name": printed("Nguyễn Thị Hương"), "birth_date": printed(None)}
    code = code_of(PAYLOAD)
    assert ZONE is not None
    assert code is not None
    fields, checks = merge(line_box, CardSources(code=code, zone=None))
    assert fields["birth_date"].certain
    assert {item.code for item in checks} == {"card_qr"}
