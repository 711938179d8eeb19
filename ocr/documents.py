"""Pages in, records out: where one document ends and the next begins, and what each says."""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date

from domain.form import FormCode
from domain.page import CleanPage, Quality, QualityReason
from domain.record import Check, CheckOutcome, FieldValue, Record
from domain.text import fold
from ocr.card import CardSources, card_sources, merge, one_person
from ocr.card_comparison import ONE_PERSON
from ocr.cells import labels_first
from ocr.checks import check
from ocr.classification import classify_texts, is_titled
from ocr.closing import has_closing_part
from ocr.columns import halves, pages_in_order, part_columns, parts_in_turn, people_in_turn
from ocr.copy_stamps import is_attestation
from ocr.engine import ReadingEngine, without_pictures
from ocr.extraction import Extraction, extract
from ocr.form_library import FormSpec, library
from ocr.later_notes import (
    LATER_NOTE,
    beside_strays,
    has_written_notes,
    in_doubt,
    is_back_with_notes,
    is_page_of_notes,
    later_note,
    may_bear_notes,
)
from ocr.motto import is_motto
from ocr.portrait import parted_at_portrait
from ocr.text_line import TextLine

_CARD_NUMBER = re.compile(r"(?<!\d)\d{12}(?!\d)")
_FEW_LINES = 45
"""Pages with more text than this are no cards, and not searched for a card's code."""
_CARD_SIDES = 2
_HEAD = 8
"""Lines among which the motto of a page that begins a paper stands."""
_BOOK_PAGES = 20
"""Pages of a household book whose lines keep their pictures; further ones would fill the memory."""
_ITS_NUMBER = re.compile(r"^\W*(?:so ho khau )?so ?:")
_TELLS_MORE = re.compile(r"chu ho|ho va ten|[^\W\d] ?:")
_BOOK_NUMBER = re.compile(r"\d[\d .]{4,}\d")
ONE_PAPER = "one_paper_a_page"
"""A page shows one paper: of two, it is not known which value is whose, and the second would be lost."""
CLOSING_PART = "closing_part"
"""A paper is there down to who signs it; what ends before was cut off, whatever its upper part says."""
_WITHOUT_CLOSING = frozenset({FormCode.IDENTITY_CARD, FormCode.HOUSEHOLD_BOOK})
"""Sides and pages of these come alone."""
_CORROBORATED = 0.9


@dataclass(frozen=True, kw_only=True, eq=False)
class _Draft:
    """A document while its pages come in."""

    form: FormCode
    confidence: float
    pages: tuple[int, ...]
    lines: tuple[TextLine, ...]
    qualities: tuple[Quality, ...]
    card: CardSources
    noted: bool
    """Whether a page of notes in it is written on."""
    stray: bool
    """Whether such a page found no paper before it whose notes they may be."""
    attested: tuple[TextLine, ...] = ()
    """Pages that only certify it as a copy: another's number, day and signature."""


def read_document(
    file: str,
    sha256: str,
    clean_pages: Iterable[CleanPage],
    engine: ReadingEngine,
    today: date,
) -> tuple[Record, ...]:
    """One record per document in the file, in the order of their pages; a page at a time in memory.

    A page that begins a form begins a record; the back of a card joins its front; one that certifies a
    paper as a copy joins that paper; further pages join the page before, unless one between them is missing
    among ``clean_pages``. ``today`` judges dates and expiry.
    """
    records: list[Record] = []
    noted: list[bool] = []
    strays = False
    draft: _Draft | None = None
    for page in clean_pages:
        single = _read_page(
            page, engine, keep_pictures=draft is not None and _has_inner_pages(draft)
        )
        # over a page that is missing nothing is joined: whose it was, and whose this is, nobody knows
        follows = draft is not None and page.number == draft.pages[-1] + 1
        if draft is not None and follows and _belongs(draft, single):
            draft = _joined(draft, single)
        else:
            if draft is not None:
                records.append(_finished(draft, file, sha256, engine, today))
                noted.append(draft.noted)
            draft = single
        strays = strays or draft.stray
    if draft is not None:
        records.append(_finished(draft, file, sha256, engine, today))
        noted.append(draft.noted)
    return beside_strays(records, noted) if strays else tuple(records)


def _has_inner_pages(before: _Draft) -> bool:
    """Whether pages without a title may follow whose values are read by both readers."""
    return before.form is FormCode.HOUSEHOLD_BOOK and len(before.pages) < _BOOK_PAGES


