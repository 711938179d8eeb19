"""Figures beside letters: every kind is drawn, nothing leaves the alphabet."""

from __future__ import annotations

import random
import re

import pytest

from ocr.training import alphabet, codes
from ocr.training.corpus import Corpus


@pytest.fixture(scope="module")
def drawn() -> list[str]:
    chance = random.Random(8)  # noqa: S311 - seeded test data
    return [codes.code(chance) for _ in range(6000)]


def test_codes_stay_in_the_alphabet(drawn: list[str]) -> None:
    for code in drawn:
        assert alphabet.normalise(code) == re.sub(" +", " ", code).strip()


@pytest.mark.parametrize(
    "form",
    [
        r"1m\d\d",
        r"C\.\dcm5?",
        r"\d+,\d+kg",
        r"\d+ m²",
        r"\d\dh\d\d'",
        r"\d+°\d\d'\d\d\" ?N, \d+°\d\d'\d\d\" ?E",
        r"\(\+84\) .*",
        r"\d\d[A-Z]-\d{3}\.\d\d",
        r"\d+/\d+[A-Z]",
        r"[0-9a-f]{8}-[0-9a-f]{4}-.*",
        r"Mẫu TP/HT-\d{4}-[A-Z]+\.\d",
        r"n° \d+",
    ],
)
def test_papers_write_it_so(drawn: list[str], form: str) -> None:
    assert any(re.fullmatch(form, code) for code in drawn)


def test_letters_nobody_can_tell_apart_are_not_mixed(drawn: list[str]) -> None:
    mixed = [c for c in drawn if re.fullmatch(r"(?=.*[a-z])(?=.*[A-Z])[A-Za-z0-9]{6,}", c)]
    assert len(mixed) > 50
    assert not any(letter in code for code in mixed for letter in "lIO")


def test_some_lines_have_codes_but_none_of_the_examination() -> None:
    def coded(corpus: Corpus) -> int:
        kind = re.compile(r"\(\+84\)|°\d\d'|\d(cm|kg)\b", re.IGNORECASE)
        return sum(bool(kind.search(corpus.line(30))) for _ in range(6000))

    assert 6 < coded(Corpus(3)) < 100
    assert coded(Corpus(3, held_out=True)) == 0
