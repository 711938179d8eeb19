"""Where documents begin and end, and what the second reader is asked."""

from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import date
from typing import cast

import numpy as np

from domain.form import FormCode
from domain.page import CleanPage, Pixels, Quality, QualityReason
from domain.record import CheckOutcome
from ocr.crops import Crop
from ocr.documents import in_form_order, read_document, worst
from ocr.engine import ReadingEngine
from ocr.recogniser import Reading
from ocr.text_line import TextLine
from tests.unit.ocr.conftest import Row, spec_of

LinesOf = Callable[..., list[TextLine]]
TODAY = date(2026, 11, 22)
STATE = ["CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM", "Độc lập - Tự do - Hạnh phúc"]
BIRTH = [*STATE, "TRÍCH LỤC KHAI SINH", "Họ, chữ đệm, tên: LÊ AN",
         "Ngày, tháng, năm sinh: 05/03/1998 ghi bằng chữ:",
         "Ngày mùng năm tháng ba năm một nghìn chín trăm chín mươi tám"]  # fmt: skip
DEATH = [*STATE, "TRÍCH LỤC KHAI TỬ", "Họ, chữ đệm, tên: LÊ BÌNH"]


class Engine:
    """Knows the pages by number; the second reader agrees with all it is shown."""

    def __init__(self, lines_of: LinesOf, *pages: list[str]) -> None:
        self.pages = {
            number: lines_of(rows, page=number, agreed=None)
            for number, rows in enumerate(pages, start=1)
        }
        self.looked_for_red: list[int] = []
        self.asked: list[str] = []
        self.shown: list[TextLine] = []

    def read_lines(self, page: CleanPage) -> tuple[TextLine, ...]:
        return tuple(self.pages[page.number])

    def with_red_print(self, page: CleanPage, lines: Sequence[TextLine]) -> tuple[TextLine, ...]:
        self.looked_for_red.append(page.number)
        return tuple(lines)

    def second_opinion(self, lines: Sequence[TextLine]) -> tuple[TextLine, ...]:
        self.asked += [line.text for line in lines]
        self.shown += lines
        return tuple(replace(line, agreed=(True,) * len(line.text)) for line in lines)

    def read_latin(self, crops: Sequence[Pixels]) -> tuple[Reading, ...]:
        return tuple(Reading(text="", confidence=0) for _ in crops)


def quality(blur: float = 0.0, *, usable: bool = True) -> Quality:
    return Quality(dpi=300, skew=0, blur=blur, usable=usable)


def pages(count: int) -> list[CleanPage]:
    return [
        CleanPage(
            number=number,
            pixels=np.full((200, 300), 255, np.uint8),
            to_scan=np.array([[1.0, 0.0, 0.0], [0.0, 1.0, 0.0]]),
            dpi=300,
            quality=quality(),
        )
        for number in range(1, count + 1)
    ]


def read(engine: Engine, count: int) -> list[tuple[FormCode, tuple[int, ...]]]:
    records = read_document("f", "s", iter(pages(count)), cast("ReadingEngine", engine), TODAY)
    return [(record.form, record.pages) for record in records]


def test_no_record_reaches_over_a_page_that_is_missing(lines_of: LinesOf) -> None:
    engine = cast("ReadingEngine", Engine(lines_of, BIRTH, [], [], []))
    (joined,) = read_document("f", "s", iter(pages(4)), engine, TODAY)
    assert joined.pages == (1, 2, 3, 4)
    without_second = iter([page for page in pages(4) if page.number != 2])
    records = read_document("f", "s", without_second, engine, TODAY)
    assert [record.pages for record in records] == [(1,), (3, 4)]


def test_each_form_begins_a_record(lines_of: LinesOf) -> None:
    assert read(Engine(lines_of, BIRTH, DEATH, BIRTH), 3) == [
        (FormCode.BIRTH_EXTRACT, (1,)),
        (FormCode.DEATH_EXTRACT, (2,)),
        (FormCode.BIRTH_EXTRACT, (3,)),
    ]


