"""Every stable code has its sentence in both languages."""

import re
import tomllib
from importlib.resources import files
from pathlib import Path

import pytest

from api.explanations import Locale, explain, label, wording
from api.explanations.sentences import known_codes
from api.rest.problems import STATUS
from api.web import trail
from domain.actor import Role
from domain.certificate import Regime
from domain.document import DocumentState, Lane
from domain.errors import ErrorCode, HosoError
from domain.event import EventName
from domain.form import FormCode
from domain.page import QualityReason
from domain.record import FIELD_NAMES, CheckOutcome
from domain.verdict import Decision, FindingKind
from domain.verification import Genuineness, StepOutcome
from signing.refusal import Problem
from workflow.on_file import CopyState, OnFile

ROOMS = Path(__file__).parents[3]
ENUMS = {
    "state": DocumentState,
    "state_meaning": DocumentState,
    "lane": Lane,
    "lane_short": Lane,
    "form": FormCode,
    "finding": FindingKind,
    "finding_remedy": FindingKind,
    "decision": Decision,
    "quality": QualityReason,
    "genuineness": Genuineness,
    "regime": Regime,
    "role": Role,
    "event": EventName,
    "refusal": Problem,
}


@pytest.mark.parametrize("locale", Locale)
@pytest.mark.parametrize("code", ErrorCode)
def test_every_error_has_title_detail_and_remedy(code: ErrorCode, locale: Locale) -> None:
    explanation = explain(HosoError(code), locale)
    for sentence in (explanation.title, explanation.detail, explanation.remedy):
        assert len(sentence) >= 5
        assert "{" not in sentence


def test_every_error_has_a_status() -> None:
    assert set(STATUS) == set(ErrorCode)


@pytest.mark.parametrize("kind", ENUMS)
def test_every_code_has_words_and_no_words_lack_a_code(kind: str) -> None:
    assert known_codes(kind) == {str(code) for code in ENUMS[kind]}


def test_outcomes_of_checks_and_steps_have_words() -> None:
    assert known_codes("outcome") == {str(one) for one in (*CheckOutcome, *StepOutcome)}


@pytest.mark.parametrize("table", ["labels", "reasons", "interface", "errors"])
def test_everything_is_said_in_both_languages(table: str) -> None:
    text = (files("api.explanations") / f"{table}.toml").read_text(encoding="utf-8")
    pairs = 0

    def look(node: dict[str, object], path: str) -> None:
        nonlocal pairs
        if set(node) == {"vi", "en"}:
            pairs += 1
            assert node["vi"], path
            assert node["en"], path
            assert node["vi"] != node["en"] or "{" in node["vi"], path
            return
        for name, value in node.items():
            assert isinstance(value, dict), f"{path}.{name} lacks a language"
            look(value, f"{path}.{name}")

    look(tomllib.loads(text), table)
    assert pairs > 10


@pytest.mark.parametrize("locale", Locale)
def test_every_field_has_a_label(locale: Locale) -> None:
    for name in FIELD_NAMES:
        assert label("field", name, locale) != name


def test_fields_of_relatives_are_put_together() -> None:
    assert label("field", "wife_residence", Locale.VI) == "Nơi cư trú (vợ)"
    assert label("field", "husband_birth_date", Locale.EN) == "Date of birth (husband)"
    assert label("person", "member:3", Locale.VI) == "Thành viên 3"


def test_composed_reasons_are_taken_apart() -> None:
    assert (
        label("reason", "birth_date_tone_only_subject", Locale.EN)
        == "Date of birth: differs in tone marks only"
    )
    assert (
        label("reason", "birth_date_missing_in_population_mother", Locale.VI)
        == "Ngày sinh (người mẹ): dữ liệu dân cư thiếu"
    )
    assert label("reason", "no_record_wife", Locale.VI) == "Không tìm thấy trong dữ liệu dân cư: vợ"
    assert label("reason", "sex_missing", Locale.EN) == "Missing on the paper: Sex"
    assert "Ngày sinh" in label("reason", "check_failed_birth_date_in_words", Locale.VI)
    # what is wrong, not what would be right
    assert label("reason", "check_failed_card_qr", Locale.VI).endswith("Phần in khác với mã QR")


