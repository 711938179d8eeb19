"""The table of a household's members: rows by dates and numbers, cells by their columns or their looks."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from domain.record import FieldValue
from domain.text import nfc
from ocr.anchors import FIRST_PERSON
from ocr.closing import is_place_and_date, signature_lines
from ocr.form_library import FormSpec
from ocr.header import is_only_date
from ocr.labels import find_labels, squeeze
from ocr.member_columns import columns_of, heading_row
from ocr.member_sentences import told_members
from ocr.spans import Part, Span
from ocr.text_line import TextLine, is_alone
from ocr.values import fold_letters

_DATE = re.compile(r"(?<!\d)\d{1,2} ?[/.\-] ?\d{1,2} ?[/.\-] ?\d{4}(?!\d)")
_NUMBER = re.compile(r"(?<!\d)(?:\d{12}|\d{9})(?!\d)")
_YEAR = re.compile(r"\W*((?:19|20)\d{2})\W*(?:$|(?=(?:nam|nữ|nu)\b))", re.IGNORECASE)
"""All that is known of old people's birth: in a cell of its own, or before the sex."""
_DATE_BEGUN = re.compile(
    r"(?:^|\D)\d{1,2} ?[/.\-] ?(?:\d{1,2} ?[/.\-]?)?\W*$|thang\W*\d{0,2}\W*(?:nam)?\W*$"
)
_ABOVE = 2.2
"""How far (line heights) the first row of a date may stand above its year."""
_SEX = re.compile(r"(?<!\w)(?:nam|nữ|nu)(?!\w)")
_NUMBERING = "0123456789"
_NONE = frozenset({"khong", "khongco", "khongcoai"})
_WORDS = re.compile(r"[^\W\d][^\d|]*")
_HEADING = frozenset(
    "tt stt ho chu dem va ten ngay thang nam sinh gioi tinh so dinh danh ca nhan quan he voi ho cmnd cccd "
    "moi ghi dan toc quoc tich".split()
)
_HEADING_SHARE = 0.7
_VALID = "cogiatriden"
"""How long the paper is valid stands below the table."""
_SIGNED = ("ký bởi", "thời gian ký")
"""What stands where an electronic print is signed; with its marks, for ``Kỷ Bôi Tâm`` is a name."""
_END = ("coquandangky", "noidungxacnhan", "kyghiro", "chuhoky")
_RELATED = "quanhevoichuho"
_SAME_ROW = 0.75
"""Dates and numbers this near (line heights between their middles) stand in one row."""
_NAME_REACH = 1.5
_MOST_ROWS = 20
_LONG_LABEL = 20
"""Letters of labels that no cell of the table says by chance."""


@dataclass(frozen=True, kw_only=True)
class MemberTable:
    """``spans`` of ``members[n].…`` by field, and the ``lines`` that a table with known columns takes up.

    ``doubtful`` are fields that may be another member's; ``complete``: no line of it is left over.
    """

    spans: Mapping[str, Span]
    lines: frozenset[int]
    doubtful: frozenset[str] = frozenset()
    complete: bool = True


_NO_TABLE = MemberTable(spans={}, lines=frozenset())


def member_table(lines: Sequence[TextLine], form: FormSpec) -> MemberTable:
    """The members: by the columns' headings where they can be read, else by the looks of their values.

    The table begins below one of the form's labels, or with the row of its headings, and ends at the
    signature.
    """
    starts = form.members_below
    label = next((i for i, line in enumerate(lines) if find_labels(line.text, starts)), None)
    if not form.lists_members or (label is not None and _says_none(lines[label].text, starts)):
        return _NO_TABLE
    heading = heading_row(lines, 0 if label is None else label + 1)
    first = label if label is not None else heading
    if first is None:
        return _NO_TABLE
    headed = [] if heading is None else _heading_lines(lines, heading)
    cells = _cells(lines, first, form.labels(), headed)
    years = _years(cells, lines)
    columns = columns_of(headed, cells, lines) if headed else None
    if columns is None:
        told = told_members(lines, form)
        if told.spans:
            return MemberTable(spans=told.spans, lines=told.lines, complete=told.complete)
    if columns is None and label is None:
        return _NO_TABLE
    rows = _rows(cells, years, lines)[:_MOST_ROWS]
    spans: dict[str, Span] = {}
    for number, row in enumerate(rows, start=1):
        found = _row_parts(row, years, lines) if columns is None else columns.parts(row, lines)
        for name, parts in found.items():
            spans[f"members[{number}].{name}"] = Span(parts=tuple(parts))
    left = set(cells) - {index for row in rows for index in row}
    return MemberTable(
        spans=spans,
        lines=frozenset() if columns is None else frozenset({*headed, *cells}),
        doubtful=_unsure(spans, lines),
        complete=not any(letter.isalpha() for index in left for letter in lines[index].text),
    )


