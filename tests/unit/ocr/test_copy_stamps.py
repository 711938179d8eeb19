"""Stamps of copies are seen as they are read; what the register issues, and notes of copies, bear none."""

import json
from pathlib import Path

import pytest

from ocr.copy_stamps import bears_copy_stamp, is_attestation, without_notes_of_copies

OTHER_OFFICES = Path(__file__).parents[2] / "golden" / "ocr" / "other_offices.jsonl"
CERTIFIED_THERE = {"bc_tt04_cert", "gcnkh2020_ruled_three_columns"}
STAMP = "CHỨNG THỰC BẢN SAO ĐÚNG VỚI BẢN CHÍNH"


@pytest.mark.parametrize(
    "stamp",
    [
        (STAMP,),
        ("CHỨNG THỰC BẢN SAO", "ĐÚNG VỚI BẢN CHÍNH"),
        ("CHỨNG THỰC BẢN SAO",),
        ("IỰC BẢN SAO ĐÚNG VỚI BẢN CHÍ",),
        ("CHỨNG THỤC BÀN SA0 ĐŨNG VỚi BẢN CHỈNH",),
        ("CHÚNG THỰC BAN SAC DUNG VƠI BÂN CHlNH",),
        ("Số chứng thực: 147 Quyển số: 01 - SCT/BS",),
        ("Số chứng thực: 147 Quyển số: 01 - 5CT/8S",),
        ("Số chứng thực 22 quyển số 2/2024-SCTĐT/BS",),
        ("Số chứng thực: 147", "Quyển số: 01"),
        ("Công chứng viên Phòng công chứng số 1", "CHỨNG NHẬN bản sao này đúng với bản chính"),
        ("Số công chứng 1234 Quyển số 02 TP/CC-SCC",),
        ("SAO Y BẢN CHÍNH",),
        ("SAO Y BẢN CHÁNH",),
        ("SAO Y BẢN GỐC",),
        ("SAO Y",),
        ("SAO Y; UBND XÃ AN SINH",),
        ("SAO LỤC",),
        ("Chứng nhận bản sao y bản chính",),
        ("Bản sao này giống như bản chính",),
        ("đã cấp bản sao ngày 3/4/2020", STAMP),
        ("đã cấp bản sao", STAMP, "Số chứng thực 12 Quyển số 1-SCT/BS"),
        ("do Cục Cảnh sát đã cấp ngày 12/03/2020", STAMP),
    ],
)
def test_what_says_that_a_paper_is_a_copy(stamp: tuple[str, ...]) -> None:
    assert bears_copy_stamp(["GIẤY KHAI SINH", "Số: 271/2023", *stamp, "CHỦ TỊCH"])


@pytest.mark.parametrize(
    "rows",
    [
        ("TRÍCH LỤC KHAI SINH", "(BẢN SAO)"),
        ("GIẤY KHAI SINH", "(BẢN CHÍNH)"),
        ("GIẤY KHAI SINH", "SAO LỤC"),
        ("BẢN SAO SỔ HỘ KHẨU",),
        ("Sao từ bản chính, ngày",),  # of the old form, signed by the registrar
        ("Sao từ sổ đăng ký khai sinh, ngày",),
        ("Sao y bản chính", "lưu trong sổ hộ tịch"),
        ("Bản sao này đúng với sổ gốc",),
        ("TRÍCH LỤC Y BỔN CHÁNH",),
        ("Bản sao trích lục hộ tịch cấp từ sổ gốc có giá trị như bản chính",),
        ("Xuất trình bản chính để đối chiếu",),
        ("UBND xã chứng nhận bản thân ông Sáo",),
        ("Họ và tên: SAO Y",),
        ("Quyển số: 01/2013",),
        ("Số chứng thực: 12 quyển số 01-SCT/CK,ĐC",),
        ("Chứng thực chữ ký của bà A", "Số chứng thực 12, quyển số 1"),
        ("đã cấp bản sao điện tử có chứng thực số 12/2026 ngày 3/4/2026",),
        ("Đã cấp 02 bản sao đúng với bản chính ngày 3/4/2026",),
        ("Đã cấp cho ông Nguyễn Văn A 02 bản sao đúng với bản chính",),
        ("Đã chứng thực bản sao đúng với bản chính", "Số chứng thực 12 quyển số 01-SCT/BS"),
        ("Đã chứng thực 03 bản sao, số chứng thực 12, quyển số 01-SCT/BS",),
        ("Đã sao y bản chính 03 bản ngày 3/4/2020",),
    ],
)
def test_what_does_not(rows: tuple[str, ...]) -> None:
    assert not bears_copy_stamp(rows)


def test_of_papers_of_other_offices_those_two_that_were_certified_bear_a_stamp() -> None:
    _, *entries = OTHER_OFFICES.read_text(encoding="utf-8").splitlines()
    papers = [json.loads(entry) for entry in entries]
    stamped = {
        paper["layout"]
        for paper in papers
        if bears_copy_stamp([line["text"] for line in paper["lines"]])
    }
    assert stamped == CERTIFIED_THERE


def test_lines_stay_where_they_were_without_the_notes() -> None:
    rows = without_notes_of_copies(["Số: 5", "Ngày 03/4/2026 đã cấp", "bản sao", "CHỦ TỊCH"])
    assert [row.strip() for row in rows] == ["so: 5", "ngay 03/4/2026", "", "chu tich"]


def test_a_page_that_only_certifies_is_no_paper() -> None:
    assert is_attestation([STAMP, "Ngày 3/4/2023", "CHỦ TỊCH"])
    assert not is_attestation(["Độc lập - Tự do - Hạnh phúc", STAMP])
    assert not is_attestation([STAMP, *["Điều khoản"] * 30])
