"""From the text of a field, as printed or typed, to its normalised value."""

import re
import unicodedata
from collections.abc import Callable, Mapping
from enum import StrEnum

from rapidfuzz.distance import Levenshtein

from domain.addresses import tidy_address
from domain.dates import (
    NO_REST,
    parse_date,
    parse_date_words,
    parse_time,
    parse_typed_date,
    parse_typed_time,
)
from domain.names import normalise_name
from domain.personal_number import digits_of, kind_of
from domain.provinces import successor_of
from domain.text import APOSTROPHES, collapse_spaces, fold, nfc, trim_edges


class Kind(StrEnum):
    """Kinds of field values; each has its own normal form."""

    NAME = "name"
    DATE = "date"
    TIME = "time"
    SEX = "sex"
    ETHNICITY = "ethnicity"
    NATIONALITY = "nationality"
    ADDRESS = "address"
    PERSONAL_ID = "personal_id"
    NUMBER = "number"
    AGENCY = "agency"
    TEXT = "text"


_ENDINGS: Mapping[str, Kind] = {
    "issuing_agency": Kind.AGENCY,
    "full_name": Kind.NAME,
    "birth_date": Kind.DATE,
    "issue_date": Kind.DATE,
    "registration_date": Kind.DATE,
    "death_date": Kind.DATE,
    "period_from": Kind.DATE,
    "period_to": Kind.DATE,
    "valid_until": Kind.DATE,
    "death_time": Kind.TIME,
    "sex": Kind.SEX,
    "ethnicity": Kind.ETHNICITY,
    "nationality": Kind.NATIONALITY,
    "birth_place": Kind.ADDRESS,
    "home_town": Kind.ADDRESS,
    "residence": Kind.ADDRESS,
    "registration_place": Kind.ADDRESS,
    "death_place": Kind.ADDRESS,
    "personal_id": Kind.PERSONAL_ID,
    "number": Kind.NUMBER,
    "registration_number": Kind.NUMBER,
    "household_number": Kind.NUMBER,
}
ETHNIC_GROUPS = (
    "Kinh|Tày|Thái|Mường|Khmer|Hoa|Nùng|Mông|Dao|Gia Rai|Ê Đê|Ba Na|Xơ Đăng|Sán Chay|Cơ Ho|Chăm|Sán Dìu|"
    "Hrê|Mnông|Ra Glai|Xtiêng|Bru - Vân Kiều|Thổ|Giáy|Cơ Tu|Gié Triêng|Mạ|Khơ Mú|Co|Tà Ôi|Chơ Ro|"
    "Kháng|Xinh Mun|Hà Nhì|Chu Ru|Lào|La Chí|La Ha|Phù Lá|La Hủ|Lự|Lô Lô|Chứt|Mảng|Pà Thẻn|Cơ Lao|"
    "Cống|Bố Y|Si La|Pu Péo|Brâu|Ơ Đu|Rơ Măm|Ngái"
).split("|")
"""The 54 groups of QĐ 121-TCTK/PPCĐ (1979), in the spelling of the population data."""
_BY_FOLDED_GROUP = {fold(group): group for group in ETHNIC_GROUPS} | {
    "hmong": "Mông",
    "h'mong": "Mông",
    "ede": "Ê Đê",
    "khơ me": "Khmer",
    "kho me": "Khmer",
}
_SEXES = {"nam": "male", "nu": "female", "male": "male", "female": "female"}
_NOTHING = frozenset(
    {"", "-", "/", "khong", "khong co", "khong ro", "khong xac dinh", "chua xac dinh"}
)
"""What a form says where it has nothing to say."""
_TEXT_EDGES = " .,;:…·_-–—|*"
_SIGNS_OF_NAMES = ".-–—"
"""Besides apostrophes: ``J. Smith``, ``Ê-ban``. ``/``, ``?``, ``,`` and brackets part two names."""
_PARTED_UNSEEN = re.compile(r"(?<=\S)[\u200b\u200c\u2060\ufeff]+(?=\S)")
"""A space of no width: one word or two, nobody can see."""
_HANDWRITTEN_RESTS = re.compile(r"[.…_·]{2,}")
LEADER_BETWEEN_FIGURES = re.compile(r"(?<=\d)\s*(?:[…_]|\.{2})[\s…_.]*(?=\d)")
"""In a date it parts them: ``năm 202… 5 giờ`` is not of 2025."""
_OF_FIGURES = frozenset({Kind.DATE, Kind.TIME, Kind.PERSONAL_ID, Kind.NUMBER})
_NO_PROVINCE = "000"
_MAY_HAVE_NO_END = frozenset({"valid_until", "period_to"})
_NO_END = re.compile(
    r"(?:khong|vo) (?:co |xac dinh |gioi han )*thoi han|khong het han|"
    r"(?:cho |tu do )?(?:den|toi) (?:hien )?nay|(?:hien )?nay|no expiry|unlimited"
)
_DIGITS_LIKE = str.maketrans({"O": "0", "o": "0", "I": "1", "l": "1", "|": "1", "S": "5", "B": "8"})


