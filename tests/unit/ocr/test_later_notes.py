"""What registrars note on a paper after it was made: told, never passed over."""

from collections.abc import Callable
from datetime import date
from typing import cast

import pytest

from domain.form import FormCode
from domain.record import CheckOutcome, Record
from ocr.documents import read_document
from ocr.engine import ReadingEngine
from ocr.later_notes import LATER_NOTE, later_note
from ocr.text_line import TextLine
from tests.unit.ocr.test_documents import BIRTH, STATE, Engine, pages

LinesOf = Callable[..., list[TextLine]]
BOTH = [*BIRTH, "Họ, chữ đệm, tên người mẹ: TRẦN THỊ BA", "Họ, chữ đệm, tên người cha: LÊ VĂN TÁM"]
CERTIFICATE = [row.replace("TRÍCH LỤC KHAI SINH", "GIẤY KHAI SINH") for row in BIRTH]
TABLE = [
    "PHẦN GHI CHÚ NHỮNG THÔNG TIN THAY ĐỔI SAU NÀY",
    "Ngày, tháng,",
    "Nội dung ghi chú",
    "Họ tên, chữ ký và đóng",
    "năm",
    "dấu",
]
CORRECTED = "Ngày 05/03/2024: Cải chính ngày, tháng, năm sinh thành 06/06/1990"


def read(lines_of: LinesOf, *rows: list[str]) -> tuple[Record, ...]:
    engine = cast("ReadingEngine", Engine(lines_of, *rows))
    return read_document("f", "s", iter(pages(len(rows))), engine, date(2026, 11, 22))


def failed(record: Record) -> bool:
    return (LATER_NOTE, CheckOutcome.FAIL) in {(one.code, one.outcome) for one in record.checks}


def test_a_correction_on_the_back_takes_the_promise_of_what_it_names(lines_of: LinesOf) -> None:
    (plain,) = read(lines_of, CERTIFICATE, TABLE)
    assert plain.fields["birth_date"].certain
    assert not failed(plain)
    (noted,) = read(lines_of, CERTIFICATE, [*TABLE, CORRECTED])
    assert noted.pages == (1, 2)
    assert failed(noted)
    assert not noted.fields["birth_date"].certain
    assert noted.fields["birth_date"].value == "1998-03-05"
    assert noted.fields["full_name"].certain


@pytest.mark.parametrize(
    "heading",
    [
        "PHẦN GHI CHÚ NHỮNG THÔNG TIN THAY ĐỔI SAU NÀY",
        "Ghi chú những thông tin thay đổi sau này:",
        "GHI CHÚ NHỮNG THÔNG TIN THAY DỐI SAU NẢY",
    ],
)
def test_notes_behind_an_empty_page_belong_to_their_paper(lines_of: LinesOf, heading: str) -> None:
    (record,) = read(lines_of, CERTIFICATE, [], [heading, CORRECTED])
    assert record.pages == (1, 2, 3)
    assert failed(record)


def test_writing_that_says_nothing_legible_puts_every_entry_in_doubt(lines_of: LinesOf) -> None:
    (record,) = read(lines_of, CERTIFICATE, [*TABLE, "Xvn ghlô qur"])
    assert failed(record)
    assert not record.fields["birth_date"].certain
    assert not record.fields["full_name"].certain


@pytest.mark.parametrize(
    "note",
    [
        "Ghi chú: Đã cải chính ngày sinh thành 06/06/1990, QĐ số 12/QĐ-UBND ngày 05/03/2024",
        "Đã được cải chính năm sinh theo Quyết định số 12/QĐ-UBND",
        "Ghi chú: Bổ sung quê quán ngày 12/6/2011 theo QĐ số 15",
        "Ghi chú : Đã ly hôn theo Quyết định số 16/2020/QĐST-HNGĐ ngày 15/12/2020 của",
        "Ghi chú: Con nuôi theo Quyết định số 04/2017/QĐ-UBND",
    ],
)
def test_notes_below_the_entries(lines_of: LinesOf, note: str) -> None:
    check = later_note(FormCode.BIRTH_CERTIFICATE, lines_of([*CERTIFICATE, note]))
    assert check is not None
    assert note in str(check.facts["noted"])


