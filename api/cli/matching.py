"""``hoso match``: records as ``hoso read`` writes them become verdicts."""

from pathlib import Path
from typing import Annotated

import typer

from api.cli.jsonl import lines_of, refuse_overwriting, writing
from api.cli.messages import print_error
from api.cli.progress import err, progress
from api.stores import open_stores
from domain.errors import HosoError
from domain.record_json import from_json
from domain.verdict import verdict_to_json
from storage.settings import load_settings
from workflow.matching import match_record


def match(
    records: Annotated[
        Path, typer.Argument(exists=True, dir_okay=False, help="Records, JSON Lines.")
    ],
    jsonl: Annotated[Path, typer.Option("--jsonl", help="File to write verdicts to.")],
) -> None:
    """One verdict per person on each record. Exit code 1 where a line was refused."""
    refuse_overwriting(jsonl, [records])
    refused = 0
    lines = list(lines_of(records))
    database = open_stores(load_settings()).database
    with writing(jsonl) as sink, progress() as bar, database.transaction() as tx:
        for number, data in bar.track(lines, description="Matching"):
            try:
                if isinstance(data, HosoError):
                    raise data
                record = from_json(data)
            except HosoError as error:
                refused += 1
                print_error(error, subject=f"{records}:{number}")
                continue
            for verdict in match_record(record, population=tx.population):
                sink(verdict_to_json(verdict, file=record.file))
    if refused:
        err.print(f"{refused} of {len(lines)} lines were refused")
        raise typer.Exit(1)
