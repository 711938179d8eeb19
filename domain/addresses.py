"""Addresses as papers write them: one spelling, their parts, and a key to compare them by.

Knowledge of which unit became which lives in ``matching.places``; here is only the text.
"""

import re
from dataclasses import dataclass
from enum import StrEnum
from functools import lru_cache

from domain.text import collapse_spaces, comparison_key, fold, nfc, straight_apostrophes, trim_edges


class AddressLevel(StrEnum):
    """Tier of one part of an address."""

    PROVINCE = "province"
    DISTRICT = "district"
    """Abolished on 1 July 2025, printed on everything older."""
    COMMUNE = "commune"
    DETAIL = "detail"
    """House, street, hamlet: anything below the commune."""


@dataclass(frozen=True, kw_only=True)
class AddressPart:
    """One part between commas; ``kind`` is its written kind word (``xã``, ``quận`` …) or empty."""

    kind: str
    name: str
    level: AddressLevel


_LEADERS = re.compile(r"[.…·_]{2,}|[_…]|(?<=[a-zà-ỹđ]{3})\.(?=\s)")
"""Also a leader's one dot behind a word in small letters that nobody abbreviates: ``tỉnh. Kiên Giang``."""


_LETTERS = [chr(code) for code in range(ord("A"), ord("ỹ") + 1)]
_CAPITALS = "".join(letter for letter in _LETTERS if letter.isupper())
_SMALLS = "".join(letter for letter in _LETTERS if letter.islower())


def _two_letters(first: str, second: str) -> re.Pattern[str]:
    """``TP.``, ``T.P``, ``Tp.``, ``T.P.``, ``T. P.`` and ``TP`` before a space.

    The second letter stands alone, or a name begins behind it (``T.PHà Nội``): in ``T.Phú Thọ`` it is the
    name's own.
    """
    one, two = f"[{first}{first.lower()}]", f"[{second}{second.lower()}]"
    alone = rf"{one}\.(?: ?{two}\.|{two}(?=\s)|{second}(?=[{_CAPITALS}][{_SMALLS}]|HCM))"
    return re.compile(rf"(?<![\w.])(?:{alone}|{one}{two}\.|{one}{two}(?=\s))\s*(?=\w)")