@pytest.mark.parametrize(
    "note",
    [
        "Ghi chú:",
        "Ghi chú: Không",
        "Ghi chú: Đăng ký lại ngày 18/09/2012",
        "Ghi chú : Đăng ký quá hạn",
        "Ghi chú: Sao từ sổ lưu tại Sở Tư pháp",
        "Mục đích sử dụng: Bổ sung hồ sơ vay vốn ngân hàng",
        "Ghi chú: Đã xóa đăng ký thường trú",
        "LÝ HỒNG THƠM",
    ],
)
def test_what_is_no_change(lines_of: LinesOf, note: str) -> None:
    assert later_note(FormCode.BIRTH_EXTRACT, lines_of([*BIRTH, note])) is None


def test_a_note_that_spreads_over_rows(lines_of: LinesOf) -> None:
    rows = [*BIRTH, "Ghi chú:", "Theo Quyết định số 28/6/2017 của UBND huyện", "cải chính năm sinh"]
    assert later_note(FormCode.BIRTH_EXTRACT, lines_of(rows)) is not None


def test_a_divorce_ends_the_marriage_and_makes_no_entry_wrong(lines_of: LinesOf) -> None:
    rows = ["GIẤY CHỨNG NHẬN KẾT HÔN", "Ghi chú: Đã ly hôn theo Bản án số 64/2019/HNGĐ-ST"]
    check = later_note(FormCode.MARRIAGE_CERTIFICATE, lines_of(rows))
    assert check is not None
    assert check.facts["fields"] == []


def test_papers_about_a_change_are_no_notes_of_one(lines_of: LinesOf) -> None:
    rows = ["TRÍCH LỤC CẢI CHÍNH HỘ TỊCH", "Đã đăng ký cải chính hộ tịch tại: UBND huyện Mang Thít"]
    assert later_note(FormCode.AMENDMENT_EXTRACT, lines_of(rows)) is None


def test_copies_handed_out_change_nothing(lines_of: LinesOf) -> None:
    copy = ["14/9/2024", "Đã ấp trch lục bản sao số 12, cho", "người yêu cầu là cha đẻ"]
    (plain,) = read(lines_of, CERTIFICATE, [*TABLE, *copy])
    assert not failed(plain)
    for more in (
        CORRECTED,
        "Xvn ghlô qur vnb xiut mnop qrst uvwx yzab cdef ghij klmn opqr stuv wxyz",
    ):
        (noted,) = read(lines_of, CERTIFICATE, [*TABLE, *copy, more])
        assert failed(noted)


ATTESTED = ["BẢN SAO", "CHỨNG THỰC BẢN SAO ĐÚNG VỚI BẢN CHÍNH", "Số chứng thực: 123 Quyển số: 01",
            "Ngày 12 tháng 3 năm 2024", "CHỦ TỊCH"]  # fmt: skip
CITED = ["05/03/2024", "Cải chính năm sinh thành 1990 theo"]
CITED += ["TRÍCH LỤC CẢI CHÍNH HỘ TỊCH", "số 12/TLCC-HT"]
TWO_ROWS = ["PHẦN GHI CHÚ NHỮNG THÔNG TIN", "THAY ĐỔI SAU NÀY"]


@pytest.mark.parametrize(
    "page",
    [
        [*TWO_ROWS, *TABLE[1:], CORRECTED],
        [*ATTESTED, *TABLE, CORRECTED],
        [*TABLE, *CITED],
        ["Ngày 05/03/2024: Cải chính ngày, tháng, năm sinh thành 06/06/1990", "CHỦ TỊCH"],
        ["Đã được cải chính năm sinh theo QĐ số 12", "TM. UBND xã"],
    ],
    ids=["two rows", "attested above", "cites an extract", "no heading", "said to be made"],
)
def test_pages_of_notes_are_not_passed_over(lines_of: LinesOf, page: list[str]) -> None:
    (record,) = read(lines_of, CERTIFICATE, page)
    assert record.pages == (1, 2)
    assert failed(record)
    assert not record.fields["birth_date"].certain


@pytest.mark.parametrize(
    "page", [["Nội quy phòng tiếp dân"], [*STATE, "QUYẾT ĐỊNH", "Đã cải chính năm sinh"]]
)
def test_what_is_no_back_stays_apart(lines_of: LinesOf, page: list[str]) -> None:
    record, other = read(lines_of, CERTIFICATE, page)
    assert (record.pages, other.form) == ((1,), FormCode.OTHER)
    assert not failed(record)


def test_a_page_of_notes_without_its_paper_leaves_no_neighbour_promised(lines_of: LinesOf) -> None:
    _, behind = read(lines_of, [*TABLE, CORRECTED], CERTIFICATE)
    before, _ = read(lines_of, CERTIFICATE, [*TABLE, "Thay thế cho", *CERTIFICATE[2:], CORRECTED])
    for record in (before, behind):
        assert failed(record)
        assert not any(value.certain for value in record.fields.values())


