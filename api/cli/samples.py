"""``hoso samples``: a sample archive with known truth."""

from pathlib import Path
from typing import Annotated

import typer

from api.cli.progress import out, progress
from domain.errors import ErrorCode, HosoError
from ingest.samples.archive import make_samples

app = typer.Typer(
    add_completion=False, no_args_is_help=True, help="Sample archives with known truth."
)


@app.callback()
def samples() -> None:
    """Sample archives with known truth."""


@app.command()
def make(
    out_dir: Annotated[Path, typer.Option("--out", help="Folder to write into.")],
    count: Annotated[int, typer.Option(min=1, help="Number of documents.")] = 40,
    seed: Annotated[int, typer.Option(help="Same seed, same archive.")] = 1,
) -> None:
    """Write scans, truth.jsonl and population.csv with known errors planted."""
    try:
        out_dir.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise HosoError(ErrorCode.FILE_NOT_WRITABLE, file=str(out_dir)) from error
    with progress() as bar:
        task = bar.add_task("Making samples", total=count)
        make_samples(
            out_dir, count=count, seed=seed, progress=lambda done: bar.update(task, completed=done)
        )
    out.print(
        f"{count} documents in {out_dir}/scans, truth in truth.jsonl, people in population.csv",
        soft_wrap=True,
    )
