"""Vietnamese text: one spelling of what looks the same, and what remains when marks are taken away."""

import re
import unicodedata
from functools import lru_cache

APOSTROPHES = "'’‘ʼʹ′`´"
_APOSTROPHE_TABLE = str.maketrans(dict.fromkeys(APOSTROPHES, "'"))
_OTHER_APOSTROPHE = re.compile("[{}]".format(APOSTROPHES.replace("'", "")))
_INVISIBLE = dict.fromkeys("\u00ad\u200b\u200c\u200d\u2060\ufeff")
_OTHER_D = {"\u00d0": "Đ", "\u0189": "Đ", "\u00f0": "đ", "\u0256": "đ"}
"""Letters of other alphabets (Icelandic, Ewe) that print as Đ: old fonts and keyboards write them for it."""
_ONE_SPELLING = str.maketrans({**_INVISIBLE, **_OTHER_D})
_TONES = "\u0300\u0301\u0303\u0309\u0323"
"""Combining huyền, sắc, ngã, hỏi, nặng."""
_QUALITY_MARKS = "\u0302\u0306\u031b"
"""Combining circumflex, breve and horn: they make another vowel, not another tone."""
_TONE_FIRST = re.compile(f"([{_TONES}])([{_QUALITY_MARKS}])")
_LOOSE_MARK = re.compile(f"[{_TONES}{_QUALITY_MARKS}]")
_TO_MEND = re.compile(f"[{''.join([*_INVISIBLE, *_OTHER_D])}{_TONES}{_QUALITY_MARKS}]")
"""What even composed text may hold that :func:`nfc` does away with."""
_FIRST_MARK = "\u0300"
_VOWELS = "aeiouy"
_WORD = re.compile(r"(?:[^\W\d_][\u0300-\u036f]*)+")
_EDGES = ' \t\r\n.,;:…·_-–—/\\|*"“”()[]{}<>'
_TRIPLE = 3


def nfc(text: str) -> str:
    """``text`` in Unicode NFC without invisible characters (soft hyphen, zero width, BOM), every Đ a Đ.

    Letters typed tone first (a + hỏi + breve) are put in the order that composes (ẳ).
    """
    if text.isascii() or (
        unicodedata.is_normalized("NFC", text) and not _TO_MEND.search(text)
    ):  # as nearly always: looking is much cheaper than writing anew
        return text
    composed = unicodedata.normalize("NFC", text).translate(_ONE_SPELLING)
    if not _LOOSE_MARK.search(composed):
        return composed
    decomposed = unicodedata.normalize("NFD", composed)
    return unicodedata.normalize("NFC", _TONE_FIRST.sub(r"\2\1", decomposed))


def collapse_spaces(text: str) -> str:
    """``text`` with every run of white space (line ends too) made one space, none at the ends."""
    return " ".join(text.split())


def straight_apostrophes(text: str) -> str:
    """``text`` with every sign used as an apostrophe in ethnic names written ``'`` (H’Hen → H'Hen)."""
    return text.translate(_APOSTROPHE_TABLE) if _OTHER_APOSTROPHE.search(text) else text


@lru_cache(maxsize=8192)
def fold(text: str) -> str:
    """``text`` in lower case without any diacritic, đ as d, apostrophes straight, spaces collapsed."""
    lowered = straight_apostrophes(nfc(text)).lower().replace("đ", "d")
    letters = unicodedata.normalize("NFD", lowered)
    bare = "".join([c for c in letters if c < _FIRST_MARK or not unicodedata.combining(c)])
    return collapse_spaces(bare)


def strip_tones(text: str) -> str:
    """``text`` without the five tones; ă â ê ô ơ ư đ and foreign marks (ñ, ŭ, ç) stay."""
    kept: list[str] = []
    base = ""
    for char in unicodedata.normalize("NFD", nfc(text)):
        if not unicodedata.combining(char):
            base = char.lower()
        elif char in _TONES and base in _VOWELS:
            continue
        kept.append(char)
    return unicodedata.normalize("NFC", "".join(kept))


def tone_of(word: str) -> str:
    """The single combining tone mark of a word, ``""`` for the level tone or where there are several."""
    marks = [c for c in unicodedata.normalize("NFD", nfc(word)) if c in _TONES]
    return marks[0] if len(marks) == 1 else ""


def place_tones(text: str) -> str:
    """``text`` with each tone on the vowel of the traditional rule (Hoà → Hòa, Thuỷ → Thủy, qúy → quý).

    For comparison; values keep the placement they were written with.
    """
    return _WORD.sub(lambda match: _place_tone(match.group()), nfc(text))


@lru_cache(maxsize=16384)
def _place_tone(word: str) -> str:
    tone = tone_of(word)
    if not tone:
        return word
    letters = list(strip_tones(word))
    position = _tone_position([_base(letter) for letter in letters], letters)
    if position is None:
        return word
    letters[position] = unicodedata.normalize("NFC", letters[position] + tone)
    return "".join(letters)


def _base(letter: str) -> str:
    return unicodedata.normalize("NFD", letter.lower())[0]


def _has_quality_mark(letter: str) -> bool:
    return any(mark in _QUALITY_MARKS for mark in unicodedata.normalize("NFD", letter))


def _tone_position(bases: list[str], letters: list[str]) -> int | None:
    """Index of the letter that carries the tone, ``None`` where the word is no Vietnamese syllable."""
    vowels = [i for i, base in enumerate(bases) if base in _VOWELS]
    if not vowels or vowels != list(range(vowels[0], vowels[-1] + 1)):
        return None
    onset = "".join(bases[: vowels[0]])
    if len(vowels) > 1 and (onset + bases[vowels[0]]) in {"qu", "gi"}:
        vowels = vowels[1:]
    marked = [i for i in vowels if _has_quality_mark(letters[i])]
    if marked:
        return marked[-1]
    closed = vowels[-1] < len(bases) - 1
    if closed or len(vowels) == 1:
        return vowels[-1]
    return vowels[1] if len(vowels) >= _TRIPLE else vowels[0]


def trim_edges(text: str) -> str:
    """``text`` without leaders, brackets and punctuation left over at its ends."""
    return text.strip(_EDGES)


@lru_cache(maxsize=8192)
def comparison_key(text: str) -> str:
    """Equal for texts that say the same: case, spaces, apostrophes, tone placement and edges ignored."""
    return collapse_spaces(trim_edges(place_tones(straight_apostrophes(text)).lower()))
