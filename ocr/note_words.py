"""The words of notes on a paper: which tell of a change, of which entries, and which are the form's print.

What is not understood is doubted: only a note that tells of an end of the whole paper leaves its entries.
"""

import re

from domain.form import FormCode
from domain.text import fold, nfc
from ocr.closing import signs

_ENTRY = (
    r"(?:ho(?! khau)|ten|chu|cha|me|ngay|thang|nam|sinh|noi|gioi|dan|que|quoc|so|lai|thong tin)\b"
)
_CORRECTION = (
    r"cai chinh\b|dieu chinh\b|thay doi\b|bo sung\b(?! ho so)|xac dinh lai|con nuoi\b|"
    rf"(?:dinh chinh|(?:doi|sua)(?: doi| thanh)?) {_ENTRY}|nhan (?:cha|me|con)\b|"
    r"(?:cong|xac) nhan [^.;:]{0,40}\bla (?:cha|me|con)\b|(?:thoi|nhap|tuoc|tro lai) quoc tich"
)
_END = (
    r"ly hon\b|huy (?:bo|ket hon|viec|ket qua|giay|dang ky)\b|thu hoi\b|cham dut\b|"
    r"xoa dang ky\b(?! thuong tru)|(?:mat|het) hieu luc|khong con (?:gia tri|hieu luc)|da (?:bi |duoc )?huy\b"
)
"""What ends the whole paper and makes no single entry wrong."""
_DIED = r"da (?:chet|mat) (?:ngay|nam|vao|tai|theo|luc)"
"""On a paper about somebody's death that is no change."""
_CHANGE = rf"(?:{_CORRECTION}|{_END})"
_CORRECTED = re.compile(rf"\b(?:{_CORRECTION})")
_ENDED = re.compile(rf"\b(?:{_END}|{_DIED})")
_DEATH = re.compile(rf"\b{_DIED}")
_WITH_ITS_MARKS = re.compile(r"\bđính chính\b")
"""Without them it is a name: Đình Chính."""
_SAID_TO_BE_MADE = re.compile(
    rf"\bda (?:duoc |bi |co )?(?:dang ky )?(?:viec )?{_CHANGE}|\bda (?:bi |duoc )?huy\b"
)
_BEGINS = re.compile(
    rf"^\W*(?:ngay\W*)?(?:\d{{1,2}}\W+\d{{1,2}}\W+\d{{4}}\W*)?(?!con nuoi|nhan ){_CHANGE}\W*(?=\w)"
)
_HAS_BEEN_MADE = rf"{_CHANGE}(?:\W+(?:va |hay |hoac )?{_CHANGE})*"
_NO_CHANGE = re.compile(
    r"\b(?:khong|chua)(?: co| duoc| bi| he| gi| thong tin| noi dung| ghi chu| su| ve| viec)* "
    rf"{_HAS_BEEN_MADE}|"
    rf"\b(?:khi|neu)(?: co| thong tin| su| viec)+ {_HAS_BEEN_MADE}|"
    rf"\bmoi (?:su |thong tin |noi dung )?{_HAS_BEEN_MADE}(?=[^.;]{{0,40}}\b(?:ghi|phai|deu|khong co)\b)|"
    r"\bthay doi sau nay|"
    r"\bket hop (?:voi )?(?:viec )?(?:dang ky )?(?:viec )?nhan (?:cha|me|con)(?:\W+(?:cha|me|con)\b)*"
)
"""Where the words of a change are the form's, deny it, or tell what was registered with the birth."""
_MEANT = {
    "full_name": r"\bchu dem\b|\bten\b|\bho\b(?! tich| khau| so)",
    "birth_date": r"\b(?:ngay|thang|nam)(?:, thang, nam)? sinh\b|\bsinh (?:ngay|thang|nam)\b|\btuoi\b",
    "sex": r"\bgioi tinh\b",
    "ethnicity": r"\bdan toc\b",
    "nationality": r"\bquoc tich\b",
    "home_town": r"\bque quan\b|\bnguyen quan\b",
    "birth_place": r"\bnoi sinh\b|\bsinh tai\b",
    "residence": r"\bnoi (?:cu tru|thuong tru|o)\b|\bcho o\b",
    "personal_id": r"\bso dinh danh\b",
    "death_cause": r"\bnguyen nhan\b",
    "death_date": r"\bngay[^.;]{0,12} chet\b",
    "death_place": r"\bnoi chet\b",
}
"""What a note may name, by the end of the fields' names: whose it is, it often does not say."""
PARENTS = ("mother_", "father_")
_OF_PARENTS = re.compile(r"\b(?:cha|me|bo|nhan con)\b")
_ADOPTED = re.compile(r"\bcon nuoi\b")
"""Gives other parents, and mostly another name."""
_COPY, _LONGEST_COPY = re.compile(r"\bban sao\b|\bsao luc\b|\btrich luc sao\b"), 110
"""A copy handed out is noted in at most so many letters a line."""
_COPY_GOES_ON = re.compile(
    r"^\W*(?:cho |theo yeu cau|nguoi (?:yeu cau|duoc cap)|(?:ong|ba|anh|chi)[ :]|so chung thuc|quyen so)"
)
_DATE = re.compile(r"^[\W\d]+$|^\W*ngay[\W\d]*(?:thang[\W\d]*nam[\W\d]*)?$")
_SIGNER = re.compile(r"^[a-z]+(?: [a-z]+){1,4}$")
_PRINT = re.compile(
    r"\b(?:phan|so|trang|ngay|thang|nam|noi|dung|can|cu|ghi|chu|ho|dem|va|ten|chuc|vu|ky|dong|dau|co|quan|"
    r"cong|nguoi|tham|quyen|thuc|hien|tu|phap|ly|tich|ro|hoac|cua|xac|nhan|dang|thu|truong|thay|doi|"
    r"stt|tt)+\b|\b[il]+\b|\bo+\b|[^a-z\d]"
)
"""Syllables of what the empty table of notes has printed in it, also run together; its rules; no letters."""
_BESIDE_THE_TABLE = re.compile(
    r"\b(?:mau\W*)?(?:so\W*)?tp\W{0,2}ht[-\d./ a-z]{0,14}|^\W*in tai\b.*|"
    r"\bso (?:se|xe)\W?ri\W*[a-z]{0,2}\W*\d*|"
    r"^\W*no\W*\d{4,}\W*$|.*\bcam ?scanner\b.*|\(\d{1,2}\)|^\W*khong(?: co)?\W*$"
)
"""The form's mark and number, its printer, a scanning app's mark, the numbers of columns, a bare No."""
_LEAST_NOTE = 3
"""Letters and figures from which on something is written in the table."""
_SHORT_VALUE = re.compile(r"^\W*(?:ho|ten|chu dem)\W*:\W*[a-z]{2}")