def test_reason_codes_that_the_matching_room_names_have_words() -> None:
    """``matching/conclusion.py`` documents its codes; each must be more than its own code here."""
    source = (ROOMS / "matching" / "conclusion.py").read_text(encoding="utf-8")
    templates = re.findall(r'yield f?"([^"]+)"', source)
    assert len(templates) >= 8
    for template in templates:
        code = template
        for part, example in (
            ("{check.code}_{state}", "own_copy_revoked"),
            ("{check.code}", "dates_in_order"),
            ("{name}", "full_name"),
            ("{role}", "mother"),
            ("{verdict.decision}", "no_record"),
            ("{verdict.role}", "mother"),
            ("{finding.field}", "birth_date"),
            ("{finding.kind}", "different"),
        ):
            code = code.replace(part, example)
        assert "{" not in code, template
        assert label("reason", code, Locale.VI) != code, code


def test_whatever_is_on_file_of_a_paper_has_words() -> None:
    assert known_codes("own_copy") == set(CopyState)
    assert known_codes("already_on_file") == set(OnFile)
    for locale in Locale:
        for state in CopyState:
            assert label("reason", f"own_copy_{state}", locale) != f"own_copy_{state}"
        for stands in (OnFile.CERTIFIED, OnFile.REVOKED, OnFile.REJECTED):
            assert (
                label("reason", f"already_on_file_{stands}", locale) != f"already_on_file_{stands}"
            )


def _codes_in(room: str, pattern: str) -> set[str]:
    return {
        code
        for source in sorted((ROOMS / room).glob("*.py"))
        for code in re.findall(pattern, source.read_text(encoding="utf-8"))
    }


def test_check_codes_of_the_ocr_room_have_words() -> None:
    codes = _codes_in("ocr", r'code="(\w+)"') | _codes_in(
        "ocr", r'"(card_(?:mrz|mrz_name|qr|one_person)|closing_part|one_paper_a_page|later_note)"'
    )
    codes |= _codes_in("ocr", r'code = "(\w+)"') | {"personal_id_sex", "death_date_in_words"}
    assert len(codes) >= 12
    for code in codes:
        assert label("check", code, Locale.VI) != code, code


def test_step_codes_of_the_signing_room_have_words() -> None:
    source = (ROOMS / "signing" / "verification.py").read_text(encoding="utf-8")
    codes = set(re.findall(r'_checked\(\s*"(\w+)"', source))
    inspection = (ROOMS / "signing" / "inspection.py").read_text(encoding="utf-8")
    codes |= set(re.findall(r'\("(\w+)", case\.check_', inspection))
    assert len(codes) >= 14
    assert codes <= known_codes("step")


def test_unknown_codes_are_shown_and_facts_that_are_not_known_leave_no_hole() -> None:
    assert label("check", "of_a_later_version", Locale.VI) == "of_a_later_version"
    assert "…" in explain(HosoError(ErrorCode.LOGIN_THROTTLED), Locale.EN).remedy


def test_only_facts_that_a_sentence_names_go_out() -> None:
    error = HosoError(ErrorCode.DATABASE_UNAVAILABLE, host="10.0.0.5", password="geheim")
    explanation = explain(error, Locale.VI)
    assert "10.0.0.5" not in str(explanation)
    assert "geheim" not in str(explanation)


def test_facts_fill_the_sentence() -> None:
    error = HosoError(ErrorCode.FIELD_VALUE_INVALID, field="birth_date")
    assert "“Ngày sinh”" in explain(error, Locale.VI).detail


def test_every_wording_that_a_page_asks_for_is_there() -> None:
    pages = ROOMS / "api" / "web" / "templates"
    asked = {
        key
        for page in pages.glob("*.html")
        for key in re.findall(r"""\bt\(\s*["']([\w.]+)["']""", page.read_text(encoding="utf-8"))
    }
    assert len(asked) > 60
    for key in asked:
        assert wording(key, Locale.VI)
    known = tomllib.loads(
        (files("api.explanations") / "interface.toml").read_text(encoding="utf-8")
    )
    text = "".join(
        page.read_text(encoding="utf-8")
        for page in (*pages.glob("*.html"), *(ROOMS / "api").rglob("*.py"))
    )
    composed = ("action.done.", "fact.", "terminal.")  # put together from codes where they are used
    unused = {key for key in known if key not in text and not key.startswith(composed)}
    assert not unused


def test_the_facts_of_the_trail_are_those_that_have_words() -> None:
    interface = (files("api.explanations") / "interface.toml").read_text(encoding="utf-8")
    worded = {key.removeprefix("fact.") for key in tomllib.loads(interface) if key[:5] == "fact."}
    assert worded == set(trail._WRITTEN)
    told = {fact for facts in trail._TOLD.values() for fact in facts}
    assert told | {trail._BY_WHOM} == worded
