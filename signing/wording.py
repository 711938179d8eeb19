"""What the law has a certified copy say, as dated configuration (``wording.toml``)."""

import tomllib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from importlib.resources import files

from domain.certificate import Regime
from domain.errors import ErrorCode, HosoError
from domain.form import FormCode
from domain.text import fold
from signing.ecopy import EcopyContent

_WHOLE_PHRASE = 7
"""Words of a phrase that nothing but a certified copy bears."""


@dataclass(frozen=True, kw_only=True)
class Wording:
    """Words of one regime while one text of the law is in force; ``{…}`` are filled at signing."""

    regime: Regime
    effective_from: date
    effective_to: date | None
    citation: str
    document_title: str
    """Title of the PDF, shown by readers."""
    block: tuple[str, ...]
    """Certification block, top right of page 1."""
    statement: tuple[str, ...]
    """Paragraphs of the certification page at the end; empty where the regime knows none."""
    signing_reason: str
    """/Reason of the officer's signature."""
    papers: Mapping[FormCode, str]
    """Printed name of each kind of paper."""
    other_titles: Mapping[FormCode, tuple[str, ...]]
    """Titles under which papers of a kind were issued too."""
    demo: str
    """Line that every copy signed by the demonstration CA carries."""


@lru_cache(maxsize=1)
def _all_wordings() -> tuple[Wording, ...]:
    data = tomllib.loads(files("signing").joinpath("wording.toml").read_text(encoding="utf-8"))
    return tuple(
        Wording(
            regime=Regime(entry["regime"]),
            effective_from=entry["effective_from"],
            effective_to=entry.get("effective_to"),
            citation=entry["citation"],
            document_title=entry["document_title"],
            block=tuple(entry["block"]),
            statement=tuple(entry["statement"]),
            signing_reason=entry["signing_reason"],
            papers={FormCode(form): name for form, name in data["papers"].items()},
            other_titles={
                FormCode(form): tuple(titles) for form, titles in data["other_titles"].items()
            },
            demo=data["demo"],
        )
        for entry in data["wording"]
    )


def wording_for(regime: Regime, day: date) -> Wording:
    """The words in force for ``regime`` on ``day``. Raises ``config_invalid`` where none are."""
    for wording in _all_wordings():
        ended = wording.effective_to is not None and wording.effective_to < day
        if wording.regime is regime and wording.effective_from <= day and not ended:
            return wording
    raise HosoError(ErrorCode.CONFIG_INVALID, setting=f"signing/wording.toml: {regime} on {day}")


def words_of_copies() -> tuple[str, ...]:
    """Whole phrases in which a certified copy says that it is one, of every regime and time, folded.

    Shorter ones (``LỜI CHỨNG``) stand on other papers too.
    """
    return _whole_phrases(line for wording in _all_wordings() for line in wording.statement)


def titles_of_copies() -> tuple[str, ...]:
    """What stands on the first page of a certified copy for a title, of every regime and time, folded.

    In a sentence the same words tell of a copy: that one was handed out, or is asked for.
    """
    return _whole_phrases(line for wording in _all_wordings() for line in wording.block)


def _whole_phrases(lines: Iterable[str]) -> tuple[str, ...]:
    folded = (fold(line.partition("{")[0]).strip(" :,.") for line in lines)
    return tuple(dict.fromkeys(one for one in folded if len(one.split()) >= _WHOLE_PHRASE))


def title_of(content: EcopyContent, wording: Wording) -> str:
    """What the copy calls its paper: the title that stands on the first page, if it is one of that kind."""
    printed = {fold(line.text).strip() for line in content.pages[0].lines}
    titles = wording.other_titles.get(content.form, ())
    named = (title for title in titles if fold(title) in printed)
    return next(named, wording.papers[content.form])


def filled(lines: tuple[str, ...], facts: Mapping[str, str]) -> tuple[str, ...]:
    """``lines`` with their placeholders replaced; a line whose only fact is empty is left out."""
    result = []
    for line in lines:
        missing = any(f"{{{name}}}" in line and not value for name, value in facts.items())
        if not missing:
            result.append(line.format_map(facts))
    return tuple(result)