def kind_of_field(name: str) -> Kind:
    """The kind of a field of the contract, its role prefix (``mother_`` …) not regarded."""
    name = name.rsplit(".", 1)[-1]
    if name in _ENDINGS:
        return _ENDINGS[name]
    bare = name.split("_", 1)[-1]
    return _ENDINGS.get(bare, Kind.TEXT)


def normalise(name: str, text: str) -> str | None:
    """The value of field ``name`` that ``text`` says, ``None`` where it says none.

    Names in title case with tones as written, dates ``YYYY-MM-DD`` or ``YYYY``, times ``HH:MM``, sex
    ``male``/``female``, numbers of persons digits only, addresses as they are written.
    """
    kind = kind_of_field(name)
    written = nfc(text)
    if kind is Kind.DATE:
        written = LEADER_BETWEEN_FIGURES.sub(" … ", written)
    cleaned = collapse_spaces(_HANDWRITTEN_RESTS.sub(" ", written))
    bare = trim_edges(cleaned)
    if fold(bare) in _NOTHING:
        return None
    return _RULES[kind](cleaned.strip(_TEXT_EDGES) if kind in (Kind.TEXT, Kind.AGENCY) else bare)


def says_only(name: str, text: str) -> bool:
    """Whether the text is a value of field ``name``, with no letter or figure besides."""
    start, end = locate(name, text)
    rest = text[:start] + text[end:]
    return normalise(name, text[start:end]) is not None and not re.search(r"\w", rest)


def normalise_typed(name: str, text: str) -> str | None:
    """As :func:`normalise`, of what a person typed.

    ``None`` too for a date or time with anything beside it, for a name with digits, signs or letters of
    another alphabet, and for a number with letters for figures. Of a value read from paper such things are
    noise; whoever types one means something. Full-width figures are figures; those of other scripts are not.
    """
    kind = kind_of_field(name)
    if kind in _OF_FIGURES:
        text = unicodedata.normalize("NFKC", text)
        if any(sign.isdigit() and not sign.isascii() for sign in text):
            return None
    if kind is Kind.PERSONAL_ID:
        return _typed_number_of_person(text.strip())
    if kind is Kind.DATE:
        return parse_typed_date(text)
    if kind is Kind.TIME:
        return parse_typed_time(text)
    if kind is Kind.NAME and (
        _PARTED_UNSEEN.search(text) or not all(map(_stands_in_names, nfc(text)))
    ):
        return None
    return normalise(name, text)


def _typed_number_of_person(text: str) -> str | None:
    digits = digits_of(text)
    # no province has the code 000: so fill in those who have no number to type
    return digits if kind_of(digits) is not None and not digits.startswith(_NO_PROVINCE) else None


def tells_no_end(name: str, text: str) -> bool:
    """Whether a paper says of its validity, or of a period, that it has no end (``Không thời hạn``).

    Such a field has no date for its value: its text says all.
    """
    return name in _MAY_HAVE_NO_END and _NO_END.fullmatch(fold(trim_edges(text))) is not None


def _stands_in_names(character: str) -> bool:
    """Letters as they look on paper: А of the Cyrillic alphabet is another name to whoever looks it up."""
    category = unicodedata.category(character)
    if category.startswith("L"):
        return unicodedata.name(character, "").startswith(("LATIN", "MODIFIER"))
    if category.startswith("M") or character.isspace():
        return True
    return character in APOSTROPHES or character in _SIGNS_OF_NAMES


def _name(text: str) -> str | None:
    return normalise_name(text) or None


def _date(text: str) -> str | None:
    return parse_date(text) or parse_date_words(text)


def _sex(text: str) -> str | None:
    return _SEXES.get(fold(text).strip(" .,:;"))


def _ethnicity(text: str) -> str | None:
    name = collapse_spaces(re.sub(r"[^\w' \-]", " ", text))
    return _BY_FOLDED_GROUP.get(fold(name)) or normalise_name(name) or None


def _nationality(text: str) -> str | None:
    name = collapse_spaces(re.sub(r"[^\w' \-]", " ", text))
    if fold(name).replace(" ", "") in {"vietnam", "vietnamese"}:
        return "Việt Nam"
    if fold(name) == "viet":
        return None  # half of it
    # "Cộng hòa Liên bang Đức" is written so; letters all large or all small hide how
    plain = name.isupper() or name.islower()
    return (normalise_name(name) if plain else name) or None


