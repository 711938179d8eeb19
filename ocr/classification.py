"""Which form a page is: by its title, the mark in its number, and the labels it carries."""

import re
from collections.abc import Sequence
from string import digits

from rapidfuzz import fuzz

from domain.form import FormCode
from domain.record import Line
from ocr.form_library import FieldSpec, FormSpec, library
from ocr.labels import find_labels, squeeze

_TITLE_LEAST = 82.0
"""Similarity (0 … 100) from which a line is a title."""
_BROKEN_LEAST = 95.0
"""… of a title whose second row is in small letters, as those of letters and requests are."""
_TRAP_LEAST = 86.0
_MARKED_LABELS = 0.3
"""Without a legible title the mark in its number names a form that has this share of its labels …"""
_ENGLISH = ("Full name", "Date of birth", "Nationality", "Place of origin", "Place of residence",
            "Date of expiry", "Personal identification", "Date, month, year")  # fmt: skip
_ENGLISH_LEAST = 3
"""… and this many English labels name a card, for no other paper has them."""
_ON_A_FRONT = ("Quê quán", "Nơi thường trú", "Có giá trị đến")
"""Labels that together name the front of a card without English: its title in red fades before they do."""
_LEAST_SIGNS = 2
_STATE = ("conghoaxahoi", "doclaptudo")
_SIDE_LINES = 16
"""Lines that one side of a card has at most."""
_SURE = 0.5
"""Below this confidence a page is ``other``."""
_TITLE_REACH = 22
"""A title stands among the first lines of a page."""
_NUMBER_BEGINS = "so"
_LONGEST_NUMBER = 45
"""Letters of a line with a paper's number; the marks of other papers stand in sentences."""
_LONGEST_TITLE_END = 40
"""… and of the second row of a title in small letters below one in capitals."""
_LEAST_LABEL = 4
"""Labels of so few letters tell no form from another."""
_MRZ = re.compile(r"[I1l][D0O]VNM\d{6,}")


def classify(lines: Sequence[Line]) -> tuple[FormCode, float]:
    """The form of a page and the confidence (0 … 1) in it; ``other`` where nothing fits.

    ``lines`` are the page's, in reading order.
    """
    return classify_texts([line.text for line in lines])


def classify_texts(texts: Sequence[str]) -> tuple[FormCode, float]:
    """As :func:`classify`, on the texts alone."""
    forms = library()
    head = _title_candidates(texts[:_TITLE_REACH])
    trap = max((_title_score(head, title) for title in forms.traps), default=0.0)
    named = [(_evidence(form, head, texts), form) for form in forms.forms]
    if not any(evidence for evidence, _ in named):
        # only where nothing names the form do its mere labels count, and they decide nothing
        lines = [squeeze(text).lstrip(digits) for text in texts]
        named = [
            (0.4 * _label_share(form, _labels_leading(form, lines)), form) for form in forms.forms
        ]
    best, form = max(named, key=lambda pair: pair[0])
    title = max(_title_score(head, text) for text in form.titles)
    if trap >= _TRAP_LEAST and trap >= title - 3:
        return FormCode.OTHER, min(1.0, trap / 100)
    if best < _SURE:
        return FormCode.OTHER, 1.0 - best
    return form.code, min(1.0, best)


def is_titled(texts: Sequence[str], form: FormSpec | None) -> bool:
    """Whether a page bears a title of ``form``."""
    if form is None:
        return False
    head = _title_candidates(texts[:_TITLE_REACH])
    return any(_title_score(head, title) >= _TITLE_LEAST for title in form.titles)


def _title_candidates(texts: Sequence[str]) -> list[str]:
    """Lines in capitals and pairs of them (titles break), squeezed; running text is no title.

    The second row of a title may be in small letters: ``GIẤY XÁC NHẬN``, below it ``Tình trạng hôn nhân``.
    """
    single = [squeeze(text) if _is_capital(text) else "" for text in texts]
    ends = [squeeze(text) if len(text) <= _LONGEST_TITLE_END else "" for text in texts]
    pairs = [
        first + second
        for distance in (1, 2)
        for first, second in zip(single, single[distance:], strict=False)
        if first and second
    ]
    pairs += [
        first + second
        for first, second in zip(single, ends[1:], strict=False)
        if first and second and _breaks(first, first + second)
    ]
    return [text for text in single + pairs if len(text) >= 6]


def _breaks(first: str, both: str) -> bool:
    """Whether two rows are a title of a form, and the first of them is how it begins."""
    titles = (squeeze(title) for form in library().forms for title in form.titles)
    return any(
        title.startswith(first) and fuzz.ratio(both, title) >= _BROKEN_LEAST for title in titles
    )


