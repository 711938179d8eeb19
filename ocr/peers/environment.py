"""Python environments of peers, made on demand and kept under ``HOSO_HOME/cache/peers``."""

import shutil
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path

from ocr.peers.process import ReaderFailedError

_SECONDS = 900
_MARKER = "complete.txt"


def prepare_environment(folder: Path, requirements: Sequence[str]) -> Path:
    """The Python of the environment in ``folder`` with exactly these requirements asked for.

    Made anew where it is missing, half made, or was made for others. Raises
    :class:`ReaderFailedError` with the installer's last word.
    """
    python, marker = folder / "bin" / "python", folder / _MARKER
    wanted = "\n".join(requirements) + "\n"
    if python.is_file() and marker.is_file() and marker.read_text(encoding="utf-8") == wanted:
        return python
    shutil.rmtree(folder, ignore_errors=True)
    folder.parent.mkdir(parents=True, exist_ok=True)
    _run([sys.executable, "-m", "venv", str(folder)])
    quiet = ("--quiet", "--disable-pip-version-check", "--no-input")
    _run([str(python), "-I", "-m", "pip", "install", *quiet, *requirements])
    marker.write_text(wanted, encoding="utf-8")
    return python


def _run(command: Sequence[str]) -> None:
    try:
        done = subprocess.run(  # noqa: S603 - pinned names of the catalogue
            command, capture_output=True, text=True, check=False, timeout=_SECONDS
        )
    except (OSError, subprocess.TimeoutExpired) as error:
        msg = f"could not be installed: {error}"
        raise ReaderFailedError(msg[:300]) from error
    if done.returncode != 0:
        words = [line for line in (done.stderr + done.stdout).splitlines() if "ERROR" in line]
        msg = f"could not be installed: {(words or ['pip gave no reason'])[-1].strip()}"
        raise ReaderFailedError(msg[:300])
