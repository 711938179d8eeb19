"""``hoso verify``: are these copies genuine and current?"""

from pathlib import Path
from typing import Annotated

import typer
from rich.text import Text

from api.cli.messages import error_json, print_error, unforeseen, verification_lines
from api.cli.printing import json_text
from api.cli.progress import out
from api.scan_files import bytes_of
from api.trust import verify_file
from domain.errors import HosoError
from domain.verification import Genuineness, VerificationReport, report_to_json
from storage.settings import Settings, load_settings

_WORST_FIRST = (1, 2, 0)
_INTERRUPTED = 130
_UNCHECKED = VerificationReport(genuineness=Genuineness.UNCHECKED, steps=())


def verify(
    files: Annotated[list[Path], typer.Argument(help="PDF files.", metavar="FILE")],
    as_json: Annotated[  # noqa: FBT002 - a flag
        bool,
        typer.Option("--json", help="Print the report as JSON; of several files, a line each."),
    ] = False,
) -> None:
    """Exit code 0 genuine and current, 1 not, 2 could not be checked; of several files the worst."""
    settings, codes = load_settings(), set[int]()
    for file in files:
        report, problem = _judged(settings, file)
        codes.add(report.exit_code)
        if as_json:
            _print_json(file, report, problem, several=len(files) > 1)
        elif problem is not None:
            print_error(problem, subject=str(file))
        else:
            if len(files) > 1:
                out.print(Text(str(file)), soft_wrap=True)
            for line in verification_lines(report):
                out.print(line, soft_wrap=True)
    raise typer.Exit(next(code for code in _WORST_FIRST if code in codes))


def _judged(settings: Settings, file: Path) -> tuple[VerificationReport, HosoError | None]:
    """The report, and why there is none to speak of: one file must not keep the others from being checked.

    Whatever hinders us, foreseen or not, says nothing about the file: never "not genuine".
    """
    try:
        return verify_file(settings, bytes_of(file)), None
    except HosoError as error:
        return _UNCHECKED, error
    except KeyboardInterrupt:
        # typer would end with 1, as of a copy that is not genuine
        raise typer.Exit(_INTERRUPTED) from None
    except Exception as error:  # noqa: BLE001 - see above
        return _UNCHECKED, unforeseen(error)


def _print_json(
    file: Path, report: VerificationReport, problem: HosoError | None, *, several: bool
) -> None:
    told = report_to_json(report) | ({} if problem is None else {"error": error_json(problem)})
    if several:
        typer.echo(json_text({"file": str(file), **told}))
    else:
        out.print_value(told)
