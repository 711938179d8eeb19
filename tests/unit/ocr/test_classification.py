"""Titles, number marks and labels name a form; look-alikes do not."""

import re
import zipfile
from pathlib import Path

import pytest

from domain.form import FormCode
from ocr.classification import classify_texts
from ocr.form_library import FormSpec, library

FORMS = Path(__file__).parents[3] / ".." / "shared" / "data" / "forms"
LAW = Path(__file__).parents[3] / ".." / "shared" / "data" / "scans" / "luat_cu_tru_68_2020"
STATE = ["CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM", "Độc lập - Tự do - Hạnh phúc"]


@pytest.mark.parametrize(
    "form",
    [form for form in library().forms if form.code is not FormCode.IDENTITY_CARD],
    ids=lambda form: form.code,
)
def test_each_form_is_known_by_its_title_and_labels(form: FormSpec) -> None:
    labels = [f"{label}:" for section in form.sections for field in section.fields
              for label in field.labels[:1]]  # fmt: skip
    for title in form.titles:
        code, confidence = classify_texts([*STATE, title.upper(), *labels])
        assert code is form.code
        assert confidence > 0.8


def test_a_title_read_with_errors() -> None:
    texts = [*STATE, "TRÍCH LỤC KHA1 SlNH", "Họ, chữ đệm, tên: A", "Nơi sinh: B", "Quê quán: C"]
    assert classify_texts(texts)[0] is FormCode.BIRTH_EXTRACT


def test_birth_and_death_extracts_differ_by_one_word() -> None:
    assert classify_texts([*STATE, "TRÍCH LỤC KHAI TỬ"])[0] is FormCode.DEATH_EXTRACT
    assert classify_texts([*STATE, "TRÍCH LỤC KHAI SINH"])[0] is FormCode.BIRTH_EXTRACT


def test_an_amendment_is_not_the_record_it_changes() -> None:
    texts = [
        *STATE,
        "Số: 5/TLCCHT",
        "TRÍCH LỤC CẢI CHÍNH HỘ TỊCH",
        "Họ, chữ đệm, tên: NGUYỄN VĂN AN",
        "Ngày, tháng, năm sinh: 01/01/1990",
        "Đã đăng ký khai sinh tại: Ủy ban nhân dân xã A",
    ]
    assert classify_texts(texts)[0] is FormCode.AMENDMENT_EXTRACT


def test_a_page_without_a_title_is_less_surely_other_the_more_labels_lead_its_lines() -> None:
    prose = ["Công dân có nơi cư trú ổn định", "thì được đăng ký tại cơ quan có thẩm quyền"]
    labels = ["Họ, chữ đệm, tên: Nguyễn Văn An", "Giới tính: Nam", "Dân tộc: Kinh",
              "Quốc tịch: Việt Nam", "Nơi sinh: Hà Nội"]  # fmt: skip
    numbered = [f"{number}. {label}" for number, label in enumerate(labels, start=1)]
    bracketed = [f"({number}) {label}" for number, label in enumerate(labels, start=1)]
    assert classify_texts(prose) == (FormCode.OTHER, 1)
    form, unsure = classify_texts(labels)
    assert form is FormCode.OTHER
    assert 0.5 < unsure < 0.9
    assert classify_texts(numbered) == classify_texts(bracketed) == (form, unsure)


def test_both_sides_of_an_identity_card() -> None:
    front = ["CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM", "CĂN CƯỚC CÔNG DÂN", "Citizen Identity Card",
             "Số / No.: 024198003456", "Họ và tên / Full name:"]  # fmt: skip
    back = [
        "Đặc điểm nhận dạng",
        "IDVNM1980034564024198003456<<4",
        "9803053F3803051VNM<<<<<<<<<<<4",
    ]
    assert classify_texts(front)[0] is FormCode.IDENTITY_CARD
    assert classify_texts(back)[0] is FormCode.IDENTITY_CARD


@pytest.mark.parametrize("name", sorted(path.name for path in FORMS.glob("*.docx")) or ["absent"])
def test_blank_declarations_are_traps(name: str) -> None:
    if name == "absent":
        pytest.skip("../shared/data/forms is absent")
    with zipfile.ZipFile(FORMS / name) as packed:
        xml = packed.read("word/document.xml").decode()
    lines = [re.sub(r"<[^>]+>", "", part).strip() for part in xml.split("</w:p>")]
    assert classify_texts([line for line in lines if line])[0] is FormCode.OTHER


def test_law_text_is_no_record() -> None:
    if not LAW.is_dir():
        pytest.skip("../shared/data/scans is absent")
    lines = (LAW / "truth.txt").read_text(encoding="utf-8").splitlines()
    pages = [lines[start : start + 40] for start in range(0, len(lines), 40)]
    assert {classify_texts(page)[0] for page in pages} == {FormCode.OTHER}


def test_the_front_of_a_card_whose_title_has_faded() -> None:
    front = [
        *STATE,
        "Số: 027061817428",
        "Họ và tên: LÊ HỮU TÂN",
        "Ngày, tháng, năm sinh: 01/01/1961",
        "Quê quán: Xã An Mỹ, huyện Tuy An, tỉnh Phú Yên",
        "Nơi thường trú: Số 217 đường Võ Thị Sáu, phường",
        "Quế Tân, thị xã Quế Võ, tỉnh Bắc Ninh",
        "Có giá trị đến: Không thời hạn",
    ]
    assert classify_texts(front)[0] is FormCode.IDENTITY_CARD
    assert classify_texts(front[:-1])[0] is FormCode.OTHER
    prose = ["Giấy này được cấp theo đề nghị của người có tên trên."] * 10
    assert classify_texts([*front, *prose])[0] is FormCode.OTHER
