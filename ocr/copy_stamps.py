"""Words by which a paper says that it is a copy of an original: stamps of certification, ``sao y bản chính``.

Copies out of the civil register (``Trích lục … (bản sao)``, ``Sao từ sổ …``, the old form's ``Sao từ bản
chính``) are issues of whoever keeps the register, and no such copies; nor does a note on an original that
a copy of it was handed out make one of it.
"""

import re
from collections.abc import Sequence

from rapidfuzz import fuzz

from domain.text import fold
from ocr.labels import squeeze
from ocr.motto import is_motto

_SAYS_COPY = (
    "chungthucbansaodungvoibanchinh",
    "dungvoibanchinh",
    "dungnhubanchinh",
    "saodungbanchinh",
    "saonaydungbanchinh",
    "dungvoibangoc",
    "giongvoibanchinh",
    "giongnhubanchinh",
    "saoybanchinh",
    "saoynhubanchinh",
    "saonayybanchinh",
    "saoybangoc",
    "saoynguyenban",
    "certifiedtruecopy",
)
"""Phrases of certifiers, notaries (until 2007) and offices; ``bản chánh`` is one letter away."""
_LIKE = 86
"""Likeness, of 100: one letter misread in ten, two in fifteen, four in the whole stamp."""
_BEGINS = ("chungthucbansao", "chungnhanbansao")
"""A stamp whose second half is lost; elsewhere in a line others speak of the procedure."""
_LIKE_BEGINNING = 92
"""One letter: two make ``Chứng nhận bản thân`` of it."""
_BEFORE_IT = 3
"""Letters that a frame or a seal may leave before a stamp."""
_LONE = re.compile(r"^[^\w(]*sao y(?:[^\w)]*|\s?[,;:–-].*)$")
_LONE_OF_COPY = re.compile(r"^[^\w(]*sao luc[^\w)]*$")
"""A copy of a copy (Decree 30/2020); below a title it is the register's own word."""
_TITLE = re.compile(r"\b(?:giay|trich luc|bo|khai (?:sinh|sanh|tu)|chung thu)\b")
_REGISTER_OF_COPIES = r"\b[s5]\s?c\s?t\s?(?:[dp]t)?\W{0,3}[b8]\s?[s5]\b"
_NUMBERED = rf"{_REGISTER_OF_COPIES}|\bso (?:chung thuc|cong chung)\b[^\n]{{0,40}}\s?\bquyen\b"
_IS_OF_COPIES = re.compile(_REGISTER_OF_COPIES)
_IS_NUMBERED = re.compile(_NUMBERED)
_OTHER_CERTIFICATION = re.compile(
    r"\b[s5]ct\W{0,3}(?:ck|hd|gd|dc|nd)|\b(?:chu ky|hop dong|giao dich|ban dich|di chuc|uy quyen)\b"
)
"""Signatures, contracts and translations are numbered alike."""
_OF_REGISTER = re.compile(
    r"\b(?:tu|trong|theo) so\b(?! \d)|\bso (?:goc|bo|luu|ho tich)\b|\bbo khai\b"
)
"""A copy of an entry: the ``bản chính`` is the register."""

_DONE = r"cap|giao|tra|gui|phat hanh|chung thuc|chung nhan|cong chung|sao(?:\sy)?|ky so"
_COPY_OF_ORIGINAL = (
    r"dien\stu|nay|(?:co|duoc|da)\schung\sthuc|"
    r"(?:(?:dung|giong|y)(?:\s(?:voi|nhu))?|tu)\sban\schinh"
)
_HANDED_OUT = re.compile(
    rf"\b(?:(?:da|duoc)\s(?:duoc\s|thuc hien\s)?(?:{_DONE})"
    r"(?:\s(?!ngay\b|chung\b)[^\s:]+){0,8}?(?:\s|\schung thuc )|cap (?:lai |them |\d+ )?)"
    rf"(?:ban\ssao|y\sban\schinh)(?:\s(?:{_COPY_OF_ORIGINAL})\b)*"
    rf"(?:[^\n]{{0,60}}\n?[^\n]{{0,60}}?(?:{_NUMBERED}[^\n]{{0,30}}|"
    r"\w{4}(?:\s?[-–—]\s?\w{4}){3}\s?[-–—]\s?\w\b))?"
)
"""A note that a copy was made, with its number or code in the same line or the next."""
_LONGEST_ATTESTATION = 20
"""Lines of a page that bears a stamp and nothing else."""


def without_notes_of_copies(texts: Sequence[str]) -> tuple[str, ...]:
    """The lines of a page, folded, without what tells that copies of the paper were handed out."""
    page = _HANDED_OUT.sub(_as_many_lines, "\n".join(fold(text) for text in texts))
    return tuple(page.split("\n"))


def bears_copy_stamp(texts: Sequence[str]) -> bool:
    """Whether the lines of a page say that it was copied of an original, whoever certified it.

    One line of a stamp is enough: others may be lost below a seal, or out of the scan.
    """
    rows = without_notes_of_copies(texts)
    return any(
        _says_copy(row, below) or _is_lone(above, row)
        for above, row, below in zip(("", *rows), rows, (*rows[1:], ""), strict=False)
    ) or _is_in_register_of_copies(rows)


def is_attestation(texts: Sequence[str]) -> bool:
    """Whether a page bears the certification of a copy and nothing else: it belongs to the paper before."""
    return (
        len(texts) <= _LONGEST_ATTESTATION
        and not any(is_motto(text) for text in texts)
        and bears_copy_stamp(texts)
    )


def _as_many_lines(note: re.Match[str]) -> str:
    return " " + "\n" * note.group().count("\n")


def _says_copy(row: str, below: str) -> bool:
    if _OF_REGISTER.search(f"{row} {below}"):
        return False
    letters = squeeze(row)
    begins = any(
        len(letters) >= len(phrase)
        and fuzz.partial_ratio(phrase, letters[: len(phrase) + _BEFORE_IT]) >= _LIKE_BEGINNING
        for phrase in _BEGINS
    )
    return begins or any(
        len(searched) >= len(phrase) and fuzz.partial_ratio(phrase, searched) >= _LIKE
        for searched in (letters, letters + squeeze(below))
        for phrase in _SAYS_COPY
    )


def _is_lone(above: str, row: str) -> bool:
    return bool(_LONE.search(row) or (_LONE_OF_COPY.search(row) and not _TITLE.search(above)))


def _is_in_register_of_copies(rows: Sequence[str]) -> bool:
    page = "\n".join(rows)
    numbered = any(
        _IS_NUMBERED.search(f"{row} {below}")
        for row, below in zip(rows, (*rows[1:], ""), strict=True)
    )
    return bool(_IS_OF_COPIES.search(page)) or (numbered and not _OTHER_CERTIFICATION.search(page))
