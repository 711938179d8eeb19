"""The record's outward JSON shape (``../shared/contract.md`` § A record), both ways."""

from collections.abc import Callable, Mapping
from datetime import datetime
from math import isfinite
from typing import Any, NoReturn, TypeVar

from domain.errors import ErrorCode, HosoError
from domain.form import FormCode
from domain.geometry import Box
from domain.page import PageFacts, Quality, QualityReason
from domain.record import Check, CheckOutcome, Correction, FieldValue, Line, Record

Json = dict[str, Any]
_T = TypeVar("_T")


_NAMES_OF_TYPES = {
    dict: "an object", list: "a list", str: "text", bool: "a truth value", int: "a number",
    float: "a number", type(None): "null",
}  # fmt: skip


def _refuse(expected: str, value: Any) -> NoReturn:
    msg = f"{expected} expected, not {_NAMES_OF_TYPES.get(type(value), type(value).__name__)}"
    raise TypeError(msg)


def _part(name: str, read: Callable[[Any], _T], value: Any) -> _T:
    """What ``read`` makes of ``value``. Raises ``record_invalid`` naming the part and what is expected."""
    try:
        return read(value)
    except KeyError as error:
        problem = f"{error.args[0]} is missing"
    except (TypeError, ValueError, OverflowError) as error:
        problem = str(error)
    raise HosoError(ErrorCode.RECORD_INVALID, problem=f"{name}: {problem}")


def _object(value: Any) -> Mapping[str, Any]:
    if not isinstance(value, Mapping):
        _refuse("an object", value)
    return value


def _list(value: Any) -> list[Any]:
    if not isinstance(value, list | tuple):
        _refuse("a list", value)
    return list(value)


def _form(value: Any) -> FormCode:
    forms = [str(form) for form in FormCode]
    if value not in forms:
        msg = f"one of {', '.join(forms)} expected, not {value!r}"
        raise ValueError(msg)
    return FormCode(value)


def _text(value: Any) -> str:
    """A string that PostgreSQL and UTF-8 can hold: no NUL, no half of a surrogate pair."""
    if not isinstance(value, str):
        _refuse("text", value)
    if "\0" in value:
        msg = "text holds a NUL character"
        raise ValueError(msg)
    value.encode()
    return value


def _text_or_none(value: Any) -> str | None:
    return None if value is None else _text(value)


def _number(value: Any) -> float:
    """A number that can be reckoned with: no NaN, no infinity, no text."""
    if isinstance(value, bool) or not isinstance(value, int | float):
        _refuse("a number", value)
    number = float(value)
    if not isfinite(number):
        msg = "number out of range"
        raise ValueError(msg)
    return number


def _whole(value: Any) -> int:
    return int(_number(value))


def box_to_json(box: Box | None) -> list[list[float]] | None:
    """Corners as ``[[x, y] × 4]``, rounded to a tenth of a pixel."""
    return None if box is None else [[round(x, 1), round(y, 1)] for x, y in box.corners]


def box_from_json(corners: Any) -> Box | None:
    """The box of ``[[x, y] × 4]``, ``None`` for ``null``."""
    if corners is None:
        return None
    points = [_list(corner) for corner in _list(corners)]
    if [len(point) for point in points] != [2, 2, 2, 2]:
        msg = "a box has four corners, each [x, y]"
        raise ValueError(msg)
    a, b, c, d = ((_number(x), _number(y)) for x, y in points)
    return Box(corners=(a, b, c, d))


def _quality_to_json(quality: Quality) -> Json:
    return {
        "dpi": quality.dpi,
        "skew": round(quality.skew, 2),
        "blur": round(quality.blur, 3),
        "usable": quality.usable,
        "reasons": [str(reason) for reason in quality.reasons],
    }


def _quality_from_json(data: Mapping[str, Any]) -> Quality:
    data = _object(data)
    return Quality(
        dpi=_whole(data["dpi"]),
        skew=_number(data["skew"]),
        blur=_number(data["blur"]),
        usable=bool(data["usable"]),
        reasons=tuple(QualityReason(reason) for reason in data["reasons"]),
    )


def _page_to_json(page: PageFacts) -> Json:
    return {
        "number": page.number,
        "width": page.width,
        "height": page.height,
        "dpi": page.dpi,
        "rotation": page.rotation,
        "quality": _quality_to_json(page.quality),
    }


def _page_from_json(data: Mapping[str, Any]) -> PageFacts:
    data = _object(data)
    return PageFacts(
        number=_whole(data["number"]),
        width=_whole(data["width"]),
        height=_whole(data["height"]),
        dpi=_whole(data["dpi"]),
        rotation=_whole(data["rotation"]),
        quality=_quality_from_json(data["quality"]),
    )


def _line_to_json(line: Line) -> Json:
    return {
        "page": line.page,
        "text": line.text,
        "confidence": round(line.confidence, 4),
        "agreed": line.agreed,
        "box": box_to_json(line.box),
    }


