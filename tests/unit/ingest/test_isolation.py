"""The cell: what a dying parser looks like from outside."""

import io
import json
import os
import signal
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pikepdf
import pytest
from PIL import Image

from domain.errors import ErrorCode, HosoError
from domain.page import LostPage
from ingest import isolation
from ingest.cell import FRAME_HEAD
from ingest.inspection import Limits, inspect
from ingest.isolation import ParserLostError, run
from ingest.media import Kind
from ingest.pages import split

LIMITS = Limits()


def tiff(pages: int, size: tuple[int, int] = (900, 900)) -> bytes:
    noise = np.random.default_rng(3).integers(0, 255, (*size, 3), dtype=np.uint8)
    picture = Image.fromarray(noise)
    out = io.BytesIO()
    picture.save(out, "TIFF", save_all=True, append_images=[picture] * (pages - 1))
    return out.getvalue()


def test_too_little_memory_is_image_too_large() -> None:
    allowance = replace(LIMITS.allowance, memory=420 * 1024 * 1024)
    data = tiff(1, (9000, 7000))
    with pytest.raises(HosoError) as caught:
        list(run("pages", data, Kind.TIFF, options=LIMITS.options, allowance=allowance))
    assert caught.value.code is ErrorCode.IMAGE_TOO_LARGE


def endless_pdf() -> bytes:
    """A page that draws a form twice, which draws another twice, and so on, 40 deep; and a blank page."""
    pdf = pikepdf.new()
    inner = pdf.make_stream(b"0 0 1 1 re f")
    for _ in range(40):
        inner.Type, inner.Subtype = pikepdf.Name.XObject, pikepdf.Name.Form
        inner.BBox = [0, 0, 100, 100]
        outer = pdf.make_stream(b"/F Do /F Do")
        outer.Resources = pikepdf.Dictionary(XObject=pikepdf.Dictionary(F=inner))
        inner = outer
    page = pdf.add_blank_page(page_size=(100, 100))
    page.obj.Resources, page.obj.Contents = inner.Resources, inner
    pdf.add_blank_page(page_size=(100, 100))
    out = io.BytesIO()
    pdf.save(out)
    return out.getvalue()


def test_a_page_that_takes_too_much_of_the_processor_is_lost_alone() -> None:
    limits = Limits(seconds=2.0, seconds_per_page=1.0, patience=600.0)
    slow, blank = split(endless_pdf(), limits=limits)
    assert isinstance(slow, LostPage)
    assert (slow.error.code, slow.error.facts["page"]) == (ErrorCode.FILE_TOO_SLOW, 1)
    assert not isinstance(blank, LostPage)


def test_a_machine_that_stalls_costs_no_page() -> None:
    pages = split(tiff(6), limits=Limits(seconds=1.0, seconds_per_page=1.0))
    next(pages)
    (parser,) = _children_of_cell()
    os.kill(parser, signal.SIGSTOP)
    threading.Timer(3.0, os.kill, (parser, signal.SIGCONT)).start()
    assert [page.number for page in pages if not isinstance(page, LostPage)] == [2, 3, 4, 5, 6]


BURNS = "while True: pass"
STARTS_ANOTHER = f"import subprocess, sys; subprocess.run([sys.executable, '-c', '{BURNS}'])"
SLEEPS = "import time; time.sleep(600)"


@contextmanager
def parser_that(does: str) -> Iterator[tuple[socket.socket, int]]:
    """A parser which has said that it begins; our end of its channel, and its process group."""
    ours, theirs = socket.socketpair()
    child = subprocess.Popen([sys.executable, "-c", does], start_new_session=True)
    header = json.dumps({"pid": child.pid}).encode()
    theirs.sendall(FRAME_HEAD.pack(len(header), 0) + header)
    with ours, theirs:
        try:
            yield ours, child.pid
        finally:
            assert child.wait(timeout=30) == -signal.SIGKILL, "it is ended in any case"


IMPATIENT = replace(LIMITS.allowance, seconds=1.0, patience=4.0)


@pytest.mark.parametrize("does", [BURNS, STARTS_ANOTHER], ids=["itself", "another"])
def test_who_burns_the_processor_is_too_slow(does: str) -> None:
    patient = replace(IMPATIENT, patience=600.0)
    with parser_that(does) as (channel, _), pytest.raises(ParserLostError) as caught:
        list(isolation._frames(channel, patient))
    assert caught.value.code is ErrorCode.FILE_TOO_SLOW


def test_who_falls_asleep_is_too_slow() -> None:
    with parser_that(SLEEPS) as (channel, _), pytest.raises(ParserLostError) as caught:
        list(isolation._frames(channel, IMPATIENT))
    assert caught.value.code is ErrorCode.FILE_TOO_SLOW


def test_who_gets_no_processor_is_not_at_fault() -> None:
    def look() -> None:
        with parser_that(BURNS) as (channel, group):
            os.killpg(group, signal.SIGSTOP)
            list(isolation._frames(channel, replace(IMPATIENT, seconds=60.0)))

    with pytest.raises(HosoError) as caught:
        look()
    assert caught.value.code is ErrorCode.MACHINE_BUSY
    assert not isinstance(caught.value, ParserLostError), "no page is lost by it"


