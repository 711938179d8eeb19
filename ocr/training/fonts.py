"""Finding fonts that can print Vietnamese, and telling training families from held-out ones.

Fonts come from three kinds of packages, none of which is committed here: Debian ``fonts-*``
packages, ``fontpkg-*`` wheels, and ``@fontsource/*`` npm packages whose subsets are merged.
"""

from __future__ import annotations

import argparse
import logging
import re
import tarfile
import tempfile
from collections.abc import Iterable
from dataclasses import dataclass, replace
from functools import lru_cache
from itertools import combinations
from pathlib import Path

import numpy as np
from fontTools.merge import Merger
from fontTools.ttLib import TTFont, TTLibError
from numpy.typing import NDArray
from PIL import Image, ImageDraw, ImageFont

from ocr.training.alphabet import VIETNAMESE, bare

HELD_OUT = (
    "texgyretermes",
    "gelasio",
    "spectral",
    "linlibertine",
    "linbiolinum",
    "carlito",
    "roboto",
    "cousine",
    "alegreya",
)
"""Beginnings of family names that training never sees; :mod:`ocr.training.heldout` uses them."""

# Families by how often they meet a civil-registry form; everything else counts once.
_WEIGHTS = {
    "tinos": 14.0,
    "liberationserif": 10.0,
    "freeserif": 6.0,
    "doulossil": 4.0,
    "notoserif": 2.0,
    "arimo": 4.0,
    "liberationsans": 4.0,
    "dejavuserif": 1.5,
    "liberationmono": 2.0,
    "cmuntypewriter": 2.0,
    "freemono": 2.0,
    "stixtwotext": 4.0,
    "sourceserif": 2.0,
    "charissil": 2.0,
}
_RARE_WEIGHT = 0.4
"""Narrow and very heavy faces are rare on forms."""
_ITALIC_WEIGHT = 0.5
_DISPLAY = re.compile(
    r"symbola|caps|smallcap|symbols|emoji|math|braille|music|dingbat|icon|lastresort|initials|outline|spleen"
    r"|signwriting|keyboard|unfonts|color|thin|hairline|extralight|ultralight",
    re.IGNORECASE,
)
_LIGHTEST, _REGULAR, _HEAVIEST = 300.0, 400.0, 700.0
_NARROWEST = 85.0
"""Bounds on the weight and width axes of variable fonts: no hairlines; black and narrow styles are rare."""
_EM = 48
"""Pixels per em at which letters of a face are compared."""
_LEAST_DIFFERENCE = 0.001
"""Ink, in square em, that tells two letters of one face apart at least; the dot below of a hairline face has
0.0014. Carlito draws Ộ as Ọ and a face of Alegreya Sans draws Ấ as Â: nobody can read what they print."""
BORROWED = "-borrowed"
"""Behind the name of a face under the marks of another; it is in no office, however common the face."""
_SUBSETS = ("latin", "latin-ext", "vietnamese")
"""A face with the first only can borrow its marks; see :mod:`ocr.training.borrowing`."""
_FACES = ((400, "normal"), (700, "normal"), (400, "italic"), (700, "italic"))


@dataclass(frozen=True, slots=True, kw_only=True)
class Font:
    """A font file that has all 134 letters, and the letters it can print."""

    path: Path
    family: str
    letters: frozenset[str]
    weight: float
    axes: tuple[float, ...] = ()
    """Where a variable font stands on its axes; empty for its default."""

    def face(self, size: int) -> ImageFont.FreeTypeFont:
        """The font at ``size`` pixels per em, without ligatures or kerning."""
        return _face(self.path, size, self.axes)

    def prints(self, text: str) -> bool:
        """Whether no letter of ``text`` would come out as an empty box."""
        return self.letters.issuperset(text)


def merge_fontsource(archives: Iterable[Path], folder: Path) -> int:
    """Join the ``latin``, ``latin-ext`` and ``vietnamese`` subsets of npm archives; return the count."""
    folder.mkdir(parents=True, exist_ok=True)
    made = 0
    for archive in sorted(archives):
        name = re.sub(r"^fontsource-|-\d[\w.]*\.tgz$", "", archive.name)
        with tarfile.open(archive) as tar, tempfile.TemporaryDirectory() as scratch:
            for weight, style in _FACES:
                target = folder / f"{name}-{weight}-{style}.ttf"
                if target.exists() or _merge_face(tar, name, weight, style, Path(scratch), target):
                    made += 1
    return made


def _merge_face(
    tar: tarfile.TarFile, name: str, weight: int, style: str, scratch: Path, target: Path
) -> bool:
    parts: list[str] = []
    for subset in _SUBSETS:
        try:
            member = tar.extractfile(f"package/files/{name}-{subset}-{weight}-{style}.woff2")
        except KeyError:
            continue
        if member is None:
            return False
        font = TTFont(member)
        font.flavor = None
        # Substitution tables of the subsets contradict one another; plain glyphs are enough.
        for table in ("GSUB", "GPOS", "GDEF"):
            if table in font:
                del font[table]
        part = scratch / f"{subset}-{weight}-{style}.ttf"
        font.save(part)
        parts.append(str(part))
    if not parts:
        return False
    try:
        Merger().merge(parts).save(target)
    except (AssertionError, AttributeError, KeyError, NotImplementedError, TTLibError) as error:
        # What fontTools raises where subsets do not fit together: one face fewer, and it is told which.
        logging.getLogger(__name__).warning("cannot merge %s: %r", target.name, error)
        return False
    return True


