"""``python -m ocr.training.marks FONTS… --out DIR``: faces again, with their marks set a little otherwise.

What tells ``ấ`` from ``ẩ`` is where a face puts two strokes and how large they are.  In print of 16 pixels
per em a recogniser knows that of faces it has learned, and guesses in others: so each face is also learned
with marks larger or smaller, higher or lower, than its maker drew them.  Only TrueType outlines; held-out
families are left alone.
"""

from __future__ import annotations

import argparse
import random
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from fontTools.ttLib import TTFont

from ocr.training.alphabet import VIETNAMESE, bare
from ocr.training.fonts import BORROWED, HELD_OUT, Font, collect
from ocr.training.outlines import ABOVE, Bounds

_SIZES = (0.75, 1.3)
_SIDEWAYS, _HEIGHTS = (-0.04, 0.04), (-0.025, 0.06)
"""Of an em."""
_SEED = 11
_RESET = "-marks"
"""Behind the name of a face whose marks were reset. It is not reset again, nor is one with borrowed marks."""

Point = tuple[float, float]


@dataclass(frozen=True, slots=True)
class Setting:
    """How a kind of mark is set: its size, and how far it moves, in font units."""

    wide: float
    high: float
    right: float
    up: float

    @classmethod
    def random(cls, chance: random.Random, em: int) -> Setting:
        """A setting that leaves every letter legible."""
        wide, high = chance.uniform(*_SIZES), chance.uniform(*_SIZES)
        return cls(wide, high, em * chance.uniform(*_SIDEWAYS), em * chance.uniform(*_HEIGHTS))

    def shift(self, bounds: Bounds, *, hanging: bool) -> Point:
        """Where the origin goes when a mark of these bounds grows from the edge that faces its letter."""
        left, bottom, right, top = bounds
        middle, edge = (left + right) / 2, top if hanging else bottom
        up = -self.up if hanging else self.up
        return middle * (1 - self.wide) + self.right, edge * (1 - self.high) + up


class _Face:
    """The glyphs of one open font."""

    def __init__(self, font: TTFont, chance: random.Random) -> None:
        self._glyphs: Any = font["glyf"]
        self._names: dict[int, str] = font.getBestCmap()
        em = font["head"].unitsPerEm
        self._above = Setting.random(chance, em)
        self._below = Setting.random(chance, em)

    def reset(self) -> None:
        """Move the marks of all Vietnamese letters."""
        done: set[str] = set()
        heights = {letter: self._height(letter) for letter in VIETNAMESE}
        for letter in VIETNAMESE:
            name = self._names[ord(letter)]
            if name not in done and bare(letter) != letter:
                done.add(name)
                self._reset_glyph(self._glyphs[name], heights[letter])

    def _height(self, letter: str) -> float:
        """Of the bare letter; the dot of an i is no part of it."""
        plain = bare(letter)
        plain = "ı" if plain == "i" and ord("ı") in self._names else plain
        return float(self._glyphs[self._names[ord(plain)]].yMax)

    def _setting(self, bounds: Bounds, height: float) -> Setting | None:
        if bounds[1] >= ABOVE * height:
            return self._above
        return self._below if bounds[3] <= 0 else None

    def _reset_glyph(self, glyph: Any, height: float) -> None:
        if glyph.isComposite():
            for part in glyph.components[1:]:
                self._reset_part(part, height)
            return
        for points in _contours(glyph):
            bounds = _bounds(glyph.coordinates[place] for place in points)
            setting = self._setting(bounds, height)
            if setting is not None:
                right, up = setting.shift(bounds, hanging=setting is self._below)
                for place in points:
                    x, y = glyph.coordinates[place]
                    glyph.coordinates[place] = (
                        round(x * setting.wide + right),
                        round(y * setting.high + up),
                    )

    def _reset_part(self, part: Any, height: float) -> None:
        drawn = self._glyphs[part.glyphName]
        if hasattr(part, "transform") or not hasattr(part, "x") or not drawn.numberOfContours:
            return
        own = drawn.xMin, drawn.yMin, drawn.xMax, drawn.yMax
        placed = own[0] + part.x, own[1] + part.y, own[2] + part.x, own[3] + part.y
        setting = self._setting(placed, height)
        if setting is not None:
            right, up = setting.shift(own, hanging=setting is self._below)
            part.x, part.y = round(part.x + right), round(part.y + up)
            part.transform = [[setting.wide, 0], [0, setting.high]]


def _contours(glyph: Any) -> Iterator[range]:
    first = 0
    for last in getattr(glyph, "endPtsOfContours", ()):
        yield range(first, last + 1)
        first = last + 1


def _bounds(points: Iterable[Point]) -> Bounds:
    across, up = zip(*points, strict=True)
    return min(across), min(up), max(across), max(up)


def reset(source: Font, target: Path, chance: random.Random) -> bool:
    """Write the face with its marks set otherwise; false where it has no TrueType outlines."""
    with TTFont(source.path, fontNumber=0) as font:
        if "glyf" not in font:
            return False
        _Face(font, chance).reset()
        font.save(target)
    return True


def reset_all(folders: Iterable[Path], target: Path) -> int:
    """Reset every face of the training families into ``target``; return the count."""
    target.mkdir(parents=True, exist_ok=True)
    chance = random.Random(_SEED)
    made = (_RESET, BORROWED)
    own = [font for font in collect(folders) if not font.path.stem.endswith(made)]
    return sum(
        reset(font, target / f"{font.path.stem}{_RESET}.ttf", chance)
        for font in own
        if not font.family.startswith(HELD_OUT)
    )


def main() -> None:
    """Reset the faces of some folders."""
    parser = argparse.ArgumentParser(prog="python -m ocr.training.marks", description=__doc__)
    parser.add_argument("fonts", type=Path, nargs="+")
    parser.add_argument("--out", type=Path, required=True)
    wanted = parser.parse_args()
    reset_all(wanted.fonts, wanted.out)


if __name__ == "__main__":
    main()
