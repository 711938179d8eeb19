"""What no value is promised with, however well it was read: signs that it is two values, or less than one.

Layouts differ from office to office; a value got from the wrong place usually looks like one.
"""

import re

from rapidfuzz.distance import Levenshtein

from domain.text import fold, nfc
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
_LONGEST_COUNTRY = 8
"""Words of the longest name of a country (``Liên hiệp Vương quốc Anh và Bắc Ireland``)."""
_OF_ADDRESSES = frozenset("huyen tinh phuong quan thon".split())
"""Words that no country's name has."""
_LABELS_ENDS = frozenset("trú cuối cùng tạm thường hiện đang".split())
"""Words in small letters with which no place begins: the end of a label (``trú/tạm``, ``cuối cùng``)."""
_LABELS_STARTS = (
    "ban nhân dân", "nhân dân", "nơi ", "đăng ký", "đã đăng ký", "cơ quan đăng ký", "ngày ", "số ",
)  # fmt: skip
"""How no name of a registrar begins; with their marks, for one is ``Sở Tư pháp``."""
_ON_EVERY_PAPER = (
    "căn cước", "công dân", "chứng minh nhân dân", "hộ chiếu", "công an", "cảnh sát",
    "quản lý hành chính", "trật tự xã hội", "cấp ngày",
)  # fmt: skip
"""What papers of identity and who issues them are called."""
_ITEM = re.compile(r"(?<!\S)\w{1,2}\)")
"""A list's sign, ``a)``."""


def looks_like_one(name: str, text: str, value: str) -> bool:
    """Whether ``text``, normalised to ``value``, looks like one whole value of its field, nothing besides."""
    kind = kind_of_field(name)
    if _STRAY_SIGN.search(text) or (kind in WRAPPING and _goes_on(name, text, value)):
        return False
    if name.endswith("identity_paper"):
        return _BEHIND_ISSUE.search(fold_letters(text)) is None and not _is_marked_otherwise(text)
    if name == "registration_place":
        return not nfc(text).lower().startswith(_LABELS_STARTS)
    looks = {
        Kind.ADDRESS: _begins_a_place,
        Kind.NATIONALITY: _is_country,
        Kind.NAME: _is_one_name,
    }
    return kind not in looks or looks[kind](text)


def _goes_on(name: str, text: str, value: str) -> bool:
    """Whether a value over rows has a label, a leader's dot, a sentence's end, half a bracket."""
    if _OWN_LABEL.search(text) or _GLUED.search(text) or _is_half_bracketed(text, value):
        return True
    told = kind_of_field(name) is Kind.TEXT and name != "marital_status"
    return told and _SENTENCE.search(text) is not None


def _is_marked_otherwise(text: str) -> bool:
    """Whether words that stand on every such paper were read with other marks: both readers missed one."""
    marked, folded = nfc(text).lower(), fold(text)
    return any(marked.count(words) < folded.count(fold(words)) for words in _ON_EVERY_PAPER)


def _is_half_bracketed(text: str, value: str) -> bool:
    return any(
        bare.count("(") != bare.count(")") for bare in (_ITEM.sub("", text), _ITEM.sub("", value))
    )


def _begins_a_place(text: str) -> bool:
    first = re.match(r"\w+", nfc(text))
    return not text[0].islower() or first is None or first.group() not in _LABELS_ENDS


def _is_country(text: str) -> bool:
    words = fold(text).split()
    if Levenshtein.distance("".join(words), "vietnam") == 1:
        return False  # read with a letter wrong, by whomever
    return (
        len(words) <= _LONGEST_COUNTRY
        and not re.search(r"[,;\d]|\s[–-]\s", text)
        and not _OF_ADDRESSES & set(words)
    )


def _is_one_name(text: str) -> bool:
    """No figures, and all of it in capitals or none: else words of two fields were run together."""
    if any(letter.isdigit() for letter in text):
        return False
    words = [word for word in re.findall(r"[^\W\d_]+", text) if len(word) > 1]
    capital = [word for word in words if word.isupper()]
    return not capital or len(capital) == len(words)