def _line_from_json(data: Mapping[str, Any]) -> Line:
    data = _object(data)
    box = box_from_json(data["box"])
    if box is None:
        msg = "a line needs a box"
        raise ValueError(msg)
    return Line(
        page=_whole(data["page"]),
        text=_text(data["text"]),
        confidence=_number(data["confidence"]),
        # records kept until November 2026 say null where only one reader looked
        agreed=bool(data["agreed"]),
        box=box,
    )


def field_to_json(field: FieldValue) -> Json:
    """A field value as it stands in a record."""
    data: Json = {
        "text": field.text,
        "value": field.value,
        "confidence": round(field.confidence, 4),
        "certain": field.certain,
        "agreed": field.agreed,
        "page": field.page,
        "box": box_to_json(field.box),
    }
    if field.corrected_by is not None:
        data["corrected_by"] = field.corrected_by
    if field.read_text is not None:
        data |= {"read_text": field.read_text, "read_value": field.read_value}
    if field.corrections:
        data["corrections"] = [
            {
                "by": one.by,
                "at": None if one.at is None else one.at.isoformat(),
                "text": one.text,
                "value": one.value,
            }
            for one in field.corrections
        ]
    return data


def _correction_from_json(data: Mapping[str, Any]) -> Correction:
    data = _object(data)
    at = _text_or_none(data["at"])
    return Correction(
        by=_text(data["by"]),
        at=None if at is None else datetime.fromisoformat(at),
        text=_text(data["text"]),
        value=_text_or_none(data["value"]),
    )


def field_from_json(data: Mapping[str, Any]) -> FieldValue:
    """The inverse of :func:`field_to_json`; programs outside may leave out all but text and value."""
    data = _object(data)
    value, page = _text_or_none(data.get("value")), data.get("page")
    return FieldValue(
        text=_text_or_none(data.get("text")) or value or "",
        value=value,
        confidence=_number(data.get("confidence", 1.0)),
        certain=bool(data.get("certain", False)),
        page=None if page is None else _whole(page),
        box=box_from_json(data.get("box")),
        agreed=data.get("agreed"),
        corrected_by=_text_or_none(data.get("corrected_by")),
        read_text=_text_or_none(data.get("read_text")),
        read_value=_text_or_none(data.get("read_value")),
        corrections=tuple(_correction_from_json(one) for one in _list(data.get("corrections", ()))),
    )


def to_json(record: Record) -> Json:
    """The record as one line of ``hoso read --jsonl``."""
    return {
        "file": record.file,
        "pages": list(record.pages),
        "sha256": record.sha256,
        "form": str(record.form),
        "form_confidence": round(record.form_confidence, 4),
        "quality": _quality_to_json(record.quality),
        "lines": [_line_to_json(line) for line in record.lines],
        "fields": {name: field_to_json(value) for name, value in record.fields.items()},
        "checks": [
            {"code": check.code, "outcome": str(check.outcome), "facts": dict(check.facts)}
            for check in record.checks
        ],
        "page_facts": [_page_to_json(page) for page in record.page_facts],
    }


def _check_from_json(data: Mapping[str, Any]) -> Check:
    data = _object(data)
    return Check(
        code=_text(data["code"]),
        outcome=CheckOutcome(data["outcome"]),
        facts=_object(data.get("facts", {})),
    )


def _each(data: Mapping[str, Any], name: str, read: Callable[[Any], _T]) -> tuple[_T, ...]:
    """The members of a list, which may be left out whole."""
    items = _part(name, _list, data.get(name, ()))
    return tuple(_part(f"{name}[{at}]", read, item) for at, item in enumerate(items))


def from_json(data: Mapping[str, Any]) -> Record:
    """Read a record back. Raises ``record_invalid`` naming what is wrong and what is expected there."""
    for name in ("form", "fields"):
        if name not in data:
            raise HosoError(ErrorCode.RECORD_INVALID, problem=f"'{name}' is missing")
    fields = _part("fields", _object, data["fields"])
    return Record(
        file=_part("file", _text_or_none, data.get("file")) or "",
        sha256=_part("sha256", _text_or_none, data.get("sha256")) or "",
        pages=_each({"pages": (1,), **data}, "pages", _whole),
        form=_part("form", _form, data["form"]),
        form_confidence=_part("form_confidence", _number, data.get("form_confidence", 1.0)),
        quality=_part("quality", _quality_from_json, data["quality"])
        if data.get("quality")
        else Quality(dpi=0, skew=0.0, blur=0.0, usable=True),
        lines=_each(data, "lines", _line_from_json),
        fields={
            name: _part(f"fields.{name}", field_from_json, value) for name, value in fields.items()
        },
        checks=_each(data, "checks", _check_from_json),
        page_facts=_each(data, "page_facts", _page_from_json),
    )
