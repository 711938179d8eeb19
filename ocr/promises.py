"""What no value is promised with, however well it was read: signs that it is two values, or less than one.

Layouts differ from office to office; a value got from the wrong place usually looks like one.
"""

import re

from domain.text import fold
from ocr.closing import KINDS_OF_PLACE
from ocr.values import Kind, fold_letters, kind_of_field

WRAPPING = frozenset({Kind.ADDRESS, Kind.TEXT, Kind.NAME})
"""Kinds whose values go on below even when they have begun beside their labels."""
_OWN_LABEL = re.compile(
    r"(?<!số)(?<!nhà)(?<!tổ)(?<!thôn)(?<!ấp)(?<!xóm)(?<!khu)(?<!lý)(?<=[^\W\d])\s?:", re.IGNORECASE
)
"""A label within a value that runs over lines: what stands behind it is another one's."""
_GLUED = re.compile(r"[^\W\d_]{2}(?<![A-ZĐ])[.,](?=[^\W_])")
"""A dot of the leader between two words, as nobody types it; abbreviations end in a capital or are alone."""
_SENTENCE = re.compile(r"[^\W\d_]{2}[a-zà-ỹđ]\.\s+[A-ZÀ-ỸĐ][a-zà-ỹđ]")
"""The next sentence of a text told in prose."""
_BEHIND_ISSUE = re.compile(r"\bcap ngay\W*\d\d?[/.-]\d\d?[/.-]\d{4}\W*[a-z]")
"""Words behind an identity paper's day of issue: those of another label, or of a sentence."""
_STRAY_SIGN = re.compile(r"(?<!\S)[()\[\]{}*<>|~^\"'“”‘’_\\]+(?!\S)")
"""A sign on its own is the edge of a stamp or a fold: readers agree on it, the paper does not have it."""
_LONGEST_COUNTRY = 5
"""Words of the longest name of a country on these papers (``Cộng hòa liên bang Đức``)."""
_BEGIN_PLACES = KINDS_OF_PLACE | frozenset(
    "so nha thon xom ap ban buon bon lang plei to khu khom doi duong pho ngo ngach hem kiet lo can chung "
    "cu cum tieu tai benh tram trung gia co".split()
)
"""Words in small letters with which a place may begin; other ones are the end of a label."""
_REGISTRARS = (
    "uy ban", "ubnd", "so tu phap", "phong tu phap", "bo ", "dai su", "tong lanh su", "lanh su",
    "co quan dai dien", "cong an", "toa an", "cuc ",
)  # fmt: skip
"""How the names of those who register begin."""


def looks_like_one(name: str, text: str) -> bool:
    """Whether ``text`` looks like one whole value of the field ``name`` and nothing besides."""
    kind = kind_of_field(name)
    if _STRAY_SIGN.search(text) or (kind in WRAPPING and _goes_on(text)):
        return False
    if name.endswith("identity_paper"):
        return _BEHIND_ISSUE.search(fold_letters(text)) is None
    if name == "registration_place":
        return fold(text).startswith(_REGISTRARS)
    looks = {
        Kind.ADDRESS: _begins_a_place,
        Kind.NATIONALITY: _is_country,
        Kind.NAME: _is_one_name,
    }
    return kind not in looks or looks[kind](text)


def _goes_on(text: str) -> bool:
    """Whether a value that may run over rows has a label, a dot of a leader or a sentence's end within it."""
    signs = (_OWN_LABEL, _GLUED, _SENTENCE)
    return text.count("(") != text.count(")") or any(sign.search(text) for sign in signs)


def _begins_a_place(text: str) -> bool:
    return not text[0].islower() or fold(text).split()[0] in _BEGIN_PLACES


def _is_country(text: str) -> bool:
    words = fold(text).split()
    return (
        len(words) <= _LONGEST_COUNTRY
        and not re.search(r"[,;–-]", text)
        and not KINDS_OF_PLACE & set(words)
    )


def _is_one_name(text: str) -> bool:
    """No figures, and all of it in capitals or none: else words of two fields were run together."""
    if any(letter.isdigit() for letter in text):
        return False
    words = [word for word in re.findall(r"[^\W\d_]+", text) if len(word) > 1]
    capital = [word for word in words if word.isupper()]
    return not capital or len(capital) == len(words)
