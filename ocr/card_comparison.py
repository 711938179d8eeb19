"""What a card's machine-readable parts say against its print: while reading, and again after a correction."""

import re
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace

from rapidfuzz import fuzz
from rapidfuzz.distance import Hamming, Levenshtein

from domain.addresses import normalise_address, split_address
from domain.dates import parse_date
from domain.geometry import Box
from domain.personal_number import parse
from domain.record import Check, CheckOutcome, FieldValue
from domain.text import comparison_key, fold
from ocr.values import Kind, kind_of_field

MRZ, MRZ_NAME, QR, ONE_PERSON = "card_mrz", "card_mrz_name", "card_qr", "card_one_person"
_COMPARED: Mapping[str, frozenset[str]] = {
    MRZ: frozenset({"personal_id", "birth_date", "sex", "valid_until"}),
    MRZ_NAME: frozenset({"full_name"}),
    QR: frozenset({"personal_id", "full_name", "birth_date", "sex", "residence", "issue_date"}),
}
"""Which fields each comparison is about."""
_MISREAD = 0.7
"""A print in doubt this similar to the source was misread; one less similar says something else."""
_SOURCE_CONFIDENCE = 0.999
_PRINTED_NUMBER = re.compile(r"(?<![\dA-Z<./-])(?:\d{12}|\d{9})(?![\d<./-])")
_OLD_DIGITS = 9
_MISREAD_DIGITS = 2
_ROW = 3
"""Words of an address from which they may be a whole row of it."""
_LONG = 12
"""Letters from which a text that is part of another one is taken for the same text."""
_ZONE_PLACES = 30
"""Of a zone's name line; a name that leaves a filler at its end was not cut."""
_NOT_IN_A_ZONE = re.compile(r"[^a-z]")
_WORD = re.compile(r"\w+")
_SMALL_KIND = re.compile(r"(số nhà|tổ dân phố|tdp|tổ|thôn|khu phố|kp)[. ]\s*(?=\w)", re.IGNORECASE)
_SHORT_KINDS = {"tdp": "tổ dân phố", "kp": "khu phố"}


@dataclass(frozen=True, kw_only=True)
class Source:
    """One machine-readable part: the check that tells of it, what it says by field, and where it stands."""

    check: str
    says: Mapping[str, str]
    page: int
    box: Box


def settle(
    printed: Mapping[str, FieldValue],
    sources: Sequence[Source],
    sure_words: Mapping[str, Sequence[str]],
) -> tuple[dict[str, FieldValue], tuple[Check, ...]]:
    """The print confirmed, put right or completed by what the sources say, and a check for each of them.

    ``sure_words`` are the words of each value that no reader doubts. A source takes the place of
    a reading in doubt only where it has all of these. Whatever else it says is another thing than the
    print: the print stays, uncertain, and the source's check fails. What a code says of a field that
    nobody could read is certain only where the number or name that was read is the code's too.
    """
    fields = dict(printed)
    different: dict[str, list[str]] = {source.check: [] for source in sources}
    for name in dict.fromkeys(name for source in sources for name in source.says):
        telling = [source for source in sources if name in source.says]
        last = telling[-1]
        before = printed.get(name)
        settled = _settled(name, before, telling, sure_words.get(name, ()))
        if settled is not None:
            unread = before is None or before.value is None
            vouched = any(_is_vouched_for(source, printed, sources) for source in telling)
            fields[name] = replace(settled, certain=False) if unread and not vouched else settled
            continue
        stays = before or _from_source(last, name, before)
        fields[name] = replace(stays, certain=False)
        for source in telling:
            if stays.value is None or not same(name, stays.value, source.says[name]):
                different[source.check].append(name)
    return fields, tuple(
        _told(source.check, source.says, different[source.check], fields) for source in sources
    )


def _settled(
    name: str, printed: FieldValue | None, telling: Sequence[Source], sure_words: Sequence[str]
) -> FieldValue | None:
    """The value on which print and sources come together, ``None`` where they do not."""
    last = telling[-1]
    value = last.says[name]
    if not all(same(name, one.says[name], value) for one in telling):
        return None
    if printed is None:
        return _from_source(last, name, printed)
    if printed.value is None:
        # of what readers saw alike, though it be no value, the source must have all
        other = printed.agreed or _speak_against(sure_words, name, value)
        return None if other else _from_source(last, name, printed)
    if same(name, printed.value, value):
        # written otherwise by both readers, it stands so on the paper
        kept = printed.value if _is_sure(printed) else value
        return replace(printed, value=kept, confidence=_SOURCE_CONFIDENCE, certain=True)
    if _is_misread(printed, value, sure_words) or _is_part(name, printed.value, value):
        return replace(printed, value=value, confidence=_SOURCE_CONFIDENCE, certain=True)
    return None


