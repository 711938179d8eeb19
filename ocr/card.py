"""Identity cards: what is printed, what the QR code says and what the machine-readable zone says, as one."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace

from rapidfuzz import fuzz
from rapidfuzz.distance import Hamming, Levenshtein

from domain.dates import parse_date
from domain.geometry import Box
from domain.page import CleanPage
from domain.personal_number import parse
from domain.record import Check, CheckOutcome, FieldValue
from domain.text import fold
from ocr.engine import ReadingEngine
from ocr.mrz import MachineZone, find_zone
from ocr.qr import CardCode, find_card_code
from ocr.text_line import TextLine, to_scan_box
from ocr.values import fold_letters

_CODE_FIELDS = ("personal_id", "full_name", "birth_date", "sex", "residence", "issue_date")
_ZONE_FIELDS = ("personal_id", "birth_date", "sex", "valid_until")
_MISREAD = 0.7
"""A printed value this similar to the code's was misread; one less similar says something else."""
_SOURCE_CONFIDENCE = 0.999
ONE_PERSON = "card_one_person"
_PRINTED_NUMBER = re.compile(r"(?<![\dA-Z<./-])(?:\d{12}|\d{9})(?![\d<./-])")
_EXPIRY = re.compile(r"\W*(?:co gia tri den|date of expiry)\W+\d\d/\d\d/\d{4}\s+(?=\w)")
_OLD_DIGITS = 9
_MISREAD_DIGITS = 2
_ZONE_LINES = 8
_NAME_ALIKE = 0.85
_LONG = 12
"""Letters from which a text that is part of another one is taken for the same text."""


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


def parted_at_expiry(lines: Sequence[TextLine]) -> tuple[TextLine, ...]:
    """The lines of a card, the date of expiry below the portrait parted from what stands beside it.

    There the residence goes on, as close as words of one line.
    """
    parted: list[TextLine] = []
    for line in lines:
        expiry = _EXPIRY.match(fold_letters(line.text))
        parted += [line] if expiry is None else line.parted(expiry.end())
    return tuple(parted)


def merge(
    printed: Mapping[str, FieldValue], sources: CardSources
) -> tuple[dict[str, FieldValue], tuple[Check, ...]]:
    """Fields confirmed, corrected or completed by the strong sources, and how the sources compare.

    A code or a zone with right check digits outweighs a misread print. Where print and source say
    plainly different things, or both readers saw other figures, the print stays uncertain and a check warns.
    """
    fields = dict(printed)
    checks: list[Check] = []
    if sources.zone is not None:
        checks.append(
            _compare(fields, "card_mrz", _zone_values(sources.zone), _zone_place(sources))
        )
        checks.append(_compare_name(fields, sources.zone))
    if sources.code is not None:
        code = sources.code
        values = {
            name: value for name in _CODE_FIELDS if (value := getattr(code, name)) is not None
        }
        checks.append(_compare(fields, "card_qr", values, (code.page, code.box)))
    return fields, tuple(checks)


def one_person(lines: Sequence[TextLine], sources: CardSources) -> Check | None:
    """Whether all numbers on a card's pages are one person's; ``None`` where there is none.

    Copies of two people's cards on one sheet are common in marriage files: which value is whose is not
    known then. A printed number that differs from the code's in a digit or two was misread; two printed
    ones are two, for twins have numbers that follow each other.
    """
    printed = {number for line in lines for number in _PRINTED_NUMBER.findall(line.text)
               if len(number) == _OLD_DIGITS or parse(number)}  # fmt: skip
    sources_say = {one.personal_id for one in (sources.code, sources.zone) if one} - {None}
    if not printed and not sources_say:
        return None
    single = len(printed) <= 1 and all(
        _is_same_number(one, other) for one in sources_say for other in (*printed, *sources_say)
    )
    return Check(code=ONE_PERSON, outcome=CheckOutcome.PASS if single else CheckOutcome.FAIL)


def _is_same_number(one: str, other: str) -> bool:
    return len(one) == len(other) and Hamming.distance(one, other) <= _MISREAD_DIGITS


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


def _compare(
    fields: dict[str, FieldValue], code: str, values: Mapping[str, str], place: tuple[int, Box]
) -> Check:
    """Bring ``values`` of a strong source into ``fields`` and report what differs."""
    different: list[str] = []
    for name, value in values.items():
        printed = fields.get(name)
        if printed is None or printed.value is None:
            fields[name] = _from_source(value, place, printed)
        elif printed.value == value or _is_misread(printed.value, value, sure=printed.certain):
            fields[name] = replace(
                printed, value=value, confidence=_SOURCE_CONFIDENCE, certain=True
            )
        else:
            different.append(name)
            fields[name] = replace(printed, certain=False)
    outcome = CheckOutcome.WARN if different else CheckOutcome.PASS
    return Check(code=code, outcome=outcome, facts={"different": different} if different else {})


def _is_misread(printed: str, value: str, *, sure: bool) -> bool:
    """Whether print is like a source's value and was misread; figures that both readers saw were not."""
    if sure and not any(map(str.isalpha, value)):
        return False
    if parse_date(value) is not None and len(value) == len(printed):
        return Hamming.distance(printed, value) == 1  # two days are easily much alike
    return _alike(printed, value) >= _MISREAD


def _from_source(value: str, place: tuple[int, Box], printed: FieldValue | None) -> FieldValue:
    page, box = place
    return FieldValue(
        text=value,
        value=value,
        confidence=_SOURCE_CONFIDENCE,
        certain=True,
        page=page if printed is None else printed.page,
        box=box if printed is None else printed.box,
    )


def _compare_name(fields: Mapping[str, FieldValue], zone: MachineZone) -> Check:
    """The zone's name has no diacritics and may be cut short: it confirms, it never corrects."""
    printed = fields.get("full_name")
    if printed is None or printed.value is None:
        return Check(code="card_mrz_name", outcome=CheckOutcome.WARN, facts={"printed": None})
    names = fold(printed.value), fold(zone.name)
    alike = _alike(names[0][: len(names[1])], names[1]) >= _NAME_ALIKE
    return Check(
        code="card_mrz_name",
        outcome=CheckOutcome.PASS if alike else CheckOutcome.WARN,
        facts={} if alike else {"zone": zone.name},
    )


def _alike(first: str, second: str) -> float:
    """Similarity 0 … 1 without diacritics; of texts the shorter counts, for prints get cut short."""
    folded = fold(first), fold(second)
    whole = Levenshtein.normalized_similarity(*folded)
    if min(map(len, folded)) < _LONG or not any(letter.isalpha() for letter in first):
        return whole
    return max(whole, fuzz.partial_ratio(*folded) / 100)
