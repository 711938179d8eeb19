"""One reader in a process of its own: what it read, its processor seconds, its peak memory."""

import json
import os
import subprocess
import sys
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

_LAUNCH = Path(__file__).with_name("launch.py")
_POOLS = "OMP_NUM_THREADS OMP_THREAD_LIMIT OPENBLAS_NUM_THREADS MKL_NUM_THREADS".split()
_ONE_THREAD = dict.fromkeys(_POOLS, "1")
_SECONDS = 1800.0


class ReaderFailedError(Exception):
    """A reader could not be installed or run; its text is a reason for people."""


@dataclass(frozen=True, kw_only=True)
class Batch:
    """Pages to read and to be timed together.

    ``files`` are the scans as they came, ``pages`` one PNG per page with its resolution in it,
    ``crops`` an ``.npz`` of line pictures named ``PAGE_LINE``.
    """

    name: str
    files: tuple[str, ...] = ()
    pages: tuple[str, ...] = ()
    crops: str | None = None


@dataclass(frozen=True, kw_only=True)
class Outcome:
    """What one reader's process gave; seconds are of the processor."""

    pages: Mapping[str, tuple[tuple[str, ...], ...]]
    """By batch: the lines of each page."""
    seconds: Mapping[str, float]
    """By batch."""
    load_seconds: float
    """All that was not reading: start, imports, models, writing the answer."""
    peak_bytes: int
    facts: Mapping[str, Any] = field(default_factory=dict)


def run_reader(
    command: Sequence[str],
    *,
    reader: str,
    batches: Sequence[Batch],
    folder: Path,
    options: Mapping[str, Any] | None = None,
    seconds: float = _SECONDS,
) -> Outcome:
    """Run ``command JOB ANSWER`` (see :mod:`ocr.peers.foreign`) on one thread and measure it.

    ``folder`` receives its files. Raises :class:`ReaderFailedError` where it fails, is late, or
    answers for other pages than it was asked.
    """
    folder.mkdir(parents=True, exist_ok=True)
    job, answer, cost = (folder / name for name in ("job.json", "answer.json", "cost.json"))
    answer.unlink(missing_ok=True)
    asked = {
        "reader": reader,
        "options": dict(options or {}),
        "batches": [asdict(batch) for batch in batches],
    }
    job.write_text(json.dumps(asked), encoding="utf-8")
    argv = [sys.executable, "-I", "-S", str(_LAUNCH), str(cost), str(seconds)]
    with (folder / "log.txt").open("wb") as log:
        launched = subprocess.run(  # noqa: S603 - our own launcher, our own arguments
            [*argv, *command, str(job), str(answer)],
            stdin=subprocess.DEVNULL,
            stdout=log,
            stderr=log,
            check=False,
            env={**os.environ, **_ONE_THREAD, "PYTHONDONTWRITEBYTECODE": "1"},
        )
    if launched.returncode != 0:
        raise ReaderFailedError(_last_word(folder / "log.txt"))
    spent = json.loads(cost.read_text(encoding="utf-8"))
    if spent["late"]:
        msg = f"not done after {seconds:.0f} s"
        raise ReaderFailedError(msg)
    if spent["status"] != 0 or not answer.is_file():
        raise ReaderFailedError(_last_word(folder / "log.txt") or f"ended with {spent['status']}")
    return _outcome(json.loads(answer.read_text(encoding="utf-8")), spent, batches)


def _outcome(
    told: Mapping[str, Any], spent: Mapping[str, Any], batches: Sequence[Batch]
) -> Outcome:
    answered = {name: len(batch["pages"]) for name, batch in told["batches"].items()}
    if answered != {batch.name: len(batch.pages) for batch in batches}:
        msg = "answered for other pages than it was asked"
        raise ReaderFailedError(msg)
    seconds = {name: float(batch["seconds"]) for name, batch in told["batches"].items()}
    return Outcome(
        pages={
            name: tuple(tuple(lines) for lines in batch["pages"])
            for name, batch in told["batches"].items()
        },
        seconds=seconds,
        load_seconds=max(0.0, spent["seconds"] - sum(seconds.values())),
        peak_bytes=int(spent["peak_bytes"]),
        facts=told.get("facts", {}),
    )


def _last_word(log: Path) -> str:
    """The last line that names an error, else the last line."""
    lines = [line.rstrip() for line in log.read_text(errors="replace").splitlines() if line.strip()]
    errors = [line for line in lines if "Error: " in line and not line.startswith(" ")]
    return (errors or lines or [""])[-1][:300]
