"""Headings of one person's part of a form: ``II. NGƯỜI MẸ``, ``Bên chồng``, ``Về người cha: Họ tên: …``."""

import itertools
import re
from collections.abc import Iterator, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass

from domain.text import nfc
from ocr.form_library import FormSpec
from ocr.labels import LabelHit, squeeze
from ocr.text_line import TextLine

_NUMBER = re.compile(r"^\W*(?:(?:[IVX]{1,4}|\d{1,2}|[A-D])\s*[.)/-]\s*)?")
_BEGINNING = re.compile(
    _NUMBER.pattern + r"(?:phần\s+)?(?:thông tin\s+|khai\s+)?(?:về\s+)?", re.IGNORECASE
)
_SENTENCE_ENDED = re.compile(r"[^\W\d_]{2}[a-zà-ỹđ]\.\s*$")
"""A full stop, and none of an abbreviation (``TP.``)."""
_LEAST_WORDS, _LEAST_LETTERS = 2, 8
_ASKING = frozenset(
    "xã phường thị trấn quận huyện tỉnh thành phố ngõ ngách hẻm nhà đường tổ số bà ông với là do và "
    "Xã Phường Quận Huyện Tỉnh Ngõ Số P Q H X TP XÃ PHƯỜNG QUẬN HUYỆN TỈNH".split()
)
"""Words behind which something must follow; ``Thành`` and ``Dương`` are ends of names."""
_PARTS = (
    "thông tin", "phần ", "người ", "đăng ký", "về ", "việc ", "bên ", "nội dung", "ghi chú", "thành viên",
    "các thành viên", "những người", "dữ liệu", "xác nhận", "chủ hộ",
)  # fmt: skip
"""How headings of a form's parts begin; with their marks, for Phan and Bến are names."""
_NUMBERED_PARTS = (*_PARTS, "công an ")
_ANY = -1
_AT_ONCE = 2
"""Signs between a heading's colon and the label behind it."""


@dataclass(frozen=True, kw_only=True)
class Heading:
    """A line that heads the form's section of this number; ``leads``: labels of it follow in the line."""

    line: int
    section: int
    leads: bool = False


def find_headings(
    form: FormSpec, lines: Sequence[TextLine], hits: Sequence[tuple[int, LabelHit]]
) -> list[Heading]:
    """The headings of persons, from the top.

    A line that is nothing but a heading has nothing beside it but another one. Short ones (``Mẹ``) may be
    a relationship, ``Vợ`` one who signs: of couples they count above a name's label, else not at all. The
    label of one person's name (``HỌ TÊN CHỒNG``) is a heading where the next line has one for names too.
    """
    named = {index for index, hit in hits if _named_section(form, hit) is not None}
    alone = [*_names_as_headings(form, lines, hits, named), *_bare(form, lines, hits, named)]
    heads = {heading.line for heading in alone}
    rows = {(line.page, line.row) for index, line in enumerate(lines)
            if line.text and index not in heads}  # fmt: skip
    free = [head for head in alone if (lines[head.line].page, lines[head.line].row) not in rows]
    return sorted([*free, *_leading(form, lines, hits)], key=lambda heading: heading.line)


def paired_headings(form: FormSpec, lines: Sequence[TextLine]) -> frozenset[int]:
    """The lines of a couple's headings side by side: over their columns, or over where they sign."""
    words = _words(form)
    said = {index: words.get(_heading_of(line.text)) for index, line in enumerate(lines)}
    of_couple = {index: number for index, number in said.items()
                 if number is not None and form.sections[number].column is not None}  # fmt: skip
    return frozenset(
        index
        for index, number in of_couple.items()
        for other, beside in of_couple.items()
        if number != beside
        and (lines[index].page, lines[index].row) == (lines[other].page, lines[other].row)
    )


def registrar_headings(
    form: FormSpec, hits: Sequence[tuple[int, LabelHit]], lines: Sequence[TextLine]
) -> frozenset[tuple[int, int]]:
    """Labels of the registrar above another one: ``III. Đăng ký kết hôn:``, ``- Nơi đăng ký: …``."""
    places = {
        word
        for section in form.sections
        for field in section.fields
        if field.names == ("registration_place",)
        for word in field.labels
    }
    return frozenset(
        (upper, head.start)
        for (upper, head), (lower, label) in itertools.pairwise(hits)
        if {head.label, label.label} <= places
        and lower == upper + 1
        and not squeeze(lines[upper].text[head.end :])
        and not squeeze(lines[lower].text[: label.start])
    )