def test_a_stack_in_reversed_order_promises_nothing(lines_of: LinesOf) -> None:
    divorced = [*TABLE, "10/10/2020", "Đã ly hôn theo bản án số 5"]
    _, first, second = read(lines_of, [*TABLE, CORRECTED], CERTIFICATE, divorced, CERTIFICATE)
    for record in (first, second):
        assert failed(record)
        assert not any(value.certain for value in record.fields.values())
    before, _, behind = read(lines_of, CERTIFICATE, [*STATE, "SỔ HỘ KHẨU"], CERTIFICATE)
    assert not failed(before)
    assert not failed(behind)


def test_notes_behind_a_paper_that_bears_none(lines_of: LinesOf) -> None:
    before, _, behind = read(
        lines_of, CERTIFICATE, [*STATE, "SỔ HỘ KHẨU"], [*TABLE, CORRECTED], CERTIFICATE
    )
    assert failed(before)
    assert failed(behind)
    empty, _, beside = read(lines_of, CERTIFICATE, [*STATE, "SỔ HỘ KHẨU"], TABLE, CERTIFICATE)
    assert not failed(empty)
    assert not failed(beside)


@pytest.mark.parametrize(
    ("note", "fields"),
    [
        ("Ghi chú: Điều chỉnh năm sinh thành 1990 theo QĐ số 12", ["birth_date"]),
        ("Ghi chú: Đổi tên thành LÊ ANH", ["full_name"]),
        ("Ghi chú: Sửa năm sinh 1990 theo QĐ 12", ["birth_date"]),
        ("Ghi chú: Đã hủy theo QĐ số 12", []),
        ("Ghi chú: Giấy này đã bị hủy", []),
        ("Ghi chú: Hủy giấy khai sinh số 12", []),
        ("Ghi chú: Đã chết ngày 3/4/2020", []),
        ("Ghi chú: Thôi quốc tịch Việt Nam", ["nationality"]),
        ("(Cải chính năm sinh theo QĐ 12/QĐ-UBND)", ["birth_date"]),
        ("Ghi chú: Đính chính năm sinh", ["birth_date"]),
    ],
)
def test_the_words_of_a_change(lines_of: LinesOf, note: str, fields: list[str]) -> None:
    check = later_note(FormCode.BIRTH_CERTIFICATE, lines_of([*CERTIFICATE, note]))
    assert check is not None
    assert check.facts["fields"] == fields


def test_rows_of_a_note_with_a_colon(lines_of: LinesOf) -> None:
    rows = [*BIRTH, "Ghi chú: Theo QĐ số 28 của", "UBND huyện về cải chính: năm sinh 1990"]
    assert later_note(FormCode.BIRTH_EXTRACT, lines_of(rows)) is not None


def test_a_death_is_no_change_of_its_own_paper(lines_of: LinesOf) -> None:
    rows = [*STATE, "TRÍCH LỤC KHAI TỬ", "Ghi chú: Đã chết ngày 3/4/2020"]
    assert later_note(FormCode.DEATH_EXTRACT, lines_of(rows)) is None


@pytest.mark.parametrize(
    "rows",
    [
        ["Đã cấp bản sao số 12", "Điều chỉnh năm sinh thành 1990"],
        ["Đã cấp bản sao số 12", "Đổi tên thành LÊ ANH"],
        ["Đã cấp bản sao số 12. Sửa họ mẹ thành TRẦN THỊ TÁM"],
        ["Ngày 5/3", "Bản sao", "Năm sinh: 1990"],
        ["Tên: Vy"],
        ["Họ: Võ"],
    ],
)
def test_a_copy_hides_no_change_and_short_names_are_notes(
    lines_of: LinesOf, rows: list[str]
) -> None:
    (record,) = read(lines_of, CERTIFICATE, [*TABLE, *rows])
    assert failed(record)


@pytest.mark.parametrize(
    "rows",
    [
        ["14/9/2024", "Đã cấp bản sao số 12", "cho người yêu cầu là cha đẻ", "Ngày 14/9/2024"],
        [*ATTESTED, "Nguyễn Văn An"],
    ],
)
def test_what_a_copys_note_runs_over(lines_of: LinesOf, rows: list[str]) -> None:
    (record,) = read(lines_of, CERTIFICATE, [*TABLE, *rows])
    assert not failed(record)


