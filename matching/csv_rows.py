"""Rows of a CSV file of which some lines are malformed: a bad line costs itself, never those after it."""

import csv
from collections import deque
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

_MOST_LINES = 500
"""Lines that one row may take: a value may have 500 characters, so a quote open for longer is a stray one."""

NumberedLine = tuple[int, str]


@dataclass(kw_only=True)
class _Lines:
    """Physical lines; those that a malformed row took with it are put back."""

    coming: Iterator[NumberedLine]
    put_back: deque[NumberedLine] = field(default_factory=deque)

    def take(self) -> NumberedLine | None:
        return self.put_back.popleft() if self.put_back else next(self.coming, None)


def rows_of(
    lines: Iterable[str], *, delimiter: str, width: int, first_line: int
) -> Iterator[tuple[int, list[str] | None]]:
    """Line number and values of each row, ``None`` for values that cannot be told apart.

    A quoted value may run over line ends. A stray quote shows in a row that never ends, has not ``width``
    values, or holds whole rows in one of them. Reading goes on with the line after the malformed one.
    """
    source = _Lines(coming=enumerate(lines, start=first_line))
    while (first := source.take()) is not None:
        taken = [first]
        feed = _feed(source, taken, delimiter=delimiter, width=width)
        row = _parsed(feed, delimiter)
        if len(taken) > 1 and not _is_one_row(row, taken, delimiter=delimiter, width=width):
            source.put_back.extendleft(reversed(taken[1:]))
            row = None
        if row != []:
            yield first[0], row


def _feed(
    source: _Lines, taken: list[NumberedLine], *, delimiter: str, width: int
) -> Iterator[str]:
    """The lines of one row, each asked for only where a quote is still open; ``taken`` notes them."""
    yield taken[0][1]
    while len(taken) < _MOST_LINES and (following := source.take()) is not None:
        taken.append(following)
        yield following[1]
        if _is_row(following[1], delimiter=delimiter, width=width):
            return  # and the quote is open still: no value holds a row from end to end


def _is_one_row(
    row: list[str] | None, taken: list[NumberedLine], *, delimiter: str, width: int
) -> bool:
    """Whether the lines ``taken`` are one row rather than the first with a stray quote and rows after it.

    The last line may look like a row, ``Xã A",027098001234,…``; if the first has as many values, both are.
    """
    if row is None or len(row) != width:
        return False
    first, last = taken[0][1], taken[-1][1]
    return first.count(delimiter) < width - 1 or not _is_row(last, delimiter=delimiter, width=width)


def _is_row(line: str, *, delimiter: str, width: int) -> bool:
    alone = _parsed(iter([line]), delimiter)
    return alone is not None and len(alone) == width


def _parsed(lines: Iterator[str], delimiter: str) -> list[str] | None:
    """The row that ``lines`` begin with, empty for a blank line, ``None`` where it is malformed."""
    try:
        return next(csv.reader(lines, delimiter=delimiter, strict=True), [])
    except csv.Error:
        return None
