"""Reading files in several processes at once: one single-threaded engine per processor core."""

from collections.abc import Iterator, Sequence
from concurrent.futures import Future, ProcessPoolExecutor, as_completed
from pathlib import Path
from typing import Any

from api.reader import make_reader
from api.scan_files import bytes_of, name_of
from domain.errors import HosoError
from domain.record_json import to_json
from storage.settings import load_settings
from workflow.reading import Reader, read_file

Outcome = list[dict[str, Any]] | HosoError


class _Process:
    """The reader of this worker process: loading the models takes seconds, so it happens once."""

    reader: Reader


def _start_process() -> None:
    _Process.reader = make_reader(load_settings())


def _read_one(path: Path) -> Outcome:
    try:
        records = read_file(bytes_of(path), name=name_of(path), reader=_Process.reader)
    except HosoError as error:
        return error
    return [to_json(record) for record in records]


def outcomes(files: Sequence[Path], processes: int) -> Iterator[tuple[Path, Outcome]]:
    """In the order of ``files``, each as soon as it and all before it are done."""
    if min(processes, len(files)) <= 1:
        _start_process()
        for path in files:
            yield path, _read_one(path)
        return
    with ProcessPoolExecutor(min(processes, len(files)), initializer=_start_process) as pool:
        waiting: dict[Future[Outcome], int] = {
            pool.submit(_read_one, path): index for index, path in enumerate(files)
        }
        ready: dict[int, Outcome] = {}
        following = 0
        for future in as_completed(waiting):
            ready[waiting[future]] = future.result()
            while following in ready:
                yield files[following], ready.pop(following)
                following += 1
