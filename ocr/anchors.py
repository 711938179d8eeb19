"""Which printed label belongs to which field: labels repeat, their order and column tell."""

import itertools
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from ocr.clauses import PERSONAL, tells_on
from ocr.closing import place_and_date_lines, signature_lines
from ocr.echoes import without_echoes
from ocr.form_library import FieldSpec, FormSpec
from ocr.headings import find_headings, paired_headings, registrar_headings
from ocr.labels import LabelHit, find_labels, squeeze
from ocr.sides import Sides, sides_of
from ocr.text_line import TextLine, is_alone

_WEAK = 6
"""Labels of at most this many letters never lead on to another section …"""
_FAINT = 4
"""… and those of at most this many (``Số``, ``ngày``) only stand behind what was met of it."""
_UNFINISHED = "ngaythangnam"
"""How several labels begin: alone it counts only in the part of the form that was reached."""
_COUPLES = (("mother", "father"), ("wife", "husband"))
FIRST_PERSON = re.compile(r"\W*(?:\d{1,2}[.)]\s*)?C(?:HỦ HỘ|hủ [Hh]ộ)\W*")
"""Alone above a name it heads the first person of a household; then relationships head the others."""
_OF = ("cua", "cuaong", "cuaba")
"""How a line ends above the one who asks for the paper: ``Theo đề nghị của``."""


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
    """All labels of a form in reading order; ``boundary`` is the x where a right column begins.

    ``closing`` are the lines above which every value ends: place and date of issue, who signs, headings.
    ``doubtful`` are fields of columns whose sides nothing tells, and those behind a label out of its order.
    """

    found: tuple[Anchor, ...]
    boundary: float | None
    closing: frozenset[int]
    doubtful: frozenset[str]

    def in_line(self, line: int) -> list[Anchor]:
        """The anchors of one line, from the left."""
        return [anchor for anchor in self.found if anchor.line == line]

    def ends(self, line: int) -> bool:
        """Whether no value of a label above goes on in this line: it has a label, or closes the paper."""
        return line in self.closing or bool(self.in_line(line))


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
    every = [(index, hit) for index, line in enumerate(lines)
             for hit in find_labels(line.text, labels, loose)]  # fmt: skip
    dated = _closing_dates(form, lines, every)
    undated = [(index, hit) for index, hit in every if index not in dated]
    hits = _standing(form, without_echoes(form, undated, lines), lines)
    columns = sides_of(form, lines, hits)
    walk = _Walk(form, columns, headed_people=_heads_people(form, lines, hits))
    found: list[Anchor] = []
    doubtful: set[str] = set()
    headings = [head for head in find_headings(form, lines, hits)
                if columns.boundary is None or form.sections[head.section].column is None]  # fmt: skip
    alone = {head.line for head in headings if not head.leads}
    hits = [(index, hit) for index, hit in hits if index not in alone]
    repeated = registrar_headings(form, hits, lines)
    coming = iter(headings)
    heading = next(coming, None)
    firsts = _first_labels(form)
    for at, (index, hit) in enumerate(hits):
        before_name = at + 1 < len(hits) and hits[at + 1][1].label in firsts
        while heading is not None and heading.line < index + heading.leads:
            between = (line.text for line in lines[heading.line + 1 : index])
            walk.enter(heading.section, named_next=not any(map(squeeze, between)))
            heading = next(coming, None)
        if hit.clause and not _tells_on(found, index, hit, lines):
            continue
        if (index, hit.start) in repeated:
            found.append(Anchor(line=index, hit=hit, field=None))
            continue
        taken, field = walk.take(hit, lines[index], before_name=before_name)
        if taken:
            found.append(Anchor(line=index, hit=hit, field=field, turn=walk.turn))
            doubtful.update(found[-1].names() if walk.astray else ())
    signing = signature_lines(lines)
    names = (name for section in form.sections
             if columns.guessed and section.column
             for field in section.fields for name in field.names)  # fmt: skip
    return Anchors(
        found=tuple(found),
        boundary=columns.boundary,
        closing=dated | signing | paired_headings(form, lines) | {head.line for head in headings},
        doubtful=frozenset(names) | _of_people_beside(found, lines) | doubtful,
    )


def _tells_on(
    found: Sequence[Anchor], index: int, hit: LabelHit, lines: Sequence[TextLine]
) -> bool:
    """Whether a clause goes on telling of the person whose label is the last one found."""
    last = found[-1] if found else None
    if last is None or not last.names() or lines[last.line].page != lines[index].page:
        return False
    texts = [line.text for line in lines[last.line : index + 1]]
    texts[-1] = texts[-1][: hit.start]
    said = " ".join(texts)[last.hit.end :]
    return tells_on(said, behind_name=last.names()[0].endswith("full_name"))


