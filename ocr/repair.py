"""What a reader typically gets wrong in values of a kind, put right where only one reading makes sense.

A repaired value is never certain on its own: two readers or a stronger source must have said it.
"""

import re

from rapidfuzz.distance import Levenshtein

from domain.text import fold
from ocr.values import ETHNIC_GROUPS, Kind

_SURNAMES = (
    "Nguyễn Trần Lê Phạm Hoàng Huỳnh Phan Vũ Võ Đặng Bùi Đỗ Hồ Ngô Dương Lý Đào Đoàn Vương Trịnh Trương Đinh "
    "Lâm Phùng Mai Tô Hà Tạ Chu Châu Cao Thái Quách Đàm Lương Lưu Kiều Văn Nông Hứa La Lò Quàng Vi Giàng "
    "Sùng Thào Vàng Hầu Mạc Tống Bạch Tăng Thạch Sơn Kim Danh Triệu Nghiêm Ninh Từ Khổng Doãn "
    "Ông Thân Viên Diệp"
).split()
_KNOWN = frozenset(name.lower() for name in _SURNAMES)
_BY_FOLDED: dict[str, list[str]] = {}
for _surname in _SURNAMES:
    _BY_FOLDED.setdefault(fold(_surname), []).append(_surname)
_COMMON = frozenset(
    fold(name) for name in "Nguyễn Trần Phạm Hoàng Huỳnh Đặng Trịnh Trương Dương".split()
)
"""Surnames whose letters, with whatever tone was read, can hardly be another one."""
_STRAY = re.compile(r"(?<!\S)['\"`´‘’“”|_~^*.,;:-]+(?!\S)")
_STOP_FOR_COMMA = re.compile(
    r"(?<=\w)\s?[.;:]\s?(?=(?:xã|phường|thị trấn|quận|huyện|thị xã|thành phố|tỉnh|tổ|khu|thôn|ấp|đường)\s)"
)
_SEX = re.compile(r"(?<!\w)(nam|nu|nit|nir|niu)(?!\w)")


def repair(kind: Kind, text: str) -> str:
    """``text`` with the typical misreadings of its kind put right; unchanged where unsure."""
    cleaned = _STRAY.sub(" ", text)
    if kind is Kind.NAME:
        return _name(cleaned)
    if kind is Kind.ADDRESS:
        return re.sub(r"\s+([,.])", r"\1", _STOP_FOR_COMMA.sub(", ", cleaned))
    if kind is Kind.ETHNICITY:
        return _ethnic_group(cleaned)
    if kind is Kind.SEX:
        found = _SEX.search(fold(cleaned))
        return cleaned if found is None else ("Nam" if found.group() == "nam" else "Nữ")
    return cleaned


def _name(text: str) -> str:
    """A very common surname read with a wrong tone; everything else stays as read."""
    words = text.split()
    if not words or words[0].lower() in _KNOWN or fold(words[0]) not in _COMMON:
        return text
    (surname,) = _BY_FOLDED[fold(words[0])]
    words[0] = surname.upper() if words[0].isupper() else surname
    return " ".join(words)


def _ethnic_group(text: str) -> str:
    """The one group of the 54 that is a letter or two away."""
    letters = fold(text)
    if not letters or letters in map(fold, ETHNIC_GROUPS):
        return text
    near = [
        group
        for group in ETHNIC_GROUPS
        if Levenshtein.normalized_similarity(fold(group), letters) >= 0.75
    ]
    return near[0] if len(near) == 1 else text
