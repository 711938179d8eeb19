"""The head of a civil paper: issuing agency top-left, number, place and date of issue."""

import re
from collections.abc import Sequence

from ocr.closing import is_place_and_date, is_reference, place_and_date_lines, signs
from ocr.labels import similarity, squeeze
from ocr.spans import Part, Span
from ocr.text_line import TextLine
from ocr.values import fold_letters

_TITLE_LIKE = 0.8
_WHOLE_TITLE = 0.95
_TITLE_PART = 8
"""Letters from which a part of a title (titles break) is known for one."""
_AGENCY_STARTS = ("uybannhandan", "ubnd", "congan", "sotuphap", "botuphap", "daisuquan", "tonglanhsuquan",
                  "lanhsuquan", "cucconsu", "phongtuphap", "boconganv", "bocongan")  # fmt: skip
_ABROAD = (
    "embassyof",
    "consulateof",
    "consulategeneral",
    "generalconsulate",
    "ambassade",
    "consulat",
)
"""The name of a mission again, in the language of the country; only the Vietnamese one is told."""
_UNIT_FILLED_IN = re.compile(
    r"(?:UBND |ỦY BAN NHÂN DÂN )?(?:xã|phường|thị trấn|huyện|quận|thị xã|thành phố|tỉnh)"
    r"(?:\s*\([^)]*\))?\s*:",
    re.IGNORECASE,
)
_LEAST_UNITS = 2
"""Lines as forms before 2016 begin: ``UBND xã: …``, ``Huyện: …``, ``Tỉnh: …``."""
_UNIT_STARTS = ("tinh", "thanhpho", "huyen", "quan", "thixa")
_MOTTO = ("congxax", "congxahoachunghiaviet", "congHoaxahoi".lower(), "doclap")
_STATE = re.compile(r"(?<=\S) cong ho ?a ?x\w\w? h\w\w?\b|(?<=\S) doc lap\W+tu do")
_NUMBER = re.compile(r"(?<!\w)(?<!quyen )[s§$5][o0](?: dang ky)?\s*[:.;]?\s*(?=[\d.…_/])")
_NUMBER_VALUE = re.compile(r"\d[\w./\-]*(?:\s?[/\-]\s?[\w\-]+)*(?:\s[A-ZĐ]{2,5}(?=$|[.,;]))?")
_DATED = re.compile(
    r"ngay[\s.…]*\d ?\d?[\s,.…]*thang[\s.…]*\d ?\d?[\s,.…]*nam[\s,.:…]*\d ?\d ?\d ?\d"
)
_YEAR_BELOW = re.compile(r"\W*\d ?\d ?\d ?\d\W*")
"""A narrow date breaks before its year."""
# a number below the title leads its line, and its figures follow at once: "Số: …… Quyển số: 01" has none
_NUMBER_LEADS = re.compile(r"\W*s[o0](?: dang ky)?\s*(?:[:;.…]+\s*|(?=\d))")
_OF_A_DECREE = re.compile(r"/(?:tt|nd)\b|tt-b")
"""Numbers of circulars and decrees, which the form's own note names."""
_COPY = ("saoy", "chungthucbansao", "bansaodungvoi")
"""A copy's own certification below the paper, with a date of its own."""
_ONLY_DATE = re.compile(
    r"(?:[^\d:]*,)?\W*ngay[\s.…_]*"
    r"(?:\d ?\d?[\s,.…_]*thang[\s.…_]*\d ?\d?[\s,.…_]*nam[\s,.:…_]*|\d\d?/\d\d?/)"
    r"\d ?\d[\s.…_]{0,3}\d ?\d\W*"
)
_ABOVE_SIGNATURE, _BELOW_SIGNATURE = 3, 4
"""Lines before the signature's first one, and from it on, among which place and date may stand."""
_CENTRED = 0.05
"""How far right of the middle (share of the head's width) the middle of an agency over the title may lie."""
_NEAR = 3
"""Lines behind a broken date, in reading order, among which its year stands."""
_BELOW_TITLE = 2
"""Lines below a certificate's title among which its number may stand."""


