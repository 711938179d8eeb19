"""``hoso bench``: figures, measured on this machine, beside the peers that ran in the same run."""

from typing import Annotated

import typer
from rich.table import Table

from api.cli.bench_matching import matching
from api.cli.bench_reading import reading
from api.cli.progress import err, out, progress
from api.pipeline_bench import PipelineFigures, measure_pipeline
from signing.bench import measure
from storage.settings import load_settings

app = typer.Typer(add_completion=False, no_args_is_help=True)


@app.callback()
def bench() -> None:
    """Figures, measured on this machine."""


app.command()(reading)
app.command()(matching)


@app.command()
def pipeline(
    count: Annotated[int, typer.Option(min=1, help="Generated documents.")] = 200,
    seed: Annotated[int, typer.Option(help="Seed of the archive.")] = 77,
    processes: Annotated[int, typer.Option(min=0, help="0: one per processor core.")] = 0,
    slips: Annotated[bool, typer.Option(help="List what went wrong.")] = False,  # noqa: FBT002 - a flag
) -> None:
    """Forms, fields and findings on a generated archive with known truth and planted errors."""
    with progress() as bar:
        tasks = {
            stage: bar.add_task(stage, total=count) for stage in ("samples", "reading", "matching")
        }
        figures = measure_pipeline(
            count=count,
            seed=seed,
            processes=processes or load_settings().worker_count,
            on_done=lambda stage, done: bar.update(tasks[stage], completed=done),
        )
    _print_pipeline(figures)
    if slips:
        _print_slips(figures)


def _print_pipeline(figures: PipelineFigures) -> None:
    read, matched = figures.reading, figures.matching
    table = Table("figure", "measured", "of", "aim")
    rows = (
        ("form right", read.form_rate, read.documents, "≥ 98 %"),
        ("fields exactly right", read.field_rate, read.fields, "≥ 93 %"),
        ("certain values right", read.certain_rate, read.certain, "≥ 99.8 %"),
        ("values all readers agree on right", read.agreed_rate, read.agreed, "≥ 99.8 %"),
        ("planted errors found", matched.found_share, matched.planted, "≥ 90 %"),
        ("planted errors found or flagged", matched.flagged_share, matched.planted, ""),
        ("findings that are false", matched.false_share, matched.alleged, "≤ 5 %"),
        (
            "documents with a false finding",
            matched.false_document_share,
            matched.documents,
            "≤ 5 %",
        ),
        ("pairs with a false finding", matched.false_pair_share, matched.pairs, ""),
        ("matches with someone else", matched.wrong_share, matched.matched, "< 0.1 %"),
    )
    for name, share, total, aim in rows:
        table.add_row(name, f"{100 * share:.2f} %", str(total), aim)
    out.print(table)
    papers = Table("paper", "fields exactly right", "of")
    for paper, (right, expected) in read.by_paper.items():
        papers.add_row(paper, str(right), str(expected))
    out.print(papers)
    if figures.refused:
        out.print(f"{figures.refused} files were refused")


def _print_slips(figures: PipelineFigures) -> None:
    for slip in figures.reading.slips:
        mark = "certain " if slip.certain else "agreed " if slip.agreed else ""
        out.print(
            f"{slip.file} {slip.field}: {mark}{slip.read!r} for {slip.expected!r}",
            markup=False,
            highlight=False,
            soft_wrap=True,
        )
    for kind, allegations in (
        ("missed", figures.matching.missed),
        ("false", figures.matching.false),
    ):
        for one in allegations:
            out.print(f"{kind}: {one.file} {one.role} {one.field} {one.kind}", highlight=False)


@app.command()
def signing(
    documents: Annotated[int, typer.Option(min=1, help="Copies to certify.")] = 10,
    pages: Annotated[int, typer.Option(min=1, help="Pages of each.")] = 1,
) -> None:
    """Processor seconds to compose, sign and verify one certified copy."""
    with err.status("Certifying"):
        figures = measure(documents=documents, pages=pages)
    table = Table("step", "seconds", "against stock pyHanko signing")
    rows = (
        ("compose PDF/A", figures.compose),
        ("sign, seal, time-stamp", figures.sign),
        ("verify our own output", figures.verify),
        ("all three", figures.total),
        ("verify in a process of its own (elapsed)", figures.verify_contained_elapsed),
        ("stock pyHanko: sign", figures.peer_sign),
    )
    for name, seconds in rows:
        table.add_row(name, f"{seconds:.3f}", f"{seconds / figures.peer_sign:.2f} ×")
    out.print(table)
