"""What says of a paper that it is a certified copy: codes, words, stamps, the file's description."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from itertools import pairwise

from rapidfuzz import fuzz

from domain.record import Check, CheckOutcome, Record
from ocr.copy_stamps import bears_copy_stamp, without_notes_of_copies
from signing.code import addressed_codes, printed_codes
from signing.wording import titles_of_copies, words_of_copies

OWN_COPY = "own_copy"
"""Fails where a paper bears a mark of a certified copy: copies are made of originals only
(``docs/adr/0030``, ``0031``). ``copies`` lists the codes that it bears, ``page`` is where words or a
``stamp`` of one stand if it bears none; ``state`` is what the register says of it (``workflow.on_file``)."""
_AS_PRINTED = 90
"""Likeness, of 100, from which words were printed so and a letter or two misread."""
_LEAST_LENGTH = 0.8
"""A line may lack so much of a phrase that it was broken off; shorter, it says something else."""
_BESIDE_TITLE = 2
"""Letters more than a title's that specks may leave; a number or day behind it makes it a note."""


def with_copy_check(
    record: Record, *, codes: Mapping[int, Sequence[str]], keywords: str = ""
) -> Record:
    """The record with the check failed where it bears a mark; the register has not been asked.

    ``codes`` are texts of QR codes by page, ``keywords`` those by which a PDF describes itself.
    """
    printed = {page: _printed_on(page, record) for page in record.pages}
    rows = {page: without_notes_of_copies(texts) for page, texts in printed.items()}
    found = {
        code: {"code": code, "page": page, "named": False}
        for page in record.pages
        for code in _codes_on(codes.get(page, ()), rows[page])
    }
    for code in printed_codes(keywords):
        found[code] = found.get(code, {"code": code, "page": None}) | {"named": True}
    worded = [page for page in record.pages if _is_certified(rows[page])]
    stamped = [page for page in record.pages if bears_copy_stamp(printed[page])]
    facts: dict[str, object]
    if found:
        facts = {"copies": [*found.values()]}
    elif worded:
        facts = {"copies": [], "page": worded[0]}
    elif stamped:
        facts = {"copies": [], "page": stamped[0], "stamp": True}
    else:
        return record
    return replace(record, checks=(*record.checks, failed(OWN_COPY, facts)))


def failed(code: str, facts: Mapping[str, object]) -> Check:
    """A check that leaves the paper to a person."""
    return Check(code=code, outcome=CheckOutcome.FAIL, facts=facts)


def _printed_on(page: int, record: Record) -> tuple[str, ...]:
    return tuple(line.text for line in record.lines if line.page == page)


def _codes_on(scanned: Iterable[str], rows: Iterable[str]) -> tuple[str, ...]:
    by_qr = (code for text in scanned for code in addressed_codes(text))
    by_words = (code for row in rows for code in printed_codes(row))
    return tuple(dict.fromkeys((*by_qr, *by_words)))


def _is_certified(rows: Sequence[str]) -> bool:
    """Whether folded lines are what copies bear; a title of theirs, in one or two, says nothing beside."""
    pairs = (f"{row} {below}" for row, below in pairwise(rows))
    return any(_is_title(text) for text in (*rows, *pairs)) or any(
        len(row) >= _LEAST_LENGTH * len(phrase) and fuzz.partial_ratio(phrase, row) >= _AS_PRINTED
        for row in rows
        for phrase in words_of_copies()
    )


def _is_title(text: str) -> bool:
    return any(
        len(text) <= len(title) + _BESIDE_TITLE and fuzz.ratio(title, text) >= _AS_PRINTED
        for title in titles_of_copies()
    )