_ABBREVIATIONS = (
    (re.compile(r"(?<![\w.])T\.?T[.\- ]+Huế(?!\w)"), "Thừa Thiên Huế"),
    (_two_letters("T", "P"), "thành phố "),
    (_two_letters("T", "X"), "thị xã "),
    (_two_letters("T", "T"), "thị trấn "),
    (re.compile(r"(?<![\w.])P\.\s*(?=\w)|(?<!\w)P(?=\d)"), "phường "),
    (re.compile(r"(?<![\w.])Q\.\s*(?=\w)|(?<!\w)Q(?=\d)"), "quận "),
    (re.compile(r"(?<![\w.])H\.\s*(?=\w)"), "huyện "),
    (re.compile(r"(?<![\w.])X\.\s*(?=\w)"), "xã "),
    (re.compile(r"(?<![\w.])T\.\s*(?=\w)"), "tỉnh "),
    (re.compile(r"(?<!\w)BR[-– ]*VT(?!\w)"), "Bà Rịa - Vũng Tàu"),
    (re.compile(r"(?<!\w)BVĐK(?:\.\s*|\s+)(?=\w)"), "Bệnh viện đa khoa "),
    (re.compile(r"(?<!\w)BV(?:\.\s*|\s+)(?=\w)"), "Bệnh viện "),
    (re.compile(r"(?<!\w)TTYT(?:\.\s*|\s+)(?=\w)"), "Trung tâm y tế "),
    (re.compile(r"(?<!\w)TYT(?:\.\s*|\s+)(?=\w)"), "Trạm y tế "),
)
_MAY_BE_SHORT = re.compile(r"\.|\b[Tt][PpXxTt][\s-]|\b[PQ]\d|BV|TYT|VT")
"""Without one of these no abbreviation stands in an address."""
_CITY_SHORT = re.compile(r"(?<!\w)(?:thành phố )?(?:HCM|Tp ?HCM|TPHCM)(?!\w)", re.IGNORECASE)
_COMMA = re.compile(r"\s*[,;](?:\s*[,;])*\s*")
_TWO_NAMES = re.compile(
    r"""\b(bà\ rịa(?=\W+vũng\ tàu) | thừa\ thiên(?=\W+huế)
    | quảng\ nam(?=\W+đà\ nẵng) | gia\ lai(?=\W+kon\ tum)
    | phan\ rang(?=\W+tháp\ chàm) | văn\ miếu(?=\W+quốc\ tử\ giám) | chân\ mây(?=\W+lăng\ cô)
    | (?:xuân\ hương|cam\ ly|lâm\ viên|lang\ biang)(?=\W+đà\ lạt)
    | (?<!xã\ )xuân\ trường(?=\W+đà\ lạt\s*(?:,|$)) | (?<=phường\ )xuân\ trường(?=\W+đà\ lạt)
    )\s*[-–—]\s*""",
    re.IGNORECASE | re.VERBOSE,
)
"""Units of two names, whose hyphen parts nothing: Quảng Nam - Đà Nẵng (until 1996), Gia Lai - Kon Tum (until
1991), Phan Rang - Tháp Chàm and communes of 2025 among them.

``Xuân Trường - Đà Lạt - Lâm Đồng`` may be the old commune of the old city.
"""
_KINDS = {
    "tỉnh": AddressLevel.PROVINCE,
    "quận": AddressLevel.DISTRICT,
    "huyện": AddressLevel.DISTRICT,
    "thị xã": AddressLevel.DISTRICT,
    "phường": AddressLevel.COMMUNE,
    "xã": AddressLevel.COMMUNE,
    "thị trấn": AddressLevel.COMMUNE,
    "đặc khu": AddressLevel.COMMUNE,
}
_CITY = "thành phố"
_UNIT = "|".join([*_KINDS, _CITY])
_KIND = re.compile(rf"({_UNIT})\s+(?=\S)", re.IGNORECASE)
_HYPHEN = re.compile("[-–—]")
_HYPHEN_COMMA = re.compile(rf"\s+[-–—]\s+|(?<=\w)[-–—](?=(?i:{_UNIT})\s)")
_JOINT = re.compile(r"(?<=\w)[-–—](?=\w)")
"""Papers of the South before 1975 join the words of a name: ``Sài-gòn``."""
_SMALL_PLACE = "thôn|xóm|ấp|bản|buôn|làng|khóm|khu phố|tổ dân phố|tổ|đội|số"
_NEXT_UNITS = (
    "tỉnh|quận|[Hh]uyện|[Tt]hị [Xx]ã|[Pp]hường|xã|[Tt]hị [Tt]rấn|[Đđ]ặc [Kk]hu|[Tt]hành [Pp]hố"
)
"""In capitals ``Xã``, ``Quận`` and ``Tỉnh`` end names of units (Tứ Xã, Thượng Quận, Phước Tỉnh)."""
_NEXT_UNIT = re.compile(rf"(?<=\w)(?<!(?i:thị)) (?=(?:{_NEXT_UNITS}) (\w))")
"""Before a further unit of a part that began with one, and the first letter of its name."""
_STARTS_WITH_UNIT = re.compile(rf"(?:{_UNIT}|{_SMALL_PLACE})\s+", re.IGNORECASE)
_HAMLET = re.compile(
    r"(?i:thôn|ấp|khóm|khu phố|khu dân cư|tổ dân phố|tiểu khu|tdp|kp|xóm(?! (?:chiếu|củi)\b))\s"
    r"|(?i:tổ|đội|khu) ?\d|(?:bản|buôn|bon|làng|sóc|plei|phum) "
)
"""Begins what no commune is called. In capitals ``Bản``, ``Buôn``, ``Làng`` begin communes (Bản Phố)."""
_HOUSE = re.compile(
    r"(?i:số|ngõ|ngách|hẻm|kiệt) ?\d|(?i:số nhà) |\d[\w/.-]* (?!(?i:bảo lộc))(?=[^\W\d])"
)
"""Begins a house or street; ``1 Bảo Lộc`` is a commune of 2025."""
_COUNTRY = frozenset(
    f"{of}viet nam" for of in ("", "nuoc ", "chxhcn ", "cong hoa xa hoi chu nghia ")
) | {"vietnam", "vn"}
_LEADING_ZEROS = re.compile(r"(?<!\d)0+(?=\d)")
_OTHER_SPELLINGS = {
    "đắk lăk": "đắk lắk",
    "đắc lắc": "đắk lắk",
    "đắc nông": "đắk nông",
    "bắc cạn": "bắc kạn",
    "buôn mê thuột": "buôn ma thuột",
    "ban mê thuột": "buôn ma thuột",
    "vietnam": "việt nam",
}
"""What official papers themselves wrote for a unit before its one spelling of today."""
_UNITS_OF_OLD_ADDRESS = (AddressLevel.PROVINCE, AddressLevel.DISTRICT, AddressLevel.COMMUNE)


