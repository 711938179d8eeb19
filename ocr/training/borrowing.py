"""``python -m ocr.training.borrowing FACES --lenders FONTS --out DIR``: letters under marks of another face.

Of some 1,900 families at Google Fonts 504 print Vietnamese; most of the others lack only its marks.  What a
recogniser must know to tell ``ấ`` from ``ẩ`` in print of 16 pixels per em is the face, so each of ``FACES``
gets the marks it lacks, or all of them anew, from a face of much the same weight and slant; and again from
others, then also larger or smaller, higher or lower.  Held-out families neither borrow nor lend; what comes
out too much alike is left out by :func:`ocr.training.fonts.collect`.
"""

from __future__ import annotations

import argparse
import logging
import random
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from fontTools.misc.transform import Transform
from fontTools.pens.ttGlyphPen import TTGlyphPen
from fontTools.ttLib import TTFont, TTLibError

from ocr.training.alphabet import VIETNAMESE, bare
from ocr.training.fonts import BORROWED, HELD_OUT, collect, family_of
from ocr.training.marks import Setting
from ocr.training.outlines import (
    Contour,
    Outlines,
    UnfitError,
    horned,
    stem,
    surrounding,
    without_horn,
)

_MARKED = [letter for letter in VIETNAMESE if letter not in "đĐ"]
_HEAVIER = 150
"""Most that the weights (100 … 900) of borrower and lender differ."""
_KEPT = 0.5
"""How often a face keeps its horns, and one that lacks some letters those it has."""
_HORN_SIZES = (0.55, 1.35)
_HORN_SIDEWAYS, _HORN_HEIGHTS = (-0.05, 0.03), (-0.06, 0.04)
"""Of an em. Few faces lend horns, so each is set otherwise: a horn that is not known is a ``u`` for ``ư``."""
_BAR = {"đ": (0.45, 1.1), "Đ": (-0.1, 0.5)}
"""Where the bar begins and ends across the bare letter."""
_STALE = ("GSUB", "GPOS", "GDEF", "kern", "hdmx", "VDMX", "LTSH", "DSIG", "vhea", "vmtx", "gasp")
"""Tables that count glyphs, or place those we replace."""
_SEED = 17
_AS_LENT = Setting(1.0, 1.0, 0.0, 0.0)


def _random_horn(chance: random.Random, em: int) -> Setting:
    wide, high = chance.uniform(*_HORN_SIZES), chance.uniform(*_HORN_SIZES)
    return Setting(
        wide, high, em * chance.uniform(*_HORN_SIDEWAYS), em * chance.uniform(*_HORN_HEIGHTS)
    )


def _set(marks: Sequence[Contour], setting: Setting, *, hanging: bool) -> list[Contour]:
    """What stands above a letter, or below it, as one: two marks keep their distance."""
    if not marks:
        return []
    right, up = setting.shift(surrounding(marks), hanging=hanging)
    return [mark.moved(Transform(setting.wide, 0, 0, setting.high, right, up)) for mark in marks]


class Borrower:
    """A face that gets its marks from one face and, unless it keeps its own, its horns from another."""

    def __init__(
        self,
        font: TTFont,
        *,
        marks: Outlines,
        horns: Outlines,
        chance: random.Random,
        as_lent: bool,
    ) -> None:
        """Marks are set otherwise than their lender sets them, unless ``as_lent``."""
        em = font["head"].unitsPerEm
        self._font = font
        self._own = Outlines(font)
        self._marks = marks
        self._horns = horns
        self._horn = _random_horn(chance, em)
        self._above, self._below = (
            _AS_LENT if as_lent else Setting.random(chance, em) for _ in range(2)
        )
        complete = self._own.has(VIETNAMESE)
        self._keeps_letters = not complete and chance.random() < _KEPT
        self._keeps_horns = chance.random() < _KEPT

    def borrow(self) -> None:
        """Draw all Vietnamese letters, or those the face lacks.

        Raises :class:`UnfitError` where the face lacks a bare letter.
        """
        made = {}
        for letter in VIETNAMESE:
            if letter in "đĐ" and not self._own.has(letter):
                made[letter] = self._barred(letter)
            elif letter not in "đĐ" and not (self._keeps_letters and self._own.has(letter)):
                made[letter] = self._composed(letter)
        for letter, (glyph, advance) in made.items():
            self._add(letter, glyph, advance)
        for table in _STALE:
            if table in self._font:
                del self._font[table]

    def _composed(self, letter: str) -> tuple[Any, float]:
        pen = TTGlyphPen(None)
        advance = self._draw_stem(letter, pen)
        if without_horn(letter) != bare(letter):
            marks = self._marks.marks(without_horn(letter))
            placed = [mark.moved(self._place_of(mark, letter)) for mark in marks]
            for hanging in (False, True):
                group = [mark for mark in placed if (mark.bounds[3] <= 0) == hanging]
                for mark in _set(group, self._below if hanging else self._above, hanging=hanging):
                    mark.draw(pen)
        return pen.glyph(), advance

    def _draw_stem(self, letter: str, pen: TTGlyphPen) -> float:
        horns = horned(letter)
        own = horns[0] if horns and self._keeps_horns and self._own.has(horns[0]) else stem(letter)
        for part in self._own.contours(own):
            part.draw(pen)
        advance = self._own.advance(own)
        if not horns or own == horns[0]:
            return advance
        scale, theirs, ours = self._beside(own, self._horns)
        horn = self._horns.horn(horns[0]).moved(
            Transform(scale, 0, 0, scale, ours[2] - scale * theirs[2], ours[3] - scale * theirs[3])
        )
        right, up = self._horn.shift(horn.bounds, hanging=False)
        horn = horn.moved(Transform(self._horn.wide, 0, 0, self._horn.high, right, up))
        horn.draw(pen)
        return max(advance, horn.bounds[2])

    def _place_of(self, mark: Contour, letter: str) -> Transform:
        scale, theirs, ours = self._beside(stem(letter), self._marks)
        right = (ours[0] + ours[2] - scale * (theirs[0] + theirs[2])) / 2
        hangs = mark.bounds[1] < 0
        return Transform(scale, 0, 0, scale, right, 0 if hangs else ours[3] - scale * theirs[3])

    def _beside(self, letter: str, lender: Outlines) -> tuple[float, Any, Any]:
        """How much smaller the lender's letters are to be, and both frames of a letter."""
        scale = self._own.tall(letter) / lender.tall(letter)
        return scale, lender.frame(letter), self._own.frame(letter)

    def _barred(self, letter: str) -> tuple[Any, float]:
        """``d`` under the face's own hyphen."""
        pen, plain = TTGlyphPen(None), bare(letter)
        for part in self._own.contours(plain):
            part.draw(pen)
        left, _, right, top = self._own.frame(plain)
        start, end = (left + share * (right - left) for share in _BAR[letter])
        height = top / 2 if plain == "D" else (self._own.tall(plain) + top) / 2
        hyphen = self._own.frame("-")
        stretch = (end - start) / (hyphen[2] - hyphen[0])
        up = height - (hyphen[1] + hyphen[3]) / 2
        for part in self._own.contours("-"):
            part.moved(Transform(stretch, 0, 0, 1, start - stretch * hyphen[0], up)).draw(pen)
        return pen.glyph(), self._own.advance(plain)

    def _add(self, letter: str, glyph: Any, advance: float) -> None:
        name = f"borrowed{ord(letter):04X}"
        self._font["glyf"][name] = glyph
        glyph.recalcBounds(self._font["glyf"])
        self._font["hmtx"][name] = (round(advance), glyph.xMin)
        for table in self._font["cmap"].tables:
            if table.isUnicode() and table.format in {4, 12}:
                table.cmap[ord(letter)] = name


