"""Which printed label belongs to which field: labels repeat, their order and column tell."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from ocr.form_library import FieldSpec, FormSpec
from ocr.labels import LabelHit, find_labels, squeeze
from ocr.text_line import TextLine

_WEAK = 6
"""Labels of at most this many letters never lead on to another section …"""
_FAINT = 4
"""… and those of at most this many (``Số``, ``ngày``) only stand behind what was met of it."""
_COLUMN_SLACK = 0.08
"""How far (share of the page's text width) a right column may begin left of its first label."""


@dataclass(frozen=True, kw_only=True)
class Anchor:
    """A label found in line ``line`` (index into the lines given) and the field it stands for.

    ``field`` is ``None`` for a label that only ends what stands before it.
    """

    line: int
    hit: LabelHit
    field: FieldSpec | None
    turn: int = 0
    """In a section that repeats: whose turn it is, counting from 1."""

    def names(self) -> tuple[str, ...]:
        """The record fields this label's value feeds."""
        names = () if self.field is None else self.field.names
        return tuple(name.replace("[]", f"[{self.turn}]") for name in names)


@dataclass(frozen=True, kw_only=True)
class Anchors:
    """All labels of a form in reading order; ``boundary`` is the x where a right column begins."""

    found: tuple[Anchor, ...]
    boundary: float | None

    def in_line(self, line: int) -> list[Anchor]:
        """The anchors of one line, from the left."""
        return [anchor for anchor in self.found if anchor.line == line]


def find_anchors(form: FormSpec, lines: Sequence[TextLine]) -> Anchors:
    """Match labels to fields, walking down the form.

    ``lines`` are those below the form's title, in reading order.
    """
    labels = form.labels()
    loose = [
        label
        for section in form.sections
        for field in section.fields
        if field.loose
        for label in field.labels
    ]
    hits = [(index, hit) for index, line in enumerate(lines)
            for hit in find_labels(line.text, labels, loose)]  # fmt: skip
    boundary = _column_boundary(form, lines, hits)
    walk = _Walk(form, boundary)
    found: list[Anchor] = []
    for index, hit in hits:
        taken, field = walk.take(hit, lines[index].x_at(hit.start))
        if taken:
            found.append(Anchor(line=index, hit=hit, field=field, turn=walk.turn))
    return Anchors(found=tuple(found), boundary=boundary)


class _Walk:
    """Where on the form we are: the section, and which of its fields have been met."""

    def __init__(self, form: FormSpec, boundary: float | None) -> None:
        self._form = form
        self._boundary = boundary
        self._section = 0
        self._last = (0, -1)
        self._met: set[tuple[int, int]] = set()
        self.turn = 0

    def take(self, hit: LabelHit, x: float) -> tuple[bool, FieldSpec | None]:
        """Whether the hit counts as a label here, and the field it stands for."""
        options = [place for place in self._places(hit.label) if self._in_column(place[0], x)]
        self._turn_over(options)
        open_places = [place for place in options if place not in self._met]
        here = [place for place in open_places if self._is_current(place[0])]
        weak = len(squeeze(hit.label)) <= _WEAK
        if len(squeeze(hit.label)) <= _FAINT:
            here = [place for place in here if place > self._last]
        later = [] if weak else [place for place in open_places if place[0] > self._section]
        if here or later:
            place = (here or later)[0]
            self._met.add(place)
            self._section, self._last = place[0], place
            return True, self._form.sections[place[0]].fields[place[1]]
        # met before: it still is a printed label and ends the value before it
        return (bool(options) and not weak), None

    def _turn_over(self, options: Sequence[tuple[int, int]]) -> None:
        """The first field of a repeating section begins the next person."""
        for section, index in options:
            if self._form.sections[section].repeats and index == 0:
                self._met = {place for place in self._met if place[0] != section}
                self._section, self._last = section, (section, -1)
                self.turn += 1

    def _places(self, label: str) -> Iterator[tuple[int, int]]:
        for number, section in enumerate(self._form.sections):
            for index, field in enumerate(section.fields):
                if label in field.labels:
                    yield number, index

    def _is_current(self, section: int) -> bool:
        """Columns that stand side by side are read at the same time."""
        sections = self._form.sections
        if self._boundary is None:
            return section == self._section
        beside = sections[section].column is not None and sections[self._section].column is not None
        return section == self._section or beside

    def _in_column(self, section: int, x: float) -> bool:
        column = self._form.sections[section].column
        if column is None or self._boundary is None:
            return True
        return (column == "right") == (x >= self._boundary)


def _column_boundary(
    form: FormSpec, lines: Sequence[TextLine], hits: Sequence[tuple[int, LabelHit]]
) -> float | None:
    """The x where the right column begins: a little left of the first label only it can have."""
    right = {
        label
        for section in form.sections
        if section.column == "right"
        for field in section.fields
        for label in field.labels
    }
    left = {
        label
        for section in form.sections
        if section.column == "left"
        for field in section.fields
        for label in field.labels
    }
    if not right or not lines:
        return None
    reach = max(line.right for line in lines) - min(line.left for line in lines)
    own = [lines[index].x_at(hit.start) for index, hit in hits if hit.label in right - left]
    if own and own[0] < min(line.left for line in lines) + reach / 4:
        return None  # one below the other, not side by side
    if own:
        return own[0] - _COLUMN_SLACK * reach
    return min(line.left for line in lines) + reach / 2
