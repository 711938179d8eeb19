"""``hoso read``: OCR and fields only; needs no server."""

from collections.abc import Iterator, Sequence
from concurrent.futures import Future, ProcessPoolExecutor, as_completed
from pathlib import Path
from typing import Annotated, Any

import typer

from api.cli.files import scans
from api.cli.jsonl import writing
from api.cli.messages import print_error
from api.cli.progress import err, progress
from api.reader import make_reader
from domain.errors import HosoError
from domain.record_json import to_json
from storage.settings import load_settings
from workflow.reading import Reader, read_file

Outcome = list[dict[str, Any]] | HosoError


class _Process:
    """The reader of this worker process: loading the models takes seconds, so it happens once."""

    reader: Reader


def _start_process() -> None:
    _Process.reader = make_reader(load_settings())


def _read_one(path: Path) -> Outcome:
    try:
        records = read_file(path.read_bytes(), name=str(path), reader=_Process.reader)
    except HosoError as error:
        return error
    return [to_json(record) for record in records]


def read(
    paths: Annotated[list[Path], typer.Argument(help="Files and folders.")],
    jsonl: Annotated[Path, typer.Option("--jsonl", help="File to write records to, one per line.")],
    processes: Annotated[
        int, typer.Option(min=0, help="Reading processes; 0 means one per processor core.")
    ] = 0,
) -> None:
    """Read files into records: lines, fields, checks. Exit code 1 where a file was refused."""
    files = list(scans(paths))
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
        err.print(f"{refused} of {len(files)} files were refused; the others are in {jsonl}")
        raise typer.Exit(1)


def outcomes(files: Sequence[Path], processes: int) -> Iterator[tuple[Path, Outcome]]:
    """In the order of ``files``, each as soon as it and all before it are done."""
    if min(processes, len(files)) <= 1:
        _start_process()
        for path in files:
            yield path, _read_one(path)
        return
    with ProcessPoolExecutor(min(processes, len(files)), initializer=_start_process) as pool:
        waiting: dict[Future[Outcome], int] = {
            pool.submit(_read_one, path): index for index, path in enumerate(files)
        }
        ready: dict[int, Outcome] = {}
        following = 0
        for future in as_completed(waiting):
            ready[waiting[future]] = future.result()
            while following in ready:
                yield files[following], ready.pop(following)
                following += 1