def _heading_lines(lines: Sequence[TextLine], first: int) -> list[int]:
    """From the row of headings down to the first row that a date, a number or a year makes."""
    page, top = lines[first].page, lines[first].top - 0.5 * lines[first].height
    made = [
        line.middle
        for line in lines
        if line.page == page
        and line.top > top
        and (_is_made(line) or _YEAR.match(line.text) is not None)
    ]
    end = min(made, default=0.0)
    return [
        index
        for index, line in enumerate(lines)
        if line.page == page and line.top > top and line.middle < end - _SAME_ROW * line.height
    ]


def _cells(
    lines: Sequence[TextLine], first: int, labels: frozenset[str], headed: Sequence[int]
) -> list[int]:
    """Lines of the table without its heading, down to the next label of the form or the signature."""
    found: list[int] = []
    begun = False
    signing = signature_lines(lines)
    for index in range(first + 1, len(lines)):
        if index in headed:
            continue
        text = lines[index].text
        letters = squeeze(text)
        ends = letters.lstrip(_NUMBERING).startswith(_END) or is_place_and_date(text)
        ends = (
            ends
            or _VALID in letters
            or nfc(text).lower().startswith(_SIGNED)
            or (is_only_date(text) and is_alone(lines, index))
        )
        ends = ends or _is_other_label(text, labels, begun=begun)
        if ends or index in signing or lines[index].page != lines[first].page:
            break
        begun = begun or _is_made(lines[index]) or (bool(headed) and index > max(headed))
        if letters and (begun or not _is_heading(text)):
            found.append(index)
    return found


def _is_other_label(text: str, labels: frozenset[str], *, begun: bool) -> bool:
    """Whether a label of the form stands here: with a colon, or below rows of the table, long and exact."""
    return any(
        ":" in text[hit.end : hit.end + 3]
        or (begun and hit.similarity == 1 and len(hit.label) >= _LONG_LABEL)
        for hit in find_labels(text, labels)
    )


def _is_heading(text: str) -> bool:
    words = re.findall(r"[a-z]+", fold_letters(text))
    known = sum(word in _HEADING for word in words)
    return bool(words) and known >= _HEADING_SHARE * len(words)


def _says_none(text: str, starts: Sequence[str]) -> bool:
    """Whether the label of the table is followed by ``Không`` instead of a table."""
    return squeeze(text[find_labels(text, starts)[-1].end :]) in _NONE


def _is_made(line: TextLine) -> bool:
    """Whether the line has what only a row of the table has."""
    return bool(_DATE.search(line.text) or _NUMBER.search(line.text))


def _years(cells: Sequence[int], lines: Sequence[TextLine]) -> frozenset[int]:
    """The cells that are nothing but a year of birth; not the second row of a date that begins above."""
    return frozenset(
        index
        for index in cells
        if _YEAR.match(lines[index].text)
        and not any(_is_begun_above(lines[other], lines[index]) for other in cells)
    )


def _is_begun_above(upper: TextLine, year: TextLine) -> bool:
    away = year.middle - upper.middle
    over = upper.left < year.right and upper.right > year.left
    begun = _DATE_BEGUN.search(fold_letters(upper.text)) is not None
    return 0 < away <= _ABOVE * year.height and over and begun and not _YEAR.match(upper.text)


def _rows(
    cells: Sequence[int], years: frozenset[int], lines: Sequence[TextLine]
) -> list[list[int]]:
    """The cells of each row: those with a date or number make it, the others join the nearest."""
    made = [i for i in cells if i in years or _is_made(lines[i])]
    rows: list[list[int]] = []
    for index in sorted(made, key=lambda i: lines[i].middle):
        line = lines[index]
        near = rows and line.middle - lines[rows[-1][0]].middle <= _SAME_ROW * line.height
        if near:
            rows[-1].append(index)
        else:
            rows.append([index])
    heads = [lines[row[0]].middle for row in rows]
    for index in (i for i in cells if i not in made):
        line = lines[index]
        away, nearest = min(
            ((abs(line.middle - y), at) for at, y in enumerate(heads)), default=(1e9, 0)
        )
        if away <= _NAME_REACH * line.height:
            rows[nearest].append(index)
    return [sorted(row) for row in rows]