def _is_capital(text: str) -> bool:
    letters = [letter for letter in text if letter.isalpha()]
    return sum(letter.isupper() for letter in letters) > 0.6 * len(letters)


def _title_score(candidates: Sequence[str], title: str) -> float:
    wanted = squeeze(title)
    return max(
        (
            fuzz.ratio(text, wanted, score_cutoff=60)
            for text in candidates
            if abs(len(text) - len(wanted)) <= max(3, len(wanted) // 4)
        ),
        default=0.0,
    )


def _evidence(form: FormSpec, head: Sequence[str], texts: Sequence[str]) -> float:
    """Title, number mark and labels weighed together, 0 … 1; 0 where nothing of a form's own is there."""
    title = max(_title_score(head, text) for text in form.titles)
    if form.code is FormCode.IDENTITY_CARD and any(_MRZ.search(squeeze_mrz(t)) for t in texts):
        return 0.99
    marked = any(
        squeeze(mark) in squeeze(text)
        for mark in form.number_marks
        for text in texts[:_TITLE_REACH]
        if len(text) <= _LONGEST_NUMBER or squeeze(text).startswith(_NUMBER_BEGINS)
    )
    signs = {hit.label for text in texts if form.signs
             for hit in find_labels(text, form.signs) if hit.similarity == 1}  # fmt: skip
    signed = len(signs) >= _LEAST_SIGNS and (
        form.code is not FormCode.IDENTITY_CARD or _may_be_a_back(texts)
    )
    labelled = form.code is FormCode.IDENTITY_CARD and (
        _english_labels(texts) >= _ENGLISH_LEAST or _is_a_front(texts)
    )
    if title < _TITLE_LEAST and not marked and not labelled and not signed:
        return 0.0
    share = _label_share(form, _labels_seen(form, texts))
    if title >= _TITLE_LEAST:
        return (
            0.55 + 0.3 * (title - _TITLE_LEAST) / (100 - _TITLE_LEAST) + 0.1 * marked + 0.15 * share
        )
    if marked and share >= _MARKED_LABELS:
        return 0.55 + 0.3 * share
    if labelled or signed:
        return 0.5 + 0.3 * share
    return 0.4 * share


def _may_be_a_back(texts: Sequence[str]) -> bool:
    """Whether a page may be the back of a card: short, without the state's name that other papers bear."""
    stated = any(squeeze(text).startswith(_STATE) for text in texts)
    return len(texts) <= _SIDE_LINES and not stated


def _is_a_front(texts: Sequence[str]) -> bool:
    """Whether a short page has lines that begin with the labels of a card's front, read without error."""
    leading = {
        hit.label
        for text in texts
        for hit in find_labels(text, _ON_A_FRONT)
        if hit.start == 0 and hit.similarity == 1
    }
    return len(texts) <= _SIDE_LINES and leading == set(_ON_A_FRONT)


def _english_labels(texts: Sequence[str]) -> int:
    return len({hit.label for text in texts for hit in find_labels(text, _ENGLISH, _ENGLISH)})


def squeeze_mrz(text: str) -> str:
    """A line of a machine-readable zone without the spaces a reader put in."""
    return text.replace(" ", "").upper()


def _counted(form: FormSpec) -> list[FieldSpec]:
    """The fields of a form whose labels are long enough to tell it from others."""
    return [
        field
        for section in form.sections
        for field in section.fields
        if field.names and any(map(_is_telling, field.labels))
    ]


def _is_telling(label: str) -> bool:
    return len(squeeze(label)) > _LEAST_LABEL


def _labels_seen(form: FormSpec, texts: Sequence[str]) -> frozenset[str]:
    """Which of the form's labels stand in the texts."""
    fields = _counted(form)
    loose = {label for field in fields if field.loose for label in field.labels}
    labels = _telling_labels(fields)
    return frozenset(hit.label for text in texts for hit in find_labels(text, labels, loose))


def _labels_leading(form: FormSpec, lines: Sequence[str]) -> frozenset[str]:
    """Which of the form's labels begin a line; marks do not count, for lines are squeezed."""
    labels = _telling_labels(_counted(form))
    return frozenset(label for label in labels if any(x.startswith(squeeze(label)) for x in lines))


def _telling_labels(fields: Sequence[FieldSpec]) -> tuple[str, ...]:
    labels = dict.fromkeys(label for field in fields for label in field.labels)
    return tuple(filter(_is_telling, labels))


def _label_share(form: FormSpec, seen: frozenset[str]) -> float:
    """Share of the form's fields of which at least one label was seen."""
    fields = _counted(form)
    found = sum(any(label in seen for label in field.labels) for field in fields)
    return found / len(fields) if fields else 0.0
