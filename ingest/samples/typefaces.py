"""Typefaces with every Vietnamese letter, found by family name through fontconfig."""

import shutil
import subprocess
from dataclasses import dataclass
from functools import cache

from fontTools.ttLib import TTFont
from PIL import ImageFont

from domain.errors import ErrorCode, HosoError

SERIF = ("Tinos", "Liberation Serif", "Noto Serif", "FreeSerif", "DejaVu Serif",
         "Linux Libertine O")  # fmt: skip
# Not Carlito: it draws Ộ as Ọ, so that what is printed is not what the truth says.
SANS = ("Liberation Sans", "Arimo", "Noto Sans", "DejaVu Sans")
_WEIGHTS = {"Tinos": 10, "Liberation Serif": 4, "Noto Serif": 2, "FreeSerif": 2,
            "DejaVu Serif": 2, "Linux Libertine O": 2}  # fmt: skip
_LETTERS = "ăâđêôơưĂÂĐÊÔƠƯàảãáạằẳẵắặầẩẫấậèẻẽéẹềểễếệìỉĩíịòỏõóọồổỗốộờởỡớợùủũúụừửữứựỳỷỹýỵŭ"
_SLANTS = {"regular": "", "bold": ":bold", "italic": ":italic", "bold_italic": ":bold:italic"}


@dataclass(frozen=True, kw_only=True)
class Typeface:
    """Font files of one family by style (``regular``, ``bold``, ``italic``, ``bold_italic``)."""

    family: str
    files: tuple[tuple[str, str], ...]

    def font(self, style: str, pixels: int) -> ImageFont.FreeTypeFont:
        """The font at a size; kept, for loading costs more than drawing."""
        return _font(dict(self.files)[style], pixels)


@cache
def _font(path: str, pixels: int) -> ImageFont.FreeTypeFont:
    return ImageFont.truetype(path, pixels, layout_engine=ImageFont.Layout.BASIC)


@cache
def _has_letters(path: str) -> bool:
    letters = TTFont(path, fontNumber=0, lazy=True).getBestCmap()
    return all(ord(letter) in letters for letter in _LETTERS)


@cache
def find_typeface(family: str) -> Typeface | None:
    """The family if it is installed and has every Vietnamese letter.

    Raises ``tool_missing`` where fontconfig itself is missing.
    """
    program = shutil.which("fc-match")
    if program is None:
        raise HosoError(ErrorCode.TOOL_MISSING, tool="fc-match", package="fontconfig")
    files = []
    for style, pattern in _SLANTS.items():
        answer = subprocess.run(  # noqa: S603  # fixed program, family names are constants
            [program, "-f", "%{family}|%{file}", f"{family}{pattern}"],
            check=True, capture_output=True, text=True, timeout=20,
        ).stdout  # fmt: skip
        found, _, path = answer.partition("|")
        if family not in found.split(",") or not _has_letters(path):
            return None
        files.append((style, path))
    return Typeface(family=family, files=tuple(files))


@cache
def installed_serifs() -> tuple[tuple[Typeface, int], ...]:
    """Installed serif families and how often offices use them. Raises ``tool_missing`` for none."""
    found = tuple(
        (face, _WEIGHTS[family]) for family in SERIF if (face := find_typeface(family)) is not None
    )
    if not found:
        raise HosoError(
            ErrorCode.TOOL_MISSING,
            tool="a serif font with Vietnamese letters",
            package="fonts-croscore",
        )
    return found


@cache
def installed_sans() -> tuple[Typeface, ...]:
    """Installed sans families; serif ones where there is none."""
    found = tuple(face for family in SANS if (face := find_typeface(family)) is not None)
    return found or tuple(face for face, _ in installed_serifs())


@cache
def installed_mono() -> Typeface:
    """A typewriter face for machine-readable lines; a sans where there is none."""
    families = ("Liberation Mono", "Cousine", "DejaVu Sans Mono")
    found = (face for family in families if (face := find_typeface(family)) is not None)
    return next(found, installed_sans()[0])