def _names_as_headings(
    form: FormSpec,
    lines: Sequence[TextLine],
    hits: Sequence[tuple[int, LabelHit]],
    named: AbstractSet[int],
) -> Iterator[Heading]:
    for index, hit in hits:
        section = _named_section(form, hit)
        ends = not squeeze(lines[index].text[hit.end :]) and ":" not in lines[index].text
        if section is not None and section != _ANY and ends and index + 1 in named:
            yield Heading(line=index, section=section)


def _bare(
    form: FormSpec,
    lines: Sequence[TextLine],
    hits: Sequence[tuple[int, LabelHit]],
    named: AbstractSet[int],
) -> Iterator[Heading]:
    """Lines without a label that say nothing but whose part begins."""
    words, labelled = _words(form), {index for index, _ in hits}
    for index, line in enumerate(lines):
        said = _heading_of(line.text) or nfc(line.text).strip()  # large and small ``v`` look alike
        if index in labelled or said not in words:
            continue
        couple = form.sections[words[said]].column is not None
        if " " in said or (couple and index + 1 in named):
            yield Heading(line=index, section=words[said])


def _leading(
    form: FormSpec, lines: Sequence[TextLine], hits: Sequence[tuple[int, LabelHit]]
) -> Iterator[Heading]:
    """Lines that begin with a heading and go on with a label."""
    words = _words(form)
    for index, hit in hits:
        said, colon, _ = lines[index].text[: hit.start].partition(":")
        at_once = hit.start - len(said) - 1 <= _AT_ONCE
        if colon and at_once and _heading_of(said) in words:
            yield Heading(line=index, section=words[_heading_of(said)], leads=True)


def _words(form: FormSpec) -> dict[str, int]:
    """The sections' numbers by what may head them."""
    return {
        nfc(word).lower(): number
        for number, section in enumerate(form.sections)
        for word in section.headings
    }


def heads_a_part(said: str, row: str, label: int | None) -> bool:
    """Whether a row below a value that says ``said`` is no more of it: it heads the next part of the form.

    It begins as headings do, in capitals as the value is not, or numbered; or it ends with a colon and is no
    label known; or it begins a sentence behind one that ended. ``label``: where the row's first label begins.
    """
    sign = _NUMBER.match(row)
    bare = row[sign.end() if sign else 0 :].strip()
    words = [word for word in bare.split() if any(letter.isalpha() for letter in word)]
    short = len(words) < _LEAST_WORDS or len(squeeze(bare)) < _LEAST_LETTERS
    if short or not squeeze(said) or is_unfinished(said) or not bare[0].isupper():
        return False
    figures = any(letter.isdigit() for letter in bare)
    named = nfc(bare).lower()
    if label is None and bare.isupper() and not said.isupper() and not figures:
        return named.startswith(_PARTS)
    if label is None and sign and squeeze(sign.group()) and ":" not in bare:
        return named.startswith(_NUMBERED_PARTS)
    if bare.endswith(":") and not figures and not re.search(r"[;,.]", bare):
        return label is None or row[label].islower()
    return bool(label) and _SENTENCE_ENDED.search(said) is not None


def is_unfinished(said: str) -> bool:
    """Whether what a value says so far asks for more: ``…, tỉnh``, ``Phường``, ``… với bà``."""
    last = said.split()[-1:] or [""]
    return last[0][-1:] in {",", ";", "-", "–"} or nfc(last[0]).rstrip(".") in _ASKING


def _named_section(form: FormSpec, hit: LabelHit) -> int | None:
    """The section whose person's name a label is; ``_ANY``: several's, ``None``: no name's."""
    sections = [
        number
        for number, section in enumerate(form.sections)
        for field in section.fields
        if hit.label in field.labels and not field.stands_in
        and any(name.endswith("full_name") for name in field.names)
    ]  # fmt: skip
    if not sections:
        return None
    return sections[0] if len(set(sections)) == 1 and form.sections[sections[0]].headings else _ANY


def _heading_of(text: str) -> str:
    """What a text says as a heading, in small letters without its number (``II. NGƯỜI MẸ``)."""
    whole = nfc(text).strip()
    said = _BEGINNING.sub("", whole).strip(" :.…")
    begins_large = whole.lstrip("-–•+* ")[:1].isupper() or said[:1].isupper() or whole[:1].isdigit()
    return said.lower() if begins_large else ""
