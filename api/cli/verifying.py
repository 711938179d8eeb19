"""``hoso verify``: is this copy genuine and current?"""

import json
from pathlib import Path
from typing import Annotated

import typer

from api.cli.messages import verification_lines
from api.cli.progress import out
from api.scan_files import bytes_of
from api.trust import verify_file
from domain.verification import report_to_json
from storage.settings import load_settings


def verify(
    file: Annotated[Path, typer.Argument(exists=True, dir_okay=False, help="A PDF file.")],
    as_json: Annotated[bool, typer.Option("--json", help="Print the report as JSON.")] = False,  # noqa: FBT002 - a flag
) -> None:
    """Exit code 0 genuine and current, 1 not, 2 could not be checked."""
    report = verify_file(load_settings(), bytes_of(file))
    if as_json:
        out.print_json(json.dumps(report_to_json(report), ensure_ascii=False, default=str))
    else:
        for line in verification_lines(report):
            out.print(line, soft_wrap=True)
    raise typer.Exit(report.exit_code)
