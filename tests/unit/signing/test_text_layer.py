"""The invisible text and the QR's content."""

import dataclasses

import pytest

from domain.certificate import Regime
from domain.errors import ErrorCode, HosoError
from domain.form import FormCode
from signing import font
from signing.block import masked, qr_payload
from signing.composition import EcopyContent
from signing.text_layer import drawable

CONTENT = EcopyContent(
    pages=(),
    form=FormCode.BIRTH_EXTRACT,
    agency_name="UBND",
    regime=Regime.OFFICE_COPY,
    number=1,
    year=2026,
    code="C",
    verification_url="https://h.example/v/C",
    document_id="d-1",
)


def test_text_is_composed_and_stripped_of_what_the_font_lacks() -> None:
    letters = font.letters_of(font.serif_font())
    assert drawable("Nguyễn", letters) == "Nguyễn"
    assert drawable("a\u0000b\u4e2d\U0001f600c\n", letters) == "abc"


@pytest.mark.parametrize(
    ("number", "shown"),
    [("027098001234", "027******234"), ("12345", "*****"), (None, None), ("", "")],
)
def test_personal_numbers_are_masked(number: str | None, shown: str | None) -> None:
    assert masked(number) == shown


def test_qr_leads_to_the_public_page_and_names_no_person() -> None:
    known = dataclasses.replace(
        CONTENT, dossier_code="H05-1", procedure_code="1.000", person_identifier="027098001234"
    )
    assert qr_payload(CONTENT, "Trích lục").splitlines() == [
        "https://h.example/v/C",
        "Mã hồ sơ: d-1",
        "Giấy tờ: Trích lục",
    ]
    assert qr_payload(known, "Trích lục").splitlines()[1:] == [
        "Mã hồ sơ: H05-1",
        "Mã TTHC: 1.000",
        "Số định danh: 027******234",
        "Giấy tờ: Trích lục",
    ]


def test_missing_font_is_named_with_its_package(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(font, "FAMILIES", ("No Such Family",))
    font.serif_font.cache_clear()
    with pytest.raises(HosoError) as caught:
        font.serif_font()
    assert caught.value.code is ErrorCode.TOOL_MISSING
    assert caught.value.facts["package"] == "fonts-croscore"
    font.serif_font.cache_clear()
