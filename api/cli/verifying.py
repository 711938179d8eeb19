"""``hoso verify``: are these copies genuine and current?"""

import json
from pathlib import Path
from typing import Annotated

import typer
from rich.text import Text

from api.cli.messages import verification_lines
from api.cli.progress import out
from api.scan_files import bytes_of
from api.trust import verify_file
from domain.verification import report_to_json
from storage.settings import load_settings

_WORST_FIRST = (1, 2, 0)


def verify(
    files: Annotated[
        list[Path], typer.Argument(exists=True, dir_okay=False, help="PDF files.", metavar="FILE")
    ],
    as_json: Annotated[  # noqa: FBT002 - a flag
        bool,
        typer.Option("--json", help="Print the report as JSON; of several files, a line each."),
    ] = False,
) -> None:
    """Exit code 0 genuine and current, 1 not, 2 could not be checked; of several files the worst."""
    settings, codes = load_settings(), set[int]()
    for file in files:
        report = verify_file(settings, bytes_of(file))
        codes.add(report.exit_code)
        told = report_to_json(report)
        if not as_json:
            if len(files) > 1:
                out.print(Text(str(file)), soft_wrap=True)
            for line in verification_lines(report):
                out.print(line, soft_wrap=True)
        elif len(files) == 1:
            out.print_json(json.dumps(told, ensure_ascii=False, default=str))
        else:
            typer.echo(json.dumps({"file": str(file), **told}, ensure_ascii=False, default=str))
    raise typer.Exit(next(code for code in _WORST_FIRST if code in codes))
