"""Verdicts and conclusions on small registers."""

from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.document import DocumentState
from domain.form import FormCode
from domain.page import Quality
from domain.person import Person
from domain.record import Check, CheckOutcome, FieldValue, Record
from domain.verdict import (
    Candidate,
    Decision,
    FindingKind,
    Verdict,
    decided,
    verdict_from_json,
    verdict_to_json,
)
from matching.conclusion import conclude
from matching.decision import decide, findings_against
from tests.unit.matching.registers import Register, field, record

PLACE = "xã Nghĩa Trung, huyện Việt Yên, tỉnh Bắc Giang"
CHANGED = datetime(2024, 5, 6, tzinfo=UTC)
AN = Person(
    personal_id="024098001234",
    full_name="Nguyễn Văn An",
    birth_date="1998-03-05",
    sex="male",
    ethnicity="Kinh",
    nationality="Việt Nam",
    birth_place=PLACE,
    home_town=PLACE,
    residence=PLACE,
    mother_full_name="Trần Thị Hoa",
    father_full_name="Nguyễn Văn Bình",
    updated_at=CHANGED,
    source="test",
)
HOA = Person(
    personal_id="024170005678",
    full_name="Trần Thị Hoa",
    birth_date="1970-02-03",
    sex="female",
    ethnicity="Kinh",
    residence=PLACE,
    spouse_personal_id="024068004321",
)
BINH = Person(
    personal_id="024068004321",
    full_name="Nguyễn Văn Bình",
    birth_date="1968-12-01",
    sex="male",
    ethnicity="Kinh",
    residence=PLACE,
    spouse_personal_id="024170005678",
)
TWIN = replace(AN, personal_id="024098001243", full_name="Nguyễn Văn Ân")
OTHER_TWIN = replace(AN, personal_id="024098007777", full_name="Nguyễn Văn Bảo")
NAMESAKE = replace(
    AN,
    personal_id="001085009999",
    birth_date="1985-11-20",
    mother_full_name="Lê Thị Mận",
    father_full_name="Nguyễn Văn Đào",
    home_town="Hà Nội",
    residence="Hà Nội",
    birth_place="Hà Nội",
)
EXTRACT = {
    "full_name": "Nguyễn Văn An",
    "birth_date": "1998-03-05",
    "sex": "male",
    "ethnicity": "Kinh",
    "nationality": "Việt Nam",
    "birth_place": PLACE,
    "home_town": "phường Việt Yên, tỉnh Bắc Ninh",
    "personal_id": "024098001234",
    "mother_full_name": "Trần Thị Hoa",
    "mother_birth_date": "1970",
    "mother_residence": PLACE,
    "father_full_name": "Nguyễn Văn Bình",
    "father_birth_date": "1968",
    "father_residence": PLACE,
}
EVERYBODY = (AN, HOA, BINH, TWIN, OTHER_TWIN, NAMESAKE)


def extract(**changes: Any) -> Record:
    return record(FormCode.BIRTH_EXTRACT, EXTRACT | changes)


def without(*names: str) -> Record:
    kept = {name: value for name, value in EXTRACT.items() if name not in names}
    return record(FormCode.BIRTH_EXTRACT, kept)


def subject(read: Record, *persons: Person) -> Verdict:
    return decide(read, Register(persons or EVERYBODY))[0]


def kinds(verdict: Verdict) -> dict[str, FindingKind]:
    return {finding.field: finding.kind for finding in verdict.findings}


def test_everyone_on_a_perfect_extract_is_matched_and_it_is_verified() -> None:
    verdicts = decide(extract(), Register(EVERYBODY))
    assert [(one.role, one.decision, one.personal_id) for one in verdicts] == [
        ("subject", Decision.MATCHED, AN.personal_id),
        ("mother", Decision.MATCHED, HOA.personal_id),
        ("father", Decision.MATCHED, BINH.personal_id),
    ]
    assert set(kinds(verdicts[0]).values()) == {FindingKind.AGREES}
    assert all(one.as_of == CHANGED and one.source == "test" for one in verdicts[0].findings)
    assert conclude(extract(), verdicts).state is DocumentState.VERIFIED
    assert conclude(extract(), verdicts).reasons == ()