def _row_parts(
    row: Sequence[int], years: frozenset[int], lines: Sequence[TextLine]
) -> Mapping[str, list[Part]]:
    """Date, number and sex by their looks, the name left of them, the relationship right of them."""
    parts: dict[str, list[Part]] = {}
    edges: list[float] = []
    for index in row:
        line = lines[index]
        born = _YEAR.match(line.text) if index in years else _DATE.search(line.text)
        for name, match in (("birth_date", born), ("personal_id", _NUMBER.search(line.text))):
            if match:
                parts.setdefault(name, [Part(line=index, start=match.start(), end=match.end())])
                edges.append(line.x_at(match.start()))
    left = min(edges)
    for index in row:
        line = lines[index]
        for match in _WORDS.finditer(line.text):
            place = Part(line=index, start=match.start(), end=match.end())
            if line.x_at(match.start()) < left - line.height:
                parts.setdefault("full_name", []).append(place)
                continue
            sex = _SEX.match(match.group().lower())
            if sex is not None and "sex" not in parts:
                parts["sex"] = [replace(place, end=match.start() + sex.end())]
                place = replace(place, start=match.start() + sex.end())
            if any(letter.isalpha() for letter in line.text[place.start : place.end]):
                parts.setdefault("relationship", []).append(place)
    return parts


def _unsure(spans: Mapping[str, Span], lines: Sequence[TextLine]) -> frozenset[str]:
    """Fields of members whose row may not be theirs: only a year made it, or their name runs over rows."""
    firm = {name.split(".")[0] for name, span in spans.items()
            if name.endswith(".personal_id") or _DATE.search(span.text(lines))}  # fmt: skip
    two = {
        name.split(".")[0]
        for name, span in spans.items()
        if name.endswith(".full_name") and len({lines[part.line].row for part in span.parts}) > 1
    }
    return frozenset(
        name for name in spans if name.split(".")[0] not in firm or name.split(".")[0] in two
    )


def under_head_of_household(
    lines: Sequence[TextLine], spans: Mapping[str, Span]
) -> dict[str, Span]:
    """What ``CHỦ HỘ`` over a person of an inner page says: how he is related, and whose house it is."""
    for name, span in spans.items():
        member = re.fullmatch(r"(members\[\d+\])\.full_name", name)
        above = span.parts[0].line - 1 if span.parts else -1
        if member is None or above < 0 or not _heads(lines, above):
            continue
        text = lines[above].text
        begin = next(at for at, letter in enumerate(text) if letter.isalpha())
        told = Span(parts=(Part(line=above, start=begin, end=len(text)),))
        return {"head_full_name": span, f"{member[1]}.relationship": told}
    return {}


def _heads(lines: Sequence[TextLine], index: int) -> bool:
    """Whether ``CHỦ HỘ`` stands alone over the next line; an open book's other page may have a heading."""
    line, below = lines[index], lines[index + 1]
    beside = [
        other
        for other in lines
        if other.text and (other.page, other.row) == (line.page, line.row) and other is not line
    ]
    return (
        FIRST_PERSON.fullmatch(line.text) is not None
        and below.page == line.page
        and line.left >= below.left
        and ":" in below.text
        and all(
            other.left > line.right and squeeze(other.text).startswith(_RELATED) for other in beside
        )
    )


def with_summary(fields: Mapping[str, FieldValue], *, complete: bool) -> dict[str, FieldValue]:
    """The fields with ``members``: the names of all members in their order, joined by ``; ``.

    Certain only where the table was read to its end (``complete``).
    """
    names = [
        field for name, field in fields.items() if re.fullmatch(r"members\[\d+\]\.full_name", name)
    ]
    if not names:
        return dict(fields)
    whole = replace(
        names[0],
        text="; ".join(field.text for field in names),
        value="; ".join(field.value or field.text for field in names),
        confidence=min(field.confidence for field in names),
        certain=complete and all(field.certain for field in names),
    )
    return {**fields, "members": whole}
