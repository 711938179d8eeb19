"""``hoso bench reading``: our readers and others on the same pages, each measured in its own process."""

import os
import tempfile
from collections.abc import Sequence
from pathlib import Path
from typing import Annotated

import typer

from api.cli.bench_printing import circumstances, print_grid
from api.cli.progress import err, out, progress
from api.intake import intake_limits
from api.reading_bench import OWN_MAKE, Entrant, Run, entrants, measure_readers
from api.reading_chart import chart
from api.reading_material import SEED, Material, generated_material, scan_material
from api.reading_report import grids, markdown, remarks
from domain.errors import ErrorCode, HosoError
from storage.settings import Settings, load_settings

_REAL_SCAN = Path("../shared/data/scans/luat_cu_tru_68_2020")
_PAGE = Path("docs/reading.md")


def reading(  # noqa: PLR0913, PLR0917 - the options of a command
    folder: Annotated[Path, typer.Option(help="Folder with scan.pdf and truth.txt.")] = _REAL_SCAN,
    pages: Annotated[int, typer.Option(min=0, help="Pages of the scan; 0 means all.")] = 0,
    generated: Annotated[int, typer.Option(min=0, help="Drawn civil papers; 0 means none.")] = 12,
    seed: Annotated[int, typer.Option(help="Seed of the drawn papers.")] = SEED,
    peers: Annotated[bool, typer.Option(help="Run other readers on the same pages.")] = True,  # noqa: FBT002 - a flag
    only: Annotated[
        list[str] | None, typer.Option(help="Only this reader; may be given again.")
    ] = None,
    tessdata_best: Annotated[
        Path | None, typer.Option(help="Folder with the best_int vie.traineddata.")
    ] = None,
    write: Annotated[bool, typer.Option(help="Write the page and its chart.")] = False,  # noqa: FBT002 - a flag
    path: Annotated[Path, typer.Option(help="The page to write.")] = _PAGE,
) -> None:
    """Letter and word errors, processor seconds and memory of readers on a real scan and drawn papers.

    Peers are installed on first use, each in an environment of its own under HOSO_HOME/cache/peers.
    """
    settings = load_settings()
    chosen = choose(entrants(tessdata_best=tessdata_best), peers=peers, only=only or [])
    load = os.getloadavg()[0]
    with tempfile.TemporaryDirectory(prefix="hoso-bench-") as work:
        materials = _materials(
            settings, folder=folder, pages=pages, count=generated, seed=seed, work=Path(work)
        )
        run = _measure(chosen, materials, cache=settings.home / "cache" / "peers", work=Path(work))
    for grid in grids(run):
        print_grid(grid)
    for remark in remarks(run):
        out.print(remark)
    if write:
        command = _command(
            f"--generated {generated}",
            f"--pages {pages}" if pages else "",
            f"--seed {seed}" if seed != SEED else "",
            "" if peers else "--no-peers",
            *(f"--only {name}" for name in only or []),
            "--tessdata-best FOLDER" if tessdata_best else "",
        )
        how = circumstances(command, load)
        picture = path.with_suffix(".svg")
        picture.write_text(chart(run), encoding="utf-8")
        path.write_text(markdown(run, how, chart=picture.name), encoding="utf-8")
        err.print(f"written: {path}, {picture}")


def choose(known: Sequence[Entrant], *, peers: bool, only: Sequence[str]) -> tuple[Entrant, ...]:
    """The readers asked for, in their usual order. Raises ``not_found`` for a name nobody has."""
    names = [one.key for one in known]
    for name in only:
        if name not in names:
            raise HosoError(ErrorCode.NOT_FOUND, path=f"{name} (known: {', '.join(names)})")
    return tuple(
        one for one in known if (one.key in only if only else peers or one.make == OWN_MAKE)
    )


def _materials(
    settings: Settings, *, folder: Path, pages: int, count: int, seed: int, work: Path
) -> list[Material]:
    limits = intake_limits(settings)
    with err.status("Taking the scan apart"):
        materials = [scan_material(folder, pages=pages, limits=limits, work=work / "scan")]
    if count:
        with progress() as bar:
            task = bar.add_task("drawing papers", total=count)
            materials.append(
                generated_material(
                    count,
                    seed=seed,
                    limits=limits,
                    work=work / "generated",
                    on_page=lambda done: bar.update(task, completed=done),
                )
            )
    return materials


def _measure(
    chosen: Sequence[Entrant], materials: Sequence[Material], *, cache: Path, work: Path
) -> Run:
    with progress() as bar:
        task = bar.add_task("readers", total=len(chosen) + any(one.reads_lines for one in chosen))
        begun = 0

        def on_reader(name: str) -> None:
            nonlocal begun
            bar.update(task, description=name, completed=begun)
            begun += 1

        run = measure_readers(chosen, materials, cache=cache, work=work, on_reader=on_reader)
        bar.update(task, description="readers", completed=begun)
    return run


def _command(*options: str) -> str:
    """The command that makes the page again, without folders of this machine."""
    return " ".join(["hoso bench reading", *filter(None, options), "--write"])
