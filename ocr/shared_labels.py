"""Several labels before one colon, several values behind it: ``Dân tộc - Quốc tịch: Kinh - Việt Nam``."""

import itertools
import re
from collections.abc import Callable, Iterator, Mapping, Sequence

from domain.text import fold
from ocr.anchors import Anchor, Anchors
from ocr.labels import SEPARATORS
from ocr.spans import Span, span_of
from ocr.text_line import TextLine
from ocr.values import ETHNIC_GROUPS, Kind, kind_of_field, normalise, says_only

_SIGNS = re.compile(r"\s[-–/]\s|[;,/|]")
"""What parts values; ``-`` only with blanks about it."""
_COUNTRIES = frozenset(
    (
        "viet nam|lao|campuchia|cam pu chia|trung quoc|dai loan|han quoc|trieu tien|nhat ban|"
        "thai lan|malaysia|singapore|philippines|indonesia|an do|hoa ky|my|canada|"
        "anh|phap|duc|cong hoa lien bang duc|nga|lien bang nga|uc|australia|new zealand|"
        "ba lan|sec|cong hoa sec|y|ha lan|thuy dien|na uy|thuy si|ao|"
        "bi|dan mach|phan lan"
    ).split("|")
)
"""Countries whose citizens stand on most papers; of another one an officer says what it is."""
_BLANK_BEFORE = re.compile(r"[\s.…_]*[-–;,/|]\s*")
"""The sign behind a value that was left blank."""


def shared_spans(anchors: Anchors, lines: Sequence[TextLine]) -> dict[str, Span]:
    """What each of such labels says, by field.

    Values are parted by one sign, are as many as the labels, and each is one of its field's: else the last
    label has the value if it is its own, and the others have none. Places and names are left alone, for they
    have such signs themselves.
    """
    spans: dict[str, Span] = {}
    for chain in _chains(anchors, lines):
        fields = [anchor.names()[0] if len(anchor.names()) == 1 else "" for anchor in chain]
        if all(kind_of_field(name) in _SOUND if name else False for name in fields):
            # a row of values below may be under any of them
            said = (span_of(anchor, anchors, lines, wraps=True) for anchor in reversed(chain))
            value = next((span for span in said if span.parts), Span(parts=()))
            spans.update(zip(fields, _shares(fields, value, lines), strict=True))
    return spans


def _chains(anchors: Anchors, lines: Sequence[TextLine]) -> Iterator[list[Anchor]]:
    """Labels of one line with nothing but a separator between them, a colon behind the last."""
    chain: list[Anchor] = []
    for anchor in anchors.found:
        beside = bool(chain) and chain[-1].line == anchor.line
        between = lines[anchor.line].text[chain[-1].hit.end : anchor.hit.start] if beside else ""
        chain = [*chain, anchor] if SEPARATORS.fullmatch(between) else [anchor]
        behind = lines[anchor.line].text[anchor.hit.end :].lstrip(" )")
        if len(chain) > 1 and behind.startswith(":"):
            yield chain
            chain = []


def _shares(fields: Sequence[str], value: Span, lines: Sequence[TextLine]) -> list[Span]:
    text = value.text(lines)
    for sign in dict.fromkeys(match.group() for match in _SIGNS.finditer(text)):
        pieces = text.split(sign)
        if len(pieces) != len(fields) or not all(map(_is_sound, fields, pieces)):
            continue
        begins = itertools.accumulate((len(piece) + len(sign) for piece in pieces), initial=0)
        return [
            value.within(begin, begin + len(piece))
            for begin, piece in zip(begins, pieces, strict=False)
        ]
    blank = _BLANK_BEFORE.match(text)
    begin = blank.end() if blank else 0
    own = _is_sound(fields[-1], text[begin:])
    last = value.within(begin, len(text)) if own else Span(parts=())
    return [*[Span(parts=())] * (len(fields) - 1), last]


def _is_sound(name: str, text: str) -> bool:
    kind = kind_of_field(name)
    return bool(text.strip()) and _SOUND[kind](name, text.strip())


def _is_people(_: str, text: str) -> bool:
    return normalise("ethnicity", text) in ETHNIC_GROUPS


def _is_nationality(_: str, text: str) -> bool:
    return " ".join(re.findall(r"\w+", fold(text))) in _COUNTRIES


_SOUND: Mapping[Kind, Callable[[str, str], bool]] = {
    Kind.SEX: says_only,
    Kind.DATE: says_only,
    Kind.PERSONAL_ID: says_only,
    Kind.ETHNICITY: _is_people,
    Kind.NATIONALITY: _is_nationality,
}