@pytest.mark.parametrize(
    ("change", "reason"),
    [
        ({"birth_date": "1998-05-03"}, "birth_date_different_subject"),
        ({"full_name": "Nguyễn Văn Àn"}, "full_name_tone_only_subject"),
        ({"full_name": "Nguyễn Văn Ang"}, "full_name_spelling_subject"),
        ({"sex": "female"}, "sex_different_subject"),
        ({"personal_id": "024098001934"}, "personal_id_different_subject"),
        ({"home_town": "Lào Cai"}, "home_town_different_subject"),
        ({"father_full_name": "Nguyễn Văn Bính"}, "father_full_name_tone_only_subject"),
        ({"ethnicity": None}, "ethnicity_missing_in_population_subject"),
        ({"sex": None}, "sex_missing_in_population_subject"),
    ],
)
def test_an_error_of_the_register_is_found_and_named(change: dict[str, str], reason: str) -> None:
    wrong = replace(AN, **change)
    register = Register([wrong, HOA, BINH, OTHER_TWIN, NAMESAKE])
    verdicts = decide(extract(), register)
    assert verdicts[0].decision is Decision.MATCHED
    assert verdicts[0].personal_id == wrong.personal_id
    reasons = conclude(extract(), verdicts).reasons
    if reason.startswith("ethnicity_missing"):
        assert kinds(verdicts[0])["ethnicity"] is FindingKind.MISSING_IN_POPULATION
        assert reasons == ()
    else:
        assert reasons == (reason,)


def test_an_absent_person_is_not_his_twin_nor_his_namesake() -> None:
    assert subject(extract(), OTHER_TWIN, NAMESAKE, HOA, BINH).decision is Decision.NO_RECORD
    verdicts = decide(extract(), Register([OTHER_TWIN, HOA, BINH]))
    assert "no_record_subject" in conclude(extract(), verdicts).reasons


def test_a_twin_whose_name_is_one_mark_away_is_never_matched() -> None:
    for read in (extract(), without("personal_id")):
        verdict = subject(read, TWIN, HOA, BINH)
        assert verdict.decision is not Decision.MATCHED
        assert "review_subject" in conclude(read, [verdict]).reasons


def test_without_a_number_name_and_day_must_agree_to_the_letter() -> None:
    assert subject(without("personal_id"), AN, OTHER_TWIN, NAMESAKE).decision is Decision.MATCHED
    assert subject(without("personal_id"), AN, TWIN).decision is Decision.REVIEW
    changed = replace(AN, birth_date="1998-05-03")
    found = subject(without("personal_id"), changed, NAMESAKE)
    assert found.decision is Decision.REVIEW
    assert found.personal_id == AN.personal_id
    assert kinds(found)["birth_date"] is FindingKind.DIFFERENT


def test_a_namesake_of_the_same_year_is_not_taken_for_the_absent_person() -> None:
    fields = {"full_name": "Nguyễn Văn An", "birth_date": "1985"}
    here = {"residence": "Hà Nội"}
    for printed, decision in (
        (fields, Decision.REVIEW),
        (fields | {"residence": PLACE}, Decision.REVIEW),
        (fields | here, Decision.MATCHED),
    ):
        read = record(FormCode.MARITAL_STATUS_CONFIRMATION, printed)
        assert subject(read, NAMESAKE).decision is decision


def namesakes(name: str, count: int) -> list[Person]:
    """People of one name, each born on another day."""
    return [
        Person(
            personal_id=f"0010700{at:05}",
            full_name=name,
            birth_date=f"{1900 + at // 28}-05-{1 + at % 28:02}",
        )
        for at in range(count)
    ]


