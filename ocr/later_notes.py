"""Notes of what changed after a paper was made: corrections, a divorce, an adoption.

Registrars write them on the back of a certificate or below its entries (Circular 04/2020/TT-BTP: ``Phần ghi
chú những thông tin thay đổi sau này``). The print above stays as it was: it is read rightly, and no longer
true.
"""

import re
from collections.abc import Iterable, Iterator, Sequence

from rapidfuzz import fuzz

from domain.form import FormCode
from domain.record import Check, CheckOutcome
from domain.text import fold
from ocr.labels import squeeze
from ocr.text_line import TextLine

LATER_NOTE = "later_note"
"""The check that fails where a paper bears such a note; its facts: ``noted``, and ``fields`` in doubt."""
_NOTED = frozenset(
    {
        FormCode.BIRTH_CERTIFICATE,
        FormCode.BIRTH_EXTRACT,
        FormCode.MARRIAGE_CERTIFICATE,
        FormCode.MARRIAGE_EXTRACT,
        FormCode.DEATH_EXTRACT,
    }
)
_HEADING = "thongtinthaydoisaunay"
_LIKE_HEADING = 85
_HEADING_REACH = 4
"""Lines from the top of a page among which the heading of a page of notes stands."""
_OF_THE_TABLE = re.compile(
    r"\b(?:phan|so|trang|ngay|thang|nam|noi dung|can cu|ghi chu|ghi|ho|chu dem|va|ten|chu ky|ky|dong|dau|"
    r"co quan|cong chuc|nguoi|thuc hien|tu phap|ho tich|ro)\b|[^a-z\d]"
)
"""What the empty table of notes has printed in it."""
_LEAST_NOTE = 3
"""Letters and figures from which on something is written in the table."""
_NOTE = re.compile(r"^\W*ghi chu\b")
_NOTE_ROWS = 3
"""Rows that a note below the entries may take."""
_CHANGE = (
    r"cai chinh|dinh chinh|thay doi|bo sung(?! ho so)|xac dinh lai|ly hon\b|huy (?:bo|ket hon|viec|ket qua)|"
    r"thu hoi|con nuoi|nhan (?:cha|me|con)\b|cham dut|(?:mat|het) hieu luc|khong con (?:gia tri|hieu luc)"
)
_CHANGED = re.compile(_CHANGE)
_SAID_OF_A_CHANGE = re.compile(rf"\bda (?:duoc |bi |co )?(?:dang ky )?(?:viec )?(?:{_CHANGE})")
_COPY, _LONGEST_COPY = re.compile(r"\bban sao\b|\bsao luc\b"), 110
"""A copy handed out is noted in at most so many letters."""
_ENDED = re.compile(
    r"\b(?:ly hon|huy (?:bo|ket hon|viec|ket qua)|thu hoi|cham dut|hieu luc|gia tri)\b"
)
"""What ends the whole paper and makes no single entry wrong."""
_MEANT = {
    "full_name": r"\bchu dem\b|\bten\b|\bho\b(?! tich| khau| so)",
    "birth_date": r"\b(?:ngay|thang|nam)(?:, thang, nam)? sinh\b",
    "sex": r"\bgioi tinh\b",
    "ethnicity": r"\bdan toc\b",
    "nationality": r"\bquoc tich\b",
    "home_town": r"\bque quan\b|\bnguyen quan\b",
    "birth_place": r"\bnoi sinh\b",
    "residence": r"\bnoi (?:cu tru|thuong tru|o)\b|\bcho o\b",
    "personal_id": r"\bso dinh danh\b",
    "death_cause": r"\bnguyen nhan\b",
    "death_date": r"\bngay[^.;]{0,12} chet\b",
    "death_place": r"\bnoi chet\b",
}
"""What a note may name, by the end of the fields' names: whose it is, it often does not say."""


def begins_with_notes(texts: Sequence[str]) -> bool:
    """Whether a page is headed as the page of notes of the paper before it."""
    return any(_is_heading(text) for text in texts[:_HEADING_REACH])


def may_bear_notes(form: FormCode) -> bool:
    """Whether a page of notes may follow papers of this form."""
    return form in _NOTED


def later_note(form: FormCode, lines: Sequence[TextLine]) -> Check | None:
    """The check of a paper whose lines tell of a later change; ``None`` where they do not.

    Written lines below the heading of the notes are a note whatever they say: it may be illegible.
    """
    if form not in _NOTED:
        return None
    noted = [*_in_table(lines), *_below_entries(lines)]
    said = fold(" ".join(noted))
    if not noted or _is_of_copies(said):
        return None
    named = [end for end, words in _MEANT.items() if re.search(words, said)]
    if not named and not _ENDED.search(said):
        named = list(_MEANT)
    facts = {"noted": "; ".join(noted), "fields": named}
    return Check(code=LATER_NOTE, outcome=CheckOutcome.FAIL, facts=facts)


def _is_of_copies(said: str) -> bool:
    """Whether a note tells of nothing but a copy that was handed out."""
    copies = len(_COPY.findall(said))
    return bool(copies) and len(said) <= copies * _LONGEST_COPY and not _CHANGED.search(said)


def in_doubt(check: Check, fields: Iterable[str]) -> set[str]:
    """Which of ``fields`` a note may have changed, whoever's they are."""
    ends = check.facts.get("fields")
    ends = tuple(ends) if isinstance(ends, list) else ()
    return {name for name in fields if name.endswith(ends)}


def _in_table(lines: Sequence[TextLine]) -> Iterator[str]:
    """What is written below the heading of the notes, on its page."""
    headed: int | None = None
    for line in lines:
        if _is_heading(line.text):
            headed = line.page
        elif line.page == headed and len(_OF_THE_TABLE.sub("", fold(line.text))) >= _LEAST_NOTE:
            yield line.text


def _below_entries(lines: Sequence[TextLine]) -> Iterator[str]:
    """Lines that say of a change that it was made, and notes that name one."""
    for index, line in enumerate(lines):
        said = fold(line.text)
        if _SAID_OF_A_CHANGE.search(said):
            yield line.text
        elif _NOTE.search(said):
            note = " ".join(one.text for one in lines[index : index + _NOTE_ROWS])
            if _CHANGED.search(fold(note)):
                yield note


def _is_heading(text: str) -> bool:
    letters = squeeze(text)
    return (
        len(letters) >= len(_HEADING) * _LIKE_HEADING // 100
        and fuzz.partial_ratio(_HEADING, letters) >= _LIKE_HEADING
    )
