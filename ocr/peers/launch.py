"""Runs one program and writes what it cost: ``python -I -S launch.py OUTCOME SECONDS PROGRAM ARGUMENT…``.

A small process of its own stands between the bench and the program because Linux hands the peak
memory of a process on to the programs it starts; this one has next to none to hand on. Standard
library only. OUTCOME is a JSON file; after SECONDS the program and all it started are killed.
"""

import json
import os
import signal
import sys
import time
from pathlib import Path


def main(arguments: list[str]) -> int:
    """Run the program; the outcome has its status, processor seconds and peak bytes."""
    outcome, limit, *command = arguments
    began, parent, late = time.monotonic(), os.getppid(), False
    try:
        child = os.posix_spawn(command[0], command, os.environ, setpgroup=0)
    except OSError as error:
        sys.exit(f"{command[0]} cannot be started: {error.strerror}")

    def watch(reason: int, _frame: object) -> None:
        """End the program when its time is up, and when nobody waits for it any more."""
        nonlocal late
        late = time.monotonic() - began > float(limit)
        if late or reason != signal.SIGALRM or os.getppid() != parent:
            os.killpg(child, signal.SIGKILL)

    for reason in (signal.SIGALRM, signal.SIGINT, signal.SIGTERM):
        signal.signal(reason, watch)
    signal.setitimer(signal.ITIMER_REAL, 0.5, 0.5)
    _, status, usage = os.wait4(child, 0)
    signal.setitimer(signal.ITIMER_REAL, 0)
    measured = {
        "status": os.waitstatus_to_exitcode(status),
        "late": late,
        "seconds": usage.ru_utime
        + usage.ru_stime,  # its own and of all the processes it waited for
        "peak_bytes": usage.ru_maxrss * 1024,  # of the largest of them
        "elapsed": time.monotonic() - began,
    }
    Path(outcome).write_text(json.dumps(measured), encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
