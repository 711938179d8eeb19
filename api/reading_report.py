"""The figures of ``hoso bench reading`` as tables for the terminal and as ``docs/reading.md``. Pure."""

from collections.abc import Callable, Sequence

from api.bench_tables import NONE, Circumstances, Grid, ratio, share
from api.reading_bench import OWN_MAKE, Result, Run
from api.reading_material import GENERATED, SCAN
from ingest.samples.damage import DamageLevel

_MB = 1_000_000
_REASON = 120
"""Letters of a reason that a table shows."""
Cells = Callable[[Result], Sequence[str]]


def grids(run: Run) -> tuple[Grid, ...]:
    """The tables of a run: real scan, drawn papers, line readers; those that have rows.

    Why a reader did not run stands in the first table that has its row.
    """
    tables = []
    if SCAN in run.pages:
        tables.append(_scan_grid(run))
    if GENERATED in run.pages:
        tables.append(_generated_grid(run, reasons=not tables))
    if run.lines:
        tables.append(_line_grid(run, reasons=not tables))
    return tuple(tables)


def remarks(run: Run) -> tuple[str, ...]:
    """Sentences on what the tables do not show at a glance."""
    ours, theirs = _reader(run, "reading"), _reader(run, "ocrmypdf")
    if ours is None or theirs is None:
        return ()
    shares = (
        f"{ours.seconds_per_page[name] / theirs.seconds_per_page[name]:.2f} × on {title}"
        for name, title in ((SCAN, "the scan"), (GENERATED, "drawn papers"))
        if name in run.pages
    )
    said = " and ".join(shares)
    return (f"Hoso, reading only, takes the processor seconds of OCRmyPDF {said}.",)


def _scan_grid(run: Run) -> Grid:
    base = _reader(run, "pipeline")

    def cells(one: Result) -> Sequence[str]:
        score = one.scan
        if score is None:
            return ()
        seconds = one.seconds_per_page[SCAN]
        first = base.scan if base else None
        return (
            share(score.agreed.cer),
            share(score.text.cer),
            share(score.text.bare_cer),
            share(score.text.wer),
            share(score.text.found),
            f"{seconds:.2f}",
            f"{one.peak_bytes / _MB:.0f}",
            ratio(score.agreed.cer, first.agreed.cer if first else None),
            ratio(seconds, base.seconds_per_page[SCAN] if base else None),
        )

    return _grid(
        f"Real scan, {run.pages[SCAN]} pages",
        ("CER %, any reader agrees", "CER %", "without marks", "WER %", "words found %",
         "CPU s/page", "peak MB", "CER × Hoso", "time × Hoso"),
        run.results,
        cells,
    )  # fmt: skip


def _generated_grid(run: Run, *, reasons: bool) -> Grid:
    base = _reader(run, "pipeline")
    levels = [one for one in DamageLevel if _has_level(run, one)]

    def cells(one: Result) -> Sequence[str]:
        score = one.generated
        if score is None:
            return ()
        seconds = one.seconds_per_page[GENERATED]
        first = base.generated if base else None
        return (
            *(share(score.by_level[level].cer) for level in levels),
            share(score.lines.cer),
            share(score.lines.bare_cer),
            *(share(score.by_level[level].exact_rate, places=1) for level in levels),
            share(score.text.found),
            f"{seconds:.2f}",
            ratio(score.lines.cer, first.lines.cer if first else None),
            ratio(seconds, base.seconds_per_page[GENERATED] if base else None),
        )

    return _grid(
        f"Drawn civil papers, {run.pages[GENERATED]} pages",
        (*(f"CER % {level}" for level in levels), "CER %", "without marks",
         *(f"exact lines % {level}" for level in levels), "words found %", "CPU s/page",
         "CER × Hoso", "time × Hoso"),
        run.results,
        cells,
        reasons=reasons,
    )  # fmt: skip


