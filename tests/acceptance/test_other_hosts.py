"""A way out of one machine: workers with homes of their own share the database and the object store."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from storage.settings import load_settings
from storage.stores import database_url, s3_endpoint
from tests.acceptance.conftest import Installation

HOSTS = 2
SCANS = 4


@pytest.fixture
def other_hosts(installation: Installation, tmp_path: Path) -> Iterator[None]:
    settings = load_settings(home=installation.home)
    store = s3_endpoint(settings)
    shared = {
        "HOSO_DATABASE_URL": database_url(settings),
        "HOSO_S3_ENDPOINT": store.address,
        "HOSO_S3_ACCESS_KEY": store.access_key,
        "HOSO_S3_SECRET_KEY": store.secret_key,
        "HOSO_S3_SECURE": str(store.secure),
    }
    ours = {name: value for name, value in os.environ.items() if not name.startswith("HOSO_")}
    hosts = []
    for number in range(HOSTS):
        with (tmp_path / f"host-{number}.log").open("wb") as log:
            hosts.append(
                subprocess.Popen(
                    [sys.executable, "-m", "api.cli", "worker", "--queues", "read,match"],
                    env=ours | shared | {"HOSO_HOME": str(tmp_path / f"home-{number}")},
                    stdout=log,
                    stderr=subprocess.STDOUT,
                )
            )
    yield
    for host in hosts:
        host.terminate()
        host.wait(timeout=60)


@pytest.mark.usefixtures("other_hosts")
def test_work_goes_on_while_the_first_machine_stands_still(
    installation: Installation, tmp_path: Path
) -> None:
    archive = tmp_path / "archive"
    installation.hoso(
        "samples", "make", "--out", str(archive), "--count", str(SCANS), "--seed", "8"
    )
    logs = [tmp_path / f"host-{number}.log" for number in range(HOSTS)]
    deadline = time.monotonic() + 120
    while not all("Starting worker" in log.read_text() for log in logs):
        assert time.monotonic() < deadline, [log.read_text()[-2000:] for log in logs]
        time.sleep(0.2)
    own_readers = [installation.pid("reader-1"), installation.pid("desk")]
    for pid in own_readers:
        os.kill(pid, signal.SIGSTOP)
    try:
        installation.hoso("digitize", str(archive / "scans"), "--batch", "hosts", "--wait")
    finally:
        for pid in own_readers:
            os.kill(pid, signal.SIGCONT)
    for log in logs:
        assert "hoso.read" in log.read_text(), "each host takes its share"