@pytest.mark.parametrize(
    ("note", "doubted"),
    [
        ("Cải chính theo Quyết định số 12 đã có hiệu lực pháp luật", {"full_name", "birth_date"}),
        ("Cải chính theo QĐ số 12, giấy cũ không còn giá trị", {"full_name", "birth_date"}),
        ("Cải chính cha thành Nguyễn Văn B, quốc tịch Việt Nam", set()),
        ("Con nuôi của ông Nguyễn Văn B, nơi cư trú: Hà Nội", {"full_name"}),
        ("Bổ sung phần khai về mẹ: Lê Thị B, dân tộc Kinh", set()),
        ("Nhận con theo QĐ số 5, quốc tịch Việt Nam", set()),
        ("Công nhận ông B là cha đẻ theo bản án số 12", {"full_name"}),
        ("Cải chính sinh ngày 06/06/1990, nơi cư trú của mẹ: Hà Nội", {"birth_date"}),
    ],
)
def test_what_a_note_names_in_other_words(lines_of: LinesOf, note: str, doubted: set[str]) -> None:
    (record,) = read(lines_of, BOTH, [*TABLE, note])
    certain = {name for name, value in record.fields.items() if value.certain}
    assert not certain & {"mother_full_name", "father_full_name", *doubted}


@pytest.mark.parametrize(
    "rows",
    [
        ["Ghi chú:", "CHỦ TỊCH", "Nguyễn Đình Chính"],
        ["Ghi chú:", "Nguyễn Đình Chính"],
        ["Ghi chú:", "NGƯỜI KÝ TRÍCH LỤC", "NGUYỄN ĐÌNH CHINH"],
        ["Ghi chú: Không có thay đổi, cải chính"],
        ["Ghi chú: Chưa có thông tin thay đổi, bổ sung"],
        ["Ghi chú: Đăng ký kết hợp nhận cha, mẹ, con"],
        ["Ghi chú: Mọi thay đổi, cải chính ghi ở mặt sau"],
        ["Ghi chú: Chỉ đăng ký một lần, mọi thay đổi phải ghi ở mặt sau"],
        ["(bao gồm những thông tin thay đổi sau này nếu có)", "NGUYỄN VĂN A"],
    ],
)
def test_no_reason_without_a_note(lines_of: LinesOf, rows: list[str]) -> None:
    assert later_note(FormCode.BIRTH_EXTRACT, lines_of([*BIRTH, *rows])) is None


@pytest.mark.parametrize("note", ["Sau khi cải chính năm sinh là 1990", "Mới cải chính năm sinh"])
def test_a_change_that_sounds_like_print(lines_of: LinesOf, note: str) -> None:
    assert later_note(FormCode.BIRTH_EXTRACT, lines_of([*BIRTH, f"Ghi chú: {note}"])) is not None


@pytest.mark.parametrize(
    "row",
    [
        "(Ký, ghi rõ họ, tên, chức vụ)",
        "Công chức tư pháp - hộ tịch",
        "Họ tên, chữ ký, chức vụ, đóng dấu của người có thẩm quyền",
        "Nội dung thay đổi",
        "Nội dung ghi chú, căn cứ pháp lý",
        "STT",
        "(1) (2) (3)",
        "I I I",
        "Nộidung ghi chú",
        "Mẫu TP/HT-2010-KS.1",
        "In tại Công ty In Tư pháp",
        "Số sêri AB 123456",
        "Scanned with CamScanner",
        "Không",
    ],
)
def test_the_print_of_an_empty_table(lines_of: LinesOf, row: str) -> None:
    (record,) = read(lines_of, CERTIFICATE, [*TABLE, row])
    assert record.pages == (1, 2)
    assert not failed(record)


def folded(*notes: str, heading: tuple[str, ...] = (TABLE[0],)) -> list[list[tuple[float, str]]]:
    """Rows of a sheet with the notes at the left and the front at the right."""
    left = [*heading, "Ngày, tháng, năm", *notes]
    right = CERTIFICATE
    return [
        [(at, rows[row]) for at, rows in ((100.0, left), (1500.0, right)) if row < len(rows)]
        for row in range(max(len(left), len(right)))
    ]


@pytest.mark.parametrize("heading", [(TABLE[0],), tuple(TWO_ROWS)])
def test_a_folded_sheet_has_its_notes_beside_the_front(
    lines_of: LinesOf, heading: tuple[str, ...]
) -> None:
    form = FormCode.BIRTH_CERTIFICATE
    assert later_note(form, lines_of(folded(heading=heading))) is None
    assert later_note(form, lines_of(folded("Xvn ghlô qur", heading=heading))) is not None
