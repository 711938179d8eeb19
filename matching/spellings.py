"""Names of administrative units that the tables have with other marks only: where a reader lost a tone.

``xã Nậm Cuối`` where the province has a ``Nậm Cuổi`` and no ``Nậm Cuối``: all readers may agree on the one,
and the paper still says the other. A unit that the tables do not hold at all says nothing: papers name units
that were merged away decades ago.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cache, lru_cache
from typing import Any

from domain.addresses import AddressLevel, AddressPart, split_address
from matching.unit_tables import (
    commune_tables,
    letters,
    marked_letters,
    province_letters,
    unit_table,
)

_Names = Mapping[tuple[str, str], frozenset[str]]
"""(key of the unit around it, name without marks) → names as the tables write them."""


@dataclass(frozen=True, kw_only=True)
class _Written:
    provinces: _Names
    """The unit around a province has no key."""
    keys: Mapping[str, frozenset[str]]
    """Name of a province without marks → its keys before and since July 2025."""
    districts: _Names
    """By province."""
    communes: _Names
    """By province, and by ``province/district``, district without marks."""


@lru_cache(maxsize=65536)
def other_spellings(address: str) -> Mapping[str, tuple[str, ...]]:
    """Each unit of an address that is known with other marks only, and how the tables write it.

    Empty for an address whose units are written as in the tables, or are in none of them.
    """
    by_level = {part.level: part for part in split_address(address)}
    province = by_level.get(AddressLevel.PROVINCE)
    if province is None:
        return {}
    written = _written()
    around = written.keys.get(province_letters(province.name), frozenset())
    district, commune = by_level.get(AddressLevel.DISTRICT), by_level.get(AddressLevel.COMMUNE)
    found = _unless_known(province, [(written.provinces, [""])])
    if commune is not None:
        within = [f"{key}/{letters(district.name)}" for key in around] if district else []
        # its own district's commune speaks before namesakes elsewhere in the province
        own = _all_of(written.communes, within, letters(commune.name))
        found |= _unless_known(commune, [(written.communes, within if own else around)])
    units = [(written.districts, around)]
    if commune is None and district is not None and not district.kind:
        # since July 2025 a commune may stand there
        units.append((written.communes, around))
    return found | _unless_known(district, units)


def _unless_known(
    part: AddressPart | None, units: Iterable[tuple[_Names, Iterable[str]]]
) -> dict[str, tuple[str, ...]]:
    """The part, if among these units its letters are known and its marks are not."""
    if part is None:
        return {}
    bare, marked = letters(part.name), marked_letters(part.name)
    known = {name for names, around in units for name in _all_of(names, around, bare)}
    if not known or any(marked_letters(name) == marked for name in known):
        return {}
    return {part.name: tuple(sorted(known))}


def _all_of(names: _Names, around: Iterable[str], bare: str) -> frozenset[str]:
    return frozenset(name for key in around for name in names.get((key, bare), ()))


def _collected(names: Iterable[tuple[str, Any]]) -> _Names:
    """Rows without a name (NaN: island districts without communes) are left out."""
    grown: defaultdict[tuple[str, str], set[str]] = defaultdict(set)
    for key, name in names:
        if isinstance(name, str):
            grown[key, letters(name)].add(name)
    return {key: frozenset(found) for key, found in grown.items()}


@cache
def _written() -> _Written:
    legacy, today = unit_table("parser_legacy"), unit_table("parser_from_2025")
    provinces = [
        (key, row["provinceShort"])
        for table in (legacy, today)
        for key, row in table["DICT_PROVINCE"].items()
    ]
    keys: defaultdict[str, set[str]] = defaultdict(set)
    for key, name in provinces:
        keys[letters(name)].add(key)
    former = [
        (
            province,
            letters(legacy["DICT_PROVINCE_DISTRICT"][province][district]["districtShort"]),
            row,
        )
        for table in commune_tables(legacy, "DICT_PROVINCE_DISTRICT_WARD")
        for province, districts in table.items()
        for district, communes in districts.items()
        for row in communes.values()
    ]
    since = [
        (province, row["wardShort"])
        for table in commune_tables(today, "DICT_PROVINCE_WARD")
        for province, communes in table.items()
        for row in communes.values()
    ]
    return _Written(
        provinces=_collected(("", name) for _, name in provinces),
        keys={key: frozenset(found) for key, found in keys.items()},
        districts=_collected(
            (province, row["districtShort"])
            for province, rows in legacy["DICT_PROVINCE_DISTRICT"].items()
            for row in rows.values()
        ),
        communes=_collected(
            [
                *((province, row["wardShort"]) for province, _, row in former),
                *(
                    (f"{province}/{district}", row["wardShort"])
                    for province, district, row in former
                ),
                *since,
            ]
        ),
    )
