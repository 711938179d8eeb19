"""``hoso worker``: does queued work, on this host or another one."""

import logging
from typing import Annotated

import typer

from api.worker import work
from domain.ports import Step
from storage.settings import load_settings


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
