"""``hoso worker``: does queued work, on this host or another one."""

import logging
import os
from typing import Annotated

import typer

# one process, one thread: these are read when the libraries load, which the import below does
for _variable in ("OMP_NUM_THREADS", "OMP_THREAD_LIMIT", "OPENBLAS_NUM_THREADS"):
    os.environ.setdefault(_variable, "1")

from api.worker import work  # noqa: E402 - after the thread limits
from domain.ports import Step  # noqa: E402
from storage.settings import load_settings  # noqa: E402


def worker(
    queues: Annotated[
        str, typer.Option(help="Queues to take work from: read, match, certify.")
    ] = "read,match",
) -> None:
    """Work until stopped (SIGTERM finishes the current document first).

    Any number of workers on any number of hosts may share HOSO_DATABASE_URL and HOSO_S3_*. The queue
    `certify` needs the signing keys of this HOSO_HOME.
    """
    settings = load_settings()
    logging.basicConfig(
        level=settings.log_level, format="%(asctime)s %(levelname)s %(name)s %(message)s"
    )
    try:
        steps = tuple(Step(name.strip()) for name in queues.split(","))
    except ValueError as error:
        raise typer.BadParameter(str(error), param_hint="--queues") from error
    work(settings, steps)
