"""One rule for the names of batches, whichever way they come in."""

import unicodedata

import pytest

from domain.batch import LONGEST, batch_name
from domain.errors import ErrorCode, HosoError


@pytest.mark.parametrize(
    ("given", "kept"),
    [
        ("Hộp 7", "Hộp 7"),
        (unicodedata.normalize("NFD", "Hộp 7"), "Hộp 7"),
        ("  hộp 7/2024 \n", "hộp 7/2024"),
        ("Hộp\u00a07", "Hộp 7"),
        ("\u3000Hộp\u20097\u202f\u2003", "Hộp 7"),
        ("H\u200bộp 7", "Hộp 7"),
        (unicodedata.normalize("NFD", "ộ" * LONGEST), "ộ" * LONGEST),
    ],
)
def test_what_looks_the_same_is_one_name(given: str, kept: str) -> None:
    assert batch_name(given) == kept


@pytest.mark.parametrize(
    "given",
    [
        "",
        "  ",
        "\u200b",
        "x" * (LONGEST + 1),
        "a\nb",
        "a\tb",
        "a\0b",
        "a\u202eb",
        "\ud800",
        ".",
        "..",
    ],
)
def test_what_is_no_name_is_refused(given: str) -> None:
    with pytest.raises(HosoError) as refused:
        batch_name(given)
    assert refused.value.code is ErrorCode.BATCH_NAME_INVALID
