"""The bar chart beside ``docs/reading.md``, as a small SVG. Pure."""

from collections.abc import Sequence
from dataclasses import dataclass
from html import escape
from statistics import median

from api.reading_bench import Run
from api.reading_material import GENERATED, SCAN
from api.reading_report import is_ours

_NAMES, _PANEL, _GAP, _ROW, _TOP = 190, 190, 64, 24, 58
_OURS, _THEIRS, _INK = "#0b6e4f", "#a3adb8", "#222"
_LONGEST = 2.5
"""A bar longer than this many times the median is cut off, so that the others can be told apart."""


@dataclass(frozen=True, kw_only=True)
class Panel:
    """One group of bars; ``None`` where a reader has no figure."""

    title: str
    values: tuple[float | None, ...]
    places: int = 2


def chart(run: Run) -> str:
    """Character errors on both materials, and seconds per page, a row for each reader that ran."""
    shown = [one for one in run.results if not one.failure]
    panels = []
    if SCAN in run.pages:
        agreed = tuple(100 * one.scan.agreed.cer if one.scan else None for one in shown)
        panels.append(Panel(title="CER %, real scan", values=agreed))
    if GENERATED in run.pages:
        lines = tuple(100 * one.generated.lines.cer if one.generated else None for one in shown)
        panels.append(Panel(title="CER %, drawn papers", values=lines))
    material = SCAN if SCAN in run.pages else GENERATED
    seconds = tuple(one.seconds_per_page.get(material) for one in shown)
    panels.append(Panel(title="CPU seconds per page", values=seconds))
    names = [one.entrant.name for one in shown]
    return draw_chart(names, [is_ours(one) for one in shown], panels)


def draw_chart(names: Sequence[str], ours: Sequence[bool], panels: Sequence[Panel]) -> str:
    """The SVG: a column of names, then one column of horizontal bars per panel; shorter is better."""
    width = _NAMES + len(panels) * (_PANEL + _GAP) + 10
    height = _TOP + len(names) * _ROW + 14
    size = f'width="{width}" height="{height}" viewBox="0 0 {width} {height}"'
    look = f'font-family="sans-serif" font-size="12" fill="{_INK}"'
    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" {size} {look}>',
        f'<rect width="{width}" height="{height}" fill="#fff"/>',
        '<text x="10" y="20" font-size="14" font-weight="bold">Shorter is better</text>',
    ]
    for row, name in enumerate(names):
        weight = ' font-weight="bold"' if ours[row] else ""
        parts.append(
            f'<text x="{_NAMES - 8}" y="{_baseline(row)}" text-anchor="end"{weight}>{escape(name)}</text>'
        )
    for column, panel in enumerate(panels):
        parts += _bars(panel, ours, left=_NAMES + column * (_PANEL + _GAP))
    return "\n".join([*parts, "</svg>\n"])


def _bars(panel: Panel, ours: Sequence[bool], *, left: int) -> list[str]:
    known = [value for value in panel.values if value is not None]
    longest = min(max(known), _LONGEST * median(known)) if known else 0.0
    parts = [f'<text x="{left}" y="44" font-weight="bold">{escape(panel.title)}</text>']
    for row, value in enumerate(panel.values):
        if value is None:
            parts.append(f'<text x="{left + 4}" y="{_baseline(row)}">–</text>')
            continue
        length = round(_PANEL * min(value, longest) / longest, 1) if longest else 0.0
        top = _TOP + row * _ROW + 4
        parts.append(
            f'<rect x="{left}" y="{top}" width="{length}" height="{_ROW - 8}" '
            f'fill="{_OURS if ours[row] else _THEIRS}"/>'
        )
        if value > longest:
            slash = f"M{left + _PANEL - 16} {top + _ROW - 6}l5 -{_ROW - 4}h5l-5 {_ROW - 4}z"
            parts.append(f'<path d="{slash}" fill="#fff"/>')
        parts.append(
            f'<text x="{left + length + 5}" y="{_baseline(row)}">{value:.{panel.places}f}</text>'
        )
    return parts


def _baseline(row: int) -> int:
    return _TOP + row * _ROW + 16