def _read_page(page: CleanPage, engine: ReadingEngine, *, keep_pictures: bool) -> _Draft:
    lines = engine.read_lines(page)
    form, confidence = classify_texts([line.text for line in lines])
    left, right = halves(lines)
    if form is FormCode.OTHER and right:  # a folded sheet: its cover may lie beside what it says
        form, confidence = classify_texts([line.text for line in (*left, *right)])
    card = CardSources()
    if form is FormCode.IDENTITY_CARD or (form is FormCode.OTHER and len(lines) < _FEW_LINES):
        card = card_sources(page, lines, engine)
        if card.code is not None or card.zone is not None:
            form, confidence = FormCode.IDENTITY_CARD, 0.99
    if form is FormCode.IDENTITY_CARD:
        lines = engine.with_red_print(page, lines)
    if form is FormCode.OTHER and not keep_pictures:
        lines = without_pictures(lines)
    noted = is_page_of_notes([line.text for line in lines]) and has_written_notes(lines)
    return _Draft(
        form=form,
        confidence=confidence,
        pages=(page.number,),
        lines=lines,
        qualities=(page.quality,),
        card=card,
        noted=noted,
        stray=noted,
    )


def _belongs(before: _Draft, page: _Draft) -> bool:
    """Whether ``page`` continues the document ``before``."""
    if not page.lines or not before.lines or _attests(page):
        return (
            True  # an empty page goes with its neighbour, and so does the word of who certified it
        )
    texts = [line.text for line in page.lines]
    if may_bear_notes(before.form) and not may_bear_notes(page.form):
        # before the page's form is asked: a note may cite a paper by its title
        known = page.form is not FormCode.OTHER
        if is_page_of_notes(texts) or (not known and is_back_with_notes(texts)):
            return True
    if page.form is FormCode.IDENTITY_CARD:
        return (
            before.form is page.form
            and len(before.pages) < _CARD_SIDES
            and _other_side(before, page)
        )
    if page.form is FormCode.HOUSEHOLD_BOOK and before.form is page.form:
        return not is_titled(texts, library().form(page.form)) or _is_cover_of(before, page)
    if page.form is not FormCode.OTHER:
        return False
    begins = any(map(is_motto, texts[:_HEAD]))
    return before.form in (FormCode.OTHER, FormCode.HOUSEHOLD_BOOK) and not begins


def _attests(page: _Draft) -> bool:
    """Whether a page says nothing but that the paper before it was copied: notes above a stamp count."""
    texts = [line.text for line in page.lines]
    noted = is_page_of_notes(texts) or is_back_with_notes(texts)
    return page.form is FormCode.OTHER and not noted and is_attestation(texts)


def _is_cover_of(before: _Draft, page: _Draft) -> bool:
    """Whether all that came before is a household book's cover: its first page bears the title again.

    A cover has the state's motto, the title and a number; any other label says something of somebody.
    """
    if any(_TELLS_MORE.search(_ITS_NUMBER.sub("", fold(line.text))) for line in before.lines):
        return False
    number, again = (
        {re.sub(r"\D", "", n) for line in draft.lines for n in _BOOK_NUMBER.findall(line.text)}
        for draft in (before, page)
    )
    return not number or not again or bool(number & again)


def _other_side(before: _Draft, page: _Draft) -> bool:
    """Two sides of one card: not both with a zone or a code, not two different numbers, coded or printed."""
    zones = [draft.card.zone for draft in (before, page)]
    codes = [draft.card.code for draft in (before, page)]
    if all(zones) or all(codes):
        return False
    ids = {source.personal_id for source in (*zones, *codes) if source is not None}
    printed = [_card_numbers(draft) for draft in (before, page)]
    return len(ids) <= 1 and not (all(printed) and printed[0].isdisjoint(printed[1]))


def _card_numbers(draft: _Draft) -> set[str]:
    """Numbers of persons printed on cards; those within a machine-readable zone are not asked."""
    texts = (line.text for line in draft.lines if "<" not in line.text)
    return {number for text in texts for number in _CARD_NUMBER.findall(text)}


def _joined(before: _Draft, page: _Draft) -> _Draft:
    leading = before if before.lines else page
    attests = bool(before.lines) and _attests(page)
    return replace(
        leading,
        pages=before.pages + page.pages,
        lines=before.lines + (() if attests else page.lines),
        attested=before.attested + (page.lines if attests else ()),
        qualities=before.qualities + page.qualities,
        card=before.card.joined(page.card),
        noted=before.noted or page.noted,
        stray=before.stray or (page.stray and not may_bear_notes(before.form)),
    )


