"""``hoso match``: records as ``hoso read`` writes them become verdicts."""

from pathlib import Path
from typing import Annotated

import typer

from api.cli.jsonl import lines_of, refuse_overwriting, writing
from api.cli.messages import print_error
from api.cli.progress import err, progress
from api.office import office_actor
from api.stores import open_stores
from domain.errors import HosoError
from domain.record_json import from_json
from domain.verdict import verdict_to_json
from storage.settings import load_settings
from workflow.matching import look_up


def match(
    records: Annotated[
        Path, typer.Argument(exists=True, dir_okay=False, help="Records, JSON Lines.")
    ],
    jsonl: Annotated[Path, typer.Option("--jsonl", help="File to write verdicts to.")],
) -> None:
    """One verdict per person on each record. Exit code 1 where a line was refused.

    That the population data were looked up, by whom and for how many people, stands in the audit trail.
    """
    refuse_overwriting(jsonl, [records])
    refused = 0
    lines = list(lines_of(records))
    settings = load_settings()
    stores, actor = open_stores(settings), office_actor(settings)
    with writing(jsonl) as sink, progress() as bar:
        for number, data in bar.track(lines, description="Matching"):
            try:
                if isinstance(data, HosoError):
                    raise data
                record = from_json(data)
                # committed before anything is handed out: breaking off leaves no look without its line
                with stores.database.transaction() as tx:
                    verdicts = look_up(
                        actor, record, command="hoso match", tx=tx, clock=stores.clock
                    )
            except HosoError as error:
                refused += 1
                print_error(error, subject=f"{records}:{number}")
                continue
            for verdict in verdicts:
                sink(verdict_to_json(verdict, file=record.file))
    if refused:
        err.print(f"{refused} of {len(lines)} lines were refused")
        raise typer.Exit(1)