def strangers(count: int) -> list[Person]:
    return [Person(personal_id=f"0020700{at:05}", full_name="Trần Bê") for at in range(count)]


def test_a_name_tells_as_much_as_this_register_says() -> None:
    # a name that looks rare everywhere else; the day of birth is one digit off
    name = "Rơ Châm H'Yéo"
    read = record(FormCode.DEATH_EXTRACT, {"full_name": name, "birth_date": "1985-04-16"})
    wanted = Person(personal_id="064185000001", full_name=name, birth_date="1985-04-18")
    rare = subject(read, wanted, *strangers(3000))
    common = subject(read, wanted, *namesakes(name, 1500), *strangers(1500))
    assert rare.personal_id == common.personal_id == wanted.personal_id
    assert rare.probability > 0.95
    assert common.probability < 0.5


def test_the_people_of_a_name_is_told_once() -> None:
    fields = {"full_name": "H'Bia Kbuôr", "birth_date": "1992-01-14"}
    row = Person(
        personal_id="066192000001",
        ethnicity="Ê Đê",
        full_name="H'Bia Kbuôr",
        birth_date="1996-01-14",
    )
    others = [*namesakes("H'Bia Kbuôr", 250), *strangers(3000)]
    silent = subject(record(FormCode.DEATH_EXTRACT, fields), row, *others)
    spoken = subject(record(FormCode.DEATH_EXTRACT, fields | {"ethnicity": "Ê Đê"}), row, *others)
    assert kinds(spoken)["ethnicity"] is FindingKind.AGREES
    assert silent.probability < 0.8
    assert silent.probability <= spoken.probability < silent.probability + 0.05


@pytest.mark.parametrize("near", ["H'Hên Niê", "H'Hem Niê"])
def test_a_near_name_never_beats_the_name_itself(near: str) -> None:
    fields = {"full_name": "H'Hen Niê", "birth_date": "1992-01-14", "ethnicity": "Ê Đê"}
    exact = Person(
        personal_id="066192000001", full_name="H'Hen Niê", birth_date="1992-01-14", ethnicity="Ê Đê"
    )
    other = replace(exact, personal_id="066192000002", full_name=near)
    read = record(FormCode.DEATH_EXTRACT, fields)
    found = subject(read, exact, other, *namesakes("H'Hen Niê", 250), *strangers(3000))
    assert found.personal_id == exact.personal_id
    assert found.probability > 0.9


def test_doubt_costs_a_common_name_too() -> None:
    name, day = "H'Hen Niê", "1992-01-14"
    row = Person(personal_id="066192000001", full_name=name, birth_date="1996-01-14")
    others = [*namesakes(name, 250), *strangers(3000)]
    sure, doubtful = (
        subject(
            record(
                FormCode.DEATH_EXTRACT,
                {"full_name": field(name, certain=certain), "birth_date": day},
            ),
            row,
            *others,
        )
        for certain in (True, False)
    )
    weights = [{one.field: one.weight for one in found.findings} for found in (sure, doubtful)]
    assert weights[1]["full_name"] == pytest.approx(0.8 * weights[0]["full_name"])


def test_two_people_of_one_name_and_day_are_left_to_a_person() -> None:
    double = replace(AN, personal_id="001098005555")
    found = subject(without("personal_id"), AN, double)
    assert found.decision is Decision.REVIEW
    assert found.candidates[0].probability > 0.3


def test_an_officer_may_choose_the_other_of_two_namesakes() -> None:
    double = replace(AN, personal_id="001098005555", residence="phường Ba Đình, thành phố Hà Nội")
    paper = without("personal_id")
    register = Register([AN, double])
    found = decide(paper, register)[0]
    (other,) = (one for one in (AN, double) if one.personal_id != found.personal_id)
    findings = findings_against(paper, "subject", other, register)
    chosen = decided(found, other.personal_id, findings=findings, by="account-7")
    assert (chosen.decision, chosen.personal_id) == (Decision.MATCHED, other.personal_id)
    assert chosen.probability == found.candidates[0].probability
    assert {one.personal_id for one in chosen.candidates} == {found.personal_id}
    # to the bit what a verdict on that row says where nobody else is there
    alone = decide(paper, Register([other]))[0]
    assert [(one.field, one.kind, one.population) for one in findings] == [
        (one.field, one.kind, one.population) for one in alone.findings
    ]
    assert verdict_from_json(verdict_to_json(chosen)).decided_by == "account-7"
    # of the machine's own verdicts nothing is said that was not said before
    assert "decided_by" not in verdict_to_json(found)