def _address(text: str) -> str | None:
    return tidy_address(text) or None


def _personal_id(text: str) -> str | None:
    digits = digits_of(text.translate(_DIGITS_LIKE))
    if _IN_BOXES.fullmatch(text):
        digits = re.sub(r"\D", "", text)
    return digits if kind_of(digits) is not None else None


def _number(text: str) -> str | None:
    joined = re.sub(r"\s*([/.\-])\s*|\s+", r"\1", text)
    return joined if re.search(r"\d", joined) else None


def _text(text: str) -> str | None:
    # a sign of a document that broke at its hyphen: ``HNGĐ- ST``
    return re.sub(r"(\S*\d\S*)-\s+(?=[A-ZĐ]{2})", r"\1-", text) or None


_RULES: Mapping[Kind, Callable[[str], str | None]] = {
    Kind.NAME: _name,
    Kind.DATE: _date,
    Kind.TIME: parse_time,
    Kind.SEX: _sex,
    Kind.ETHNICITY: _ethnicity,
    Kind.NATIONALITY: _nationality,
    Kind.ADDRESS: _address,
    Kind.PERSONAL_ID: _personal_id,
    Kind.NUMBER: _number,
    Kind.AGENCY: _text,
    Kind.TEXT: _text,
}

_DATE_SPOT = re.compile(
    r"(?:ngay\s*)?(?<!\d)(?<!(?<!\d)\d\.)\d[ .]?\d?[\s,.]*thang[\s,.]*\d[ .]?\d?"
    r"[\s,.]*nam[\s,.:]*\d[ .]?\d[ .]?\d[ .]?\d"
    rf"|(?<!\d){NO_REST}"
    r"(?:\d ?\d|(?<!(?<!\d)\d\.)\d) ?[/.\-–•·] ?\d ?\d? ?[/.\-–•·] ?\d ?\d ?\d ?\d"
)
_TIME_SPOT = re.compile(
    r"(?<!\d)\d ?\d?[\s.]*(?:gio|h(?![^\W\d_])|h(?=ngay|sang|trua|chieu|toi|dem|phut)|:)"
    r"[\s.…_]*(?:\d ?\d?\s*(?:phut|p(?!\w))?)?"
)
_NUMBER_SPOT = re.compile(r"[\d./\-]*\d[\w./\-]*")
_GROUPED_SPOT = re.compile(rf"\d{{3}}(?: \d{{3}}){{2}}(?![\w./\-])|{_NUMBER_SPOT.pattern}")
_LONG_DIGITS = re.compile(r"(?<!\d)(?:\d[ .]?){11}\d(?!\d)|(?<!\d)(?:\d[ .]?){8}\d(?!\d)")


_IN_BOXES = re.compile(r"(?=(?:[^\W_]*[\W_]+\d){6})[\W_]*(?:\d[\W_]{0,2}){12}")
"""A number printed one figure a box, the boxes' edges read between them."""


def fold_letters(text: str) -> str:
    """``text`` folded letter by letter: same length, so that places found in it hold in ``text``."""
    return "".join((fold(letter) or letter)[:1] if not letter.isspace() else " " for letter in text)


def locate(name: str, text: str) -> tuple[int, int]:
    """Where within ``text`` the value of field ``name`` stands, as (start, end).

    Running text around a date, a time or a number is left out; everything else is trimmed only.
    """
    patterns = {
        Kind.DATE: _DATE_SPOT,
        Kind.TIME: _TIME_SPOT,
        Kind.NUMBER: _NUMBER_SPOT,
        Kind.PERSONAL_ID: _LONG_DIGITS,
    }
    pattern = patterns.get(kind_of_field(name))
    if name == "household_number":
        pattern = _GROUPED_SPOT
    if pattern is not None:
        found = pattern.search(fold_letters(text))
        if found:
            return found.span()
        if kind_of_field(name) is Kind.PERSONAL_ID and _IN_BOXES.fullmatch(text):
            return 0, len(text)
    endless = _NO_END.match(fold_letters(text).lstrip(" :.")) if name in _MAY_HAVE_NO_END else None
    if endless is not None:
        start = len(text) - len(text.lstrip(" :."))
        return start, start + endless.end()
    start, end = 0, len(text)
    while start < end and (text[start].isspace() or text[start] in ".:;,…_·-|"):
        start += 1
    while end > start and (text[end - 1].isspace() or text[end - 1] in ".:;,…_·-|'`"):
        end -= 1
    if kind_of_field(name) is Kind.NAME:
        start += _address_form(text[start:end])
        behind = _BEHIND_A_NAME.search(fold_letters(text), start, end)
        end = end if behind is None else behind.start()
    return start, end


