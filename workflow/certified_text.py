"""The invisible text of a copy: the lines as read, where they say the same as the values that are certified.

Whoever searches a copy, copies from it or has it read aloud gets this text. It must not hold the name that
an officer has corrected.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher

from domain.geometry import Box
from domain.record import FieldValue, Record
from domain.text import collapse_spaces, nfc
from signing.ecopy import TextLine

_WORD = re.compile(r"\w+")
_ALIKE = 0.6
"""Share of letters in common from which words in a line are taken for a misreading of a value."""
_REACH = 0.2
"""Share of a line's length by which the place of its words is misjudged: letters are not equally wide."""
_SLACK = 2
"""So many words more or fewer a misreading may have: a space read into a name, or missed."""


@dataclass(frozen=True, kw_only=True)
class _Word:
    line: int
    """Index in the lines of the page."""
    start: int
    end: int
    plain: str
    middle: float
    """About where it stands, in pixels: as far along its line as its letters are."""


def certified_lines(record: Record, page: int) -> tuple[TextLine, ...]:
    """What was read on ``page``, with every value as it is certified.

    Where an officer corrected a value, or nobody vouches for it, and the lines in its box say something
    else, the words that were read for it give way. Where they are not found there, those lines are left
    out and the value stands in its own box. Of a value that the officer says the paper does not have, the
    words stay: they are on the paper, only not as that value.
    """
    lines = [
        TextLine(text=nfc(line.text), box=line.box) for line in record.lines if line.page == page
    ]
    fields = [
        (field, field.box)
        for field in record.fields.values()
        if field.page == page and field.box is not None and field.text.strip()
    ]
    certain_of = [one for one in fields if _found(one[0].text, lines, one[1])]
    differing = [one for one in fields if one not in certain_of and _gives_no_promise(one[0])]
    for field, box in differing:
        lines = _with_value(lines, field, box)
    # a line that was left out may have held other values too
    for field, box in (*certain_of, *differing):
        if not _found(field.text, lines, box):
            lines.append(TextLine(text=_written(field), box=box))
    return tuple(line for line in lines if line.text)


def _gives_no_promise(field: FieldValue) -> bool:
    return field.corrected_by is not None or not field.certain


def _with_value(lines: Sequence[TextLine], field: FieldValue, box: Box) -> list[TextLine]:
    """The lines with the value in place of what was read for it; without those in its box otherwise."""
    words = _words(lines, box)
    read = _misreading(words, field.read_text or field.text, lines, box)
    if not read:
        there = {word.line for word in words}
        return [line for index, line in enumerate(lines) if index not in there]
    first, last = read[0], read[-1]
    before = lines[first.line].text[: first.start]
    behind = lines[last.line].text[last.end :]
    value = _written(field)
    changed = {word.line: "" for word in read}
    if first.line == last.line:
        changed[first.line] = f"{before}{value}{behind}"
    else:
        changed |= {first.line: f"{before}{value}", last.line: _rest(behind)}
    return [
        TextLine(text=changed.get(index, line.text), box=line.box)
        for index, line in enumerate(lines)
    ]


def _written(field: FieldValue) -> str:
    """The value as it is set: marks that were typed apart from their letters would part its words."""
    return collapse_spaces(nfc(field.text))


def _rest(behind: str) -> str:
    """What stands behind a value, nothing where it is punctuation only."""
    return behind.strip() if _WORD.search(behind) else ""


def _found(text: str, lines: Sequence[TextLine], box: Box) -> bool:
    """Whether the lines in ``box`` hold ``text`` word for word, over line ends too."""
    words, wanted = _words(lines, box), _plain(text)
    runs = (
        words[start : start + count]
        for start in range(len(words))
        for count in range(1, len(words) - start + 1)
    )
    return any(
        "".join(word.plain for word in run) == wanted
        # Nam of Việt Nam, behind it in the same line, is not the sex
        and _astray(run, lines, box) <= _REACH
        for run in runs
    )


def _astray(run: Sequence[_Word], lines: Sequence[TextLine], box: Box) -> float:
    """How far outside ``box`` words of one line stand, as a share of it; 0 where they go over its end."""
    if run[0].line != run[-1].line:
        return 0.0
    middle = (run[0].middle + run[-1].middle) / 2
    outside = max(box.left - middle, middle - box.right, 0.0)
    return outside / lines[run[0].line].box.width


def _misreading(
    words: Sequence[_Word], said: str, lines: Sequence[TextLine], box: Box
) -> Sequence[_Word]:
    """The run of words in ``box`` that is ``said``, or most like it; none where nothing is."""
    wanted, count = _plain(said), len(_WORD.findall(nfc(said)))
    best, likeness = words[:0], _ALIKE
    for start in range(len(words)):
        for length in range(max(1, count - _SLACK), count + _SLACK + 1):
            run = words[start : start + length]
            if len(run) < length or _astray(run, lines, box) > _REACH:
                continue
            plain = "".join(word.plain for word in run)
            alike = SequenceMatcher(None, plain, wanted, autojunk=False).ratio()
            alike -= _astray(run, lines, box)
            if alike > likeness:
                best, likeness = run, alike
    return best


def _words(lines: Sequence[TextLine], box: Box) -> list[_Word]:
    """The words of all lines that run through ``box``, in their order."""
    return [
        _Word(
            line=index,
            start=found.start(),
            end=found.end(),
            plain=_plain(found.group()),
            middle=line.box.left
            + line.box.width * (found.start() + found.end()) / (2 * len(line.text)),
        )
        for index, line in enumerate(lines)
        if _runs_through(line.box, box)
        for found in _WORD.finditer(line.text)
    ]


def _plain(text: str) -> str:
    """Letters and digits: how words are spaced and set says nothing of what they say."""
    return "".join(_WORD.findall(nfc(text))).casefold()


def _runs_through(line: Box, box: Box) -> bool:
    """Whether the middle of a line, which may slope, lies in the box somewhere."""
    left, right = max(line.left, box.left), min(line.right, box.right)
    if left >= right:
        return False
    upper_left, upper_right, lower_right, lower_left = line.corners
    begins = (upper_left[1] + lower_left[1]) / 2
    ends = (upper_right[1] + lower_right[1]) / 2
    along = ((left + right) / 2 - line.left) / line.width
    return box.top <= begins + (ends - begins) * along <= box.bottom