def _standing(
    form: FormSpec, hits: Sequence[tuple[int, LabelHit]], lines: Sequence[TextLine]
) -> list[tuple[int, LabelHit]]:
    """The hits without labels that stand in for others where those are met, or it is not clear for whom.

    ``Ông:`` may also be an applicant, a witness or who signs.
    """
    fields = [field for section in form.sections for field in section.fields]
    usual = {label: field.names for field in fields if not field.stands_in
             for label in field.labels}  # fmt: skip
    told = {name for _, hit in hits for name in usual.get(hit.label, ())}
    instead = [field for field in fields if field.stands_in]
    signed = min(signature_lines(lines), default=len(lines))
    kept: set[tuple[int, int]] = set()
    for field in instead:
        if told & _names_of_couple(field.names):
            continue
        own = [
            (index, hit)
            for label in field.labels
            for index, hit in hits
            if hit.label == label and index < signed and _leads_its_clause(index, hit, lines)
        ]
        surest = [place for place in own if place[1].label == own[0][1].label]
        kept |= {(index, hit.start) for index, hit in surest if len(surest) == 1}
    standing = {label for field in instead for label in field.labels}
    return [
        (index, hit) for index, hit in hits
        if hit.label not in standing or (index, hit.start) in kept
    ]  # fmt: skip


def _names_of_couple(names: Sequence[str]) -> set[str]:
    """The names, of husband and wife those of both: who signs may be taken for one whose label is misread."""
    couple = {f"{role}_full_name" for pair in _COUPLES[1:] for role in pair}
    return couple if couple & set(names) else set(names)


def _leads_its_clause(index: int, hit: LabelHit, lines: Sequence[TextLine]) -> bool:
    """Whether nothing stands before the label: no words, and no ``Theo đề nghị của`` in the line above.

    Long ones (``cải chính hộ tịch cho bà:``) stand within sentences.
    """
    above = squeeze(lines[index - 1].text) if index else ""
    if len(squeeze(hit.label)) > _WEAK:
        return True
    return not squeeze(lines[index].text[: hit.start]) and not above.endswith(_OF)


def _closing_dates(
    form: FormSpec, lines: Sequence[TextLine], hits: Sequence[tuple[int, LabelHit]]
) -> frozenset[int]:
    """Lines with place and date of issue, below which the page has no more labelled values."""
    strong = {label for section in form.sections for field in section.fields if field.names
              for label in field.labels if len(squeeze(label)) > _WEAK}  # fmt: skip
    last = {lines[index].page: index for index, hit in hits if hit.label in strong}
    dated = place_and_date_lines(lines)
    return frozenset(index for index in dated if index > last.get(lines[index].page, -1))


def _of_people_beside(found: Sequence[Anchor], lines: Sequence[TextLine]) -> set[str]:
    """The fields of a household's members, where two of them begin in one row: they were read as one."""
    begins = [
        anchor
        for anchor in found
        if anchor.turn and anchor.names()[:1] == (f"members[{anchor.turn}].full_name",)
    ]
    rows = [(lines[anchor.line].page, lines[anchor.line].row) for anchor in begins]
    if all(one != other for one, other in itertools.pairwise(rows)):
        return set()
    return {name for anchor in found for name in anchor.names() if name.startswith("members[")}


def _first_labels(form: FormSpec) -> frozenset[str]:
    """Labels of the names with which the persons of a section that repeats begin."""
    return frozenset(
        label for section in form.sections if section.repeats for label in section.fields[0].labels
    )


def _heads_people(
    form: FormSpec, lines: Sequence[TextLine], hits: Sequence[tuple[int, LabelHit]]
) -> bool:
    """Whether ``CHỦ HỘ`` stands alone over the name of the first person."""
    names = {index for index, hit in hits if hit.label in _first_labels(form)}
    return any(
        FIRST_PERSON.fullmatch(line.text) and is_alone(lines, index) and index + 1 in names
        for index, line in enumerate(lines)
    )


