"""Papers as records: what was read of them, and what is true."""

import random
from collections import Counter

import pytest

from ingest.samples.typed import PERFECT, Legibility, TypedDocument, misread, typed_document

MANY = 400


def drawn(
    legibility: Legibility, *, error_share: float = 0.5, seed: int = 3
) -> list[TypedDocument]:
    return [
        typed_document(index, seed=seed, error_share=error_share, legibility=legibility)
        for index in range(MANY)
    ]


def test_the_same_seed_gives_the_same_papers() -> None:
    assert drawn(Legibility()) == drawn(Legibility())
    assert drawn(Legibility()) != drawn(Legibility(), seed=4)


def test_a_perfect_reading_is_the_truth() -> None:
    for document in drawn(PERFECT):
        truth = document.truth["fields"]
        read = document.record.fields
        assert {name: field.value for name, field in read.items()} == {
            name: truth[name] for name in read
        }
        assert all(field.certain for field in read.values())
        left_out = truth.keys() - read.keys()
        assert all(name.endswith(("personal_id", "identity_paper")) for name in left_out)


def test_rows_are_those_of_the_population() -> None:
    kinds: Counter[str] = Counter()
    for document in drawn(PERFECT):
        known = {person.personal_id for person in document.population}
        absent = {role for role, number in document.rows.items() if number is None}
        errors = document.truth["population_errors"]
        kinds.update(error["kind"] for error in errors)
        assert absent == {error["role"] for error in errors if error["kind"] == "no_record"}
        assert {number for number in document.rows.values() if number} <= known
    assert 0.4 < kinds.total() / MANY < 0.6
    assert kinds["no_record"]


def test_doubt_and_errors_come_as_often_as_asked() -> None:
    legibility = Legibility(doubted=0.2, doubted_wrong=0.5, certain_wrong=0.0)
    read = [
        (field, document.truth["fields"][name])
        for document in drawn(legibility)
        for name, field in document.record.fields.items()
    ]
    doubted = [(field, truth) for field, truth in read if not field.certain]
    assert len(doubted) / len(read) == pytest.approx(0.2, abs=0.02)
    wrong = [field for field, truth in doubted if field.text != truth]
    assert len(wrong) / len(doubted) == pytest.approx(0.5, abs=0.05)
    assert all(field.value == truth for field, truth in read if field.certain)


def test_what_makes_no_sense_is_no_value() -> None:
    unread = [
        field
        for document in drawn(Legibility(doubted=1.0, doubted_wrong=1.0, certain_wrong=1.0))
        for name, field in document.record.fields.items()
        if name == "sex"
    ]
    assert unread
    assert all(field.value is None and field.text for field in unread)


@pytest.mark.parametrize(
    "text", ["Nguyễn Thị Hồng", "027098001234", "Đỗ Ưng", "1998-03-05", "Trần Lã Ý"]
)
def test_a_misreading_departs_in_one_character(text: str) -> None:
    for seed in range(50):
        said = misread(random.Random(seed), text)  # noqa: S311  sample data
        assert len(said) == len(text)
        assert sum(one != other for one, other in zip(said, text, strict=True)) == 1


def test_what_cannot_be_mistaken_stays() -> None:
    assert misread(random.Random(1), "---") == "---"  # noqa: S311  sample data