def test_who_is_chosen_against_the_number_on_the_paper_is_a_conflict() -> None:
    stranger = replace(NAMESAKE, full_name="Lê Thị Cúc", sex="female")
    paper = extract(personal_id=stranger.personal_id)
    register = Register([AN, stranger])
    for one in (AN, stranger):
        by_field = {
            each.field: each.kind for each in findings_against(paper, "subject", one, register)
        }
        assert by_field["personal_id"] is FindingKind.CONFLICTING
    own = findings_against(extract(), "subject", AN, register)
    assert {each.field: each.kind for each in own}["personal_id"] is FindingKind.AGREES


def test_only_whom_the_evidence_does_not_rule_out_is_worth_a_look() -> None:
    verdict = Verdict(
        role="subject",
        decision=Decision.REVIEW,
        personal_id="1",
        probability=0.0004,
        candidates=tuple(
            Candidate(personal_id=number, probability=probability)
            for number, probability in (("2", 0.5), ("3", 0.001), ("4", 0.000999), ("5", 0.0))
        ),
    )
    assert [one.personal_id for one in verdict.worth_a_look] == ["1", "2", "3"]
    nobody = replace(verdict, personal_id=None)
    assert [one.personal_id for one in nobody.worth_a_look] == ["2", "3"]


def test_a_number_of_someone_else_is_a_conflict() -> None:
    stranger = replace(NAMESAKE, full_name="Lê Thị Cúc", sex="female")
    found = subject(extract(personal_id=stranger.personal_id), AN, stranger)
    assert found.decision is Decision.REVIEW
    assert kinds(found)["personal_id"] is FindingKind.CONFLICTING
    reasons = conclude(extract(), [found]).reasons
    assert "personal_id_conflicting_subject" in reasons


def test_a_number_whose_holder_bears_another_name_is_a_conflict() -> None:
    found = subject(extract(), replace(AN, full_name="Lê Quang Cường"))
    assert found.decision is Decision.REVIEW
    assert kinds(found)["personal_id"] is FindingKind.CONFLICTING


def test_a_misspelt_mother_is_found_through_her_husband() -> None:
    wrong = replace(HOA, full_name="Trần Thị Hoan")
    mother = decide(extract(), Register([AN, wrong, BINH]))[1]
    assert mother.personal_id == HOA.personal_id
    assert kinds(mother)["full_name"] is FindingKind.SPELLING
    reasons = conclude(extract(), decide(extract(), Register([AN, wrong, BINH]))).reasons
    assert reasons == ("full_name_spelling_mother",)


def test_a_doubtful_name_of_a_parent_counts_when_the_childs_row_bears_it_too() -> None:
    wrong = replace(HOA, full_name="Trần Thị Hoá")
    doubtful = extract(mother_full_name=field("Trần Thị Hoa", certain=False))
    mother = decide(doubtful, Register([AN, wrong, BINH]))[1]
    assert kinds(mother)["full_name"] is FindingKind.TONE_ONLY
    unsupported = replace(AN, mother_full_name=None)
    mother = decide(doubtful, Register([unsupported, wrong, BINH]))[1]
    assert kinds(mother)["full_name"] is FindingKind.UNREADABLE


def test_parents_need_no_record_of_their_own() -> None:
    verdicts = decide(extract(), Register([AN]))
    assert [one.decision for one in verdicts[1:]] == [Decision.NO_RECORD] * 2
    assert conclude(extract(), verdicts).state is DocumentState.VERIFIED


