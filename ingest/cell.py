"""The cell: a child process with hard limits in which untrusted files are parsed.

``python -m ingest.cell FD`` waits on a Unix socket. Each request brings the reply socket and a memory
file; the process forks (10 ms, the parsers are already loaded), and the child takes its limits, does
one task, writes frames and dies. A crash, a hang or a memory bomb ends the child and nothing else.

Request: JSON line and two descriptors. Frame: ``!IQ`` lengths, JSON header, payload bytes.
"""

import json
import mmap
import os
import resource
import signal
import socket
import struct
import sys
from collections.abc import Iterator, Mapping
from contextlib import suppress
from pathlib import Path
from typing import Any

import numpy as np

from domain.errors import ErrorCode, HosoError
from domain.page import Pixels
from ingest import pdf_files, picture_files
from ingest.media import Kind

FRAME_HEAD = struct.Struct("!IQ")
MAX_REQUEST = 4096
OF_ONE_PAGE = frozenset(
    {
        ErrorCode.FILE_BROKEN,
        ErrorCode.FILE_TYPE_UNSUPPORTED,
        ErrorCode.IMAGE_TOO_LARGE,
    }
)
"""What may be wrong with one page of a file while the others are sound."""
Frame = tuple[Mapping[str, Any], memoryview]
_NOTHING = memoryview(b"")


def _inspect(data: bytes, path: Path, kind: Kind, options: Mapping[str, Any]) -> Iterator[Frame]:
    del path  # pages are counted from the bytes alone
    limits = _limits(options)
    described = {}
    if kind is Kind.PDF:
        pages = pdf_files.count_pages(data, limits)
        described = {"keywords": pdf_files.keywords(data)}
    else:
        pages = picture_files.count_pages(
            data, kind, max_pages=limits.max_pages, max_pixels=limits.max_pixels
        )
    yield {"pages": pages, **described}, _NOTHING


def _pages(data: bytes, path: Path, kind: Kind, options: Mapping[str, Any]) -> Iterator[Frame]:
    limits = _limits(options)
    if kind is Kind.PDF:
        decoded = pdf_files.decode_pages(data, path, limits)
    else:
        decoded = picture_files.decode_pages(
            data, kind, max_pages=limits.max_pages, max_pixels=limits.max_pixels
        )
    for number, decode in enumerate(decoded, start=1):
        if number < options.get("first", 1):
            continue
        try:
            pixels, dpi = decode()
        except Exception as error:  # as below; the pages after it are none the worse
            refusal = _refusal(error)
            if refusal.code not in OF_ONE_PAGE:
                raise refusal from error
            yield {"lost": str(refusal.code), "facts": dict(refusal.facts)}, _NOTHING
        else:
            yield {"shape": pixels.shape, "dpi": dpi}, _bytes_of(pixels)


_TASKS = {"inspect": _inspect, "pages": _pages}


def _limits(options: Mapping[str, Any]) -> pdf_files.RenderLimits:
    return pdf_files.RenderLimits(
        max_pages=options["max_pages"],
        max_pixels=options["max_pixels"],
        scratch=Path(options["scratch"]),
    )


def _bytes_of(pixels: Pixels) -> memoryview:
    return np.ascontiguousarray(pixels).data.cast("B")


def serve(requests: socket.socket) -> None:
    """Fork one child per request until the other end closes, and end those at work then: nobody waits."""
    signal.signal(signal.SIGCHLD, signal.SIG_IGN)  # children are reaped by the kernel
    begun: set[int] = set()
    while True:
        message, descriptors, _, _ = socket.recv_fds(requests, MAX_REQUEST, 2)
        begun = {child for child in begun if _is_at_work(child)}
        if not message:
            for child in begun:
                _end(child)
            return
        child = os.fork()
        if child == 0:
            requests.close()
            _child(message, *descriptors)
        begun.add(child)
        for descriptor in descriptors:
            os.close(descriptor)


def _is_at_work(child: int) -> bool:
    """Whether it is still a child of ours: its number may be another's by now."""
    try:
        os.waitid(os.P_PID, child, os.WEXITED | os.WNOHANG | os.WNOWAIT)
    except ChildProcessError:
        return False
    return True


def _end(child: int) -> None:
    """With all that it has started; it may have ended, or be no group of its own yet."""
    for kill in (os.killpg, os.kill):
        with suppress(ProcessLookupError):
            kill(child, signal.SIGKILL)


def _child(message: bytes, reply_fd: int, data_fd: int) -> None:
    """Do one task and leave without returning, whatever happens."""
    try:
        os.setsid()  # one process group, so that poppler dies with us
        signal.signal(signal.SIGCHLD, signal.SIG_DFL)
        request = json.loads(message)
        with socket.socket(fileno=reply_fd) as reply:
            _send(reply, {"pid": os.getpid()}, _NOTHING)
            _confine(memory=request["memory"], processor=request["processor"])
            for header, payload in _outcome(request, data_fd):
                _send(reply, header, payload)
    finally:
        os._exit(0)


def _confine(*, memory: int, processor: float) -> None:
    """Hard limits of address space, processor time, file size and core dumps."""
    resource.setrlimit(resource.RLIMIT_AS, (memory, memory))
    # a backstop, of all answers together: the caller ends the child earlier, while there is one
    seconds = int(processor) + 60
    resource.setrlimit(resource.RLIMIT_CPU, (seconds, seconds))
    resource.setrlimit(resource.RLIMIT_FSIZE, (memory, memory))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))


def _outcome(request: Mapping[str, Any], data_fd: int) -> Iterator[Frame]:
    """The task's frames, then ``done``; or one error frame with a stable code."""
    try:
        with mmap.mmap(data_fd, 0, access=mmap.ACCESS_READ) as mapped:
            data = bytes(mapped)
        path = Path(f"/proc/{os.getpid()}/fd/{data_fd}")
        yield from _TASKS[request["task"]](data, path, Kind(request["kind"]), request)
        yield {"done": True}, _NOTHING
    except Exception as error:  # noqa: BLE001  # parsers raise anything on hostile bytes; none may escape unnamed
        refusal = _refusal(error)
        yield {"error": str(refusal.code), "facts": dict(refusal.facts)}, _NOTHING


def _refusal(error: Exception) -> HosoError:
    """A parser's error by its stable code."""
    if isinstance(error, HosoError):
        return error
    if isinstance(error, MemoryError):
        return HosoError(ErrorCode.IMAGE_TOO_LARGE)
    return HosoError(ErrorCode.FILE_BROKEN, problem=type(error).__name__)


def _send(reply: socket.socket, header: Mapping[str, Any], payload: memoryview) -> None:
    encoded = json.dumps(header).encode()
    reply.sendall(FRAME_HEAD.pack(len(encoded), payload.nbytes) + encoded)
    if payload.nbytes:
        reply.sendall(payload)


if __name__ == "__main__":
    with socket.socket(fileno=int(sys.argv[1])) as channel:
        serve(channel)
