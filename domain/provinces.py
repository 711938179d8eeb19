"""The province table of the personal number, and into which province of 2025 each was merged."""

from dataclasses import dataclass
from datetime import date

from domain.text import fold


@dataclass(frozen=True, kw_only=True)
class Province:
    """One row of the table; ``successor`` is the province that holds its land since ``effective_to``."""

    code: str
    name: str
    successor: str
    effective_from: date
    effective_to: date | None
    citation: str


_FROM = date(2016, 3, 20)
_MERGED_ON = date(2025, 7, 1)
_CITATION = "TT 07/2016/TT-BCA, Phụ lục; NQ 202/2025/QH15"
_ROWS = """
001 Hà Nội|
002 Hà Giang|Tuyên Quang
004 Cao Bằng|
006 Bắc Kạn|Thái Nguyên
008 Tuyên Quang|
010 Lào Cai|
011 Điện Biên|
012 Lai Châu|
014 Sơn La|
015 Yên Bái|Lào Cai
017 Hòa Bình|Phú Thọ
019 Thái Nguyên|
020 Lạng Sơn|
022 Quảng Ninh|
024 Bắc Giang|Bắc Ninh
025 Phú Thọ|
026 Vĩnh Phúc|Phú Thọ
027 Bắc Ninh|
030 Hải Dương|Hải Phòng
031 Hải Phòng|
033 Hưng Yên|
034 Thái Bình|Hưng Yên
035 Hà Nam|Ninh Bình
036 Nam Định|Ninh Bình
037 Ninh Bình|
038 Thanh Hóa|
040 Nghệ An|
042 Hà Tĩnh|
044 Quảng Bình|Quảng Trị
045 Quảng Trị|
046 Thừa Thiên Huế|Huế
048 Đà Nẵng|
049 Quảng Nam|Đà Nẵng
051 Quảng Ngãi|
052 Bình Định|Gia Lai
054 Phú Yên|Đắk Lắk
056 Khánh Hòa|
058 Ninh Thuận|Khánh Hòa
060 Bình Thuận|Lâm Đồng
062 Kon Tum|Quảng Ngãi
064 Gia Lai|
066 Đắk Lắk|
067 Đắk Nông|Lâm Đồng
068 Lâm Đồng|
070 Bình Phước|Đồng Nai
072 Tây Ninh|
074 Bình Dương|Hồ Chí Minh
075 Đồng Nai|
077 Bà Rịa - Vũng Tàu|Hồ Chí Minh
079 Hồ Chí Minh|
080 Long An|Tây Ninh
082 Tiền Giang|Đồng Tháp
083 Bến Tre|Vĩnh Long
084 Trà Vinh|Vĩnh Long
086 Vĩnh Long|
087 Đồng Tháp|
089 An Giang|
091 Kiên Giang|An Giang
092 Cần Thơ|
093 Hậu Giang|Cần Thơ
094 Sóc Trăng|Cần Thơ
095 Bạc Liêu|Cà Mau
096 Cà Mau|
"""


def _row(line: str) -> Province:
    head, successor = line.split("|")
    code, name = head.split(" ", maxsplit=1)
    return Province(
        code=code,
        name=name,
        successor=successor or name,
        effective_from=_FROM,
        effective_to=_MERGED_ON if successor else None,
        citation=_CITATION,
    )


PROVINCES: tuple[Province, ...] = tuple(_row(line) for line in _ROWS.strip().splitlines())
_BY_CODE = {province.code: province for province in PROVINCES}


def province_of_code(code: str) -> Province | None:
    """The province a personal number's first three digits name, ``None`` where the table has none."""
    return _BY_CODE.get(code)


def successor_of(place: str) -> str | None:
    """Today's province (of the 34) named at the end of ``place``, old names included, or ``None``.

    ``place`` is a province or an address that ends in one; kind words and abbreviations do not matter.
    """
    tail = fold(place.replace(".", " ").rstrip(" ,;")).rsplit(",", maxsplit=1)[-1]
    tail = f" {tail.replace('-', ' ')}"
    tail = " " + " ".join(tail.split())
    best: Province | None = None
    for province in PROVINCES:
        for name in {province.name, province.successor}:
            key = " " + " ".join(fold(name).replace("-", " ").split())
            longer = best is None or len(name) > len(best.name)
            if tail.endswith(key) and longer:
                best = province
    if tail.endswith((" hcm", " tphcm")):
        return "Hồ Chí Minh"
    return None if best is None else best.successor
