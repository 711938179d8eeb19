"""A whole installation as people run it: the ``hoso`` command in processes of its own."""

import json
import os
import shutil
import socket
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import httpx
import pytest

DOCUMENTS = 6


@dataclass(frozen=True, kw_only=True)
class Installation:
    """One home with servers, a reading worker, a desk and the web page."""

    home: Path
    archive: Path
    url: str
    env: Mapping[str, str]

    def hoso(self, *words: str, expect: int | None = 0) -> subprocess.CompletedProcess[str]:
        """Run a command; its exit code must be ``expect``."""
        done = subprocess.run(
            [sys.executable, "-m", "api.cli", *words],
            env=dict(self.env),
            capture_output=True,
            text=True,
            timeout=400,
            check=False,
        )
        if expect is not None:
            assert done.returncode == expect, f"{words}: {done.stdout}{done.stderr}"
        return done

    def credentials(self, login: str) -> dict[str, str]:
        """What the first start wrote down for this login."""
        logins = json.loads((self.home / "secrets" / "logins.json").read_text(encoding="utf-8"))
        return {"login": login, "password": logins[login]}

    @contextmanager
    def signed_in(self, login: str) -> Iterator[httpx.Client]:
        """A program's session over REST; addresses are those below ``/api/v1``."""
        with httpx.Client(base_url=f"{self.url}/api/v1", timeout=60) as client:
            opened = client.post("/sessions", json=self.credentials(login)).json()
            client.headers["Authorization"] = f"Bearer {opened['token']}"
            yield client

    def pid(self, name: str) -> int:
        """Process id of a managed process."""
        record = json.loads((self.home / "run" / f"{name}.pid.json").read_text())
        return int(record["pid"])


def free_port() -> int:
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        return int(listener.getsockname()[1])


@pytest.fixture(scope="session")
def installation() -> Iterator[Installation]:
    folder = Path(tempfile.mkdtemp(prefix="hoso-acceptance-"))
    folder.chmod(0o755)
    port = free_port()
    url = f"http://127.0.0.1:{port}"
    ours = {name: value for name, value in os.environ.items() if not name.startswith("HOSO_")}
    env = ours | {
        "HOSO_HOME": str(folder / "home"),
        "HOSO_WEB_PORT": str(port),
        "HOSO_PUBLIC_URL": url,
        "HOSO_WORKERS": "1",
        "HOSO_LANG": "en",
        "COLUMNS": "200",
    }
    made = Installation(home=folder / "home", archive=folder / "archive", url=url, env=env)
    made.hoso(
        *("samples", "make", "--out", str(made.archive), "--count", str(DOCUMENTS), "--seed", "5")
    )
    try:
        made.hoso("up")
        made.hoso("population", "import", str(made.archive / "population.csv"))
        yield made
    finally:
        made.hoso("down", expect=None)
        pointer = made.home / "postgres.location"
        if pointer.exists():
            outside = Path(pointer.read_text(encoding="utf-8").strip())
            shutil.rmtree(outside, ignore_errors=True)
            outside.with_name(f"{outside.name}.home").unlink(missing_ok=True)
        shutil.rmtree(folder, ignore_errors=True)
