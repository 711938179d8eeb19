import errno
import os
import signal
import stat
import subprocess
import sys
import time
from dataclasses import replace
from pathlib import Path

import pytest

from storage.embedded import process
from storage.embedded.children import remember_children, remembered_children
from storage.embedded.home import Home, prepare_home
from storage.embedded.ports import remembered_ports
from storage.embedded.process import ManagedProcess
from storage.embedded.watch import Watcher
from storage.settings import EMBEDDED, load_settings

GENTLE = ((signal.SIGTERM, 5.0), (signal.SIGKILL, 5.0))


@pytest.fixture
def home(tmp_path: Path) -> Home:
    return prepare_home(tmp_path / "home")


def test_a_process_is_known_by_pid_start_and_boot(home: Home) -> None:
    record = process.remember(home, "me", os.getpid())
    assert record is not None
    assert process.read_record(home, "me") == record
    assert process.is_alive(record)
    assert not process.is_alive(replace(record, start_ticks=record.start_ticks - 1))
    assert not process.is_alive(replace(record, boot_id="another"))
    assert not process.is_alive(None)


def test_a_half_written_record_counts_as_none(home: Home) -> None:
    (home.run / "torn.pid.json").write_text('{"name": "torn", "pi')
    assert process.read_record(home, "torn") is None


@pytest.mark.parametrize("content", [b"", b"{", b"\0" * 40, b"\xff"])
def test_spoiled_lists_count_as_none(home: Home, content: bytes) -> None:
    home.ports.write_bytes(content)
    home.children.write_bytes(content)
    assert remembered_ports(home) == {}
    assert remembered_children(home) == ()


def test_output_goes_to_a_private_log(home: Home) -> None:
    child = process.spawn(home, "talk", [sys.executable, "-c", "print('xin chào')"], cwd=Path("/"))
    child.wait(10)
    assert process.log_tail(home, "talk") == "xin chào"
    assert stat.S_IMODE(process.log_path(home, "talk").stat().st_mode) == 0o600


def test_a_log_stays_bounded_while_its_process_writes(
    home: Home, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(process, "_LOG_LIMIT", 100_000)
    script = "import time\nfor n in range(10**9): print(n, 'x' * 90, flush=True); time.sleep(2e-5)"
    child = process.spawn(home, "talk", [sys.executable, "-c", script], cwd=Path("/"))
    watcher = Watcher(home, load_settings(home=home.path, **EMBEDDED))
    monkeypatch.setattr(watcher, "_is_due", lambda _: False)
    log = process.log_path(home, "talk")
    older = log.with_name("talk.log.1")
    try:
        for _ in range(400):
            watcher.look()
            assert log.stat().st_size < 2_000_000
            if older.exists() and log.stat().st_size > 0:
                break
            time.sleep(0.01)
    finally:
        child.kill()
        child.wait()
    first, last = log.read_bytes(), older.read_bytes()
    assert first.lstrip(b"\0") == first, "the process went on where it was: a hole before it"
    assert len(last) > 100_000
    assert last.startswith(b"0 x")
    assert stat.S_IMODE(older.stat().st_mode) == 0o600


def test_a_log_is_bounded_on_a_full_disk_too(home: Home, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(*_args: object) -> None:
        raise OSError(errno.ENOSPC, "no room")

    monkeypatch.setattr(process, "_LOG_LIMIT", 10)
    monkeypatch.setattr(process.shutil, "copyfileobj", full)
    log = process.log_path(home, "talk")
    log.write_bytes(b"x" * 11)
    process.bound_log(log)
    assert log.read_bytes() == b""
    assert not log.with_name("talk.log.1").exists()
    process.bound_log(log.with_name("no.log"))


def test_a_dead_child_is_dead_even_unreaped(home: Home) -> None:
    child = process.spawn(home, "gone", ["/bin/sleep", "60"], cwd=Path("/"))
    record = process.read_record(home, "gone")
    assert record is not None
    os.kill(child.pid, signal.SIGKILL)
    assert process.wait_ended(record, seconds=5)
    child.wait(5)


def test_what_ignores_a_polite_word_is_killed(home: Home) -> None:
    script = (
        "import signal, time; signal.signal(15, signal.SIG_IGN);"
        " print('deaf', flush=True); time.sleep(60)"
    )
    child = process.spawn(home, "deaf", [sys.executable, "-c", script], cwd=Path("/"))
    while "deaf" not in process.log_tail(home, "deaf"):
        assert child.poll() is None
    record = process.read_record(home, "deaf")
    assert record is not None
    assert process.stop(record, steps=((signal.SIGTERM, 0.2), (signal.SIGKILL, 5.0)))
    child.wait(5)


def test_a_stranger_with_our_pid_is_left_alone(home: Home) -> None:
    stranger = subprocess.Popen(["/bin/sleep", "60"])
    record = process.remember(home, "ours", stranger.pid)
    assert record is not None
    assert process.stop(replace(record, start_ticks=record.start_ticks - 1), steps=GENTLE)
    assert stranger.poll() is None
    stranger.kill()
    stranger.wait()


def test_the_list_of_children_comes_back_and_is_private(home: Home) -> None:
    children = (
        ManagedProcess(name="web", argv=("hoso", "web"), env={"A": "b"}, ready_url="http://x/"),
        ManagedProcess(name="worker-1", argv=("hoso", "worker")),
    )
    assert remembered_children(home) == ()
    remember_children(home, children)
    assert remembered_children(home) == children
    assert stat.S_IMODE(home.children.stat().st_mode) == 0o600
