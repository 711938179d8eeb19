"""One sample document: drawn, damaged, packed, with its line of truth and its people."""

import random
from collections.abc import Mapping
from dataclasses import asdict, dataclass, replace
from typing import Any

import numpy as np

from domain.form import FormCode
from domain.page import Pixels
from domain.person import Person
from ingest.samples import containers
from ingest.samples.card_drawing import draw_sides, on_sheet
from ingest.samples.casting import draw_case
from ingest.samples.damage import Damage, damaged, draw_damage
from ingest.samples.drawing import draw_back, draw_look, draw_sheet
from ingest.samples.people import others_like
from ingest.samples.planting import NO_RECORD, PlantedError, plant
from ingest.samples.seals import stamp_and_sign
from ingest.samples.sheet import Case

ERROR_SHARE = 0.25
"""Share of documents with one planted population error; all others agree fully."""


@dataclass(frozen=True, kw_only=True)
class SampleDocument:
    """Everything the archive writes for one document."""

    file: str
    content: bytes
    truth: Mapping[str, Any]
    population: tuple[Person, ...]
    """The document's people as the population knows them, with twins and namesakes."""


def make_document(index: int, *, seed: int) -> SampleDocument:
    """Document ``index`` (from 0) of the archive; depends on nothing but ``seed`` and ``index``."""
    rng = random.Random(f"{seed}/{index}")
    case = draw_case(rng)
    damage = _damage_for(rng, case)
    pages = tuple(damaged(page, damage) for page in _draw_pages(rng, case, damage))
    suffix, content = _packed(rng, pages, damage)
    file = f"{index + 1:05d}_{case.form}.{suffix}"
    rows, errors = rows_of(rng, case, error_share=ERROR_SHARE)
    others = look_alikes_of(rng, case)
    truth = {
        "file": f"scans/{file}",
        "pages": list(range(1, len(pages) + 1)),
        **truth_of_case(case, errors, others),
        "level": str(damage.level),
        "damage": {
            "dpi": damage.dpi,
            "skew": round(damage.skew, 2),
            "bitonal": damage.bitonal,
            "turn": damage.turn,
            "blur": round(damage.blur, 2),
        },
    }
    return SampleDocument(
        file=file, content=content, truth=truth, population=(*rows.values(), *others)
    )


def _draw_pages(rng: random.Random, case: Case, damage: Damage) -> list[Pixels]:
    """The undamaged pages, RGB."""
    if case.sheet is None:
        return _draw_card(rng, case, damage.dpi)
    look = draw_look(rng)
    page, block = draw_sheet(case.sheet, look, dpi=damage.dpi)
    agency = " ".join(case.sheet.agency[:2])
    stamp_and_sign(page, rng, agency=f"{agency} *", block_mm=block, dpi=damage.dpi)
    pages = [np.asarray(page)]
    if case.sheet.back_titles and rng.random() < 0.5:
        pages.append(np.asarray(draw_back(case.sheet, look, dpi=damage.dpi)))
    return pages


def _draw_card(rng: random.Random, case: Case, dpi: int) -> list[Pixels]:
    """Both sides on one copied sheet, or cropped to the card on two pages."""
    sides = draw_sides(rng, case.card, dpi=dpi)
    if rng.random() < 0.5:
        return [np.asarray(on_sheet(rng, sides, dpi=dpi))]
    return [np.asarray(side) for side in sides]


def _damage_for(rng: random.Random, case: Case) -> Damage:
    """Damage drawn for any paper, less what nobody does to cards: they are scanned finely, in colour."""
    damage = draw_damage(rng)
    if case.form is not FormCode.IDENTITY_CARD:
        return damage
    return replace(damage, dpi=rng.choice((300, 300, 400)), bitonal=False, folds=0, bleed=0.0,
                   fading=damage.fading / 2, speckle=damage.speckle / 4)  # fmt: skip


def _packed(rng: random.Random, pages: tuple[Pixels, ...], damage: Damage) -> tuple[str, bytes]:
    """The file a scanner writes: JPEG for most, PDF, TIFF or PNG."""
    dpi, quality = damage.dpi, damage.jpeg_quality
    suffix = rng.choices(("jpg", "pdf", "tif", "png"), weights=(42, 34, 16, 8))[0]
    if len(pages) > 1 and suffix not in {"pdf", "tif"}:
        suffix = "pdf"
    if damage.bitonal and suffix == "jpg":
        suffix = "tif"
    if suffix == "pdf":
        return suffix, containers.pdf(pages, dpi=dpi, quality=quality)
    if suffix == "tif":
        return suffix, containers.tiff(pages, dpi=dpi, quality=quality)
    if suffix == "png":
        return suffix, containers.png(pages[0], dpi=dpi)
    return suffix, containers.jpeg(pages[0], dpi=dpi, quality=quality)


def rows_of(
    rng: random.Random, case: Case, *, error_share: float
) -> tuple[dict[str, Person], tuple[PlantedError, ...]]:
    """The people of a document by role as the population has them; ``error_share`` have an error planted.

    Somebody planted to be absent has no entry.
    """
    persons = dict(case.persons)
    planted = None
    if persons and rng.random() < error_share:
        for _ in range(20):
            planted = plant(rng, persons, case.fields)
            if planted is not None:
                break
    if planted is None:
        return persons, ()
    if planted.error.kind == NO_RECORD or planted.person is None:
        del persons[planted.error.role]
    else:
        persons[planted.error.role] = planted.person
    return persons, (planted.error,)


def look_alikes_of(rng: random.Random, case: Case) -> tuple[Person, ...]:
    """Twins and namesakes of the subject, for a few of the documents."""
    subject = case.persons.get("subject")
    return () if subject is None else tuple(others_like(rng, subject))


def truth_of_case(
    case: Case, errors: tuple[PlantedError, ...], others: tuple[Person, ...]
) -> dict[str, Any]:
    """What a line of ``truth.jsonl`` says of a paper's form, fields and people, and of a card's kind."""
    return {
        "form": str(case.form),
        **({"layout": case.card["layout"]} if case.card else {}),
        "fields": dict(case.fields),
        "persons": {role: person.personal_id for role, person in case.persons.items()},
        "population_errors": [asdict(error) for error in errors],
        "look_alikes": [other.personal_id for other in others],
    }
