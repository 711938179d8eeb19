"""The letters our recognisers know, and the one spelling in which they write them.

Everything is NFC.  Signs that print alike are folded into one before training, because a reader
cannot be asked to tell apart what ink does not: three dots, an ellipsis and a dotted leader of any
length are all ``…`` (one class, as dots stand closer than the network's time steps), and a no-break
space is a space.
"""

from __future__ import annotations

import re
import unicodedata

BLANK = 0
"""The CTC class that stands for "no letter here"."""

_PLAIN_VOWELS = "aăâeêioôơuưy"
TONES = ("", "\u0300", "\u0301", "\u0309", "\u0303", "\u0323")
"""Level, grave, acute, hook above, tilde, dot below, as combining marks."""

_LOWER = "".join(
    unicodedata.normalize("NFC", vowel + tone)
    for vowel in _PLAIN_VOWELS
    for tone in TONES
    if vowel + tone not in set("aeiouy")
)
VIETNAMESE = _LOWER + "đ" + _LOWER.upper() + "Đ"
"""The 134 letters that ASCII lacks."""

ASCII = "".join(chr(code) for code in range(0x21, 0x7F) if chr(code) != "`")
SIGNS = "°–—“”‘’«»№§×½•…²³€"
MINORITY = "čĕĭŏŭƀñČĔĬŎŬɃÑ"
"""Letters of Ê-đê, Gia-rai, Ba-na and Chăm spelling that Vietnamese lacks."""
FOREIGN = "äöüßçÄÖÜÇ"

LETTERS: tuple[str, ...] = tuple(dict.fromkeys(ASCII + VIETNAMESE + SIGNS + MINORITY + FOREIGN))
"""Every class but the blank and the space, in the order of the dictionary file."""
CLASSES = len(LETTERS) + 2
"""Blank first, then the letters, then the space, as PaddleOCR numbers them."""

_INDEX = {letter: index for index, letter in enumerate((*LETTERS, " "), start=1)}
_FOLDED = str.maketrans(
    {
        "\u00a0": " ",
        "\u2009": " ",
        "\t": " ",
        "…": "...",
        "\u2010": "-",
        "\u2011": "-",
        "\u2212": "-",
        "´": "'",
        "`": "'",
        "\u2032": "'",
        "\u2033": '"',
        "º": "°",
        "˚": "°",
        "ð": "đ",
        "Ð": "Đ",
        "\u2022": "•",
        "·": "•",
    }
)
_LEADER = re.compile(r"\.(?:\s?\.){2,}")
_SPACES = re.compile(r"\s+")


def normalise(text: str) -> str:
    """``text`` as the recogniser would write it; letters outside the alphabet are dropped."""
    folded = unicodedata.normalize("NFC", text).translate(_FOLDED)
    kept = "".join(letter for letter in folded if letter in _INDEX)
    return _SPACES.sub(" ", _LEADER.sub("…", kept)).strip()


def encode(text: str) -> list[int]:
    """Class numbers of a normalised text."""
    return [_INDEX[letter] for letter in text]


def decode(path: list[int]) -> str:
    """The text of a best path: repeats collapse, blanks vanish."""
    written: list[str] = []
    previous = BLANK
    for index in path:
        if index not in (previous, BLANK):
            written.append(" " if index > len(LETTERS) else LETTERS[index - 1])
        previous = index
    return "".join(written)


def bare(letter: str) -> str:
    """The letter without tone and diacritic: ``ế`` → ``e``, ``Đ`` → ``D``."""
    if letter in "đĐ":
        return "d" if letter == "đ" else "D"
    return unicodedata.normalize("NFD", letter)[0]
