"""How well verdicts find the errors planted in the sample archive (``hoso bench pipeline``)."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from domain.blocking import personal_id_variants
from domain.verdict import Decision, FindingKind, Verdict
from matching.conclusion import DISAGREEING

ALLEGING = DISAGREEING | {FindingKind.MISSING_IN_POPULATION}
"""Kinds that allege an error of the population data (or of the paper)."""
_ABSENT = "person"
"""The truth's field name for a person who is not in the population; its kind is ``no_record``."""


@dataclass(frozen=True, kw_only=True)
class Allegation:
    """One claim that paper and population disagree, or that a person is in no register."""

    file: str
    role: str
    field: str
    kind: str


@dataclass(frozen=True, kw_only=True)
class MatchingScore:
    """Counts over an archive; shares are in [0, 1], 0 where there was nothing to count."""

    documents: int
    persons: int
    matched: int
    matched_wrong: int
    """Matches with someone else: must stay under 0.1 % of all matches."""
    review: int
    no_record: int
    pairs: int
    """Pairs of values compared."""
    planted: int
    missed: tuple[Allegation, ...]
    unmarked: int
    """Planted errors neither alleged nor marked unreadable."""
    found_exactly: int
    """Planted errors found with the very kind that was planted."""
    alleged: int
    false: tuple[Allegation, ...]
    """Alleged but not planted."""

    @property
    def found_share(self) -> float:
        """Planted errors found."""
        return 1 - len(self.missed) / self.planted if self.planted else 0.0

    @property
    def flagged_share(self) -> float:
        """Planted errors found or at least marked as not surely read, so that an officer looks there."""
        return 1 - self.unmarked / self.planted if self.planted else 0.0

    @property
    def false_document_share(self) -> float:
        """Documents with a false allegation."""
        files = {one.file for one in self.false}
        return len(files) / self.documents if self.documents else 0.0

    @property
    def false_share(self) -> float:
        """Allegations that are false."""
        return len(self.false) / self.alleged if self.alleged else 0.0

    @property
    def false_pair_share(self) -> float:
        """False allegations per pair of values compared."""
        return len(self.false) / self.pairs if self.pairs else 0.0

    @property
    def wrong_share(self) -> float:
        """Matches with someone else."""
        return self.matched_wrong / self.matched if self.matched else 0.0


def score(
    verdicts: Mapping[str, Sequence[Verdict]], truth: Iterable[Mapping[str, Any]]
) -> MatchingScore:
    """Compare verdicts per file with the lines of ``truth.jsonl``; files without verdicts count as missed.

    A planted error is found when the person's verdict alleges anything on that field; an absent person
    when the verdict is ``no_record``.
    """
    lines = list(truth)
    everyone = [(line, verdict) for line in lines for verdict in verdicts.get(line["file"], ())]
    alleged = {one for line, verdict in everyone for one in _allegations(line["file"], verdict)}
    planted = {
        Allegation(file=line["file"], role=error["role"], field=error["field"], kind=error["kind"])
        for line in lines
        for error in line["population_errors"]
    }
    alleged_places = {_place(one) for one in alleged}
    planted_places = {_place(one) for one in planted}
    doubted = {
        (line["file"], verdict.role, finding.field)
        for line, verdict in everyone
        for finding in verdict.findings
        if finding.kind is FindingKind.UNREADABLE
    }
    decisions = [verdict.decision for _, verdict in everyone]
    return MatchingScore(
        documents=len(lines),
        persons=len(everyone),
        matched=decisions.count(Decision.MATCHED),
        matched_wrong=sum(_is_wrong(line, verdict) for line, verdict in everyone),
        review=decisions.count(Decision.REVIEW),
        no_record=decisions.count(Decision.NO_RECORD),
        pairs=sum(len(verdict.findings) for _, verdict in everyone),
        planted=len(planted),
        missed=_sorted(one for one in planted if _place(one) not in alleged_places),
        unmarked=sum(_place(one) not in alleged_places | doubted for one in planted),
        found_exactly=len(planted & alleged),
        alleged=len(alleged),
        false=_sorted(one for one in alleged if _place(one) not in planted_places),
    )


def _allegations(file: str, verdict: Verdict) -> Iterable[Allegation]:
    if verdict.decision is Decision.NO_RECORD:
        yield Allegation(file=file, role=verdict.role, field=_ABSENT, kind=str(Decision.NO_RECORD))
    for finding in verdict.findings:
        if finding.kind in ALLEGING:
            yield Allegation(
                file=file, role=verdict.role, field=finding.field, kind=str(finding.kind)
            )


def _place(one: Allegation) -> tuple[str, str, str]:
    return one.file, one.role, one.field


def _sorted(allegations: Iterable[Allegation]) -> tuple[Allegation, ...]:
    return tuple(sorted(allegations, key=lambda one: (*_place(one), one.kind)))


def _is_wrong(line: Mapping[str, Any], verdict: Verdict) -> bool:
    """Matched with another number than the truth's, unless that number is the planted slip."""
    true_id: str | None = line["persons"].get(verdict.role)
    if verdict.decision is not Decision.MATCHED or verdict.personal_id == true_id:
        return False
    slipped = any(
        error["role"] == verdict.role and error["field"] == "personal_id"
        for error in line["population_errors"]
    )
    return not (
        slipped
        and true_id is not None
        and verdict.personal_id in personal_id_variants(true_id)
        and verdict.personal_id not in line["look_alikes"]
    )
