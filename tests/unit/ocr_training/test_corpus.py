"""The corpus: every letter, every rime, nothing outside the alphabet, held-out parts kept apart."""

from __future__ import annotations

import random
import re
from collections import Counter
from datetime import date

import pytest

from ocr.training import addresses, alphabet, numbers, syllables
from ocr.training.corpus import Corpus, is_held_out


@pytest.fixture(scope="module")
def stream() -> list[str]:
    corpus = Corpus(3)
    return [corpus.line(letters) for letters in (6, 14, 30, 60) for _ in range(2500)]


def test_every_accented_letter_is_shown_often(stream: list[str]) -> None:
    shown = Counter("".join(stream))
    rare = {letter for letter in alphabet.VIETNAMESE if shown[letter] < 20}
    assert not rare


def test_lines_stay_in_the_alphabet_and_normalised(stream: list[str]) -> None:
    for line in stream:
        assert line
        assert alphabet.normalise(line) == line


def test_some_lines_close_as_official_texts_do_but_none_of_the_examination(
    stream: list[str],
) -> None:
    closed = sum(line.endswith("./.") for line in stream)
    assert 0.008 < closed / len(stream) < 0.025
    asked = Corpus(3, held_out=True)
    assert not any(asked.line(30).endswith("./.") for _ in range(2500))


def test_electronic_addresses_are_shown_but_not_in_the_examination(stream: list[str]) -> None:
    def share(lines: list[str]) -> float:
        return sum(bool(re.fullmatch(r".*[a-z0-9]([@_]|://)[a-z0-9.].*", line)) for line in lines)

    assert 0.006 < share(stream) / len(stream) < 0.03
    asked = Corpus(3, held_out=True)
    assert not share([asked.line(30) for _ in range(2500)])


def test_every_kind_of_address_is_latin_without_spaces() -> None:
    chance = random.Random(4)  # noqa: S311
    made = [addresses.electronic(chance, ["đường", "Quỳnh"]) for _ in range(400)]
    bodies = [re.sub(r"^[^:]*:(?!//) ?", "", address) for address in made]
    assert all(re.fullmatch(r"[A-Za-z0-9@._/:?=-]+", body) for body in bodies)
    kinds = {
        "mail": "@",
        "web": "https://",
        "joined": "duong_quynh",
        "label": "Email: ",
        "end": ".pdf",
    }
    assert all(any(part in address for address in made) for part in kinds.values())


def test_some_lines_are_written_without_marks(stream: list[str]) -> None:
    assert addresses.unmarked("Đặng Thị Mỹ, Ấp Ở") == "Dang Thi My, Ap O"
    long = [line for line in stream if len(line) > 30 and line[:1].isalpha()]
    bare = sum(line.isascii() and " " in line for line in long)
    assert 0.005 < bare / len(long) < 0.04


def test_the_same_seed_gives_the_same_lines() -> None:
    first, second = Corpus(11), Corpus(11)
    assert [first.line(20) for _ in range(50)] == [second.line(20) for _ in range(50)]


def test_held_out_syllables_are_a_small_stable_share() -> None:
    table = syllables.table()
    share = sum(map(is_held_out, table)) / len(table)
    assert 0.05 < share < 0.12


@pytest.mark.parametrize(
    "syllable",
    ["nguyễn", "khuỷu", "quỳnh", "thủy", "thuỷ", "hòa", "hoà", "giặc", "ngoằn", "quyển", "đường"],
)
def test_the_table_spells_as_people_do(syllable: str) -> None:
    assert syllable in syllables.table()


@pytest.mark.parametrize("impossible", ["ke\u0300c", "cê", "gê", "ngê", "tàt"])
def test_the_table_refuses_impossible_syllables(impossible: str) -> None:
    assert impossible not in syllables.table()


def test_years_and_dates_in_words() -> None:
    rng = random.Random(0)  # noqa: S311 - seeded test data
    assert numbers.below_hundred(10, rng) == "mười"
    assert numbers.below_hundred(15, rng) == "mười lăm"
    assert numbers.below_hundred(21, rng) == "hai mươi mốt"
    assert numbers.below_thousand(985, rng).startswith("chín trăm tám mươi ")
    born = date(1985, 4, 30)
    words = numbers.date_in_words(born.day, born.month, born.year, rng)
    assert "ba mươi tháng tư năm một" in words


def test_machine_readable_lines_have_only_their_signs() -> None:
    rng = random.Random(5)  # noqa: S311 - seeded test data
    for _ in range(100):
        assert set(numbers.machine_readable(rng)) <= set("ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789<")