def test_a_parser_that_never_began_says_nothing_of_the_file() -> None:
    ours, theirs = socket.socketpair()
    theirs.close()
    with ours, pytest.raises(HosoError) as caught:
        list(isolation._frames(ours, IMPATIENT))
    assert caught.value.code is ErrorCode.MACHINE_BUSY


def test_each_page_gives_back_its_seconds_and_never_more_than_one_may_take(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    spent = iter([1.0, 2.0, 11.0])
    monkeypatch.setattr("ingest.isolation.seconds_of", lambda _: next(spent))
    ours, theirs = socket.socketpair()
    allowance = replace(LIMITS.allowance, seconds=10.0, seconds_per_page=5.0)
    with ours, theirs:
        awaited = isolation._Awaited(ours, allowance)
        left = []
        for _ in range(3):
            awaited.count_answer()
            left.append(awaited.left)
    assert left == [10.0, 10.0, 6.0]


def kill_parsers() -> None:
    children = _children_of_cell()
    assert children
    for child in children:
        os.kill(child, signal.SIGKILL)


def test_a_killed_parser_costs_the_page_it_died_over() -> None:
    pages = split(tiff(30), limits=LIMITS)
    next(pages)
    kill_parsers()
    after = list(pages)
    (lost,) = [page for page in after if isinstance(page, LostPage)]
    assert lost.error.code is ErrorCode.FILE_BROKEN
    assert lost.error.facts["page"] == lost.number
    assert [page.number for page in after] == list(range(2, 31))
    assert len(list(split(tiff(2), limits=LIMITS))) == 2


def test_a_file_that_kills_one_parser_after_the_other_is_given_up() -> None:
    def read_killing() -> None:
        for page in split(tiff(30), limits=LIMITS):
            if not isinstance(page, LostPage):
                kill_parsers()

    with pytest.raises(HosoError) as caught:
        read_killing()
    assert caught.value.code is ErrorCode.FILE_BROKEN


def test_a_parser_that_dies_behind_the_last_page_costs_none(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    def dying(task: str, *args: Any, **more: Any) -> Iterator[Any]:
        yield from run(task, *args, **more)
        if task == "pages":
            raise ParserLostError(ErrorCode.FILE_TOO_SLOW, seconds=1)

    monkeypatch.setattr("ingest.pages.run", dying)
    assert [page.number for page in split(tiff(2), limits=LIMITS)] == [1, 2]


def test_closing_early_ends_the_child() -> None:
    pages = split(tiff(30), limits=LIMITS)
    next(pages)
    assert _children_of_cell()
    pages.close()
    deadline = time.monotonic() + 5
    while _children_of_cell() and time.monotonic() < deadline:
        time.sleep(0.02)
    assert not _children_of_cell()


def test_a_killed_cell_server_comes_back() -> None:
    assert inspect(tiff(1), name="a", limits=LIMITS).pages == 1
    server = isolation._GATE._process
    assert server is not None
    server.kill()
    server.wait()
    assert inspect(tiff(1), name="a", limits=LIMITS).pages == 1


def test_who_asked_and_is_killed_leaves_no_parser_behind() -> None:
    asks = f"""
import sys; sys.path[:0] = {sys.path!r}
from ingest import isolation
from ingest.inspection import Limits
from ingest.pages import split
from tests.unit.ingest.test_isolation import endless_pdf
next(split(endless_pdf(), limits=Limits(seconds=600.0, patience=600.0)))
"""
    asker = subprocess.Popen([sys.executable, "-c", asks])
    while not (parsers := [one for one in _below(asker.pid) if _is_poppler(one)]):
        time.sleep(0.05)
    asker.kill()
    asker.wait()
    deadline = time.monotonic() + 10
    while any(map(_is_poppler, parsers)) and time.monotonic() < deadline:
        time.sleep(0.05)
    assert not any(map(_is_poppler, parsers))


def _below(pid: int) -> list[int]:
    children = Path(f"/proc/{pid}/task/{pid}/children").read_text().split()
    return [one for child in map(int, children) for one in (child, *_below(child))]


def _is_poppler(pid: int) -> bool:
    try:
        return b"pdftoppm" in Path(f"/proc/{pid}/cmdline").read_bytes()
    except OSError:
        return False


def test_serves_threads_side_by_side() -> None:
    data = tiff(3, (300, 300))
    gate = threading.Barrier(4)

    def read() -> int:
        gate.wait()
        return len(list(split(data, limits=LIMITS)))

    with ThreadPoolExecutor(4) as pool:
        assert [one.result() for one in [pool.submit(read) for _ in range(4)]] == [3] * 4


def test_costs_little_for_bulk() -> None:
    data = tiff(1, (20, 20))
    inspect(data, name="warm", limits=LIMITS)
    times = []
    for _ in range(12):
        started = time.perf_counter()
        inspect(data, name="a", limits=LIMITS)
        times.append(time.perf_counter() - started)
    # 10 ms when idle; the best of many tells the cost apart from what else the machine is doing
    assert min(times) < 0.1


def _children_of_cell() -> list[int]:
    server = isolation._GATE._process
    assert server is not None
    found = []
    for entry in Path("/proc").iterdir():
        if not entry.name.isdigit():
            continue
        try:
            fields = (entry / "stat").read_text().rpartition(")")[2].split()
        except OSError:
            continue
        if int(fields[1]) == server.pid and fields[0] != "Z":
            found.append(int(entry.name))
    return found