def tells_of_change(form: FormCode, text: str) -> bool:
    """Whether the words of a note on a paper of ``form`` name a change."""
    said = _affirmed(text)
    about_death = form is FormCode.DEATH_EXTRACT
    ended = _ENDED.search(_DEATH.sub(" ", said) if about_death else said)
    return bool(ended or _corrects(text))


def is_said_to_be_made(text: str) -> bool:
    """Whether a line says by itself, under no heading, that a change was made."""
    said = _affirmed(text)
    return bool(_SAID_TO_BE_MADE.search(said) or _BEGINS.search(said))


def named_in(text: str) -> list[str]:
    """What a note puts in doubt: ends of fields' names, ``PARENTS`` for all of theirs.

    None where it ends the paper as a whole, and all where it says nothing that is understood.
    """
    said = fold(text)
    named = [end for end, words in _MEANT.items() if re.search(words, said)]
    parents = bool(_OF_PARENTS.search(said))
    only_ends = bool(_ENDED.search(said)) and not _corrects(text)
    if (not named and not only_ends) or _ADOPTED.search(said):
        return [*_MEANT, *PARENTS]
    return [*named, *(PARENTS if parents else ())]


def _is_written(text: str) -> bool:
    """Whether a line of the table of notes is more than its print."""
    said = fold(text)
    if _SHORT_VALUE.search(said) or _BEGINS.search(_affirmed(text)):
        return True
    left = _PRINT.sub("", _BESIDE_THE_TABLE.sub(" ", _NO_CHANGE.sub(" ", said)))
    return len(left) >= _LEAST_NOTE


def written(texts: list[str]) -> list[str]:
    """What lines of the table say beside its print, and but for copies that were handed out or attested."""
    kept: list[str] = []
    of_copy = signed = False
    for text, behind in zip(texts, [*texts, ""][1:], strict=True):
        if not _is_written(text):
            signed = signed or (of_copy and signs(text))
            continue
        dated = bool(_DATE.search(fold(text))) and _is_of_copy(behind)
        named = signed and bool(_SIGNER.search(fold(text))) and not _names_some(text)
        of_copy = (
            dated or _is_of_copy(text) or (of_copy and (signs(text) or named or _goes_on(text)))
        )
        signed = of_copy and signs(text)
        if not of_copy:
            kept.append(text)
    return kept


def _is_of_copy(text: str) -> bool:
    said = fold(text)
    return len(said) <= _LONGEST_COPY and bool(_COPY.search(said)) and not _names_some(text)


def _goes_on(text: str) -> bool:
    """Whether a line behind that of a copy tells when it was made, by whom it was asked, or its number."""
    said = fold(text)
    return bool(_DATE.search(said) or _COPY_GOES_ON.search(said)) and not _names_some(text)


def _names_some(text: str) -> bool:
    said = fold(text)
    named = any(re.search(words, said) for words in _MEANT.values())
    return bool(named or _corrects(text) or _ENDED.search(said))


def _corrects(text: str) -> bool:
    return bool(_CORRECTED.search(_affirmed(text)) or _WITH_ITS_MARKS.search(nfc(text).lower()))


def _affirmed(text: str) -> str:
    return _NO_CHANGE.sub(" ", fold(text))
