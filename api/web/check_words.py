"""What a self-check says to an officer: its words for how it came out, and the facts it names."""

from collections.abc import Iterator, Mapping

from api.explanations import Locale, label, wording
from api.explanations.locale import written_date
from api.web.sheet import shown_value
from domain.record import Check, CheckOutcome, FieldValue

_TODAY = "today"


def told(check: Check, fields: Mapping[str, FieldValue], locale: Locale) -> str:
    """``Print differs from the QR code (Date of birth: print “21/08/1988”, …)``.

    ``fields`` are the record's, for dates that a check knows by the names of their fields only.
    """
    facts = "; ".join(_facts(check, fields, locale))
    sentence = _sentence(check, locale)
    return f"{sentence} ({facts})" if facts else sentence


def _sentence(check: Check, locale: Locale) -> str:
    if check.outcome is CheckOutcome.PASS:
        return label("check", check.code, locale)
    kinds = ["check_fail", "check_warn"]
    if check.outcome is CheckOutcome.WARN and "different" not in check.facts:
        # cards' comparisons warned of differences until November 2026
        kinds.reverse()
    words = (label(kind, check.code, locale) for kind in kinds)
    return next((each for each in words if each != check.code), label("check", check.code, locale))


def _facts(check: Check, fields: Mapping[str, FieldValue], locale: Locale) -> Iterator[str]:
    facts = check.facts
    if check.outcome is CheckOutcome.PASS:
        return
    for fact, key in (("missing", "check.missing"), ("not_compared", "check.compared_not")):
        if names := _names(facts.get(fact), locale):
            yield wording(key, locale, fields=names)
    yield from _sides(check, locale)
    if check.code == "dates_in_order":
        yield from _out_of_order(facts.get("wrong"), fields, locale)
    if "in_number" in facts:
        number, paper = (_value("sex", facts.get(key), locale) for key in ("in_number", "stated"))
        yield wording("check.in_number", locale, in_number=number, stated=paper)
    if "figures" in facts:
        figures, words = (written_date(str(facts.get(key)), locale) for key in ("figures", "words"))
        yield wording("check.in_words", locale, figures=figures, words=words)
    if "valid_until" in facts:
        yield wording("check.until", locale, date=written_date(str(facts["valid_until"]), locale))


def _sides(check: Check, locale: Locale) -> Iterator[str]:
    """Both sides of what differs; of a record that kept only its names, these."""
    different = check.facts.get("different")
    if not isinstance(different, list | tuple):
        return
    printed, says = check.facts.get("printed"), check.facts.get("says")
    if not isinstance(printed, Mapping) or not isinstance(says, Mapping):
        yield wording("check.differs", locale, fields=_names(different, locale))
        return
    for name in map(str, different):
        yield wording(
            "check.two_sides",
            locale,
            field=label("field", name, locale),
            printed=_value(name, printed.get(name), locale),
            says=_value(name, says.get(name), locale),
        )


def _out_of_order(wrong: object, fields: Mapping[str, FieldValue], locale: Locale) -> Iterator[str]:
    pairs = wrong if isinstance(wrong, list | tuple) else ()
    for first, second in pairs:
        names = {
            "first": label("field", first, locale),
            "one": _date(fields, first, locale),
            "second": label("field", second, locale),
            "other": _date(fields, second, locale),
        }
        key = "check.in_future" if second == _TODAY else "check.after"
        yield wording(key, locale, **names)


def _date(fields: Mapping[str, FieldValue], name: str, locale: Locale) -> str:
    field = fields.get(name)
    return written_date(field.value, locale) if field and field.value else "…"


def _names(names: object, locale: Locale) -> str:
    each = names if isinstance(names, list | tuple) else ()
    return ", ".join(label("field", str(name), locale) for name in each)


def _value(name: str, value: object, locale: Locale) -> str:
    if value is None:
        return "–"
    text = str(value)
    if name == "sex":
        return label("sex", text, locale)
    return shown_value(name, text, locale)
