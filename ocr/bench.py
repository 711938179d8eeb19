"""How well records are read: scored against the ``truth.jsonl`` of a sample archive."""

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from domain.form import FormCode
from domain.record import Record
from domain.text import nfc


@dataclass(frozen=True, kw_only=True)
class Slip:
    """One field that was not read exactly: what stands on the paper and what was read."""

    file: str
    field: str
    expected: str | None
    read: str | None
    certain: bool
    agreed: bool


@dataclass(frozen=True, kw_only=True)
class RecordScore:
    """Counts over an archive. A document without its record counts as a wrong form, all fields lost."""

    documents: int
    forms_right: int
    fields: int
    fields_right: int
    certain: int
    certain_wrong: int
    agreed: int
    """Values on which all readers agree, whether the other conditions of certainty hold or not."""
    agreed_wrong: int
    slips: tuple[Slip, ...]
    by_field: Mapping[str, tuple[int, int]]
    """Right and expected, by field name."""
    by_paper: Mapping[str, tuple[int, int]]
    """Right and expected, by form, of cards by their kind too."""

    @property
    def form_rate(self) -> float:
        """Share of documents whose form is right."""
        return self.forms_right / max(1, self.documents)

    @property
    def field_rate(self) -> float:
        """Share of expected fields whose value is exactly right."""
        return self.fields_right / max(1, self.fields)

    @property
    def certain_rate(self) -> float:
        """Share of certain values that are exactly right."""
        return 1 - self.certain_wrong / max(1, self.certain)

    @property
    def agreed_rate(self) -> float:
        """Share of agreed values that are exactly right."""
        return 1 - self.agreed_wrong / max(1, self.agreed)


def score_records(truths: Iterable[Mapping[str, Any]], records: Iterable[Record]) -> RecordScore:
    """Compare records with the truth, by file and first page.

    ``truths`` are lines of ``truth.jsonl`` (``file``, ``pages``, ``form``, ``layout`` of cards, ``fields``).
    Values must be equal letter by letter (NFC); a certain value that the truth does not have counts as wrong.
    """
    truths = list(truths)
    read = {(record.file, record.pages[0]): record for record in records}
    counts: Counter[str] = Counter()
    right: Counter[str] = Counter()
    expected: Counter[str] = Counter()
    slips: list[Slip] = []
    for truth in truths:
        record = read.get(_place(truth))
        counts["documents"] += 1
        counts["forms"] += record is not None and record.form is FormCode(truth["form"])
        wanted: Mapping[str, str] = truth["fields"]
        found = {} if record is None else record.fields
        for name in {*wanted, *found}:
            value = found.get(name)
            certain = value is not None and value.certain
            want, got = wanted.get(name), value.value if value else None
            same = _is_same(want, got)
            expected[name] += name in wanted
            right[name] += same
            agreed = value is not None and value.value is not None and bool(value.agreed)
            counts["certain"] += certain
            counts["certain_wrong"] += certain and not same
            counts["agreed"] += agreed
            counts["agreed_wrong"] += agreed and not same
            if not same and (name in wanted or certain or agreed):
                slips.append(
                    Slip(
                        file=truth["file"],
                        field=name,
                        expected=want,
                        read=got,
                        certain=certain,
                        agreed=agreed,
                    )
                )
    return RecordScore(
        documents=counts["documents"],
        forms_right=counts["forms"],
        fields=sum(expected.values()),
        fields_right=sum(right.values()),
        certain=counts["certain"],
        certain_wrong=counts["certain_wrong"],
        agreed=counts["agreed"],
        agreed_wrong=counts["agreed_wrong"],
        slips=tuple(slips),
        by_field={name: (right[name], count) for name, count in sorted(expected.items()) if count},
        by_paper=_by_paper(truths, read),
    )


def _place(truth: Mapping[str, Any]) -> tuple[str, int]:
    """File and first page: by these a document's record is found."""
    return truth["file"], truth.get("pages", [1])[0]


def _is_same(want: str | None, got: str | None) -> bool:
    return want is not None and got is not None and nfc(want) == nfc(got)


def _by_paper(
    truths: Iterable[Mapping[str, Any]], read: Mapping[tuple[str, int], Record]
) -> dict[str, tuple[int, int]]:
    right: Counter[str] = Counter()
    expected: Counter[str] = Counter()
    for truth in truths:
        paper = f"{truth['form']} {truth.get('layout', '')}".strip()
        record = read.get(_place(truth))
        fields = {} if record is None else record.fields
        expected[paper] += len(truth["fields"])
        right[paper] += sum(
            name in fields and _is_same(want, fields[name].value)
            for name, want in truth["fields"].items()
        )
    return {paper: (right[paper], count) for paper, count in sorted(expected.items())}