def test_a_folded_sheet_has_its_cover_beside_what_it_says(lines_of: LinesOf) -> None:
    left = [
        STATE[0],
        STATE[1],
        "ỦY BAN NHÂN DÂN",
        "XÃ TRỰC ĐẠI",
        "GIẤY",
        "KHAI SINH",
        "Số: 85/2019",
    ]
    right = [
        "Họ, chữ đệm, tên: LÝ THỊ THANH BƯỞI",
        "Ngày, tháng, năm sinh: 07/06/2019",
        "Giới tính: Nữ",
        "Nơi sinh: Bệnh viện Đa khoa tỉnh Nam Định",
        "Họ, chữ đệm, tên người mẹ: TỪ THÙY HIẾU",
        "Họ, chữ đệm, tên người cha: LÝ THÀNH KHƯƠNG",
        "Nơi đăng ký khai sinh: UBND xã Trực Đại",
    ]
    engine = Engine(lines_of)
    engine.pages[1] = lines_of(
        [[(100.0, one), (900.0, other)] for one, other in zip(left, right, strict=True)],
        agreed=None,
    )
    (record,) = read_document("f", "s", iter(pages(1)), cast("ReadingEngine", engine), TODAY)
    assert record.form is FormCode.BIRTH_CERTIFICATE
    found = {name: field.value for name, field in record.fields.items()}
    assert found["number"] == "85/2019"
    assert found["issuing_agency"] == "ỦY BAN NHÂN DÂN XÃ TRỰC ĐẠI"
    assert (found["full_name"], found["sex"]) == ("Lý Thị Thanh Bưởi", "female")
    assert found["father_full_name"] == "Lý Thành Khương"


def test_pages_of_running_text_are_one_document(lines_of: LinesOf) -> None:
    text = ["Điều 1. Phạm vi điều chỉnh", "Luật này quy định về việc thực hiện quyền"]
    assert read(Engine(lines_of, [*STATE, *text], text, text), 3) == [(FormCode.OTHER, (1, 2, 3))]


def test_the_certification_of_a_copy_on_its_back_joins_it_and_says_nothing_of_it(
    lines_of: LinesOf,
) -> None:
    stamp = ["CHỨNG THỰC BẢN SAO ĐÚNG VỚI BẢN CHÍNH", "Số chứng thực: 147 Quyển số: 01-SCT/BS",
             "Ngày 03 tháng 4 năm 2023", "CHỦ TỊCH", "Chảo Láo Khé"]  # fmt: skip
    engine = cast("ReadingEngine", Engine(lines_of, BIRTH, stamp, DEATH))
    first, second = read_document("f", "s", iter(pages(3)), engine, TODAY)
    assert (first.pages, second.pages) == ((1, 2), (3,))
    assert [line.text for line in first.lines if line.page == 2] == stamp
    alone, *_ = read_document("f", "s", iter(pages(1)), engine, TODAY)
    assert (first.fields, first.checks) == (alone.fields, alone.checks)


def test_an_empty_back_joins_its_front(lines_of: LinesOf) -> None:
    assert read(Engine(lines_of, BIRTH, [], DEATH), 3) == [
        (FormCode.BIRTH_EXTRACT, (1, 2)),
        (FormCode.DEATH_EXTRACT, (3,)),
    ]


def test_an_empty_first_page_makes_no_record(lines_of: LinesOf) -> None:
    assert read(Engine(lines_of, [], BIRTH), 2) == [(FormCode.BIRTH_EXTRACT, (1, 2))]


def test_red_print_is_looked_for_on_cards_alone(lines_of: LinesOf) -> None:
    engine = Engine(lines_of, BIRTH, ["GIẤY CHỨNG MINH NHÂN DÂN", "SỐ 121345678"])
    read(engine, 2)
    assert engine.looked_for_red == [2]


def test_both_sides_of_a_card_are_one_record(lines_of: LinesOf) -> None:
    front = [*STATE, "CĂN CƯỚC CÔNG DÂN", "Số / No.: 024198003456"]
    back = ["Đặc điểm nhận dạng / Personal identification:", "IDVNM1980034564024198003456<<4"]
    assert read(Engine(lines_of, front, back, BIRTH), 3) == [
        (FormCode.IDENTITY_CARD, (1, 2)),
        (FormCode.BIRTH_EXTRACT, (3,)),
    ]


