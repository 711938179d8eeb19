"""The typeface of the certification block and of the invisible text, found through fontconfig."""

import logging
import shutil
import subprocess
from functools import lru_cache
from pathlib import Path

from fontTools.ttLib import TTFont

from domain.errors import ErrorCode, HosoError

logging.getLogger("fontTools").setLevel(logging.WARNING)
"""Or each copy writes the list of its glyphs into the log."""

FAMILIES = ("Tinos", "Times New Roman", "Liberation Serif")
"""Times New Roman as the law asks, or its metric twins, in order of preference."""
_VIETNAMESE = "ăâđêôơưắằẳẵặấầẩẫậếềểễệốồổỗộớờởỡợứừửữựỳýỷỹỵ"


@lru_cache(maxsize=1)
def serif_font() -> Path:
    """The font file to embed. Raises ``tool_missing`` when no family with Vietnamese is installed."""
    program = shutil.which("fc-match")
    if program is None:
        raise HosoError(ErrorCode.TOOL_MISSING, tool="fc-match", package="fontconfig")
    for family in FAMILIES:
        answer = subprocess.run(  # noqa: S603 - fixed program, fixed arguments
            [program, "--format=%{family}\n%{file}", f"{family}:style=Regular"],
            capture_output=True,
            text=True,
            check=True,
            timeout=30,
        ).stdout.splitlines()
        # fc-match always names some font; only the one asked for will do
        if family in answer[0].split(","):
            path = Path(answer[1])
            if all(ord(letter) in letters_of(path) for letter in _VIETNAMESE):
                return path
    raise HosoError(ErrorCode.TOOL_MISSING, tool="Tinos font", package="fonts-croscore")


@lru_cache(maxsize=4)
def letters_of(path: Path) -> frozenset[int]:
    """Code points that the font can draw."""
    with TTFont(path, lazy=True) as font:
        return frozenset(font.getBestCmap())