def _finished(draft: _Draft, file: str, sha256: str, engine: ReadingEngine, today: date) -> Record:
    spec = library().form(draft.form)
    lines, fields, checks = draft.lines, dict[str, FieldValue](), tuple[Check, ...]()
    if spec is not None:
        lines, fields, checks = _understood(draft, spec, engine, today)
    return Record(
        file=file,
        sha256=sha256,
        pages=draft.pages,
        form=draft.form,
        form_confidence=draft.confidence,
        quality=worst(draft.qualities),
        lines=tuple(line.line() for line in (*lines, *draft.attested)),
        fields=fields,
        checks=checks,
    )


def _understood(
    draft: _Draft, spec: FormSpec, engine: ReadingEngine, today: date
) -> tuple[tuple[TextLine, ...], dict[str, FieldValue], tuple[Check, ...]]:
    """Extract, let the second reader look at the lines that carry values, extract again."""
    lines = list(in_form_order(spec, draft.lines))
    first = extract(spec, lines)
    used = sorted(first.used)
    for index, line in zip(used, engine.second_opinion([lines[i] for i in used]), strict=True):
        lines[index] = line
    extraction = extract(spec, lines)
    fields, page_checks = merge(extraction.fields, draft.card, sure_words=extraction.sure_words)
    if spec.code is FormCode.IDENTITY_CARD:
        single = one_person(lines, draft.card)
        page_checks += () if single is None else (single,)
    elif _shows_several(lines):
        page_checks += (Check(code=ONE_PAPER, outcome=CheckOutcome.FAIL),)
    page_checks += _closing(spec.code, draft.lines)
    note = later_note(spec.code, draft.lines)
    page_checks += () if note is None else (note,)
    fields = _corroborated(fields, extraction)
    checks = check(spec.code, fields, today, spelled=extraction.spelled) + page_checks
    return tuple(lines), _doubted(fields, checks), checks


def _closing(form: FormCode, lines: Sequence[TextLine]) -> tuple[Check, ...]:
    if form in _WITHOUT_CLOSING:
        return ()
    whole = has_closing_part(line.text for line in lines)
    return (Check(code=CLOSING_PART, outcome=CheckOutcome.PASS if whole else CheckOutcome.FAIL),)


def in_form_order(spec: FormSpec, lines: Sequence[TextLine]) -> tuple[TextLine, ...]:
    """The lines in the order in which the form is to be understood, those of two parted."""
    ordered = pages_in_order(spec, lines)
    if spec.code is FormCode.IDENTITY_CARD:
        # it has no cells: what stands right of a label may be of the card's other side
        ordered = parted_at_portrait(spec, ordered)
    else:
        ordered = labels_first(spec, ordered)
    ordered = part_columns(spec, ordered)
    return people_in_turn(spec, parts_in_turn(spec, ordered))


def _shows_several(lines: Sequence[TextLine]) -> bool:
    """Whether the state's motto stands on a page more than once: copies of two papers on one sheet."""
    mottos = [line.page for line in lines if is_motto(line.text)]
    return len(mottos) > len(set(mottos))


def _corroborated(fields: dict[str, FieldValue], extraction: Extraction) -> dict[str, FieldValue]:
    """A date that the paper repeats in words is certain; where figures failed, the words stand in."""
    for name, words in extraction.spelled.items():
        printed = fields.get(name)
        if printed is None:
            continue
        if printed.value is None:
            fields[name] = replace(printed, value=words)
        elif printed.value == words:
            sure = max(printed.confidence, _CORROBORATED)
            fields[name] = replace(printed, certain=True, confidence=sure)
    return fields


def _doubted(fields: dict[str, FieldValue], checks: Sequence[Check]) -> dict[str, FieldValue]:
    """What fails a check is not certain."""
    doubtful: set[str] = set()
    for item in checks:
        if item.outcome is CheckOutcome.PASS:
            continue
        if item.code in {ONE_PERSON, ONE_PAPER}:
            doubtful |= set(fields)
        elif item.code == LATER_NOTE:
            doubtful |= in_doubt(item, fields)
        elif item.code.endswith("_in_words"):
            doubtful.add(item.code.removesuffix("_in_words"))
        elif item.code.startswith("personal_id_"):
            doubtful |= {"personal_id"}
        elif item.code == "dates_in_order":
            wrong = item.facts.get("wrong")
            doubtful |= (
                {name for pair in wrong for name in pair} if isinstance(wrong, list) else set()
            )
    return {
        name: replace(value, certain=False) if name in doubtful else value
        for name, value in fields.items()
    }


def worst(qualities: Sequence[Quality]) -> Quality:
    """The quality of the worst page: an unusable one before any other, then the most blurred.

    Blank pages do not count beside printed ones: scanners that take both sides bring every empty back.
    """
    printed = [quality for quality in qualities if QualityReason.BLANK not in quality.reasons]
    return min(
        printed or qualities,
        key=lambda quality: (quality.usable, -len(quality.reasons), -quality.blur),
    )
