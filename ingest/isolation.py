"""Runs parsers of untrusted files in a cell (``ingest.cell``) and turns its death into a clear code."""

import contextlib
import json
import os
import signal
import socket
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from domain.errors import ErrorCode, HosoError
from ingest.cell import FRAME_HEAD
from ingest.media import Kind


@dataclass(frozen=True, kw_only=True)
class Allowance:
    """What one file may use: wall-clock seconds for the first answer, more for each page, memory."""

    seconds: float
    seconds_per_page: float
    memory: int


class ParserLostError(HosoError):
    """The parser gave no answer of its own: it crashed (``file_broken``), or took too long."""


class _Gate:
    """The running cell server of this process; started when first needed, again after a fork."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._owner = 0
        self._channel: socket.socket | None = None
        self._process: subprocess.Popen[bytes] | None = None

    def ask(self, request: bytes, descriptors: list[int]) -> None:
        """Hand a request to the cell server, starting it anew if it has gone."""
        with self._lock:
            for attempt in range(2):
                if self._channel is None or self._owner != os.getpid():
                    self._start()
                try:
                    socket.send_fds(self._open_channel(), [request], descriptors)
                except OSError:
                    self._channel = None
                    if attempt:
                        raise
                else:
                    return

    def _open_channel(self) -> socket.socket:
        if self._channel is None:
            msg = "the cell server is not running"
            raise OSError(msg)
        return self._channel

    def _start(self) -> None:
        ours, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
        environment = {
            "PATH": os.environ.get("PATH", os.defpath),
            "PYTHONPATH": os.pathsep.join(path for path in sys.path if path),
            "LANG": "C.UTF-8",
            "OPENBLAS_NUM_THREADS": "1",  # a forking process must have no threads
        }
        with theirs:
            self._process = subprocess.Popen(  # noqa: S603  # our own interpreter and module
                [sys.executable, "-P", "-m", "ingest.cell", str(theirs.fileno())],
                pass_fds=[theirs.fileno()],
                stdin=subprocess.DEVNULL,
                stdout=subprocess.DEVNULL,
                stderr=subprocess.DEVNULL,  # parsers chatter; what matters comes as frames
                env=environment,
                start_new_session=True,
            )
        self._channel, self._owner = ours, os.getpid()


_GATE = _Gate()


def run(
    task: str, data: bytes, kind: Kind, *, options: Mapping[str, Any], allowance: Allowance
) -> Iterator[tuple[Mapping[str, Any], bytearray]]:
    """Yield the frames (header, payload) of ``task`` over ``data``, lazily.

    Raises what the task raised, and ``ParserLostError`` when the parser crashed (``file_broken``) or did
    not answer in time (``file_too_slow``). Closing the generator ends the child.
    """
    with tempfile.TemporaryDirectory(prefix="hoso-cell-") as scratch:
        yield from _run(task, data, kind, {"scratch": scratch, **options}, allowance)


def _run(
    task: str, data: bytes, kind: Kind, options: Mapping[str, Any], allowance: Allowance
) -> Iterator[tuple[Mapping[str, Any], bytearray]]:
    request = {
        "task": task,
        "kind": str(kind),
        "memory": allowance.memory,
        "seconds": allowance.seconds,
        **options,
    }
    ours, theirs = socket.socketpair()
    memory_file = os.memfd_create("scan", os.MFD_CLOEXEC)
    try:
        with theirs, open(memory_file, "wb", closefd=False) as file:
            file.write(data)
            file.flush()
            _GATE.ask(json.dumps(request).encode(), [theirs.fileno(), memory_file])
    finally:
        os.close(memory_file)
    with ours:
        yield from _frames(ours, allowance)


def _frames(
    reply: socket.socket, allowance: Allowance
) -> Iterator[tuple[Mapping[str, Any], bytearray]]:
    clock = _Clock(reply, allowance.seconds)
    child = 0
    try:
        while True:
            header, payload = clock.receive()
            if "pid" in header:
                child = header["pid"]
            elif "error" in header:
                raise HosoError(ErrorCode(header["error"]), **header["facts"])
            elif "done" in header:
                child = 0
                return
            else:
                yield header, payload
                clock.left += allowance.seconds_per_page
    except TimeoutError as error:
        raise ParserLostError(ErrorCode.FILE_TOO_SLOW, seconds=allowance.seconds) from error
    except (EOFError, ConnectionError) as error:
        child = 0
        raise ParserLostError(ErrorCode.FILE_BROKEN, problem="the parser crashed") from error
    finally:
        if child:
            with contextlib.suppress(ProcessLookupError):  # it may have ended by itself
                os.killpg(child, signal.SIGKILL)


class _Clock:
    """Receives frames and counts only the time spent waiting for them."""

    def __init__(self, reply: socket.socket, seconds: float) -> None:
        self._reply = reply
        self.left = seconds

    def receive(self) -> tuple[Mapping[str, Any], bytearray]:
        head = self._exactly(FRAME_HEAD.size)
        header_length, payload_length = FRAME_HEAD.unpack(head)
        header: Mapping[str, Any] = json.loads(bytes(self._exactly(header_length)))
        return header, self._exactly(payload_length)

    def _exactly(self, size: int) -> bytearray:
        buffer = bytearray(size)
        view = memoryview(buffer)
        while view:
            started = time.monotonic()
            if self.left <= 0:
                raise TimeoutError
            self._reply.settimeout(self.left)
            count = self._reply.recv_into(view)
            self.left -= time.monotonic() - started
            if count == 0:
                raise EOFError
            view = view[count:]
        return buffer
