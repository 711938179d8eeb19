"""The house burns down: what was backed up while it worked is there again in another one.

What a backup refuses and what it keeps is tested in ``integration/storage/test_backup.py``, in less time.
"""

import json
import shutil
import tempfile
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import httpx
import pytest
from PIL import Image

from tests.acceptance.conftest import Installation, free_port


@pytest.fixture
def certified(installation: Installation, tmp_path: Path) -> str:
    """One copy of a paper of the archive, scanned again: other tests count the first scans."""
    scans, out = tmp_path / "scans", tmp_path / "out.jsonl"
    scans.mkdir()
    for picture in sorted((installation.archive / "scans").glob("*.[jp][pn]g")):
        with Image.open(picture) as scan:
            scan.save(scans / f"{picture.stem}.png", dpi=scan.info["dpi"])
    installation.hoso("digitize", str(scans), "--batch", "fire", "--wait", "--jsonl", str(out))
    found = [json.loads(line) for line in out.read_text(encoding="utf-8").splitlines()]
    document = next(one["document"] for one in found if one["state"] in {"verified", "certified"})
    installation.hoso("certify", document)
    return str(document)


@pytest.fixture
def elsewhere(installation: Installation) -> Iterator[Installation]:
    """A home that does not exist yet."""
    folder = Path(tempfile.mkdtemp(prefix="hoso-rebuilt-"))
    folder.chmod(0o755)
    home, port = folder / "home", free_port()
    env = {**installation.env, "HOSO_HOME": str(home), "HOSO_WEB_PORT": str(port)}
    made = replace(installation, home=home, url=f"http://127.0.0.1:{port}", env=env)
    yield made
    made.hoso("down", expect=None)
    pointer = home / "postgres.location"
    if pointer.exists():
        outside = Path(pointer.read_text(encoding="utf-8").strip())
        shutil.rmtree(outside, ignore_errors=True)
        outside.with_name(f"{outside.name}.home").unlink(missing_ok=True)
    shutil.rmtree(folder, ignore_errors=True)


def test_everything_works_in_the_rebuilt_house(
    installation: Installation, elsewhere: Installation, certified: str, tmp_path: Path
) -> None:
    backup, copy = tmp_path / "backup.tar", tmp_path / "copy.pdf"
    done = installation.hoso("backup", "--out", str(backup))
    assert "signing keys" in done.stderr
    elsewhere.hoso("restore", str(backup))
    elsewhere.hoso("up")
    elsewhere.hoso("fetch", certified, "--out", str(copy))
    elsewhere.hoso("verify", str(copy))
    login = installation.credentials("officer")
    answer = httpx.post(f"{elsewhere.url}/api/v1/sessions", json=login, timeout=60)
    assert answer.status_code == 201, answer.text
    assert "already_running" in elsewhere.hoso("restore", str(backup), expect=2).stderr