def header_fields(
    lines: Sequence[TextLine], title: int, titles: Sequence[str] = ()
) -> dict[str, Span]:
    """Spans of ``issuing_agency``, ``number`` and ``issue_date``; ``title`` is the first body line.

    ``titles`` are those of the form, which never belong to the agency's name.

    The date of issue stands in the head or, on certificates, above the signature.
    """
    head = range(title)
    found: dict[str, Span] = {}
    below = range(title, min(title + _BELOW_TITLE, len(lines)))
    number = _number(lines, head) or _number(lines, below, leading=True)
    if number is not None:
        found["number"] = number
    agency = _agency(lines, head, number, titles)
    if agency is not None:
        found["issuing_agency"] = agency
    dated = (
        _dated(lines, head, placed=True)
        or _dated(lines, head)
        or _dated(lines, _above_and_below_signature(lines, title), placed=True)
    )
    if dated is not None:
        found["issue_date"] = dated
    return found


def is_only_date(text: str) -> bool:
    """Whether a line is a date of issue, with a place or without, and nothing else."""
    return _ONLY_DATE.fullmatch(fold_letters(text)) is not None


def is_copys(text: str) -> bool:
    """Whether a line begins a copy's own certification below the paper."""
    return squeeze(text).startswith(_COPY)


def date_above_signature(lines: Sequence[TextLine], title: int) -> Span | None:
    """The date that stands alone on its row, with or without a place, just above who signs.

    Day, month and year that were filled in between leaders may be lines of their own.
    """
    for index in range(title, len(lines)):
        if is_copys(lines[index].text):
            return None  # who attests a copy is not who signed the paper
        if signs(lines[index].text):
            for above in range(index - 1, max(title, index - _ABOVE_SIGNATURE) - 1, -1):
                for row in (range(above, above + 1), _row_up_to(lines, above)):
                    if is_only_date(" ".join(lines[at].text for at in row)):
                        parts = (Part(line=at, start=0, end=len(lines[at].text)) for at in row)
                        return Span(parts=tuple(parts))
            return None
    return None


def _row_up_to(lines: Sequence[TextLine], last: int) -> range:
    """The lines of a row, of which ``last`` is one and none behind it."""
    first = last
    while first and (lines[first - 1].page, lines[first - 1].row) == (
        lines[last].page,
        lines[last].row,
    ):
        first -= 1
    return range(first, last + 1)


def _number(lines: Sequence[TextLine], among: range, *, leading: bool = False) -> Span | None:
    for index in among:
        beside = _beside_its_label(lines, index)
        if beside is not None:
            return beside
        folded = fold_letters(lines[index].text)
        search = _NUMBER_LEADS.match if leading else _NUMBER.search
        label = None if is_reference(lines[index].text) else search(folded)
        if leading and label is not None and "dang ky" in label.group():
            continue  # of the register, below the title
        find = _NUMBER_VALUE.match if leading else _NUMBER_VALUE.search
        value = find(lines[index].text, label.end()) if label else None
        if value and not _OF_A_DECREE.search(fold_letters(value.group())):
            return Span(parts=(Part(line=index, start=value.start(), end=value.end()),))
    return None


def _beside_its_label(lines: Sequence[TextLine], index: int) -> Span | None:
    """A number that was found as a line of its own behind ``Số:``."""
    if squeeze(lines[index].text) != "so" or index + 1 == len(lines):
        return None
    after = lines[index + 1]
    value = _NUMBER_VALUE.match(after.text)
    if value is None or (after.page, after.row) != (lines[index].page, lines[index].row):
        return None
    folded = fold_letters(after.text)
    if _OF_A_DECREE.search(folded) or "thang" in folded:
        return None
    return Span(parts=(Part(line=index + 1, start=0, end=value.end()),))


