"""What says of a paper that it is a certified copy and no original: codes, words, the file's description."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from typing import Any

from rapidfuzz import fuzz

from domain.record import Check, CheckOutcome, Line, Record
from domain.text import fold
from signing.code import addressed_codes, printed_codes
from signing.wording import words_of_copies

OWN_COPY = "own_copy"
"""Fails where a paper bears a mark of a certified copy: copies are made of originals only
(``docs/adr/0030``). ``copies`` lists what it bears, ``state`` is what the register says of it
(``workflow.on_file``)."""
_AS_PRINTED = 90
"""Likeness, of 100, from which words were printed so and a letter or two misread."""
_LEAST_LENGTH = 0.8
"""A line may lack so much of a phrase that it was broken off; shorter, it says something else."""


def with_copy_check(
    record: Record, *, codes: Mapping[int, Sequence[str]], keywords: str = ""
) -> Record:
    """The record with the check failed where it bears a mark; the register has not been asked.

    ``codes`` are texts of QR codes by page, ``keywords`` those by which a PDF describes itself.
    """
    found = {
        code: {"code": code, "page": page, "named": False}
        for page in record.pages
        for code in _codes_on(page, codes.get(page, ()), record.lines)
    }
    for code in printed_codes(keywords):
        found[code] = found.get(code, {"code": code, "page": None}) | {"named": True}
    worded = [line.page for line in record.lines if _is_certified(line)]
    if not found and not worded:
        return record
    copies: list[dict[str, Any]] = [*found.values()]
    facts: dict[str, object] = {"copies": copies}
    if not copies:
        facts["page"] = worded[0]
    return replace(record, checks=(*record.checks, failed(OWN_COPY, facts)))


def failed(code: str, facts: Mapping[str, object]) -> Check:
    """A check that leaves the paper to a person."""
    return Check(code=code, outcome=CheckOutcome.FAIL, facts=facts)


def _codes_on(page: int, scanned: Iterable[str], lines: Iterable[Line]) -> tuple[str, ...]:
    by_qr = (code for text in scanned for code in addressed_codes(text))
    by_words = (code for line in lines if line.page == page for code in printed_codes(line.text))
    return tuple(dict.fromkeys((*by_qr, *by_words)))


def _is_certified(line: Line) -> bool:
    words = fold(line.text)
    return any(
        len(words) >= _LEAST_LENGTH * len(phrase)
        and fuzz.partial_ratio(phrase, words) >= _AS_PRINTED
        for phrase in words_of_copies()
    )
