"""Every hostile file: a clear refusal or a clean read, in bounded memory."""

import resource
from pathlib import Path

import pytest

from domain.errors import ErrorCode, HosoError
from domain.page import LostPage
from ingest.inspection import Limits, inspect
from ingest.pages import split

SHARED = Path(__file__).parents[3] / ".." / "shared" / "data"
FOLDERS = ("hostile", "signed/attacks", "signed/pyhanko")
FILES = sorted(
    path
    for folder in FOLDERS
    for path in (SHARED / folder).glob("*")
    if path.suffix in {".pdf", ".tif", ".tiff"}
)
REFUSALS = {
    ErrorCode.FILE_BROKEN,
    ErrorCode.FILE_PASSWORD_PROTECTED,
    ErrorCode.FILE_TOO_SLOW,
    ErrorCode.FILE_TYPE_UNSUPPORTED,
    ErrorCode.IMAGE_TOO_LARGE,
}
LIMITS = Limits(patience=600.0)  # tests may run where other work has the processor


@pytest.mark.skipif(not FILES, reason="../shared/data is absent")
@pytest.mark.parametrize("path", FILES, ids=lambda path: f"{path.parent.name}-{path.name}")
def test_is_read_or_refused(path: Path) -> None:
    data = path.read_bytes()
    outcome = outcome_of(data, path.name)
    assert isinstance(outcome, int) or outcome.code in REFUSALS
    # the parsers refuse these by themselves; a crash would be contained but is news
    assert isinstance(outcome, int) or outcome.facts.get("problem") != "the parser crashed"


def outcome_of(data: bytes, name: str) -> int | HosoError:
    """Pages read, or the refusal of the file, or of its first page that is lost."""
    try:
        pages = inspect(data, name=name, limits=LIMITS).pages
        read = list(split(data, limits=LIMITS))
    except HosoError as error:
        return error
    assert [one.number for one in read] == list(range(1, pages + 1))
    lost = [one for one in read if isinstance(one, LostPage)]
    assert all(one.error.facts["page"] == one.number for one in lost)
    return lost[0].error if lost else pages


@pytest.mark.skipif(not FILES, reason="../shared/data is absent")
@pytest.mark.parametrize(
    ("name", "code"),
    [
        ("hostile/crash_1.tif", ErrorCode.FILE_BROKEN),
        ("hostile/string_dimension.tiff", ErrorCode.FILE_BROKEN),
        ("hostile/bad-jpeg-out.pdf", ErrorCode.FILE_BROKEN),
        ("signed/pyhanko/minimal-aes256.pdf", ErrorCode.FILE_PASSWORD_PROTECTED),
        ("signed/pyhanko/circular-page-tree.pdf", ErrorCode.FILE_BROKEN),
    ],
)
def test_known_refusals(name: str, code: ErrorCode) -> None:
    data = (SHARED / name).read_bytes()
    refused = outcome_of(data, name)
    assert isinstance(refused, HosoError)
    assert refused.code is code


def test_memory_of_this_process_stays_small() -> None:
    # ru_maxrss is in kilobytes; the parsers' memory is their own and capped by Limits.memory
    assert resource.getrusage(resource.RUSAGE_SELF).ru_maxrss < 1_500_000
    assert LIMITS.memory < 1_500_000_000
