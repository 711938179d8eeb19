"""The record's outward JSON shape (``../shared/contract.md`` § A record), both ways."""

from collections.abc import Mapping
from math import isfinite
from typing import Any

from domain.errors import ErrorCode, HosoError
from domain.form import FormCode
from domain.geometry import Box
from domain.page import PageFacts, Quality, QualityReason
from domain.record import Check, CheckOutcome, FieldValue, Line, Record

Json = dict[str, Any]


def _text(value: Any) -> str:
    """A string that PostgreSQL and UTF-8 can hold: no NUL, no half of a surrogate pair."""
    if not isinstance(value, str):
        msg = f"text expected, not {type(value).__name__}"
        raise TypeError(msg)
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
        msg = f"number expected, not {type(value).__name__}"
        raise TypeError(msg)
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
    a, b, c, d = ((_number(x), _number(y)) for x, y in corners)
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
    box = box_from_json(data["box"])
    if box is None:
        msg = "a line needs a box"
        raise ValueError(msg)
    return Line(
        page=_whole(data["page"]),
        text=_text(data["text"]),
        confidence=_number(data["confidence"]),
        agreed=data["agreed"],
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
    return data


def field_from_json(data: Mapping[str, Any]) -> FieldValue:
    """The inverse of :func:`field_to_json`; programs outside may leave out all but text and value."""
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


def from_json(data: Mapping[str, Any]) -> Record:
    """Read a record back. Raises ``record_invalid`` naming what is wrong."""
    try:
        return Record(
            file=_text_or_none(data.get("file")) or "",
            sha256=_text_or_none(data.get("sha256")) or "",
            pages=tuple(_whole(page) for page in data.get("pages", (1,))),
            form=FormCode(data["form"]),
            form_confidence=_number(data.get("form_confidence", 1.0)),
            quality=_quality_from_json(data["quality"])
            if data.get("quality")
            else Quality(dpi=0, skew=0.0, blur=0.0, usable=True),
            lines=tuple(_line_from_json(line) for line in data.get("lines", ())),
            fields={name: field_from_json(value) for name, value in data["fields"].items()},
            checks=tuple(
                Check(
                    code=_text(check["code"]),
                    outcome=CheckOutcome(check["outcome"]),
                    facts=check.get("facts", {}),
                )
                for check in data.get("checks", ())
            ),
            page_facts=tuple(_page_from_json(page) for page in data.get("page_facts", ())),
        )
    except KeyError as error:
        raise HosoError(ErrorCode.RECORD_INVALID, problem=f"{error} is missing") from error
    except (TypeError, ValueError, AttributeError, OverflowError) as error:
        raise HosoError(ErrorCode.RECORD_INVALID, problem=str(error)) from error
