"""What a reader typically gets wrong in values of a kind, put right where only one reading makes sense.

A repaired value is never certain on its own: two readers or a stronger source must have said it.
"""

import re
from collections.abc import Callable, Mapping

from rapidfuzz.distance import Levenshtein

from domain.text import fold
from ocr.values import ETHNIC_GROUPS, LEADER_BETWEEN_FIGURES, Kind, kind_of_field

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
_STRAY = re.compile(r"(?<!\S)['\"`´‘’“”|_~^*.:]+(?!\S)")
_RULE_AT_END = re.compile(r"(?<=\S)\s+[Il|ïÏ!1]$")
"""The line between two columns, or a fold: no name ends in such a letter on its own."""
_STOP_FOR_COMMA = re.compile(
    r"(?<=\w)\s?[.;:]\s?(?=(?:xã|phường|thị trấn|quận|huyện|thị xã|thành phố|tỉnh|tổ|khu|thôn|ấp|đường)\s)"
)
_LETTERS_LIKE = "IlÌÍìí|!OoUÙQDóÓSZBgq"
_LIKE_FIGURES = str.maketrans(_LETTERS_LIKE, "111111110000006652899")
_FIGURES = re.compile(
    rf"(?<![^\W\d_])[\d{_LETTERS_LIKE}]{{1,4}}(?=[\s,.]*th[áàảãạâẩaăẳ]ng(?!\w))"  # day before "tháng"
    rf"|(?<=ng )[\d{_LETTERS_LIKE}]{{1,2}}(?=[\s,.]*n[ăắằâa]m(?!\w))"  # month
    rf"|(?<=[mM] )[\d{_LETTERS_LIKE}]{{4}}(?!\w)"  # year
    rf"|(?<!\w)[\d{_LETTERS_LIKE}]{{1,2}}[/.\-][\d{_LETTERS_LIKE}]{{1,2}}[/.\-][\d{_LETTERS_LIKE}]{{4}}(?!\w)"
)
_MOSTLY_FIGURES = re.compile(r"(?=.*\d)[\d/OoIl|]+")
_LOST_SLASH = re.compile(r"(\d)((?:UBND|TLK|TLC|TLB)[\w-]*)$")
_COPY_MARK = re.compile(r"(\d)/(TLK[SHT])\W?[BĐ8D6]S$")
_BROKEN_KIND = re.compile(r"(?<!\w)([Tt]hành|[Tt]hị)[.,;:]\s?(phố|xã|trấn)(?!\w)")
_KINDS = {fold(kind): kind for kind in ("tỉnh", "huyện", "thành phố", "thị xã", "thị trấn")}
_KIND_WORD = re.compile(
    r"(?:(?<=^)|(?<=, ))([Tt]?[ỉìiíĩị]nh|[Hh]uy[eèéẻẽẹêềếểễệ]n|[Tt]h[aàáảãạ]nh ph[oòóỏõọôồốổỗộ])(?=\s\w)"
)
_SMALL_IA = re.compile(
    r"(?<=xã )la(?= [A-ZÀ-Ỹ])|(?<=huyện )la(?= [A-ZÀ-Ỹ])|(?<=Xã )la(?= [A-ZÀ-Ỹ])"
)
"""``Ia`` begins many names of the Central Highlands and looks like ``la``; names begin with a capital."""
_DOT_BETWEEN = re.compile(r"(\w+)\.\s*(?=\w)")
_SHORT = frozenset("tp tx tt kp tdp ql ths bs".split())
"""Abbreviations that are written with a dot and in small letters."""
_LONG_NUMBER = 9
"""Digits of an identity card's number: ``145986345.do``; ``1203.CT2B`` is a flat."""
_DOT_IN_FIGURES = re.compile(r"(?<=\d)\.(?=\d)")
_LEADER = re.compile(r"[…_]+|\.{2,}")
_PARTED = "\u205e"
"""Stands for a leader between figures while those beside them are taken away; no paper has it."""
_AFTER_CENTURY = re.compile(
    rf"(?<=năm (?:19|20)) {_PARTED} (?=\d ?\d(?!\s*(?:\d|giờ|h|:|phút|tháng|[/.\-]\s*\d)))",
    re.IGNORECASE,
)
"""``năm 19 … 95``; what follows ``20…`` may be an hour or a day as well."""
_YEAR = re.compile(r"(?:19|20)\d\d")
_COMMITTEE = re.compile(r"[UÚÙỦŨỤ][YÝỲỶỸỴ] BAN NH[AÂ]N D[AÂ]N")
_SEX = re.compile(r"(?<!\w)(nam|nu|nit|nir|niu)(?!\w)")


