"""Identity cards: what is printed, what the QR code says and what the machine-readable zone says, as one."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from types import MappingProxyType

from domain.geometry import Box
from domain.page import CleanPage
from domain.record import Check, CheckOutcome, FieldValue
from ocr.card_comparison import (
    MRZ,
    ONE_PERSON,
    QR,
    Source,
    compare_name,
    of_one_person,
    printed_numbers,
    settle,
)
from ocr.engine import ReadingEngine
from ocr.mrz import MachineZone, find_zone
from ocr.qr import CardCode, find_card_code
from ocr.text_line import TextLine, to_scan_box

_CODE_FIELDS = ("personal_id", "full_name", "birth_date", "sex", "residence", "issue_date")
_ZONE_FIELDS = ("personal_id", "birth_date", "sex", "valid_until")
_ZONE_LINES = 8


@dataclass(frozen=True, kw_only=True)
class CardSources:
    """The strong sources found on a card's pages."""

    code: CardCode | None = None
    zone: MachineZone | None = None
    zone_lines: tuple[TextLine, ...] = field(default=(), repr=False)

    def joined(self, other: "CardSources") -> "CardSources":
        """Both sides of a card."""
        return CardSources(
            code=self.code or other.code,
            zone=self.zone or other.zone,
            zone_lines=self.zone_lines or other.zone_lines,
        )


def card_sources(page: CleanPage, lines: Sequence[TextLine], engine: ReadingEngine) -> CardSources:
    """Look for a card's QR code and machine-readable zone on a page."""
    code = find_card_code(page)
    candidates = [line for line in lines if _may_be_zone(line)][-_ZONE_LINES:]
    crops = [line.crop.pixels for line in candidates if line.crop is not None]
    readings = engine.read_latin(crops) if len(crops) == len(candidates) and len(crops) >= 3 else ()
    zone = find_zone([reading.text for reading in readings])
    return CardSources(code=code, zone=zone, zone_lines=tuple(candidates) if zone else ())


def _may_be_zone(line: TextLine) -> bool:
    letters = line.text.replace(" ", "")
    capital = sum(
        letter.isupper() or letter.isdigit() or not letter.isalpha() for letter in letters
    )
    wide = (line.right - line.left) > 10 * line.height
    return wide and len(letters) >= 18 and capital >= 0.8 * len(letters)


def merge(
    printed: Mapping[str, FieldValue],
    sources: CardSources,
    *,
    sure_words: Mapping[str, Sequence[str]] = MappingProxyType({}),
) -> tuple[dict[str, FieldValue], tuple[Check, ...]]:
    """Fields confirmed, put right or completed by the strong sources, and how the sources compare.

    A code or a zone with right check digits outweighs a print that the readers doubt. What they saw alike
    (``sure_words``) no source takes away: where it says otherwise the print stays uncertain, a check fails.
    """
    parts: list[Source] = []
    if sources.zone is not None:
        page, box = _zone_place(sources)
        parts.append(Source(check=MRZ, says=_zone_values(sources.zone), page=page, box=box))
    if sources.code is not None:
        code = sources.code
        says = {name: value for name in _CODE_FIELDS if (value := getattr(code, name)) is not None}
        parts.append(Source(check=QR, says=says, page=code.page, box=code.box))
    fields, checks = settle(printed, parts, sure_words)
    if sources.zone is not None:
        checks += (compare_name(fields.get("full_name"), sources.zone.name),)
    return fields, checks


def one_person(lines: Sequence[TextLine], sources: CardSources) -> Check | None:
    """Whether all numbers on a card's pages are one person's; ``None`` where there is none.

    Copies of two people's cards on one sheet are common in marriage files: which value is whose is not
    known then.
    """
    printed = printed_numbers(line.text for line in lines)
    said = {one.personal_id for one in (sources.code, sources.zone) if one} - {None}
    if not printed and not said:
        return None
    single = of_one_person(printed, said)
    return Check(code=ONE_PERSON, outcome=CheckOutcome.PASS if single else CheckOutcome.FAIL)


def _zone_values(zone: MachineZone) -> dict[str, str]:
    """Values that stand under a right check digit (sex only under the composite one)."""
    values = {
        name: value
        for name in _ZONE_FIELDS
        if (name in zone.valid or "composite" in zone.valid)
        and (value := getattr(zone, name)) is not None
    }
    if "composite" not in zone.valid:
        values.pop("sex", None)
    return values


def _zone_place(sources: CardSources) -> tuple[int, Box]:
    line = sources.zone_lines[0]
    return line.page, to_scan_box(line.place, line.to_scan)
