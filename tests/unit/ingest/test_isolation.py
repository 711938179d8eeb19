"""The cell: what a dying parser looks like from outside."""

import io
import os
import signal
import threading
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from PIL import Image

from domain.errors import ErrorCode, HosoError
from domain.page import LostPage
from ingest import isolation
from ingest.inspection import Limits, inspect
from ingest.isolation import Allowance, ParserLostError, run
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
    allowance = Allowance(seconds=15, seconds_per_page=5, memory=420 * 1024 * 1024)
    data = tiff(1, (9000, 7000))
    with pytest.raises(HosoError) as caught:
        list(run("pages", data, Kind.TIFF, options=LIMITS.options, allowance=allowance))
    assert caught.value.code is ErrorCode.IMAGE_TOO_LARGE


def test_too_little_time_is_file_too_slow() -> None:
    allowance = Allowance(seconds=0.01, seconds_per_page=0, memory=LIMITS.memory)
    with pytest.raises(HosoError) as caught:
        list(run("pages", tiff(2), Kind.TIFF, options=LIMITS.options, allowance=allowance))
    assert caught.value.code is ErrorCode.FILE_TOO_SLOW


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
