"""Single damaged pages of civil papers with the text of every line, for measuring readers."""

import random
from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np

from domain.page import Pixels
from ingest.samples import containers
from ingest.samples.casting import draw_case
from ingest.samples.damage import DamageLevel, damaged, draw_damage
from ingest.samples.drawing import Written, draw_look, write_sheet
from ingest.samples.seals import stamp_and_sign
from ingest.samples.sheet import Sheet

_ONE_LINE_MM = 4.0
"""Runs on one baseline that stand closer than this are one line; wider gaps part label and column."""
_SAME_BASELINE_MM = 0.6


@dataclass(frozen=True, kw_only=True)
class SamplePage:
    """One scanned page and what is printed on it."""

    file: str
    content: bytes
    level: DamageLevel
    lines: tuple[str, ...]
    """Top to bottom, left to right; text of the seal and signatures excepted."""


def make_page(index: int, *, seed: int, level: DamageLevel) -> SamplePage:
    """Page ``index`` of a series; depends on nothing but ``seed``, ``index`` and ``level``.

    Cards are left out and pages stand upright, so that readers are compared on reading alone. Raises
    ``tool_missing`` where no Vietnamese serif is installed.
    """
    rng = random.Random(f"{seed}/page/{index}/{level}")
    sheet = _draw_sheet(rng)
    damage = replace(draw_damage(rng, level=level), turn=0)
    pen, block = write_sheet(sheet, draw_look(rng), dpi=damage.dpi)
    agency = " ".join(sheet.agency[:2])
    stamp_and_sign(pen.image, rng, agency=f"{agency} *", block_mm=block, dpi=damage.dpi)
    scan: Pixels = damaged(np.asarray(pen.image), damage)
    if damage.bitonal:
        suffix, content = "tif", containers.tiff([scan], dpi=damage.dpi, quality=75)
    else:
        suffix = "jpg"
        content = containers.jpeg(scan, dpi=damage.dpi, quality=damage.jpeg_quality)
    return SamplePage(
        file=f"{index + 1:03d}_{sheet.form}_{level}.{suffix}",
        content=content,
        level=level,
        lines=printed_lines(pen.written),
    )


def _draw_sheet(rng: random.Random) -> Sheet:
    """The sheet of the next paper that is no card."""
    while True:
        sheet = draw_case(rng).sheet
        if sheet is not None:
            return sheet


def printed_lines(written: Sequence[Written]) -> tuple[str, ...]:
    """Runs joined into lines as a reader sees them; leaders and rules are no text."""
    runs = [run for run in written if set(run.text) - set(" .")]
    lines: list[list[Written]] = []
    for run in sorted(runs, key=lambda one: (round(one.baseline / _SAME_BASELINE_MM), one.left)):
        before = lines[-1][-1] if lines else None
        if (
            before is not None
            and abs(run.baseline - before.baseline) < _SAME_BASELINE_MM
            and run.left - before.right < _ONE_LINE_MM
        ):
            lines[-1].append(run)
        else:
            lines.append([run])
    return tuple(_joined(line) for line in lines)


def _joined(line: Sequence[Written]) -> str:
    """The line's text; runs that touch are one word."""
    text, end = "", line[0].left
    for run in line:
        apart = run.left - end > 0.3 and text
        text += (" " if apart else "") + run.text
        end = run.right
    return " ".join(text.split())