def repair(name: str, text: str) -> str:
    """``text``, read for field ``name``, with typical misreadings put right; unchanged where unsure."""
    rule = (
        without_leader_dots if name.endswith("identity_paper") else _RULES.get(kind_of_field(name))
    )
    return _STRAY.sub(" ", text) if rule is None else rule(_STRAY.sub(" ", text))


def without_leader_dots(text: str) -> str:
    """The text without dots of the leader between its words, as nobody types them.

    ``tỉnh. Sơn La`` → ``tỉnh Sơn La``; abbreviations (``TP. Huế``) and dates keep theirs.
    """
    plain = re.sub(r":\s?\.+(?=\s)", ":", text)
    return _DOT_BETWEEN.sub(
        lambda found: f"{found.group(1)} " if _ends_a_word(found) else found.group(), plain
    )


def _ends_a_word(found: re.Match[str]) -> bool:
    word, letter = found.group(1), found.string[found.end()]
    if word.isdigit():
        return len(word) >= _LONG_NUMBER and letter.isalpha()
    return len(word) > 1 and word[-2:].islower() and word.lower() not in _SHORT


def mend_figures(text: str) -> str:
    """Letters read for figures put right where figures must stand; same length as ``text``."""
    return _FIGURES.sub(lambda match: match.group().translate(_LIKE_FIGURES), text)


def _name(text: str) -> str:
    """A very common surname read with a wrong tone; everything else stays as read."""
    text = _RULE_AT_END.sub("", text)
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


def _address(text: str) -> str:
    joined = _BROKEN_KIND.sub(r"\1 \2", text)
    joined = re.sub(r"\s+([,.])", r"\1", _STOP_FOR_COMMA.sub(", ", joined))
    return _SMALL_IA.sub("Ia", _KIND_WORD.sub(_kind_word, without_leader_dots(joined)))


def _date(text: str) -> str:
    """Dots within figures (``1.5 tháng 05``, ``1.992``) and the leader about them: ``… 19 … tháng … 02``.

    Between two figures it stays, and parts them, but for a form's century and the year behind it.
    """
    if "thang" in fold(text):
        parted = LEADER_BETWEEN_FIGURES.sub(f" {_PARTED} ", text)
        plain = " ".join(_LEADER.sub(" ", parted).split())
        return _DOT_IN_FIGURES.sub("", _AFTER_CENTURY.sub(" ", plain).replace(_PARTED, "…"))
    year = text.replace(".", "", 1)
    return year if _YEAR.fullmatch(year) else text


def _kind_word(match: re.Match[str]) -> str:
    """A unit's kind with its tones: ``tinh`` → ``tỉnh``, capitals kept."""
    written = _KINDS.get(fold(match.group(1)), "tỉnh")
    return written.capitalize() if match.group(1)[0].isupper() else written


def _agency(text: str) -> str:
    """Capitals in lines: commas stand between units, other signs are dirt."""
    plain = re.sub(r"(?<=\w)[.:](?=\s|$)", "", text.replace(";", ","))
    return _COMMITTEE.sub("ỦY BAN NHÂN DÂN", plain)


def _sex(text: str) -> str:
    found = _SEX.search(fold(text))
    return text if found is None else ("Nam" if found.group() == "nam" else "Nữ")


def _number(text: str) -> str:
    if _MOSTLY_FIGURES.fullmatch(text):
        return text.translate(_LIKE_FIGURES)
    return _COPY_MARK.sub(r"\1/\2-BS", _LOST_SLASH.sub(r"\1/\2", text))


def _nationality(text: str) -> str:
    """Nothing follows ``Việt Nam`` but dirt, and no country's name is one letter away from it."""
    near = Levenshtein.distance(fold(text).replace(" ", ""), "vietnam") == 1
    return "Việt Nam" if near or fold(text).startswith("viet nam ") else text


_RULES: Mapping[Kind, Callable[[str], str]] = {
    Kind.NAME: _name,
    Kind.ADDRESS: _address,
    Kind.DATE: _date,
    Kind.ETHNICITY: _ethnic_group,
    Kind.SEX: _sex,
    Kind.NATIONALITY: _nationality,
    Kind.NUMBER: _number,
    Kind.AGENCY: _agency,
}
