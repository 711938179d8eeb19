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
from ingest.process_group import GroupAtWork, look_at, seconds_of


@dataclass(frozen=True, kw_only=True)
class Allowance:
    """What one file may use."""

    seconds: float
    """Of the processor, for one answer; a busy or sleeping machine costs the file nothing."""
    seconds_per_page: float
    """Each answer gives so many of them back: what pages may take on the average."""
    patience: float
    """Wall-clock seconds that one answer is waited for, however little its parser came to work."""
    memory: int


class ParserLostError(HosoError):
    """The parser gave no answer of its own: it crashed (``file_broken``), or took too much."""


_LOOK_SECONDS = 0.5
"""Between looks at a parser that is waited for."""
_LOOKS_AT_REST = 6
"""After so many a parser does not work and waits for nothing that could come: all it needs was given it."""


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

    Raises what the task raised, ``ParserLostError`` when the parser crashed (``file_broken``), used up its
    processor seconds or fell asleep (``file_too_slow``), and ``machine_busy`` where this machine did not let
    it work, which says nothing of the file. Closing the generator ends the child.
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
        "processor": allowance.seconds + allowance.seconds_per_page * options["max_pages"],
        **options,
    }
    ours, theirs = socket.socketpair()
    memory_file = os.memfd_create("scan", os.MFD_CLOEXEC)
    try:
        with theirs, open(memory_file, "wb", closefd=False) as file:
            file.write(data)
            file.flush()
            _GATE.ask(json.dumps(request).encode(), [theirs.fileno(), memory_file])
    except OSError as error:
        raise HosoError(ErrorCode.MACHINE_BUSY, problem=str(error)) from error
    finally:
        os.close(memory_file)
    with ours:
        yield from _frames(ours, allowance)


def _frames(
    reply: socket.socket, allowance: Allowance
) -> Iterator[tuple[Mapping[str, Any], bytearray]]:
    awaited = _Awaited(reply, allowance)
    try:
        while True:
            header, payload = awaited.receive()
            if "pid" in header:
                awaited.parser = header["pid"]
            elif "error" in header:
                raise HosoError(ErrorCode(header["error"]), **header["facts"])
            elif "done" in header:
                awaited.parser = 0
                return
            else:
                awaited.count_answer()
                yield header, payload
    except (EOFError, ConnectionError) as error:
        if not awaited.parser:  # it never came to the file
            raise HosoError(ErrorCode.MACHINE_BUSY, problem="no parser was started") from error
        awaited.parser = 0
        raise ParserLostError(ErrorCode.FILE_BROKEN, problem="the parser crashed") from error
    finally:
        if awaited.parser:
            with contextlib.suppress(ProcessLookupError):  # it may have ended by itself
                os.killpg(awaited.parser, signal.SIGKILL)


class _Awaited:
    """Receives frames, and looks meanwhile at what the parser does."""

    def __init__(self, reply: socket.socket, allowance: Allowance) -> None:
        self.parser = 0
        """Process group of the parser, once it has begun."""
        self._reply = reply
        self._allowance = allowance
        self.left = allowance.seconds
        """Processor seconds for the next answer."""
        self._used = 0.0  # of the processor, up to the last answer
        self._waited = 0.0
        self._unlooked = 0.0
        self._last = GroupAtWork(seconds=0.0, at_rest=False)
        self._looks_at_rest = 0

    def receive(self) -> tuple[Mapping[str, Any], bytearray]:
        """The next frame. Raises ``file_too_slow``, ``machine_busy``."""
        self._waited = self._unlooked = 0.0
        self._looks_at_rest = 0
        head = self._exactly(FRAME_HEAD.size)
        header_length, payload_length = FRAME_HEAD.unpack(head)
        header: Mapping[str, Any] = json.loads(bytes(self._exactly(header_length)))
        return header, self._exactly(payload_length)

    def count_answer(self) -> None:
        """Take off what the answer cost, and give back what each brings: never more than for one answer."""
        used = seconds_of(self.parser)
        cost = 0.0 if used is None else used - self._used
        self._used += cost
        left = self.left - cost + self._allowance.seconds_per_page
        self.left = min(self._allowance.seconds, left)

    def _exactly(self, size: int) -> bytearray:
        buffer = bytearray(size)
        view = memoryview(buffer)
        while view:
            view = view[self._received(view) :]
            if view and self._unlooked >= _LOOK_SECONDS:
                self._unlooked = 0.0
                self._look()
        return buffer

    def _received(self, view: memoryview) -> int:
        """Bytes received, none where nothing came between two looks. Raises ``EOFError``."""
        started = time.monotonic()
        self._reply.settimeout(_LOOK_SECONDS)
        try:
            count = self._reply.recv_into(view)
        except TimeoutError:
            count = None
        # what this process slept through itself is not held against anybody
        passed = min(time.monotonic() - started, 2 * _LOOK_SECONDS)
        self._waited += passed
        self._unlooked += passed
        if count == 0:
            raise EOFError
        return count or 0

    def _look(self) -> None:
        now = look_at(self.parser) if self.parser else GroupAtWork(seconds=0.0, at_rest=False)
        if now.seconds - self._used > self.left:
            raise ParserLostError(ErrorCode.FILE_TOO_SLOW, seconds=self._allowance.seconds)
        still = now.at_rest and now.seconds <= self._last.seconds
        self._looks_at_rest = self._looks_at_rest + 1 if still else 0
        self._last = now
        if self._waited < self._allowance.patience:
            return
        if self._looks_at_rest >= _LOOKS_AT_REST:
            raise ParserLostError(ErrorCode.FILE_TOO_SLOW, seconds=self._allowance.patience)
        raise HosoError(ErrorCode.MACHINE_BUSY, seconds=self._allowance.patience)