def _agency(
    lines: Sequence[TextLine], head: range, number: Span | None, titles: Sequence[str]
) -> Span | None:
    """Lines of the head's left half from the agency's first word down to the number.

    Of its right half, where the state's name stands at the left.
    """
    if not head:
        return None
    right = max(lines[index].right for index in head)
    left = min(lines[index].left for index in head)
    middle = (left + right) / 2
    mirrored = _is_mirrored(lines, head, middle)
    # "TỈNH … / HUYỆN … / UBND XÃ …" names the units above the agency first
    below = any(squeeze(lines[index].text).startswith(_AGENCY_STARTS) for index in head)
    units = [index for index in head if _UNIT_FILLED_IN.match(lines[index].text)]
    starts = (*_AGENCY_STARTS, *_UNIT_STARTS) if below else _AGENCY_STARTS
    parts: list[Part] = []
    for index in head:
        line = lines[index]
        end = _before_motto(line.text)
        letters = squeeze(line.text[:end])
        centre = (line.left + (line.right if end == len(line.text) else line.x_at(end))) / 2
        named = letters.startswith(_AGENCY_STARTS)
        furthest = middle + (_CENTRED * (right - left) if named else 0.0)
        beside = line.left <= middle if mirrored else centre > furthest or line.left > middle
        if not letters or letters.startswith((*_MOTTO, *_ABROAD)) or beside:
            continue
        if number is not None and index == number.parts[0].line:
            break
        begins = letters.startswith(starts) and ":" not in line.text[:end]
        filled_in = index in units and len(units) >= _LEAST_UNITS
        if not parts and not begins and not filled_in:
            continue
        folded = fold_letters(line.text)
        if (
            _DATED.search(folded[:end])
            or _NUMBER_LEADS.match(folded)
            or _is_title(line.text, titles)
            or _begins_title(lines, index, head, titles)
        ):
            break
        parts.append(Part(line=index, start=0, end=end))
    return Span(parts=tuple(parts)) if parts else None


def _is_mirrored(lines: Sequence[TextLine], head: range, middle: float) -> bool:
    """Whether the state's name stands in the left half, and an agency begins in the right one."""
    letters = {index: squeeze(lines[index].text) for index in head}
    if any(said.startswith(_AGENCY_STARTS) and lines[index].left <= middle
           for index, said in letters.items()):  # fmt: skip
        return False
    return any(
        said.startswith(_MOTTO) and (lines[index].left + lines[index].right) / 2 < middle
        for index, said in letters.items()
    ) and any(
        said.startswith(_AGENCY_STARTS) and lines[index].left > middle
        for index, said in letters.items()
    )


def _before_motto(text: str) -> int:
    """Where the agency's line ends: at the state's name, where that was read with it."""
    state = _STATE.search(fold_letters(text))
    return len(text) if state is None else len(text[: state.start()].rstrip())


def _is_title(text: str, titles: Sequence[str]) -> bool:
    return any(similarity(text, title) >= _TITLE_LIKE or squeeze(text) in squeeze(title)
               for title in titles if len(squeeze(text)) >= _TITLE_PART)  # fmt: skip


def _begins_title(
    lines: Sequence[TextLine], index: int, head: range, titles: Sequence[str]
) -> bool:
    """Whether a line is the first row of a title that breaks: ``GIẤY``, below it ``KHAI SINH``."""
    if index + 1 not in head:
        return False
    both = lines[index].text + lines[index + 1].text
    return any(similarity(both, title) >= _WHOLE_TITLE for title in titles)


def _dated(lines: Sequence[TextLine], among: range, *, placed: bool = False) -> Span | None:
    """A date that no label claims; ``placed`` ones must follow a place name (``Hà Nội, ngày …``)."""
    right = place_and_date_lines(lines)
    for index in among:
        year_below = _year_below(lines, index)
        if placed and index not in right and year_below is None:
            continue
        if is_reference(lines[index].text) or (index and is_reference(lines[index - 1].text)):
            continue
        span = Span(parts=(Part(line=index, start=0, end=len(lines[index].text)),))
        if year_below is not None:
            year = Part(line=year_below, start=0, end=len(lines[year_below].text))
            span = Span(parts=(*span.parts, year))
        text = span.text(lines)
        match = _DATED.search(fold_letters(text))
        if match is None:
            continue
        if is_place_and_date(text) if placed else ":" not in text[: match.start()]:
            return span.within(match.start(), match.end())
    return None


def _year_below(lines: Sequence[TextLine], index: int) -> int | None:
    """The line under this one that is nothing but a year."""
    first = lines[index]
    near = range(index + 1, min(index + 1 + _NEAR, len(lines)))
    return next(
        (
            at
            for at in near
            if _YEAR_BELOW.fullmatch(lines[at].text)
            and lines[at].page == first.page
            and lines[at].left < first.right
            and lines[at].right > first.left
        ),
        None,
    )


def _above_and_below_signature(lines: Sequence[TextLine], title: int) -> range:
    """Lines about the signature's first; from below, for the nearest date counts."""
    for index in range(title, len(lines)):
        if signs(lines[index].text):
            end = min(len(lines), index + _BELOW_SIGNATURE)
            copied = (i for i in range(index, end) if is_copys(lines[i].text))
            return range(min(copied, default=end) - 1, max(title, index - _ABOVE_SIGNATURE) - 1, -1)
    return range(0)
