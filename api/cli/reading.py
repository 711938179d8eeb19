"""``hoso read``: OCR and fields only; needs no server."""

from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Annotated

import typer

from api.cli.jsonl import refuse_overwriting, writing
from api.cli.messages import print_error, terminal_locale
from api.cli.progress import err, progress
from api.cli.scans_given import found
from api.explanations import wording
from api.file_outcome import Outcome
from api.intake import intake_limits
from api.scan_files import bytes_of
from domain.errors import HosoError
from ingest.inspection import inspect
from storage.settings import Settings, load_settings


def read(
    paths: Annotated[list[Path], typer.Argument(exists=True, help="Files and folders.")],
    jsonl: Annotated[Path, typer.Option("--jsonl", help="File to write records to, one per line.")],
    processes: Annotated[
        int, typer.Option(min=0, help="Reading processes; 0 means one per processor core.")
    ] = 0,
) -> None:
    """Read files into records: lines, fields, checks. Exit code 1 where a file or a page was refused."""
    files = found(paths)
    refuse_overwriting(jsonl, files)
    refused, lost = 0, 0
    with writing(jsonl) as sink, progress() as bar:
        task = bar.add_task("Reading", total=len(files))
        for path, outcome in _outcomes(files, processes, settings=load_settings()):
            if isinstance(outcome, HosoError):
                refused += 1
                print_error(outcome, subject=str(path))
            else:
                for record in outcome.records:
                    sink(record)
                for error in outcome.lost:
                    print_error(error, subject=str(path))
                lost += len(outcome.lost)
            bar.advance(task)
    if refused:
        key = "terminal.some_refused" if refused < len(files) else "terminal.all_refused"
        _say(key, count=refused, total=len(files), out=jsonl)
    if lost:
        _say("terminal.pages_lost", count=lost, out=jsonl)
    if refused or lost:
        raise typer.Exit(1)


def _say(key: str, **facts: object) -> None:
    err.print(wording(key, terminal_locale(), **facts), highlight=False, soft_wrap=True)


def _outcomes(
    files: Sequence[Path], processes: int, *, settings: Settings
) -> Iterator[tuple[Path, Outcome]]:
    """The readers, which take seconds to load, come with the first file that is not refused at the door."""
    for number, path in enumerate(files):
        refusal = _refusal(path, settings)
        if refusal is None:
            from api.reading_pool import outcomes  # noqa: PLC0415  not before they are needed

            yield from outcomes(files[number:], processes or settings.worker_count)
            return
        yield path, refusal


def _refusal(path: Path, settings: Settings) -> HosoError | None:
    if path.exists() and not path.is_file():
        return None  # what comes through a pipe can be read only once, by the reader
    try:
        inspect(bytes_of(path), name=str(path), limits=intake_limits(settings))
    except HosoError as error:
        return error
    return None
