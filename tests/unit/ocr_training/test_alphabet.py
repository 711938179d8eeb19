"""The alphabet: complete, unique, NFC, and one spelling for what prints alike."""

from __future__ import annotations

import unicodedata

from ocr.training import alphabet


def test_has_the_134_accented_letters_once() -> None:
    assert len(alphabet.VIETNAMESE) == 134
    assert len(set(alphabet.VIETNAMESE)) == 134
    assert set(alphabet.VIETNAMESE) <= set(alphabet.LETTERS)


def test_every_class_is_one_distinct_nfc_letter() -> None:
    assert len(set(alphabet.LETTERS)) == len(alphabet.LETTERS) == alphabet.CLASSES - 2
    for letter in alphabet.LETTERS:
        assert len(letter) == 1
        assert unicodedata.normalize("NFC", letter) == letter


def test_normalise_composes_and_folds() -> None:
    assert alphabet.normalise("Nguye\u0302\u0303n\u00a0 Va\u0306n") == "Nguyễn Văn"
    assert alphabet.normalise("Họ tên: ………………") == "Họ tên: …"
    assert alphabet.normalise("Nơi sinh ........ . . . .") == "Nơi sinh …"
    assert alphabet.normalise("v.v...") == "v.v…"
    assert alphabet.normalise("漢a字") == "a"


def test_a_path_with_blanks_decodes_to_the_encoded_text() -> None:
    text = "Ủy ban, số 0011"
    path: list[int] = []
    for index in alphabet.encode(text):
        path += [index, index, alphabet.BLANK]
    assert alphabet.decode(path) == text


def test_bare_letters_lose_tone_and_diacritic() -> None:
    assert "".join(map(alphabet.bare, "ếĐựÀỹđ")) == "eDuAyd"
