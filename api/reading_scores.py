"""How the readers of one run did on each kind of material. Pure."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from api.reading_material import Material
from ingest.samples.damage import DamageLevel
from ocr.accuracy import (
    NO_LINES,
    AgreedAccuracy,
    LineAccuracy,
    TextAccuracy,
    compare_lines,
    compare_texts,
    compare_where_agreed,
    truth_covered,
)

Pages = Sequence[Sequence[str]]
"""The lines of each page, as one reader read them."""


@dataclass(frozen=True, kw_only=True)
class ScanScore:
    """On a real scan, whose published text differs from it in places."""

    text: TextAccuracy
    agreed: AgreedAccuracy


@dataclass(frozen=True, kw_only=True)
class GeneratedScore:
    """On drawn papers, whose every line is known."""

    lines: LineAccuracy
    by_level: Mapping[DamageLevel, LineAccuracy]
    text: TextAccuracy
    """All pages as running text: order counts, and what was invented."""


def score_scan(
    material: Material, readings: Mapping[str, Pages], makes: Mapping[str, str]
) -> dict[str, ScanScore]:
    """By reader. Of a part of a scan only the part of the truth that readers reached is compared."""
    texts = {key: _text(pages) for key, pages in readings.items()}
    truth = material.truth if material.whole else truth_covered(material.truth, texts.values())
    agreed = compare_where_agreed(truth, texts, makes=makes)
    return {
        key: ScanScore(text=compare_texts(truth, text, pages=material.pages), agreed=agreed[key])
        for key, text in texts.items()
    }


def score_generated(material: Material, readings: Mapping[str, Pages]) -> dict[str, GeneratedScore]:
    """By reader; pages are compared one by one."""
    truth = "\n".join(_text([lines]) for lines in material.lines)
    scores = {}
    for key, pages in readings.items():
        by_level = dict.fromkeys(material.levels, NO_LINES)
        for lines, level, page in zip(material.lines, material.levels, pages, strict=True):
            by_level[level] += compare_lines(lines, _text([page]))
        scores[key] = GeneratedScore(
            lines=sum(by_level.values(), NO_LINES),
            by_level=by_level,
            text=compare_texts(truth, _text(pages), pages=material.pages),
        )
    return scores


def _text(pages: Pages) -> str:
    return "\n".join(line for page in pages for line in page)
