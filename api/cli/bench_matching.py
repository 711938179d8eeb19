"""``hoso bench matching``: our look-up and others on the same people."""

import os
from pathlib import Path
from typing import Annotated

import typer

from api.cli.bench_printing import circumstances, print_grid
from api.cli.progress import err, progress
from api.matching_bench import measure_matching
from api.matching_report import finding_grid, markdown, way_grid
from domain.errors import ErrorCode, HosoError
from storage.settings import load_settings

_PAGE = Path("docs/matching.md")


def matching(
    papers: Annotated[int, typer.Option(min=1, help="Drawn papers.")] = 500,
    population: Annotated[int, typer.Option(min=1, help="People in the population.")] = 50_000,
    seed: Annotated[int, typer.Option(help="Seed of papers and people.")] = 77,
    peers: Annotated[bool, typer.Option(help="Ask other ways on the same people.")] = True,  # noqa: FBT002 - a flag
    write: Annotated[bool, typer.Option(help="Write the page.")] = False,  # noqa: FBT002 - a flag
    path: Annotated[Path, typer.Option(help="The page to write.")] = _PAGE,
) -> None:
    """Matches right and wrong, people found, planted errors found, milliseconds per person.

    Splink is installed on first use, in an environment of its own under HOSO_HOME/cache/peers.
    """
    if write and not path.parent.is_dir():
        raise HosoError(ErrorCode.FILE_NOT_WRITABLE, file=str(path))
    load = os.getloadavg()[0]
    with progress() as bar:
        tasks = {
            stage: bar.add_task(stage, total=total)
            for stage, total in (("papers", papers), ("population", 1), ("matching", papers))
        }
        run = measure_matching(
            papers=papers,
            population=population,
            seed=seed,
            cache=load_settings().home / "cache" / "peers",
            peers=peers,
            on_done=lambda stage, done: bar.update(tasks[stage], completed=done),
        )
    for grid in (way_grid(run), finding_grid(run)):
        print_grid(grid)
    if write:
        options = f"--papers {papers} --population {population} --seed {seed}"
        command = f"hoso bench matching {options}{'' if peers else ' --no-peers'} --write"
        path.write_text(markdown(run, circumstances(command, load)), encoding="utf-8")
        err.print(f"written: {path}")
