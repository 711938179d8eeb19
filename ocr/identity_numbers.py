"""Numbers of persons and of their papers: twelve digits are a person's, nine an old identity card's.

Twelve digits name a person since 2016 (Law on Citizen Identification 59/2014/QH13, art. 12); cards until
then bore nine.
"""

import re
from collections.abc import Mapping, Sequence

from domain.form import FormCode
from ocr.form_library import FormSpec
from ocr.spans import Part, Span
from ocr.text_line import TextLine
from ocr.values import fold_letters, locate, normalise

_PAPER_BELOW = re.compile(
    r"(?:so )?(?:giay )?(?:cmnd|cccd|chung minh nhan dan|can cuoc(?: cong dan)?)(?: so)?\W+(?=\d)"
)
_TWELVE = re.compile(r"(?<![\dA-Z<])\d{12}(?![\d<])")
_NINE_ALONE = re.compile(r"(?<![\dA-Z<./])(?<!\d[ -])\d{9}(?![ -]?\d|[<./])")
_BEARS_TWELVE = re.compile(r"\W*(?:the )?can cuoc(?: cong dan)?\W*")
"""The title of cards that never bore nine digits."""
_NINE = re.compile(r"\d{3}[ .]?\d{3}[ .]?\d{3}")
_OLD_LENGTH = 9
_SAYS_NINE = re.compile(r"\bcmnd|\bcmt|chung minh")
_SAYS_TWELVE = re.compile(r"dinh danh|\bddcn|\bcccd|can cuoc")


def numbers_of_papers(
    spans: Mapping[str, Span], lines: Sequence[TextLine], doubtful: frozenset[str]
) -> tuple[dict[str, Span], frozenset[str]]:
    """The spans with every old card's number under its paper's name, and the fields in doubt.

    Nine digits behind ``Số CMND`` are a paper's number. Behind ``Số định danh cá nhân`` they are what can be
    read of twelve, and stay an unreadable personal number; behind ``Số CMND/CCCD`` they may be either.
    """
    named: dict[str, Span] = {}
    unsure = set(doubtful)
    for name, span in spans.items():
        paper, (nine, twelve) = _paper_of(name), _said_before(span, lines)
        one = not name.startswith("members[") and span.text(lines)[:1].isalnum()
        written = _NINE.fullmatch(_number(name, span, lines)) is not None
        if not one or paper in spans or not written or (twelve and not nine):
            named[name] = span
            continue
        named[paper] = span
        if name in doubtful or not nine or twelve:
            unsure.add(paper)
    return named, frozenset(unsure)


def is_cut_short(name: str, span: Span, lines: Sequence[TextLine]) -> bool:
    """Whether a personal number has nine digits where its label, its boxes or its card promise twelve."""
    number = _number(name, span, lines)
    if len(normalise("personal_id", number) or "") != _OLD_LENGTH:
        return False
    nine, twelve = _said_before(span, lines)
    return not nine and (twelve or _NINE.fullmatch(number) is None or _bear_twelve(lines))


def _bear_twelve(lines: Sequence[TextLine]) -> bool:
    """Whether the pages are titled as a card with a person's number."""
    return any(
        line.text.isupper() and _BEARS_TWELVE.fullmatch(fold_letters(line.text)) for line in lines
    )


def _number(name: str, span: Span, lines: Sequence[TextLine]) -> str:
    """The number as it is written, empty for what is no personal number."""
    said = span.text(lines)
    return said[slice(*locate(name, said))].strip() if name.endswith("personal_id") else ""


def _said_before(span: Span, lines: Sequence[TextLine]) -> tuple[bool, bool]:
    """Whether the label names a paper of nine digits, and whether a number of twelve.

    The label is what stands before the value on its line, or the line above where nothing does.
    """
    first = span.parts[0]
    before = lines[first.line].text[: first.start].strip()
    label = fold_letters(before or (lines[first.line - 1].text if first.line else ""))
    return _SAYS_NINE.search(label) is not None, _SAYS_TWELVE.search(label) is not None


def papers_of_declarant(
    form: FormSpec, spans: Mapping[str, Span], lines: Sequence[TextLine]
) -> dict[str, Span]:
    """The number in the row below who declares a birth: it is whose name stands above it."""
    name = spans.get("declarant_full_name")
    if form.code is not FormCode.BIRTH_CERTIFICATE or name is None or "identity_paper" in spans:
        return {}
    below = name.parts[-1].line + 1
    if below >= len(lines) or lines[below].page != lines[below - 1].page:
        return {}
    label = _PAPER_BELOW.match(fold_letters(lines[below].text))
    if label is None:
        return {}
    part = Part(line=below, start=label.end(), end=len(lines[below].text))
    return {"identity_paper": Span(parts=(part,))}


def _paper_of(name: str) -> str:
    """The field of the identity paper of whose personal number ``name`` is the field."""
    return name.removesuffix("personal_id") + "identity_paper"


def lone_number(lines: Sequence[TextLine]) -> dict[str, Span]:
    """The personal number of a paper that must have one, where its label was not legible."""
    return _lone(lines, _TWELVE)


def lone_old_number(lines: Sequence[TextLine]) -> dict[str, Span]:
    """The nine digits of a card where their label was not legible, and nothing says it bears twelve."""
    return {} if _bear_twelve(lines) else _lone(lines, _NINE_ALONE)


def _lone(lines: Sequence[TextLine], pattern: re.Pattern[str]) -> dict[str, Span]:
    """The number of this shape, if there is but one on the pages."""
    found = [(index, match) for index, line in enumerate(lines)
             for match in pattern.finditer(line.text)]  # fmt: skip
    if len({match.group() for _, match in found}) != 1:
        return {}
    index, match = found[0]
    return {"personal_id": Span(parts=(Part(line=index, start=match.start(), end=match.end()),))}