def _is_vouched_for(
    source: Source, printed: Mapping[str, FieldValue], sources: Sequence[Source]
) -> bool:
    """Whether a source is this card's: as a zone, which is print, or by the number or name read there."""
    if source.check == MRZ:
        return True
    zone = [one.says for one in sources if one.check == MRZ]
    for name in ("personal_id", "full_name"):
        read = [says[name] for says in zone if name in says]
        if (field := printed.get(name)) is not None and field.value is not None:
            read.append(field.value)
        if name in source.says and any(same(name, value, source.says[name]) for value in read):
            return True
    return False


def compare_name(printed: FieldValue | None, zone_name: str) -> Check:
    """The zone's name has no marks and is cut where it fills its places: it confirms, it never corrects."""
    if printed is None or printed.value is None:
        return Check(
            code=MRZ_NAME,
            outcome=CheckOutcome.WARN,
            facts={"printed": None, "says": {"full_name": zone_name}},
        )
    different = [] if _is_zone_name(printed.value, zone_name) else ["full_name"]
    facts = {"zone": zone_name} if different else {}
    return _told(MRZ_NAME, {"full_name": zone_name}, different, {"full_name": printed}, **facts)


def of_one_person(printed: Collection[str], said: Collection[str]) -> bool:
    """Whether the numbers printed on a card's pages and those its machine-readable parts say are one's.

    A printed number that differs from the code's in a digit or two was misread; two printed ones are two,
    for twins have numbers that follow each other.
    """
    return len(printed) <= 1 and all(
        _is_same_number(one, other) for one in said for other in (*printed, *said)
    )


def printed_numbers(texts: Iterable[str]) -> set[str]:
    """The numbers of persons that stand in these lines, of the zone's and of longer numbers none."""
    return {
        number
        for text in texts
        for number in _PRINTED_NUMBER.findall(text)
        if len(number) == _OLD_DIGITS or parse(number)
    }


def compared_again(
    checks: Sequence[Check],
    texts: Iterable[str],
    *,
    before: Mapping[str, FieldValue],
    fields: Mapping[str, FieldValue],
    typed: Collection[str],
) -> tuple[Check, ...]:
    """The checks with a card's comparisons made with the ``fields`` as a correction of ``typed`` left them.

    What a machine-readable part said is kept with its check. Records read before November 2026 have it
    not: where one of its fields was typed, their check says no more than that nobody has compared it.
    ``texts`` are the record's lines, ``before`` its fields until now.
    """
    again = [_compared_again(check, fields, typed=typed) for check in checks]
    said = {
        str(says["personal_id"]) for one in checks if (says := _says(one)) and "personal_id" in says
    }
    number = fields.get("personal_id")
    if "personal_id" not in typed or number is None or not said:
        return tuple(again)
    read = before.get("personal_id")
    misread = set() if read is None else printed_numbers(
        text for text in (read.text, read.value, read.read_text, read.read_value) if text
    )  # fmt: skip
    printed = printed_numbers(texts) - misread | ({number.value} if number.value else set())
    single = CheckOutcome.PASS if of_one_person(printed, said) else CheckOutcome.FAIL
    return tuple(replace(one, outcome=single) if one.code == ONE_PERSON else one for one in again)


def _says(check: Check) -> Mapping[str, object] | None:
    says = check.facts.get("says")
    return says if isinstance(says, Mapping) else None


def _compared_again(
    check: Check, fields: Mapping[str, FieldValue], *, typed: Collection[str]
) -> Check:
    about = _COMPARED.get(check.code)
    if about is None:
        return check
    says = _says(check)
    if says is None:
        anew = sorted(about & set(typed))
        facts = {"not_compared": anew}
        return Check(code=check.code, outcome=CheckOutcome.WARN, facts=facts) if anew else check
    if check.code == MRZ_NAME:
        return compare_name(fields.get("full_name"), str(says["full_name"]))
    told = {name: str(value) for name, value in says.items()}
    different = [
        name for name, value in told.items() if not _has_value(name, fields.get(name), value)
    ]
    return _told(check.code, told, different, fields)


def _has_value(name: str, field: FieldValue | None, value: str) -> bool:
    """Whether a field says this: one that was emptied, or typed as without an end, does not."""
    return field is not None and field.value is not None and same(name, field.value, value)


def same(name: str, one: str, other: str) -> bool:
    """Whether two values of a field say the same; marks count, how a tone is placed does not.

    Of a place the words that name kinds of units may be left out or short, as codes have them, but two
    kinds are two places: ``huyện Cao Lãnh`` is not ``thành phố Cao Lãnh``.
    """
    if comparison_key(one) == comparison_key(other):
        return True
    if kind_of_field(name) is not Kind.ADDRESS:
        return False
    if _words(normalise_address(one)) == _words(normalise_address(other)):
        return True  # commas apart, which readers lose
    (words, kinds), (others, other_kinds) = _place(one), _place(other)
    return words == others and all(
        kinds[at] == other_kinds[at] for at in kinds.keys() & other_kinds.keys()
    )