class _Walk:
    """Where on the form we are: the section, and which of its fields have been met."""

    def __init__(self, form: FormSpec, columns: Sides, *, headed_people: bool) -> None:
        self._form = form
        self._columns = columns
        self._section = 0
        self._last = (0, -1)
        self._met: set[tuple[int, int]] = set()
        self._headed: int | None = None
        self._headed_people = headed_people
        self.turn = 0
        self.astray = False
        """A label was met whose part of the form was left: what is whose is not known from there on."""

    def enter(self, section: int, *, named_next: bool) -> None:
        """A heading says whose the labels below it are, not where that person's were met already.

        ``named_next``: the next label follows it at once, and may be that of the person's name.
        """
        met = {place[0] for place in self._met}
        begun = 0 in met or self._form.sections[section].column is not None
        if section not in met and begun and self._leads_on(section, [(section, 0)]):
            self._section, self._last = section, (section, -1)
            self._headed = section if named_next else None

    def take(
        self, hit: LabelHit, line: TextLine, *, before_name: bool
    ) -> tuple[bool, FieldSpec | None]:
        """Whether the hit counts as a label here, and the field it stands for.

        ``before_name``: the next label is that of a name with which a person begins.
        """
        x, printed = line.x_at(hit.start), line.text[hit.start : hit.end]
        own = self._name_under_heading(hit.label)
        self._headed = None
        if own is not None:
            self._met.add(own)
            self._last = own
            return True, self._form.sections[own[0]].fields[own[1]]
        if hit.owner and not self._has_owner(hit.owner):
            return True, None  # of somebody whom the form does not ask about
        options = [place for place in self._places(hit.label)
                   if self._in_column(place[0], x) and self._is_owned(place[0], hit.owner)]  # fmt: skip
        heads = printed.isupper() or (self._headed_people and before_name)
        self._turn_over(options, heads=heads)
        open_places = [place for place in options if place not in self._met]
        here = [place for place in open_places if self._is_current(place[0])]
        leads = hit.start == 0 and printed[:1].isupper()
        if not leads and any(self._is_late(place) for place in here):
            return False, None
        headed = leads and hit.label.endswith(":")
        weak = len(squeeze(hit.label)) <= _WEAK and not headed
        if len(squeeze(hit.label)) <= _FAINT and not headed:
            here = [place for place in here if place > self._last]
        later = [
            place
            for place in open_places
            if not weak and (self._leads_on(place[0], options) or self._begins_late(place, hit))
        ]
        if hit.clause or squeeze(hit.label) == _UNFINISHED:
            later = []  # running text also tells of people whom the form does not ask about
            here = [place for place in here if not hit.clause or self._is_personal(place)]
            if not here:
                return False, None
        if here or later:
            place = (here or later)[0]
            self._met.add(place)
            self._section, self._last = place[0], place
            return True, self._form.sections[place[0]].fields[place[1]]
        # met before: it still is a printed label and ends the value before it
        left = any(self._form.sections[number].fields[at].names for number, at in open_places)
        self.astray = self.astray or (left and not weak and hit.similarity == 1 and hit.colon)
        return (bool(options) and not weak), None

    def _name_under_heading(self, label: str) -> tuple[int, int] | None:
        """Under a heading ``Người mẹ`` the label ``Họ, chữ đệm, tên`` is the mother's."""
        if self._headed is None:
            return None
        section = self._form.sections[self._headed]
        names = [field.names for field in section.fields]
        own = (f"{section.name}_full_name",)
        usual = label in self._form.subject_name_labels()
        return (self._headed, names.index(own)) if usual and own in names else None

    def _turn_over(self, options: Sequence[tuple[int, int]], *, heads: bool) -> None:
        """The first field of a repeating section begins the next person; so does a heading in capitals."""
        for section, index in options:
            spec = self._form.sections[section]
            met = {place for place in self._met if place[0] == section}
            headed = bool(met) and all(spec.fields[at].begins for _, at in met)
            begins = (index == 0 and not headed) or (spec.fields[index].begins and heads)
            if spec.repeats and begins:
                self._met -= met
                self._section, self._last = section, (section, -1)
                self.turn += 1

    def _leads_on(self, section: int, options: Sequence[tuple[int, int]]) -> bool:
        """Sections come in their order; only a couple's may take turns, where labels say whose they are."""
        if section > self._section:
            return True
        names = [self._form.sections[number].name for number in (section, self._section)]
        return tuple(names) in _COUPLES and {place[0] for place in options} == {section}

    def _begins_late(self, place: tuple[int, int], hit: LabelHit) -> bool:
        """Whether a label of the subject's name, or a heading over it, stands behind another part."""
        section, at = place
        spec = self._form.sections[section]
        names = spec.fields[at].names
        begins = names == ("full_name",) or (not names and hit.similarity == 1)
        met = {number for number, _ in self._met}
        return section == 0 and spec.column is None and begins and 0 not in met

    def _is_personal(self, place: tuple[int, int]) -> bool:
        section = self._form.sections[place[0]]
        names = section.fields[place[1]].names
        return any(name.removeprefix(f"{section.name}_") in PERSONAL for name in names)

    def _is_late(self, place: tuple[int, int]) -> bool:
        ordered = self._form.sections[place[0]].ordered
        return ordered and place[0] == self._last[0] and place < self._last

    def _places(self, label: str) -> Iterator[tuple[int, int]]:
        for number, section in enumerate(self._form.sections):
            for index, field in enumerate(section.fields):
                if label in field.labels:
                    yield number, index

    def _has_owner(self, owner: str) -> bool:
        return any(owner in map(str.lower, section.headings) for section in self._form.sections)

    def _is_owned(self, section: int, owner: str) -> bool:
        """Whether a label that says whose it is (``của mẹ``) may be of this section."""
        return not owner or owner in map(str.lower, self._form.sections[section].headings)

    def _is_current(self, section: int) -> bool:
        """Columns that stand side by side are read at the same time."""
        sections = self._form.sections
        if self._columns.boundary is None:
            return section == self._section
        beside = sections[section].column is not None and sections[self._section].column is not None
        return section == self._section or beside

    def _in_column(self, section: int, x: float) -> bool:
        column = self._form.sections[section].column
        if column is None or self._columns.boundary is None:
            return True
        side = "left" if self._columns.swapped else "right"
        return (column == side) == (x >= self._columns.boundary)
