"""Names of persons and Vietnamese syllables."""

import csv
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.name_words import is_name_word
from domain.names import NameParts, normalise_name, split_name
from domain.syllables import is_vietnamese_syllable

NAMES = Path(__file__).parents[3] / ".." / "shared" / "data" / "names"


@pytest.mark.parametrize(
    ("written", "expected"),
    [
        ("NGUYỄN VĂN AN", "Nguyễn Văn An"),
        ("H’HEN NIÊ", "H'Hen Niê"),
        ("H' Hen Niê", "H'Hen Niê"),
        ("KSOR H’  BIA", "Ksor H'Bia"),
        ("K' Brai", "K'Brai"),
        ("Seán O' Brien", "Seán O'Brien"),
        ("GIÀNG A' PÁO", "Giàng A Páo"),
        ("KA' THỊ HIỀN", "Ka' Thị Hiền"),
        ("TRẦN VĂN AN '", "Trần Văn An"),
        ("BÀN VĂN' KIỆT", "Bàn Văn Kiệt"),
        ("Y THÔNG AYŬN", "Y Thông Ayŭn"),
        ("K`BRAI", "K'Brai"),
        ("GIÀNG A PÁO", "Giàng A Páo"),
        ("........ TRẦN THỊ  HOA …..", "Trần Thị Hoa"),
        (": lê văn\tÝ,", "Lê Văn Ý"),
        ("JEAN - PIERRE MARTIN", "Jean-Pierre Martin"),
        ("ĐẶNG THUỶ TIÊN", "Đặng Thuỷ Tiên"),
        ("Y TƠ\u0306 NIÊ", "Y Tơ\u0306 Niê"),
        ("NGUYỄN \u25cc\u0301VĂN AN", "Nguyễn Văn An"),
        ("AN \u0309", "An"),
        ("....... /", ""),
    ],
)
def test_names_are_written_one_way(written: str, expected: str) -> None:
    assert normalise_name(written) == expected


@given(st.text(alphabet="AÁẠăâĐđêh'’-. _HnNiêyY0", max_size=30))
def test_normalising_twice_changes_nothing(text: str) -> None:
    once = normalise_name(text)
    assert normalise_name(once) == once
    assert normalise_name(once.upper()) == once


@pytest.mark.parametrize(
    ("name", "parts"),
    [
        ("Nguyễn Thị Minh Khai", ("Nguyễn", "Thị Minh", "Khai")),
        ("Lê An", ("Lê", "", "An")),
        ("Tôn Thất Minh Thuyết", ("Tôn Thất", "Minh", "Thuyết")),
        ("Y Thông Ayŭn", ("Ayŭn", "Y", "Thông")),
        ("H'Hen Niê", ("Niê", "", "H'Hen")),
        ("K'Brai", ("", "", "K'Brai")),
        ("", ("", "", "")),
    ],
)
def test_names_come_apart(name: str, parts: tuple[str, str, str]) -> None:
    surname, middle, given_name = parts
    assert split_name(name) == NameParts(surname=surname, middle=middle, given=given_name)


@pytest.mark.parametrize(
    "word", "Nguyễn quý gì giữ khuya nghiêng yên Ý Thuở xoong Quỳnh Đắc ưỡn ghế oanh ích".split()
)
def test_syllables(word: str) -> None:
    assert is_vietnamese_syllable(word)


@pytest.mark.parametrize(
    "word", "Nguyẽnh cê ka nge ngha Đăc Tuaán xyz ách1 tươt hap Ayŭn giy".split()
)
def test_no_syllables(word: str) -> None:
    assert not is_vietnamese_syllable(word)


def test_real_names_are_syllables() -> None:
    if not NAMES.is_dir():
        pytest.skip("../shared/data/names is absent")
    weight = {True: 0, False: 0}
    for file in NAMES.glob("freq_*.csv"):
        with file.open(encoding="utf-8") as rows:
            for word, count in list(csv.reader(rows))[1:]:
                weight[all(map(is_vietnamese_syllable, word.split()))] += int(count)
    assert weight[True] / sum(weight.values()) > 0.97


def test_common_names_are_made_of_name_words() -> None:
    assert is_name_word("HOÀ")
    assert is_name_word("Nguyễn")
    assert not is_name_word("Nguyẽn")
    if not NAMES.is_dir():
        pytest.skip("../shared/data/names is absent")
    weight = {True: 0, False: 0}
    for file in NAMES.glob("freq_*.csv"):
        with file.open(encoding="utf-8") as rows:
            for words, count in list(csv.reader(rows))[1:]:
                weight[all(map(is_name_word, words.split()))] += int(count)
    assert weight[True] / sum(weight.values()) > 0.9


@given(st.text(alphabet="aÀảẳđĐ \u0301\u0306ʼ’'ßŉǅİ٣-_…", max_size=12))
def test_a_name_of_letters_alone_is_written_as_one_that_must_be_cleaned(text: str) -> None:
    assert normalise_name(text) == normalise_name(f"{text} ,")