def normalise_address(text: str) -> str:
    """An address in NFC with its abbreviations written out and ``, `` between its parts.

    ``P.5,Q.10 ,TP.HCM`` → ``phường 5, quận 10, thành phố Hồ Chí Minh``; otherwise :func:`tidy_address`.
    """
    cleaned = collapse_spaces(_LEADERS.sub(" ", straight_apostrophes(nfc(text))))
    if _MAY_BE_SHORT.search(cleaned):
        for pattern, words in _ABBREVIATIONS:
            cleaned = pattern.sub(words, cleaned)
    if "hcm" in cleaned.lower():
        cleaned = _CITY_SHORT.sub("thành phố Hồ Chí Minh", cleaned)
    return tidy_address(cleaned)


def tidy_address(text: str) -> str:
    """An address as it is written, in NFC, with ``, `` between its parts and without leaders.

    Abbreviations, capitals and tone placement stay. ``xã A huyện B`` are two parts. Empty where nothing
    is left.
    """
    cleaned = collapse_spaces(_LEADERS.sub(" ", straight_apostrophes(nfc(text))))
    parts = [trim_edges(part) for part in cleaned.replace(";", ",").split(",")]
    return ", ".join([_parted(part) for part in parts if part])


@lru_cache(maxsize=16384)
def _parted(part: str) -> str:
    """``thành phố Quy Nhơn tỉnh Bình Định`` with its comma, which print and readers lose.

    ``Bệnh viện tỉnh Lai Châu`` begins with no unit and has none.
    """
    start = _STARTS_WITH_UNIT.match(part)
    if start is None:
        return part
    rest = _NEXT_UNIT.sub(
        lambda found: " " if found.group(1).islower() else ", ", part[start.end() :]
    )
    return start.group() + rest


@lru_cache(maxsize=8192)
def split_address(text: str) -> tuple[AddressPart, ...]:
    """The parts of an address, smallest first, each with its tier.

    The tier follows the kind word; parts without one are counted from the province up (province,
    district, commune, as before July 2025) where the written kinds leave that open, hamlets and house
    numbers left out. ``thành phố`` is a province at the end and a district elsewhere. ``Việt Nam`` behind a
    province is no part.
    """
    normalised = normalise_address(text)
    if _HYPHEN.search(normalised):
        normalised = _TWO_NAMES.sub(lambda found: f"{found.group(1)} ", normalised)
        normalised = _JOINT.sub(" ", _HYPHEN_COMMA.sub(", ", normalised))
    texts = [part for part in _COMMA.split(normalised) if part]
    if len(texts) > 1 and fold(texts[-1]) in _COUNTRY:
        texts.pop()
    parts: list[AddressPart] = []
    open_levels = list(_UNITS_OF_OLD_ADDRESS)
    for at, part in enumerate(reversed(texts)):
        found = _KIND.match(part)
        kind = found.group(1).lower() if found else ""
        name = part[found.end() :] if found else part
        if not kind and (is_hamlet(part) or _HOUSE.match(part)):
            level = AddressLevel.DETAIL
        else:
            level = _level(kind, is_last=at == 0, open_levels=open_levels)
        if level in open_levels:
            open_levels = open_levels[open_levels.index(level) + 1 :]
        parts.append(AddressPart(kind=kind, name=name, level=level))
    return tuple(reversed(parts))


def is_hamlet(part: str) -> bool:
    """Whether a part begins as a hamlet or a quarter does, which no commune's name does."""
    return _HAMLET.match(part) is not None


def _level(kind: str, *, is_last: bool, open_levels: list[AddressLevel]) -> AddressLevel:
    if kind == _CITY:
        return AddressLevel.PROVINCE if is_last else AddressLevel.DISTRICT
    if kind:
        return _KINDS[kind]
    return open_levels[0] if open_levels else AddressLevel.DETAIL


@lru_cache(maxsize=8192)
def address_key(text: str) -> str:
    """Equal for addresses that say the same: kind words, case, commas and leading zeros do not matter.

    Nor do spellings that official papers had for one unit (``Bắc Cạn``), nor the country.
    """
    return ", ".join([_name_key(part.name) for part in split_address(text)])


def _name_key(name: str) -> str:
    key = _LEADING_ZEROS.sub("", comparison_key(name)).replace("đăk", "đắk")
    return _OTHER_SPELLINGS.get(key, key)


def address_key_folded(text: str) -> str:
    """:func:`address_key` without diacritics."""
    return fold(address_key(text))
