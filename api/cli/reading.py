"""``hoso read``: OCR and fields only; needs no server."""

from pathlib import Path
from typing import Annotated

import typer

from api.cli.jsonl import refuse_overwriting, writing
from api.cli.messages import print_error, terminal_locale
from api.cli.progress import err, progress
from api.cli.scans_given import found
from api.explanations import wording
from api.reading_pool import outcomes
from domain.errors import HosoError
from storage.settings import load_settings


def read(
    paths: Annotated[list[Path], typer.Argument(exists=True, help="Files and folders.")],
    jsonl: Annotated[Path, typer.Option("--jsonl", help="File to write records to, one per line.")],
    processes: Annotated[
        int, typer.Option(min=0, help="Reading processes; 0 means one per processor core.")
    ] = 0,
) -> None:
    """Read files into records: lines, fields, checks. Exit code 1 where a file was refused."""
    files = found(paths)
    refuse_overwriting(jsonl, files)
    refused = 0
    with writing(jsonl) as sink, progress() as bar:
        task = bar.add_task("Reading", total=len(files))
        for path, outcome in outcomes(files, processes or load_settings().worker_count):
            if isinstance(outcome, HosoError):
                refused += 1
                print_error(outcome, subject=str(path))
            else:
                for record in outcome:
                    sink(record)
            bar.advance(task)
    if refused:
        key = "terminal.some_refused" if refused < len(files) else "terminal.all_refused"
        said = wording(key, terminal_locale(), count=refused, total=len(files), out=jsonl)
        err.print(said, highlight=False, soft_wrap=True)
        raise typer.Exit(1)
