"""``hoso population``: the data that records are matched against."""

from pathlib import Path
from typing import Annotated

import typer
from rich.text import Text

from api.bootstrap import import_population
from api.cli.messages import terminal_locale
from api.cli.progress import err, out
from api.explanations import label
from api.office import office_actor
from api.scan_files import refuse_irregular
from api.stores import open_stores
from domain.population_import import RowRemark
from storage.settings import load_settings
from workflow.population import remove_person

app = typer.Typer(add_completion=False, no_args_is_help=True)

_SHOWN = 40
"""Characters of a flawed value that are shown."""


@app.callback()
def population() -> None:
    """The population data that records are matched against."""


@app.command("import")
def import_file(
    file: Annotated[Path, typer.Argument(exists=True, dir_okay=False, help="CSV file, UTF-8.")],
    source: Annotated[str, typer.Option(help="Name shown beside every value consulted.")] = "",
) -> None:
    """Import FILE; safe to repeat. Every rejected row is reported with its line and reason.

    Exit code 1 where a row was rejected; the others are imported all the same. Remarks tell values that
    were left out of rows that were taken.
    """
    refuse_irregular(file)
    settings = load_settings()
    with err.status(Text(f"Importing {file}")):
        report = import_population(
            settings, office_actor(settings), file, source=source or file.name
        )
    told = [(remark, "rejection") for remark in report.rejected]
    told += [(remark, "remark") for remark in report.remarks]
    for remark, kind in sorted(told):
        out.print(_line(file, remark, kind), highlight=False, soft_wrap=True)
    counts = (
        f"{report.imported} imported, {report.unchanged} unchanged, {len(report.rejected)} rejected"
    )
    out.print(f"{counts}, {len(report.remarks)} remarks" if report.remarks else counts)
    if report.rejected:
        raise typer.Exit(1)


@app.command()
def remove(
    personal_id: Annotated[str, typer.Argument(help="Personal number of the row.")],
    reason: Annotated[str, typer.Option(help="Why; kept in the audit trail.")],
) -> None:
    """Take the row of PERSONAL_ID out of the population data; documents in review are matched again."""
    settings = load_settings()
    stores, actor = open_stores(settings), office_actor(settings)
    with stores.database.transaction() as tx:
        person = remove_person(actor, personal_id, reason=reason, tx=tx, clock=stores.clock)
    out.print(f"{person.personal_id} is removed from the population data", highlight=False)


def _line(file: Path, remark: RowRemark, kind: str) -> str:
    """File and line, the code, what it means; where it stands and what shows it, in the file's own words."""
    told = f"{file}:{remark.line}: {remark.reason}: {label(kind, remark.reason, terminal_locale())}"
    sign = remark.sign[:_SHOWN]
    where = f"{remark.column} “{sign}”" if sign else remark.column
    return f"{told} ({where})" if where else told
