"""Several labels before one colon, several values behind it: ``Dân tộc - Quốc tịch: Kinh - Việt Nam``."""

import itertools
import re
from collections.abc import Iterator, Sequence

from ocr.anchors import Anchor, Anchors
from ocr.labels import SEPARATORS
from ocr.spans import Span, span_of
from ocr.text_line import TextLine

_SIGNS = re.compile(r"[;,/|]|\s[-–]\s")
"""What parts values; ``-`` only with blanks about it."""


def shared_spans(anchors: Anchors, lines: Sequence[TextLine]) -> dict[str, Span]:
    """What each of such labels says, by field.

    The values are parted by one sign, and are as many as the labels: else nothing tells whose they are,
    and each of the fields has an empty span.
    """
    spans: dict[str, Span] = {}
    for chain in _chains(anchors, lines):
        # a row of values below may be under any of them
        said = (span_of(anchor, anchors, lines, wraps=False) for anchor in reversed(chain))
        value = next((span for span in said if span.parts), Span(parts=()))
        shares = _shares(value, len(chain), lines)
        for anchor, share in zip(chain, shares, strict=True):
            spans.update(dict.fromkeys(anchor.names(), share))
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


def _shares(value: Span, count: int, lines: Sequence[TextLine]) -> list[Span]:
    text = value.text(lines)
    for sign in dict.fromkeys(match.group() for match in _SIGNS.finditer(text)):
        pieces = text.split(sign)
        begins = itertools.accumulate((len(piece) + len(sign) for piece in pieces), initial=0)
        if len(pieces) == count:
            return [
                value.within(begin, begin + len(piece))
                for begin, piece in zip(begins, pieces, strict=False)
            ]
    return [Span(parts=())] * count
