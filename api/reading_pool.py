"""Reading files in several processes at once: one single-threaded engine per processor core.

What goes wrong with one file is its own outcome and never the end of the others': an exception nobody foresaw
is logged and told as ``internal``; a process that is lost over a file (killed, out of memory, a crash inside
a library) is replaced, and the file tried once more.
"""

import logging
import signal
from collections import deque
from collections.abc import Iterator, Sequence
from concurrent.futures import FIRST_COMPLETED, Future, ProcessPoolExecutor, wait
from concurrent.futures.process import BrokenProcessPool
from contextlib import ExitStack
from functools import cache
from pathlib import Path

from api.file_outcome import Outcome, ReadFile
from api.reader import make_reader
from api.scan_files import bytes_of, name_of
from domain.errors import ErrorCode, HosoError
from domain.record_json import to_json
from storage.settings import load_settings
from workflow.reading import Reader, read_file

logger = logging.getLogger("hoso.read")


@cache
def _reader() -> Reader:
    """The reader of this worker process: loading the models takes seconds, so it happens once."""
    return make_reader(load_settings())


def _read_one(path: Path) -> Outcome:
    """Raises what loading the models raises, for then no file can be read."""
    reader = _reader()
    try:
        reading = read_file(bytes_of(path), name=name_of(path), reader=reader)
        return ReadFile(
            records=tuple(to_json(record) for record in reading.records),
            lost=tuple(page.error for page in reading.lost),
        )
    except HosoError as error:
        return error
    except Exception as error:
        logger.exception("%s could not be read", path)
        return HosoError(ErrorCode.INTERNAL, problem=type(error).__name__)


def outcomes(files: Sequence[Path], processes: int) -> Iterator[tuple[Path, Outcome]]:
    """In the order of ``files``, each as soon as it and all before it are done.

    Nothing is read in this process, however few the files: what ends a process must not end the command.
    """
    ready: dict[int, Outcome] = {}
    following = 0
    for index, outcome in _as_done(files, max(1, processes)):
        ready[index] = outcome
        while following in ready:
            yield files[following], ready.pop(following)
            following += 1


def _as_done(files: Sequence[Path], processes: int) -> Iterator[tuple[int, Outcome]]:
    """Index and outcome of each file as it is done."""
    waiting = deque(range(len(files)))
    lost: set[int] = set()
    under_way: dict[Future[Outcome], tuple[int, ProcessPoolExecutor]] = {}
    with ExitStack() as started:
        idle = [started.enter_context(_process()) for _ in range(min(processes, len(files)))]
        while waiting or under_way:
            while waiting and idle:
                index, process = waiting.popleft(), idle.pop()
                under_way[_begun(process, files[index])] = index, process
            for future in wait(under_way, return_when=FIRST_COMPLETED).done:
                index, process = under_way.pop(future)
                if not isinstance(future.exception(), BrokenProcessPool):
                    idle.append(process)
                    yield index, future.result()
                    continue
                logger.warning("a reading process was lost over %s", files[index])
                idle.append(started.enter_context(_process()))
                if index in lost:
                    yield index, HosoError(ErrorCode.WORKER_LOST)
                else:
                    lost.add(index)
                    waiting.appendleft(index)


def _process() -> ProcessPoolExecutor:
    """A pool of one: of several processes nobody could tell which was lost over which file."""
    # Ctrl-C ends the readers too, silently: the command itself tells of it
    return ProcessPoolExecutor(
        1, initializer=signal.signal, initargs=(signal.SIGINT, signal.SIG_DFL)
    )


def _begun(process: ProcessPoolExecutor, path: Path) -> Future[Outcome]:
    try:
        return process.submit(_read_one, path)
    except BrokenProcessPool as error:  # lost while it had nothing to do
        never: Future[Outcome] = Future()
        never.set_exception(error)
        return never
