"""Text rules."""

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain import text as text_rules
from domain.text import comparison_key, fold, nfc, place_tones, strip_tones, trim_edges

VIETNAMESE = st.text(alphabet="aăâeêioôơuưyđàáảãạắẳệộợữựỳÁĐ bcghnqt'’-\u0301\u0323", max_size=30)


@pytest.mark.parametrize(
    ("written", "expected"),
    [
        ("Hoà", "Hòa"),
        ("Hòa", "Hòa"),
        ("Thuỷ", "Thủy"),
        ("khoẻ", "khỏe"),
        ("qúy", "quý"),
        ("quý", "quý"),
        ("gìà", "gìà"),
        ("gìa", "già"),
        ("giếng", "giếng"),
        ("gìn", "gìn"),
        ("ngoài", "ngoài"),
        ("khuỷu", "khuỷu"),
        ("toán", "toán"),
        ("HUỲNH", "HUỲNH"),
        ("Nguyễn", "Nguyễn"),
        ("Ayŭn", "Ayŭn"),
    ],
)
def test_tone_stands_where_the_traditional_rule_puts_it(written: str, expected: str) -> None:
    assert place_tones(written) == expected


def test_decomposed_text_and_invisible_characters_do_not_matter() -> None:
    assert nfc("Nguye\u0302\u0303n\u200b") == "Nguyễn"
    assert nfc("Nguye\u0303\u0302n Đa\u0309\u0306ng") == "Nguyễn Đẳng"


def test_what_prints_as_barred_d_is_one_letter() -> None:
    for alike in "\u00d0\u0189":
        assert nfc(f"{alike}ặng") == "Đặng"
        assert nfc(f"Cao {alike.lower()}ài") == "Cao đài"
        assert fold(f"{alike}ào") == "dao"


def test_fold_takes_every_mark() -> None:
    assert fold("  ĐẶNG  Thị\nHường ") == "dang thi huong"
    assert fold("H’Hen Niê") == "h'hen nie"


def test_strip_tones_keeps_letters() -> None:
    assert strip_tones("Nguyễn Đức Hường, Ayŭn, Peña") == "Nguyên Đưc Hương, Ayŭn, Peña"


def test_keys_tell_tones_apart_but_not_placement() -> None:
    assert comparison_key("HOÀ") == comparison_key("hòa.")
    assert comparison_key("Hoà") != comparison_key("Hoá")
    assert comparison_key("H’Hen") == comparison_key("H'Hen")


def test_leaders_and_brackets_go() -> None:
    assert trim_edges(" ..... (Nguyễn Văn An) : ") == "Nguyễn Văn An"


@given(VIETNAMESE)
def test_place_tones_is_idempotent_and_moves_nothing_but_tones(text: str) -> None:
    placed = place_tones(text)
    assert place_tones(placed) == placed
    assert strip_tones(placed) == strip_tones(text)


@given(st.text(max_size=40))
def test_fold_is_idempotent(text: str) -> None:
    assert fold(fold(text)) == fold(text)


ODD = st.text(
    alphabet="aàảẳđĐ \u00d0\u0189\u200b\ufeff\u0301\u0306\u0309\u031bʼ’'Åﬁ\u212b", max_size=12
)


@given(ODD)
def test_text_that_is_left_alone_needed_no_mending(text: str) -> None:
    if nfc(text) == text and not text.isascii():
        mended = unicodedata.normalize("NFC", text).translate(text_rules._ONE_SPELLING)
        assert mended == text
    assert fold(text) == fold(nfc(text))
    straight = text_rules.straight_apostrophes(text)
    assert straight == text.translate(text_rules._APOSTROPHE_TABLE)
