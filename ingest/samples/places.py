"""Communes of both eras, from the ``vietnamadminunits`` data (MIT)."""

import random
import re
from dataclasses import dataclass
from datetime import date
from functools import cache

from vietnamadminunits.database import get_data

from ingest.samples.vocabulary import vocabulary

TWO_TIERS_SINCE = date(2025, 7, 1)
"""Communes report to provinces directly since then (Luật TCCQĐP 72/2025/QH15)."""
_SAID_BY_PLACE = re.compile(
    r"(?:xã|phường|huyện|quận|tỉnh|thành phố(?= (?:Hà Nội|Hải Phòng|Đà Nẵng|Cần Thơ)$)) (?!\d)"
)
"""Kinds of units that cards leave out, for their place in the address tells them; numbers keep theirs."""
_SHORT_KINDS = {"thành phố ": "TP. ", "thị xã ": "TX. ", "thị trấn ": "TT. "}


@dataclass(frozen=True, kw_only=True)
class Commune:
    """A commune; ``district`` is ``None`` in the two-tier system in force since 1 July 2025."""

    ward: str
    district: str | None
    province: str
    province_code: str

    @property
    def is_old(self) -> bool:
        """Whether it belongs to the three-tier system that ended on 30 June 2025."""
        return self.district is not None

    @property
    def text(self) -> str:
        """As written in a sentence: ``xã Nghĩa Trung, huyện Việt Yên, tỉnh Bắc Giang``."""
        parts = [self.ward, self.district, self.province]
        return ", ".join(part[0].lower() + part[1:] for part in parts if part)

    @property
    def short(self) -> str:
        """The bare name, as it precedes a date: ``Nghĩa Trung``."""
        for kind in ("Thị trấn ", "Phường ", "Xã ", "Đặc khu "):
            if self.ward.startswith(kind):
                name = self.ward.removeprefix(kind)
                return self.ward if name.isdigit() else name
        return self.ward


@cache
def _communes(*, old: bool) -> dict[str, list[Commune]]:
    """Communes by province code, in a fixed order."""
    fields = ["ward", "province", "provinceCode"] + (["district"] if old else [])
    rows = get_data(fields=fields, table="admin_units_legacy" if old else "admin_units")
    by_province: dict[str, list[Commune]] = {}
    for row in rows:
        if not row["ward"]:
            continue
        commune = Commune(
            ward=row["ward"],
            district=row["district"] if old else None,
            province=row["province"],
            province_code=row["provinceCode"],
        )
        by_province.setdefault(commune.province_code, []).append(commune)
    return {
        code: sorted(by_province[code], key=lambda one: one.text) for code in sorted(by_province)
    }


def draw_commune(
    rng: random.Random, *, old: bool = True, provinces: list[str] | None = None
) -> Commune:
    """A commune; every province is equally likely, or one of ``provinces`` (two-digit codes)."""
    known = _communes(old=old)
    codes = [code for code in provinces or [] if code in known] or list(known)
    return rng.choice(known[rng.choice(codes)])


def neighbour(rng: random.Random, commune: Commune) -> Commune:
    """Another commune of the same province and era."""
    others = _communes(old=commune.is_old)[commune.province_code]
    different = [other for other in others if other.ward != commune.ward]
    return rng.choice(different or others)


def draw_address(rng: random.Random, commune: Commune) -> str:
    """A home in ``commune``: street and number, hamlet, or the commune alone."""
    words = vocabulary()
    kind = rng.random()
    if kind < 0.25:
        return commune.text
    if kind < 0.6:
        return f"{rng.choice(words['hamlets'])}, {commune.text}"
    street = f"số {rng.randint(1, 320)} đường {rng.choice(words['streets'])}"
    if kind < 0.85:
        return f"{street}, {commune.text}"
    return f"{street}, {rng.choice(words['hamlets'])}, {commune.text}"


def short_address(text: str) -> str:
    """As police cards print an address: ``Thôn 3, Nghĩa Trung, Việt Yên, Bắc Giang``."""
    parts = []
    for part in text.split(", "):
        bare = _SAID_BY_PLACE.sub("", part, count=1) if _SAID_BY_PLACE.match(part) else part
        for kind, short in _SHORT_KINDS.items():
            bare = bare.replace(kind, short) if bare.startswith(kind) else bare
        parts.append(bare[:1].upper() + bare[1:])
    return ", ".join(parts)