def test_the_card_of_another_begins_a_record_behind_one_with_both_sides(lines_of: LinesOf) -> None:
    title, marks = "CĂN CƯỚC CÔNG DÂN", "Đặc điểm nhận dạng / Personal identification:"
    zone = "IDVNM1980034564024198003456<<4"
    both = [*STATE, title, "Số / No.: 024198003456", "Họ và tên: LÊ AN", marks, zone]
    other = [*STATE, title, "Số / No.: 030193022587", "Họ và tên: LÊ MAI"]
    back = [marks, "IDVNM1930225871030193022587<<0"]
    assert read(Engine(lines_of, both, other, back), 3) == [
        (FormCode.IDENTITY_CARD, (1,)),
        (FormCode.IDENTITY_CARD, (2, 3)),
    ]


def test_what_the_back_says_beside_a_label_of_the_front_is_not_its_value(
    lines_of: LinesOf,
) -> None:
    label = "Nơi thường trú / Place of residence:"
    rows: list[Row] = [
        [(100, "Họ và tên / Full name:"), (900, "Đặc điểm nhận dạng:")],
        [(100, "VÕ ĐÌNH CHIẾN"), (900, "Nốt ruồi dưới mắt trái")],
        [(100, "Quê quán / Place of origin:")],
        [(100, "Phước Hiệp, Tuy Phước, Bình Định"), (900, "IDVNM0530298445052053029844<<2")],
        [(100, label), (900, "5309177M9912315VNM<<<<<<<<<<<2")],
        [(100, "Thôn Giang Nam, Phước Hiệp, Tuy Phước"), (900, "VO<<DINH<CHIEN<<<<<<<<<<<<<<<<")],
    ]
    lines = in_form_order(spec_of(FormCode.IDENTITY_CARD), lines_of(rows))
    texts = [line.text for line in lines]
    assert texts.index(label) == texts.index("Thôn Giang Nam, Phước Hiệp, Tuy Phước") - 1


def test_no_pages_no_records(lines_of: LinesOf) -> None:
    assert read(Engine(lines_of), 0) == []


def test_the_second_reader_sees_lines_with_values_only(lines_of: LinesOf) -> None:
    engine = Engine(lines_of, BIRTH)
    (record,) = read_document("f", "s", iter(pages(1)), cast("ReadingEngine", engine), TODAY)
    assert "Họ, chữ đệm, tên: LÊ AN" in engine.asked
    assert STATE[0] not in engine.asked
    assert record.fields["birth_date"].value == "1998-03-05"
    assert record.fields["birth_date"].certain
    assert {check.code: check.outcome for check in record.checks}["birth_date_in_words"] == "pass"


def test_inner_pages_of_a_household_book_keep_their_pictures_for_the_second_reader(
    lines_of: LinesOf,
) -> None:
    inner = ["Họ và tên: LÊ AN", "Quan hệ với chủ hộ: Con"]
    engine = Engine(lines_of, [*STATE, "SỔ HỘ KHẨU", "Họ và tên chủ hộ: LÊ BÌNH"], inner)
    picture = Crop(pixels=np.zeros((48, 96, 3), np.uint8), to_page=np.zeros((2, 3)))
    for number, lines in engine.pages.items():
        engine.pages[number] = [replace(line, crop=picture) for line in lines]
    assert read(engine, 2) == [(FormCode.HOUSEHOLD_BOOK, (1, 2))]
    assert {line.text for line in engine.shown if line.page == 2} == set(inner)
    assert all(line.crop is picture for line in engine.shown)


COVER = [*STATE, "SỔ HỘ KHẨU", "Số: 620988816"]
HEAD = [
    "SỔ HỘ KHẨU",
    "Số: 620988816",
    "Họ và tên chủ hộ: MAI NGỌC TUỆ",
    "Nơi thường trú: xã Một, tỉnh Hai",
]
MEMBER = [
    "QUAN HỆ VỚI CHỦ HỘ: Vợ",
    "Họ và tên: Trần Thị Quyên",
    "Ngày, tháng, năm sinh: 10/12/1974",
]


