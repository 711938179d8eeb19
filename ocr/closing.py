"""The lines that close a paper, above which every value ends: place and date of issue, and who signs."""

import re
from collections.abc import Callable, Iterable, Sequence

from rapidfuzz.distance import Levenshtein

from domain.text import collapse_spaces, fold, nfc
from ocr.labels import squeeze
from ocr.text_line import TextLine
from ocr.values import fold_letters

_SIGNATURE = ("người ký", "thủ trưởng", "trưởng cơ quan", "tm ủy ban", "chủ tịch", "ký tên",
              "người thực hiện", "trưởng công an", "giám đốc", "cục trưởng")  # fmt: skip
_SIGNS_FOR = re.compile(
    r"\W*(?:k\W?t\W+|t\W?u\W?q\W+)?(?:pho (?:chu tich|giam doc|truong)|nguoi chung nhan|"
    r"can bo (?:tu phap|dang ky|ho tich)|cong chuc tu phap|uy vien)\b"
)
"""Who signs in the place of another."""
_NUMBERED_PLACE = re.compile(r"\b(?:quận|phường)\s*\d{1,2}\s*$", re.IGNORECASE)
_SEAL_EDGE = 2
"""Letters that a seal over the line may add before it."""
_SIGNATURE_LIKE = 0.85
"""With tones: Chu Tích is a name."""
_PLACED = re.compile(
    r"\W*(?P<place>[^\W_].*?)\W*\bngay[\s.…_]*(?:\d ?\d?)?"
    r"(?:[\s,.…]*thang[\s.…]*(?:\d ?\d?)?[\s,.…]*nam[\s,.:…]*(?:\d ?\d ?\d ?\d)?)?\W*"
)
_KINDS_OF_PLACE = frozenset(
    "xa phuong thi tran quan huyen tinh thanh pho tp tx dac khu nong truong".split()
)
_LONGEST_PLACE = 10
_NO_PLACE = frozenset("sinh cap ky tu den lap vao chet dangky".split())
"""What may stand before a date alone: born, issued, from, until, died …"""
_NUMBERED = frozenset("so quyen trang".split())
"""What begins a line of the register: number, book, page."""
_RIGHT_FROM = 0.25
"""Share of the text's width from which on the place may begin: a row of a value begins at the left."""
_REFERENCE = re.compile(r"\b(?:mau (?:so|ct|tp|hk)|thong tu|nghi dinh|ban hanh|kem theo|tt so)")
"""Not ``mau`` alone: Cà Mau is a province."""


def signs(text: str) -> bool:
    """Whether a line names the person or office that signs, and says nothing else."""
    text = _NUMBERED_PLACE.sub("", text)
    if any(letter.isdigit() or letter in ",:" for letter in text):
        return False
    words = collapse_spaces(re.sub(r"[\W_]+", " ", nfc(text).lower())).strip()
    words = re.sub(r"^t m (?=ủy|uỷ|ubnd)", "tm ", words)  # "T.M. ỦY BAN NHÂN DÂN"
    first, _, rest = words.partition(" ")
    # the edge of a seal before it is read as a word of a few letters
    beginnings = (words, rest) if len(first) <= _SEAL_EDGE else (words,)
    return any(
        Levenshtein.normalized_similarity(beginning[: len(phrase)], phrase) >= _SIGNATURE_LIKE
        for beginning in beginnings
        for phrase in _SIGNATURE
    )


def has_closing_part(texts: Iterable[str]) -> bool:
    """Whether any line names who signs: every paper ends there, and one cut off above it has none."""
    return any(signs(text) or _SIGNS_FOR.match(fold(text)) for text in texts)


def is_reference(text: str) -> bool:
    """Whether a line names the decree that the form is printed by, with a number and a date of its own."""
    return _REFERENCE.search(fold(text)) is not None


def is_place_and_date(text: str) -> bool:
    """Whether a line is ``Quận 3, ngày 05 tháng 3 năm 1998`` and nothing else; figures may be blank.

    Where the day is blank the line may break behind ``ngày``.
    """
    match = _PLACED.fullmatch(fold_letters(text))
    if match is None or ":" in match["place"] or is_reference(text):
        return False
    words = text[match.start("place") : match.end("place")].replace(",", " ").split()
    folded = [squeeze(word) for word in words]
    named = all(
        word[0].isupper() or word[0].isdigit() or not bare or bare in _KINDS_OF_PLACE
        for word, bare in zip(words, folded, strict=True)
    )
    numbered = len(words) > 1 and folded[0] in _NUMBERED and words[1][0].isdigit()
    other = numbered or "".join(folded) in _NO_PLACE
    return named and len(words) <= _LONGEST_PLACE and not other


def place_and_date_lines(lines: Sequence[TextLine]) -> frozenset[int]:
    """Indexes of the lines with place and date of issue; none of a value's rows, which begin at the left."""
    return _at_the_right(lines, is_place_and_date)


def signature_lines(lines: Sequence[TextLine]) -> frozenset[int]:
    """Indexes of the lines that name who signs."""
    return _at_the_right(lines, signs)


def _at_the_right(lines: Sequence[TextLine], says: Callable[[str], bool]) -> frozenset[int]:
    left = min((line.left for line in lines), default=0.0)
    reach = max((line.right for line in lines), default=0.0) - left
    return frozenset(
        index
        for index, line in enumerate(lines)
        if line.left >= left + _RIGHT_FROM * reach and says(line.text)
    )