def collect(folders: Iterable[Path]) -> list[Font]:
    """All usable fonts below ``folders``, one per face, in a stable order.

    Usable is what has all 134 letters and draws each in its own way.
    """
    files = sorted(
        path
        for folder in folders
        for path in folder.rglob("*")
        if path.suffix.lower() in {".ttf", ".otf"} and not _DISPLAY.search(path.name)
    )
    found: dict[str, Font] = {}
    for path in files:
        letters = _letters(path)
        if letters is not None and letters.issuperset(VIETNAMESE) and tells_apart(path):
            family = family_of(path)
            found.setdefault(
                path.stem.lower(),
                Font(path=path, family=family, letters=letters, weight=_weight(family, path)),
            )
    return list(found.values())


def tells_apart(path: Path, axes: tuple[float, ...] = ()) -> bool:
    """Whether a face draws no two Vietnamese letters alike."""
    face = _face(path, _EM, axes)
    drawn: dict[str, list[NDArray[np.float32]]] = {}
    for letter in VIETNAMESE:
        drawn.setdefault(bare(letter), []).append(_ink(letter, face))
    least = _LEAST_DIFFERENCE * _EM**2
    return all(
        float(np.abs(one - other).sum()) > least
        for alike in drawn.values()
        for one, other in combinations(alike, 2)
    )


def _ink(letter: str, face: ImageFont.FreeTypeFont) -> NDArray[np.float32]:
    """The letter on its baseline, 0 … 1."""
    picture = Image.new("L", (3 * _EM, 3 * _EM), 0)
    ImageDraw.Draw(picture).text((_EM, 2 * _EM), letter, font=face, fill=255, anchor="ls")
    return np.asarray(picture, np.float32) / np.float32(255)


def family_of(path: Path) -> str:
    """The family part of a file name: lower case, letters only, without style words."""
    stem = re.split(r"[-_\[]", path.stem)[0] if path.stem[:1].isupper() else path.stem
    words = re.sub(r"[^a-z]", "", re.sub(r"-(\d00)-(normal|italic)$", "", stem).lower())
    foundry = re.match(r"cmun|lmroman|lmmono|lmsans", words)
    if foundry:
        return foundry.group()
    return re.sub(r"(regular|medium|bold|italic|oblique|slant)+$", "", words) or words


def styles(font: Font) -> list[Font]:
    """The named styles of a variable font that offices print in; a plain font is its own only style.

    The default of many variable fonts is a hairline, which no form is printed in and no blurred scan shows.
    """
    with TTFont(font.path, fontNumber=0, lazy=True) as file:
        if "fvar" not in file:
            return [font]
        tags = [axis.axisTag for axis in file["fvar"].axes]
        named = {tuple(style.coordinates[tag] for tag in tags) for style in file["fvar"].instances}
    made: list[Font] = []
    for axes in sorted(named):
        at = dict(zip(tags, axes, strict=True))
        heavy, narrow = at.get("wght", _REGULAR) > _HEAVIEST, at.get("wdth", 100.0) < _NARROWEST
        if at.get("wght", _REGULAR) >= _LIGHTEST and tells_apart(font.path, axes):
            weight = font.weight * (_RARE_WEIGHT if heavy or narrow else 1.0)
            made.append(replace(font, axes=axes, weight=weight))
    return made


def split(fonts: Iterable[Font]) -> tuple[list[Font], list[Font]]:
    """Fonts for training in all their :func:`styles`, and fonts of the held-out families as they are."""
    training: list[Font] = []
    held: list[Font] = []
    for font in fonts:
        if font.family.startswith(HELD_OUT):
            held.append(font)
        else:
            training.extend(styles(font))
    return training, held


def _weight(family: str, path: Path) -> float:
    slanted = re.search(r"italic|oblique|slant", path.stem, re.IGNORECASE)
    return _family_weight(family, path) * (_ITALIC_WEIGHT if slanted else 1.0)


def _family_weight(family: str, path: Path) -> float:
    for beginning, weight in _WEIGHTS.items():
        if family.startswith(beginning) and not path.stem.endswith(BORROWED):
            return weight
    if re.search(r"cond|narrow|compressed|black|extrabold|heavy", path.stem, re.IGNORECASE):
        return _RARE_WEIGHT
    return 1.0


@lru_cache(maxsize=400)
def _face(path: Path, size: int, axes: tuple[float, ...] = ()) -> ImageFont.FreeTypeFont:
    face = ImageFont.truetype(str(path), size, layout_engine=ImageFont.Layout.BASIC)
    if axes:
        face.set_variation_by_axes(list(axes))
    return face


@lru_cache(maxsize=4096)
def _letters(path: Path) -> frozenset[str] | None:
    try:
        with TTFont(path, fontNumber=0, lazy=True) as font:
            table = font.getBestCmap()
            if table is None or "SVG " in font or "CBDT" in font:
                return None
            return frozenset(chr(code) for code in table)
    except (TTLibError, OSError, AssertionError, KeyError):
        return None


def main() -> None:
    """Merge the npm archives of one folder into another."""
    parser = argparse.ArgumentParser(prog="python -m ocr.training.fonts")
    parser.add_argument("archives", type=Path)
    parser.add_argument("merged", type=Path)
    wanted = parser.parse_args()
    merge_fontsource(wanted.archives.glob("*.tgz"), wanted.merged)


if __name__ == "__main__":
    main()
