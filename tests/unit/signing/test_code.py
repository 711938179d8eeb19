"""Public verification codes."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.errors import ErrorCode, HosoError
from signing.code import ALPHABET, addressed_codes, canonical_code, new_code, printed_codes


def test_codes_are_typable_and_do_not_repeat() -> None:
    codes = {new_code() for _ in range(500)}
    assert len(codes) == 500
    for code in codes:
        assert set(code) <= {*ALPHABET, "-"}
        assert [len(group) for group in code.split("-")] == [4, 4, 4, 4, 1]
        assert canonical_code(code) == code


def test_a_code_survives_the_way_people_type_it() -> None:
    code = "0123-4567-89AB-CDEF-K"
    typed = "o l23 4567 89ab cdef k"
    assert canonical_code(typed) == canonical_code("0123456789ABCDEFK") == code


_QR = (
    "http://localhost:18151/v/0123-4567-89AB-CDEF-K\nMã hồ sơ: 454d1459\nGiấy tờ: Trích lục khai tử"
)


@pytest.mark.parametrize(
    "scanned",
    [
        "https://hoso.example.vn/v/0123-4567-89AB-CDEF-K",
        "hoso.example.vn/v/0123-4567-89ab-cdef-k/copy",
        "https://hoso.example.vn/v/0123-4567-89AB-CDEF-K?lang=en",
        _QR,
        _QR.replace("\n", ""),
        _QR.replace("\n", "").partition("/v/")[2],
        "0123–4567–89AB–CDEF–K",
    ],
)
def test_a_code_is_found_in_what_is_pasted_or_scanned(scanned: str) -> None:
    assert canonical_code(scanned) == "0123-4567-89AB-CDEF-K"


@given(place=st.integers(0, 16), other=st.sampled_from(ALPHABET))
def test_one_wrong_letter_is_noticed(place: int, other: str) -> None:
    letters = list(new_code().replace("-", ""))
    if letters[place] == other:
        return
    letters[place] = other
    with pytest.raises(HosoError) as caught:
        canonical_code("".join(letters))
    assert caught.value.code is ErrorCode.CERTIFICATE_NOT_FOUND


@given(place=st.integers(0, 14))
def test_swapped_neighbours_are_noticed(place: int) -> None:
    letters = list(new_code().replace("-", ""))
    if letters[place] == letters[place + 1]:
        return
    letters[place], letters[place + 1] = letters[place + 1], letters[place]
    with pytest.raises(HosoError):
        canonical_code("".join(letters))


@given(st.text(max_size=40))
def test_anything_else_is_an_unknown_code(typed: str) -> None:
    if sum(sign.isalnum() for sign in typed) >= 17:
        return  # may begin with a code by chance
    with pytest.raises(HosoError) as caught:
        canonical_code(typed)
    assert caught.value.code is ErrorCode.CERTIFICATE_NOT_FOUND


@given(st.text())
def test_whatever_is_printed_is_looked_through_for_codes(text: str) -> None:
    assert printed_codes(f"{text} Mã tra cứu: 0123-4567-89AB-CDEF-K")[-1:] == (
        "0123-4567-89AB-CDEF-K",
    )


@pytest.mark.parametrize(
    ("text", "codes"),
    [
        (_QR, ("0123-4567-89AB-CDEF-K",)),
        ("HTTP://HO.SO/V/O123-4567–89AB - CDEF-K", ("0123-4567-89AB-CDEF-K",)),
        ("0123-4567-89AB-CDEF-J", ()),
        ("x0123-4567-89AB-CDEF-K", ()),
        ("0123456789ABCDEFK", ()),
        ("454d1459-6643-5172-9c74-1a98a647c67d", ()),
    ],
)
def test_codes_are_found_in_print_as_they_are_printed(text: str, codes: tuple[str, ...]) -> None:
    assert printed_codes(text) == codes


def test_a_code_without_the_address_of_a_copy_is_none_in_a_qr() -> None:
    assert addressed_codes(_QR) == ("0123-4567-89AB-CDEF-K",)
    assert addressed_codes("0123-4567-89AB-CDEF-K") == ()
    assert addressed_codes("https://ho.so/v/abc 0123-4567-89AB-CDEF-K") == ()