def _place(text: str) -> tuple[list[str], dict[int, str]]:
    """The words of a place without those its parts begin with to say their kind, and these by what follows.

    Anywhere else such a word is a name's own (Tứ Xã), as is one with other marks (Thạnh, Tô).
    """
    words: list[str] = []
    kinds: dict[int, str] = {}
    for part in split_address(text):
        kind, name = part.kind, part.name
        if not kind and (small := _SMALL_KIND.match(name)):
            kind, name = small.group(1).lower(), name[small.end() :]
        if kind:
            kinds[len(words)] = _SHORT_KINDS.get(kind, kind)
        words += _words(name)
    return words, kinds


def _words(text: str) -> list[str]:
    return _WORD.findall(comparison_key(text))


def _is_sure(printed: FieldValue) -> bool:
    return printed.certain or bool(printed.agreed)


def _is_same_number(one: str, other: str) -> bool:
    return len(one) == len(other) and Hamming.distance(one, other) <= _MISREAD_DIGITS


def _is_misread(printed: FieldValue, value: str, sure_words: Sequence[str]) -> bool:
    """Whether a print in doubt is like a source's value, and no word that all readers saw speaks against."""
    if _is_sure(printed) or printed.value is None:
        return False
    if not _keys(sure_words, value) <= _keys(_WORD.findall(value), value):
        return False
    if parse_date(value) is not None and len(value) == len(printed.value):
        return Hamming.distance(printed.value, value) == 1  # two days are easily much alike
    return _alike(printed.value, value) >= _MISREAD


def _is_part(name: str, printed: str, value: str) -> bool:
    """Whether what was read of an address is the beginning of the source's: its next row was not found."""
    read, said = _words(printed), _words(value)
    return kind_of_field(name) is Kind.ADDRESS and len(read) >= _ROW and read == said[: len(read)]


def _speak_against(sure_words: Sequence[str], name: str, value: str) -> bool:
    """Whether readers are sure of a word or figures that a source's value has not, though they saw no value.

    Of a number they may have seen a piece. Sex is another word on the paper than its value.
    """
    if kind_of_field(name) is Kind.SEX:
        return False
    if value.isdigit():
        return any(word.isdigit() and word not in value for word in sure_words)
    return not _keys(sure_words, value) <= _keys(_WORD.findall(value), value)


def _keys(words: Sequence[str], value: str) -> set[str]:
    """Words to compare with those of ``value``: of a date or number its figures only, ``05`` as ``5``."""
    if not any(map(str.isalpha, value)):
        return {word.lstrip("0") for word in words if word.isdigit()}
    return {comparison_key(word) for word in words}


def _is_zone_name(printed: str, zone_name: str) -> bool:
    letters, zone = (_NOT_IN_A_ZONE.sub("", fold(name)) for name in (printed, zone_name))
    # behind the family name stand two fillers: one place more than the name with its spaces
    is_full = len(zone_name) + 1 >= _ZONE_PLACES
    return bool(zone) and (letters == zone or (is_full and letters.startswith(zone)))


def _told(
    code: str,
    says: Mapping[str, str],
    different: Sequence[str],
    values: Mapping[str, FieldValue],
    **more: object,
) -> Check:
    facts: dict[str, object] = {"says": dict(says), **more}
    if different:
        facts["different"] = list(different)
        facts["printed"] = {name: _value(values.get(name)) for name in different}
    outcome = CheckOutcome.FAIL if different else CheckOutcome.PASS
    return Check(code=code, outcome=outcome, facts=facts)


def _value(one: FieldValue | None) -> str | None:
    return None if one is None else one.value or one.text or None


def _from_source(source: Source, name: str, printed: FieldValue | None) -> FieldValue:
    value = source.says[name]
    return FieldValue(
        text=value,
        value=value,
        confidence=_SOURCE_CONFIDENCE,
        certain=True,
        page=source.page if printed is None else printed.page,
        box=source.box if printed is None else printed.box,
    )


def _alike(first: str, second: str) -> float:
    """Similarity 0 … 1 without diacritics; of texts the shorter counts, for prints get cut short."""
    folded = fold(first), fold(second)
    whole = Levenshtein.normalized_similarity(*folded)
    if min(map(len, folded)) < _LONG or not any(letter.isalpha() for letter in first):
        return whole
    return max(whole, fuzz.partial_ratio(*folded) / 100)