def _line_grid(run: Run, *, reasons: bool) -> Grid:
    timed = [one for one in run.results if one.entrant.reads_lines]
    first = next((one for one in timed if one.milliseconds_per_line), None)
    base = first.milliseconds_per_line if first else None

    def cells(one: Result) -> Sequence[str]:
        spent = one.milliseconds_per_line
        if spent is None:
            return ()
        return (
            f"{spent:.1f}", ratio(spent, base), f"{one.load_seconds:.1f}",
            f"{one.peak_bytes / _MB:.0f}",
        )  # fmt: skip

    against = f"× {first.entrant.name}" if first else "×"
    header = ("CPU ms per line", against, "CPU s to start", "peak MB")
    average = run.lines / max(1, sum(run.pages.values()))
    title = f"The same {run.lines} line pictures, {average:.0f} a page"
    return _grid(title, header, timed, cells, reasons=reasons)


def _grid(
    title: str,
    header: Sequence[str],
    results: Sequence[Result],
    cells: Cells,
    *,
    reasons: bool = True,
) -> Grid:
    """A reader that gave nothing keeps its row."""
    rows = []
    for one in results:
        why = f": {one.failure[:_REASON]}".replace("|", "/") if reasons else ""
        found = tuple(cells(one)) or (f"did not run{why}" if one.failure else NONE,)
        rows.append((one.entrant.name, *found, *(NONE for _ in header[len(found) :])))
    return Grid(title=title, header=("reader", *header), rows=tuple(rows))


def _reader(run: Run, reader: str) -> Result | None:
    """The result of a reader (as its process names it) that ran; ``pipeline`` is the product."""
    return next(
        (one for one in run.results if one.entrant.reader == reader and not one.failure), None
    )


def _has_level(run: Run, level: DamageLevel) -> bool:
    return any(one.generated is not None and level in one.generated.by_level for one in run.results)


_HOW = """\
Every reader ran on the same pages, one after the other, in a process of its own, on one thread. Seconds
are processor seconds of that process and all it started, without start and loading; memory is that of
the largest of these processes. Other work on the machine makes seconds longer: read ratios. For a
line reader the seconds hold ours to find the lines (clean-up, orientation, detection); its memory is
that of the recogniser alone.

- **CER %, any reader agrees**: scan and published text differ in places. Every reader is aligned with
  the published text by words; a word counts only where at least one reader of this run read it exactly
  in its place, and each reader's letter errors are put down to the words they fall on. Words that the
  published text lacks are no error where readers of two makes read the same, nor is what stands
  before its first and after its last word (stamps, signatures).
- **CER %**: against the published text as it is. What is skipped or invented counts in full.
  *Without marks*: diacritics and case not regarded. *Words found*: read exactly, wherever they stand.
- **Drawn papers**: every line is known. Each is compared with the place on the page that fits it
  best, so columns and order cost nothing, and a skipped line counts in full. *Exact*: no error in it."""


def markdown(run: Run, circumstances: Circumstances, *, chart: str) -> str:
    """``docs/reading.md``; ``chart`` is the picture's file name beside it."""
    facts = circumstances.facts()
    if run.steadiness is not None:
        facts["Steadiness"] = (
            f"a fixed piece of work between the readers took up to {run.steadiness:.2f} × its "
            "shortest time; seconds below are no surer than that"
        )
    parts = [
        "# How well Hoso reads, beside other readers",
        "Written by the command below; do not edit.",
        "\n".join(f"- {name}: {value}" for name, value in facts.items()),
        f"![Errors and seconds of each reader]({chart})",
        *(f"## {grid.title}\n\n{grid.markdown()}" for grid in grids(run)),
        *remarks(run),
        f"## How it was measured\n\n{_HOW}",
        "## The readers\n\n" + "\n".join(_about(one) for one in run.results),
    ]
    return "\n\n".join(parts) + "\n"


def _about(one: Result) -> str:
    end = f"did not run: {one.failure}" if one.failure else f"{one.load_seconds:.1f} s to start"
    return f"- **{one.entrant.name}** (`{one.entrant.key}`): {one.entrant.about}; {end}."


def is_ours(one: Result) -> bool:
    """Whether a reader is of our make."""
    return one.entrant.make == OWN_MAKE
