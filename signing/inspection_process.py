"""Runs the inspection of an untrusted file in a process of its own, with bounded time and memory.

Parent side: :func:`inspect_contained`. Child side: ``python -m signing.inspection_process``, which
reads one JSON line (trust, time) and the file from standard input and answers on standard output.
"""

import base64
import json
import os
import resource
import signal
import subprocess
import sys
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any, BinaryIO

from domain.verification import SignatureFacts, StepOutcome
from signing.inspection import Checked, Inspection, inspect
from signing.refusal import Problem
from signing.trust import TrustAnchors


@dataclass(frozen=True, kw_only=True)
class Limits:
    """What one file may cost."""

    cpu_seconds: int = 8
    """Twenty times what our longest copies need; a file that wants more is refused."""
    wall_seconds: float = 18.0
    """After that this machine is too busy to judge any file."""
    memory_bytes: int = 1 << 30


_MOST_FILES = 64
_READY = b"ready\n"
"""Said before the first byte of the file is looked at: what fails earlier is our fault, not the file's."""


class InspectionUnavailableError(Exception):
    """The inspection could not be made for reasons of ours; says nothing about the file."""

    def __init__(self, problem: Problem, *, error: str) -> None:
        """``error`` is ``exit_N`` or the name of the system error, for whoever looks into it."""
        self.problem = problem
        self.error = error
        super().__init__(f"{problem}: {error}")


def inspect_contained(
    pdf: bytes, *, trust: TrustAnchors, now: datetime, limits: Limits | None = None
) -> Inspection:
    """Inspect ``pdf`` in a child process.

    A file that exhausts the child's time or memory is a failed check. Raises
    :class:`InspectionUnavailableError` where the child could not start or the machine is overloaded.
    """
    limits = limits or Limits()
    order = {
        "cpu_seconds": limits.cpu_seconds,
        "memory_bytes": limits.memory_bytes,
        "now": now.isoformat(),
        "roots": _encoded(trust.roots),
        "intermediates": _encoded(trust.intermediates),
        "crls": _encoded(trust.crls),
        "seals": _encoded(trust.seals),
        "demo": trust.demo,
    }
    try:
        done = subprocess.run(
            [sys.executable, "-m", "signing.inspection_process"],
            input=json.dumps(order).encode() + b"\n" + pdf,
            capture_output=True,
            timeout=limits.wall_seconds,
            check=False,
            # modules come from where ours come from; our secrets stay out of a hostile file's reach
            cwd=Path(__file__).resolve().parents[1],
            env={"PATH": os.defpath},
        )
    except subprocess.TimeoutExpired as error:
        raise InspectionUnavailableError(Problem.MACHINE_BUSY, error="timeout") from error
    except OSError as error:
        raise InspectionUnavailableError(
            Problem.INSPECTION_FAILED, error=type(error).__name__
        ) from error
    if not done.stdout.startswith(_READY):
        raise InspectionUnavailableError(Problem.INSPECTION_FAILED, error=f"exit_{done.returncode}")
    if done.returncode != 0:
        return _refused_by_limit(done.returncode)
    return _inspection_from(json.loads(done.stdout[len(_READY) :]))


def _refused_by_limit(returncode: int) -> Inspection:
    out_of_time = returncode in {-signal.SIGXCPU, -signal.SIGKILL}
    problem = Problem.TOO_SLOW if out_of_time else Problem.TOO_LARGE
    return Inspection(
        checks=(
            Checked(
                code="file_readable", outcome=StepOutcome.FAIL, facts={"problem": str(problem)}
            ),
        )
    )


def _encoded(items: tuple[bytes, ...]) -> list[str]:
    return [base64.b64encode(item).decode() for item in items]


def _decoded(items: list[str]) -> tuple[bytes, ...]:
    return tuple(base64.b64decode(item) for item in items)


def _written(at: datetime | None) -> str | None:
    return at.isoformat() if at else None


def _moment(text: str | None) -> datetime | None:
    return datetime.fromisoformat(text) if text else None


def _inspection_to(inspection: Inspection) -> dict[str, Any]:
    return {
        "code": inspection.code,
        "stamped_later": _written(inspection.stamped_later),
        "checks": [
            {"code": check.code, "outcome": str(check.outcome), "facts": dict(check.facts)}
            for check in inspection.checks
        ],
        "signatures": [
            {
                "field": signature.field,
                "signer": signature.signer,
                "organization": signature.organization,
                "signed_at": _written(signature.signed_at),
                "valid": signature.valid,
            }
            for signature in inspection.signatures
        ],
    }


def _inspection_from(data: dict[str, Any]) -> Inspection:
    return Inspection(
        code=data["code"],
        stamped_later=_moment(data["stamped_later"]),
        checks=tuple(
            Checked(code=item["code"], outcome=StepOutcome(item["outcome"]), facts=item["facts"])
            for item in data["checks"]
        ),
        signatures=tuple(
            SignatureFacts(
                field=item["field"],
                signer=item["signer"],
                organization=item["organization"],
                signed_at=_moment(item["signed_at"]),
                valid=item["valid"],
            )
            for item in data["signatures"]
        ),
    )


def _bound_this_process(*, cpu_seconds: int, memory_bytes: int) -> None:
    used = resource.getrusage(resource.RUSAGE_SELF)
    seconds = int(used.ru_utime + used.ru_stime) + 1 + cpu_seconds
    resource.setrlimit(resource.RLIMIT_CPU, (seconds, seconds + 1))
    resource.setrlimit(resource.RLIMIT_AS, (memory_bytes, memory_bytes))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    resource.setrlimit(resource.RLIMIT_FSIZE, (0, 0))
    resource.setrlimit(resource.RLIMIT_NOFILE, (_MOST_FILES, _MOST_FILES))


def _answer(source: BinaryIO, sink: BinaryIO) -> None:
    order = json.loads(source.readline())
    trust = TrustAnchors(
        roots=_decoded(order["roots"]),
        intermediates=_decoded(order["intermediates"]),
        crls=_decoded(order["crls"]),
        seals=_decoded(order["seals"]),
        demo=order["demo"],
    )
    sink.write(_READY)
    sink.flush()
    _bound_this_process(cpu_seconds=order["cpu_seconds"], memory_bytes=order["memory_bytes"])
    inspection = inspect(source.read(), trust=trust, now=datetime.fromisoformat(order["now"]))
    sink.write(json.dumps(_inspection_to(inspection)).encode())
    sink.flush()


if __name__ == "__main__":
    _answer(sys.stdin.buffer, sys.stdout.buffer)