@dataclass(frozen=True, slots=True)
class Lender:
    """A face whose marks are strokes of their own."""

    path: Path
    weight: int
    slanted: bool
    has_horns: bool
    """Whether its horns are, too."""

    @classmethod
    def of(cls, path: Path) -> Lender | None:
        """The lender in a file, if there is one."""
        with TTFont(path, fontNumber=0) as font:
            try:
                outlines = Outlines(font)
                for letter in _MARKED:
                    if without_horn(letter) != bare(letter):
                        outlines.marks(without_horn(letter))
            except UnfitError:
                return None
            return cls(path, outlines.weight, outlines.slanted, _lends_horns(outlines))

    def fits(self, face: Outlines) -> bool:
        """Whether its marks look at home above the letters of another face."""
        return self.slanted == face.slanted and abs(self.weight - face.weight) <= _HEAVIER


def _lends_horns(outlines: Outlines) -> bool:
    try:
        for letter in "ơưƠƯ":
            outlines.horn(letter)
    except UnfitError:
        return False
    return True


def lenders(folders: Iterable[Path]) -> list[Lender]:
    """The training faces that can lend all marks."""
    faces = [face.path for face in collect(folders) if not face.family.startswith(HELD_OUT)]
    return [lender for lender in map(Lender.of, faces) if lender is not None]


def borrow(
    source: Path,
    target: Path,
    lending: Sequence[Lender],
    chance: random.Random,
    *,
    as_lent: bool = True,
) -> bool:
    """Write the face with the marks of random lenders; false where it cannot borrow."""
    with TTFont(source, fontNumber=0) as font:
        try:
            own = Outlines(font)
            fit = [lender for lender in lending if lender.fits(own) and lender.path != source]
            with_horns = [lender for lender in fit if lender.has_horns]
            if not with_horns:
                return False
            with (
                TTFont(chance.choice(fit).path) as marks,
                TTFont(chance.choice(with_horns).path) as horns,
            ):
                lent = {"marks": Outlines(marks), "horns": Outlines(horns)}
                Borrower(font, **lent, chance=chance, as_lent=as_lent).borrow()
            font.save(target)
        except (UnfitError, TTLibError) as error:
            # One face fewer, and it is told which.
            logging.getLogger(__name__).warning("%s borrows nothing: %r", source.name, error)
            return False
    return True


def borrow_all(
    faces: Iterable[Path], lending: Sequence[Lender], target: Path, *, times: int = 1
) -> int:
    """Give every face of no held-out family the marks of another; return the count of new faces.

    The first of several ``times`` the marks are as lent, then set otherwise.
    """
    target.mkdir(parents=True, exist_ok=True)
    made = 0
    for face in sorted(faces):
        if family_of(face).startswith(HELD_OUT):
            continue
        for time in range(times):
            chance = random.Random(f"{_SEED + time}{face.stem}")
            number = f"-{time + 1}" if time else ""
            file = target / f"{face.stem}{number}{BORROWED}.ttf"
            made += borrow(face, file, lending, chance, as_lent=not time)
    return made


def main() -> None:
    """Give the faces of some folders the marks of others."""
    parser = argparse.ArgumentParser(prog="python -m ocr.training.borrowing", description=__doc__)
    parser.add_argument("faces", type=Path, nargs="+")
    parser.add_argument("--lenders", type=Path, nargs="+", required=True)
    parser.add_argument("--out", type=Path, required=True)
    parser.add_argument("--times", type=int, default=1)
    wanted = parser.parse_args()
    faces = [path for folder in wanted.faces for path in folder.rglob("*.ttf")]
    borrow_all(faces, lenders(wanted.lenders), wanted.out, times=wanted.times)


if __name__ == "__main__":
    main()
