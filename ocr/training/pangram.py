"""The pictures of :mod:`ocr.self_test`: every Vietnamese letter in a syllable, plainly printed.

``python -m ocr.training.pangram --font FILE`` writes them anew.
"""

from __future__ import annotations

import argparse
from pathlib import Path

from PIL import Image as Picture
from PIL import ImageDraw, ImageFont

from ocr.self_test import FOLDER
from ocr.training import syllables
from ocr.training.alphabet import VIETNAMESE

_PER_LINE = 8
_LEAST_LETTERS = 3
"""Words, not letters on their own: that is what the model is for."""
_SIZE, _HEIGHT, _BASELINE, _MARGIN = 35, 48, 39, 8


def lines() -> list[str]:
    """Few syllables that together hold all small letters, and the same in capitals."""
    wanted = {letter for letter in VIETNAMESE if letter.islower()}
    table = [syllable for syllable in syllables.table() if len(syllable) >= _LEAST_LETTERS]
    chosen: list[str] = []
    while wanted:
        best = max(table, key=lambda syllable: (len(wanted & set(syllable)), -len(syllable)))
        chosen.append(best)
        wanted -= set(best)
    starts = range(0, len(chosen), _PER_LINE)
    small = [" ".join(chosen[start : start + _PER_LINE]) for start in starts]
    return small + [line.upper() for line in small]


def main() -> None:
    """Draw every line."""
    parser = argparse.ArgumentParser(prog="python -m ocr.training.pangram", description=__doc__)
    parser.add_argument("--font", type=Path, required=True, help="a font file like Tinos-Regular")
    font = ImageFont.truetype(str(parser.parse_args().font), _SIZE)
    texts = lines()
    for number, text in enumerate(texts, start=1):
        picture = Picture.new("L", (round(font.getlength(text)) + 2 * _MARGIN, _HEIGHT), 255)
        ImageDraw.Draw(picture).text((_MARGIN, _BASELINE), text, font=font, fill=0, anchor="ls")
        picture.save(FOLDER / f"line-{number:02}.png", optimize=True)
    (FOLDER / "lines.txt").write_text("\n".join(texts) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