def test_the_first_page_of_a_household_book_bears_the_title_of_its_cover_again(
    lines_of: LinesOf,
) -> None:
    engine = Engine(lines_of, COVER, [], HEAD, MEMBER)
    (record,) = read_document("f", "s", iter(pages(4)), cast("ReadingEngine", engine), TODAY)
    assert record.pages == (1, 2, 3, 4)
    assert record.fields["head_full_name"].value == "Mai Ngọc Tuệ"
    assert record.fields["household_number"].value == "620988816"
    assert record.fields["members[1].full_name"].value == "Trần Thị Quyên"
    longer = [*COVER[:3], "Sổ hộ khẩu số: 620988816"]
    assert read(Engine(lines_of, longer, HEAD), 2) == [(FormCode.HOUSEHOLD_BOOK, (1, 2))]


def test_another_households_book_begins_a_record(lines_of: LinesOf) -> None:
    other = [row.replace("620988816", "620988817") for row in HEAD]
    book = FormCode.HOUSEHOLD_BOOK
    assert read(Engine(lines_of, COVER, other), 2) == [(book, (1,)), (book, (2,))]
    assert read(Engine(lines_of, HEAD, HEAD), 2) == [(book, (1,)), (book, (2,))]
    spaced = [row.replace("620988816", "230 111 222") for row in HEAD]
    assert read(Engine(lines_of, COVER, spaced), 2) == [(book, (1,)), (book, (2,))]
    for named in ("Chủ hộ: NGUYỄN VĂN AN", "Họ và lên chủ hộ: NGUYỄN VĂN AN"):
        first = [*COVER[:3], named, "Nơi thường trú: xã Ba, tỉnh Bốn"]
        assert read(Engine(lines_of, first, HEAD), 2) == [(book, (1,)), (book, (2,))]
    assert read(Engine(lines_of, COVER, HEAD, COVER, HEAD), 4) == [(book, (1, 2)), (book, (3, 4))]


def test_words_that_contradict_figures_take_the_certainty(lines_of: LinesOf) -> None:
    rows = [row.replace("05/03/1998", "06/03/1998") for row in BIRTH]
    engine = Engine(lines_of, rows)
    (record,) = read_document("f", "s", iter(pages(1)), cast("ReadingEngine", engine), TODAY)
    assert not record.fields["birth_date"].certain
    outcomes = {check.code: check.outcome for check in record.checks}
    assert outcomes["birth_date_in_words"] is CheckOutcome.FAIL


def test_two_papers_on_a_page_promise_nothing(lines_of: LinesOf) -> None:
    joined = [f"Số: 12/TLKS {row}" if row == STATE[1] else row for row in BIRTH]
    for second in (BIRTH, joined):
        engine = Engine(lines_of, [*BIRTH, *second])
        (record,) = read_document("f", "s", iter(pages(1)), cast("ReadingEngine", engine), TODAY)
        assert {check.code: check.outcome for check in record.checks}["one_paper_a_page"] == "fail"
        assert record.fields
        assert not any(field.certain for field in record.fields.values())
    (single,) = read_document(
        "f", "s", iter(pages(1)), cast("ReadingEngine", Engine(lines_of, BIRTH)), TODAY
    )
    assert "one_paper_a_page" not in {check.code for check in single.checks}


def test_the_worst_page_speaks_for_the_document() -> None:
    assert worst([quality(0.1), quality(0.0, usable=False), quality(0.9)]) == quality(
        0.0, usable=False
    )
    assert worst([quality(0.1), quality(0.4)]) == quality(0.4)


def test_an_empty_back_does_not_spoil_its_front() -> None:
    blank = replace(quality(0.0, usable=False), reasons=(QualityReason.BLANK,))
    assert worst([quality(0.1), blank]) == quality(0.1)
    assert worst([blank, blank]) == blank


def test_a_paper_that_ends_before_who_signs_was_cut_off(lines_of: LinesOf) -> None:
    closing = ["Đăng ký khai sinh tại: Ủy ban nhân dân xã Phước Nam", "NGƯỜI KÝ TRÍCH LỤC"]
    for end, outcome in ((closing, "pass"), (closing[:1], "fail"), ([], "fail")):
        engine = cast("ReadingEngine", Engine(lines_of, [*BIRTH, *end]))
        (record,) = read_document("f", "s", iter(pages(1)), engine, TODAY)
        (check,) = [one for one in record.checks if one.code == "closing_part"]
        assert check.outcome == outcome