def _address_form(text: str) -> int:
    """Length of the ``Ông``, ``Bà`` before a name.

    They are surnames too, so only where the name is in capitals and they are not.
    """
    form = _ADDRESS_FORM.match(text)
    apart = form is not None and text[form.end() :].isupper() and not form.group().isupper()
    return form.end() if form is not None and apart else 0


_ADDRESS_FORM = re.compile(r"(?:Ông|Bà|ông|bà)\s+(?=[^\W\d_]{2})")
_BEHIND_A_NAME = re.compile(
    r"\s*,\s*(?:thon|xom|ap|khom|xa|phuong|thi tran|to|tdp|khu|ban|buon|lang|so|duong|pho|sinh|cmnd|cccd|noi|"
    r"thuong tru|cu tru|dia chi) |\s*\((?=[^()]*\)?\W*$)"
)
"""Behind a name: where the person lives (``Họ và tên, nơi thường trú, số CMND của người đi khai sinh``), or,
in brackets, what they are to another: ``Nguyễn Đức Lộc (cha)``."""
_UNFINISHED = re.compile(
    r"(?:^|[\s,])(?:xã|phường|thị trấn|quận|huyện|thị xã|thành phố|thành|tỉnh|số|đường|thôn|bản|ấp|dân|"
    r"tp|tx|tt)\.?$"
)
_HALF_A_CITY = re.compile(r",\s*phố [^,]*$")
"""``phố Huế`` where a province should stand: the line before ended in *thành*."""

_TWO_CAPITALS = re.compile(r"(?<!\w)[A-ZĐ]{2,}[a-zà-ỹ]")
"""``RLấp`` for ``R'Lấp``: a sign between two capitals was lost."""


_PRINTED_LABEL = re.compile(
    r"(?<!\w)(?:ho va ten|ho ten|ho chu dem|ngay thang nam sinh|sinh ngay|nam sinh|gioi tinh|dan toc|"
    r"quoc tich|noi sinh|que quan|nguyen quan|noi cu tru|noi thuong tru|giay to tuy than|so dinh danh|"
    r"noi chet|ghi chu|nguoi ky|sinh nam|giay bao tu|quan he voi|ky ghi ro|ghi bang chu)(?!\w)"
)
"""A label inside a value: two fields were run together."""


_PEOPLES_COMMITTEE, _LIKE_COMMITTEE = "uy ban nhan dan", 0.75
_BROKEN_OFF = re.compile(r"(?<!\w)(?:ngày|cấp|do|số|cục|tỉnh|tại|của|và)$")
"""Words no text ends with: the rest stands on another line."""
_RELATIONSHIPS = frozenset(
    "chu ho|vo|chong|con|con de|con ruot|con nuoi|con dau|con re|chau|chau noi|chau ngoai|chau ruot|me|me de|"
    "me ruot|me vo|me chong|bo|bo de|bo vo|bo chong|cha|cha de|anh|anh ruot|chi|chi ruot|em|em ruot|ong|"
    "ong noi|ong ngoai|ba|ba noi|ba ngoai|co|di|chu|bac|cau|nguoi o nho".split("|")
)


def _lost_letters_of_committee(value: str) -> bool:
    """Whether a place begins nearly as the People's Committee: ``Ủy bai ân dân``."""
    head = " ".join(value.split()[:4]).rstrip(".,:;")
    return (
        _LIKE_COMMITTEE <= Levenshtein.normalized_similarity(fold(head), _PEOPLES_COMMITTEE) < 1.0
    )


def is_whole(name: str, value: str) -> bool:
    """Whether a value has the shape of a whole one: nothing of it was lost.

    An address must end in a province, of the 63 or the 34; what does not is left to a person.
    """
    kind = kind_of_field(name)
    if kind is Kind.ADDRESS:
        odd = (
            _UNFINISHED.search(value.lower())
            or _HALF_A_CITY.search(value.lower())
            or _TWO_CAPITALS.search(value)
            or _PRINTED_LABEL.search(fold(value))
            or _DATE_SPOT.match(fold(value).removeprefix("ngay "))
        )
        lost = odd is not None or _lost_letters_of_committee(value)
        return not lost and "," in value and successor_of(value) is not None
    broken = kind is Kind.TEXT and _BROKEN_OFF.search(value.lower())
    if broken or _PRINTED_LABEL.search(fold(value)):
        return False
    if kind is Kind.NAME:
        return 2 <= len(value.split()) <= 8
    if name.endswith("relationship"):
        return fold(value) in _RELATIONSHIPS
    if kind is Kind.AGENCY:
        return len(value.split()) > 4 and _UNFINISHED.search(value.lower()) is None
    return kind is not Kind.ETHNICITY or value in ETHNIC_GROUPS
