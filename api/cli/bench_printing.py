"""How benches print their tables and tell where they ran."""

import os
import platform
from datetime import UTC, datetime
from pathlib import Path

from rich.table import Table

from api.bench_tables import Circumstances, Grid
from api.cli.printing import HarmlessConsole
from api.cli.progress import out

_WIDTH = 150
"""Columns of the tables also where the output is no terminal, or a narrow one."""


def print_grid(grid: Grid) -> None:
    """The whole table, however narrow the terminal."""
    table = Table(title=grid.title)
    for index, name in enumerate(grid.header):
        table.add_column(name, justify="right" if index else "left", overflow="fold")
    for row in grid.rows:
        table.add_row(*row)
    HarmlessConsole(width=max(out.width, _WIDTH)).print(table)


def circumstances(command: str, load: float) -> Circumstances:
    """Of a run of ``command`` today, here; ``load`` is the load average when it began."""
    return Circumstances(
        date=datetime.now(tz=UTC).date().isoformat(),
        command=command,
        cores=os.cpu_count() or 1,
        processor=_processor(),
        load=load,
        python=platform.python_version(),
    )


def _processor() -> str:
    """The processor's name as Linux tells it."""
    facts = Path("/proc/cpuinfo")
    lines = facts.read_text(encoding="utf-8").splitlines() if facts.is_file() else []
    named = (line.split(":", 1)[1].strip() for line in lines if line.startswith("model name"))
    return next(named, platform.machine())