def test_a_number_inside_an_identity_paper_counts() -> None:
    paper = "Thẻ căn cước công dân số 024098001234, cấp ngày 01/02/2021"
    read = record(
        FormCode.MARITAL_STATUS_CONFIRMATION,
        {"full_name": "Nguyễn Văn An", "birth_date": "1998-03-05", "identity_paper": paper},
    )
    assert kinds(subject(read))["personal_id"] is FindingKind.AGREES


def test_the_paper_of_who_declares_a_birth_is_not_the_childs() -> None:
    paper = "Căn cước công dân số 024098001234"
    read = record(
        FormCode.BIRTH_CERTIFICATE,
        {"full_name": "Nguyễn Văn An", "birth_date": "1998-03-05", "identity_paper": paper},
    )
    assert "personal_id" not in kinds(subject(read))


def test_an_old_nine_digit_number_is_not_compared() -> None:
    found = subject(extract(personal_id="123456789"), AN, OTHER_TWIN, NAMESAKE)
    assert found.decision is Decision.MATCHED
    assert "personal_id" not in kinds(found)


@pytest.mark.parametrize(
    ("known", "certain", "reasons"),
    [
        ("single", False, ()),
        ("married", True, ("marital_status_different_subject",)),
        ("married", False, ("marital_status_uncertain",)),
        (None, True, ()),
        (None, False, ("marital_status_uncertain",)),
    ],
)
def test_a_marital_status_is_compared_by_what_its_sentence_says(
    known: str | None, *, certain: bool, reasons: tuple[str, ...]
) -> None:
    sentence = field("Hiện tại chưa đăng ký kết hôn với ai", certain=certain)
    fields = {name: EXTRACT[name] for name in ("full_name", "birth_date", "personal_id")}
    read = record(FormCode.MARITAL_STATUS_CONFIRMATION, fields | {"marital_status": sentence})
    verdicts = decide(read, Register([replace(AN, marital_status=known)]))
    assert conclude(read, verdicts).reasons == reasons


def test_spouses_are_the_persons_of_a_marriage() -> None:
    fields = {
        "wife_full_name": "Trần Thị Hoa",
        "wife_birth_date": "1970-02-03",
        "husband_full_name": "Nguyễn Văn Bình",
        "husband_birth_date": "1968-12-01",
    }
    read = record(FormCode.MARRIAGE_EXTRACT, fields)
    verdicts = decide(read, Register(EVERYBODY))
    assert [(one.role, one.decision) for one in verdicts] == [
        ("wife", Decision.MATCHED),
        ("husband", Decision.MATCHED),
    ]
    assert conclude(read, verdicts).reasons == ()
    assert "no_record_wife" in conclude(read, decide(read, Register([BINH]))).reasons


def test_what_cannot_be_read_is_neither_for_nor_against() -> None:
    read = extract(birth_date=field(None, text="0?/03/199"), sex=field(None))
    found = subject(read)
    assert found.decision is Decision.MATCHED
    assert kinds(found)["birth_date"] is FindingKind.UNREADABLE
    assert kinds(found)["sex"] is FindingKind.MISSING_IN_DOCUMENT
    assert conclude(read, [found]).reasons == (
        "birth_date_unreadable",
        "sex_missing",
        "birth_date_unreadable_subject",
    )


def test_a_doubtful_reading_near_the_registers_value_is_no_accusation() -> None:
    doubtful = {
        "full_name": field("Nguyễn Vàn Ân", certain=False),
        "birth_date": field("1998-03-06", certain=False),
        "mother_full_name": field("Trần Thị Hca", certain=False),
        "home_town": field("xã Nghĩa Trung, huyện Việt", certain=False),
    }
    found = subject(extract(**doubtful), AN, OTHER_TWIN, HOA, BINH)
    assert (found.decision, found.personal_id) == (Decision.MATCHED, AN.personal_id)
    assert {kinds(found)[name] for name in doubtful} == {FindingKind.UNREADABLE}
    swapped = subject(extract(birth_date=field("1998-05-03", certain=False)))
    assert kinds(swapped)["birth_date"] is FindingKind.DIFFERENT
    other_sex = subject(extract(sex=field("female", certain=False)))
    assert kinds(other_sex)["sex"] is FindingKind.DIFFERENT


MISSING = {
    "full_name": FindingKind.MISSING_IN_DOCUMENT,
    "personal_id": FindingKind.MISSING_IN_DOCUMENT,
}


@pytest.mark.parametrize(
    ("form", "fields", "roles"),
    [
        (FormCode.BIRTH_EXTRACT, {}, ["subject"]),
        (FormCode.IDENTITY_CARD, {"sex": "male"}, ["subject"]),
        (FormCode.AMENDMENT_EXTRACT, {"birth_date": "1998-03-05"}, ["subject"]),
        (FormCode.MARRIAGE_EXTRACT, {"wife_residence": PLACE}, ["wife", "husband"]),
        (FormCode.HOUSEHOLD_BOOK, {"members[1].sex": "male"}, ["subject"]),
        (FormCode.OTHER, {"sex": "male"}, []),
    ],
)
def test_whom_a_paper_is_about_gets_a_verdict_though_nobody_can_read_who_it_is(
    form: FormCode, fields: dict[str, str], roles: list[str]
) -> None:
    read = record(form, fields)
    verdicts = decide(read, Register(EVERYBODY))
    assert [one.role for one in verdicts] == roles
    for one in verdicts:
        assert (one.decision, one.personal_id) == (Decision.REVIEW, None)
        assert (one.candidates, one.probability) == ((), 0.0)
        assert kinds(one) == MISSING
    # the document's reasons stay what they were: it lacks a person
    assert conclude(read, verdicts) == conclude(read, ())
    assert conclude(read, verdicts).state is DocumentState.REVIEW


def test_what_was_printed_of_somebody_unnamed_but_not_understood_is_said() -> None:
    unread = field(None, text="05/0?/19")
    read = replace(without("full_name", "personal_id"), form=FormCode.BIRTH_EXTRACT)
    read = replace(read, fields={**read.fields, "birth_date": unread, "full_name": field(None)})
    verdicts = decide(read, Register(EVERYBODY))
    assert [one.role for one in verdicts] == ["subject", "mother", "father"]
    assert kinds(verdicts[0]) == MISSING | {"birth_date": FindingKind.UNREADABLE}
    assert {one.field: one.document for one in verdicts[0].findings}["birth_date"] == "05/0?/19"
    reasons = conclude(read, verdicts).reasons
    assert "person_missing_subject" in reasons
    assert "birth_date_unreadable_subject" not in reasons  # said once, of the paper


def test_half_a_couple_is_matched_beside_the_unnamed_other() -> None:
    read = record(
        FormCode.MARRIAGE_EXTRACT,
        {"husband_full_name": BINH.full_name, "husband_personal_id": BINH.personal_id},
    )
    wife, husband = decide(read, Register(EVERYBODY))
    assert (wife.role, wife.decision, wife.personal_id) == ("wife", Decision.REVIEW, None)
    assert (husband.role, husband.personal_id) == ("husband", BINH.personal_id)


@pytest.mark.parametrize("printed", [None, field(None)])
def test_the_head_stands_for_a_household_book_without_members(printed: FieldValue | None) -> None:
    head = {"head_full_name": HOA.full_name, "residence": PLACE}
    if printed is not None:
        head |= {"full_name": printed}
    read = record(FormCode.HOUSEHOLD_BOOK, head)
    (verdict,) = decide(read, Register(EVERYBODY))
    assert (verdict.role, verdict.personal_id) == ("subject", HOA.personal_id)
    assert kinds(verdict)["full_name"] is FindingKind.AGREES
    assert conclude(read, (verdict,)).state is DocumentState.REVIEW


def test_the_members_of_a_household_book_are_whom_it_is_about() -> None:
    fields = {"head_full_name": HOA.full_name, "members[2].full_name": AN.full_name}
    verdicts = decide(record(FormCode.HOUSEHOLD_BOOK, fields), Register(EVERYBODY))
    assert [one.role for one in verdicts] == ["member:2"]


def test_the_paper_itself_must_be_good() -> None:
    bad = replace(
        extract(),
        quality=Quality(dpi=90, skew=0, blur=0.9, usable=False),
        form_confidence=0.5,
        checks=(Check(code="dates_in_order", outcome=CheckOutcome.FAIL),),
    )
    assert conclude(bad, decide(bad, Register(EVERYBODY))).reasons == (
        "quality_unusable",
        "form_uncertain",
        "check_failed_dates_in_order",
    )
    other = replace(extract(), form=FormCode.OTHER)
    assert "form_unknown" in conclude(other, decide(other, Register(EVERYBODY))).reasons


def test_a_doubtful_name_that_is_a_name_still_accuses_one_that_is_none() -> None:
    doubtful = extract(full_name=field("Nguyễn Văn An", certain=False))
    for written, kind in (
        ("Nguyễn Vặn An", FindingKind.TONE_ONLY),
        ("Nguyễn Văn Anl", FindingKind.SPELLING),
        ("Nguyễn Văn Ân", FindingKind.UNREADABLE),
    ):
        found = subject(doubtful, replace(AN, full_name=written))
        assert kinds(found)["full_name"] is kind
    cut = extract(full_name=replace(field("Nguyễn Văn", certain=False), confidence=0.999))
    found = subject(cut, AN, OTHER_TWIN)
    assert (found.decision, kinds(found)["full_name"]) == (
        Decision.MATCHED,
        FindingKind.UNREADABLE,
    )


def test_an_uncertain_value_is_accepted_only_when_the_register_says_the_same() -> None:
    unsure = extract(full_name=field("Nguyễn Văn An", certain=False))
    assert conclude(unsure, decide(unsure, Register(EVERYBODY))).reasons == ()
    verdicts = decide(unsure, Register([replace(AN, full_name="Nguyễn Văn Àn")]))
    assert "full_name_uncertain" in conclude(unsure, verdicts).reasons


def test_nobody_fits_a_name_that_may_be_misread_is_no_proof_of_absence() -> None:
    read = record(FormCode.BIRTH_EXTRACT, {"full_name": field("Lê Vởn X", certain=False)})
    found = subject(read)
    assert (found.decision, found.personal_id, found.findings) == (Decision.REVIEW, None, ())
    assert "review_subject" in conclude(read, [found]).reasons


def test_an_empty_register_has_no_record_of_anyone() -> None:
    assert {one.decision for one in decide(extract(), Register([]))} == {Decision.NO_RECORD}


@given(
    st.fixed_dictionaries(
        {
            "full_name": st.sampled_from([one.full_name for one in EVERYBODY]),
            "birth_date": st.sampled_from([one.birth_date for one in EVERYBODY]),
            "personal_id": st.sampled_from([one.personal_id for one in EVERYBODY]),
        }
    ),
    st.sets(st.sampled_from(EVERYBODY)),
)
def test_whoever_is_matched_bears_the_name_and_the_number_or_the_day(
    changes: dict[str, str], persons: set[Person]
) -> None:
    known = {one.personal_id: one for one in persons}
    for verdict in decide(extract(**changes), Register(persons)):
        assert 0 <= verdict.probability <= 1
        if verdict.decision is Decision.MATCHED and verdict.role == "subject":
            row = known[verdict.personal_id or ""]
            assert kinds(verdict)["full_name"] is not FindingKind.DIFFERENT
            assert row.personal_id == changes["personal_id"] or (
                row.full_name == changes["full_name"] and row.birth_date == changes["birth_date"]
            )
