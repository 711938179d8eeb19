"""What the page says of a check that did not pass: never the sentence of one that did, and the facts."""

import tomllib
from importlib.resources import files

import pytest

from api.explanations import Locale, label
from api.explanations.sentences import known_codes
from api.web.check_words import told
from domain.record import Check, CheckOutcome, FieldValue

WARN, FAIL = CheckOutcome.WARN, CheckOutcome.FAIL


def field(value: str) -> FieldValue:
    return FieldValue(text=value, value=value, confidence=1, certain=True, page=1, box=None)


@pytest.mark.parametrize(
    ("code", "outcome", "facts", "said"),
    [
        (
            "required_fields",
            WARN,
            {"missing": ["registration_place", "birth_place"]},
            "Giấy thiếu mục bắt buộc của mẫu (thiếu: Nơi đăng ký, Nơi sinh)",
        ),
        (
            "card_qr",
            FAIL,
            {
                "different": ["birth_date"],
                "printed": {"birth_date": "1988-08-21"},
                "says": {"birth_date": "1983-08-21", "sex": "female"},
            },
            (
                "Phần in khác với mã QR "
                "(Ngày sinh: phần in là “21/08/1988”, phần máy đọc là “21/08/1983”)"
            ),
        ),
        # as it was kept until November 2026
        (
            "card_mrz",
            WARN,
            {"different": ["valid_until"]},
            "Phần in khác với dòng máy đọc (MRZ) (khác nhau: Có giá trị đến)",
        ),
        (
            "card_mrz",
            WARN,
            {"not_compared": ["birth_date"]},
            (
                "Chưa so lại phần đã sửa với dòng máy đọc (MRZ): hãy nhìn trên bản quét "
                "(chưa so: Ngày sinh)"
            ),
        ),
        (
            "personal_id_sex",
            WARN,
            {"in_number": "male", "stated": "female"},
            (
                "Số định danh không phù hợp với giới tính ghi trên giấy "
                "(theo số là Nam, trên giấy là Nữ)"
            ),
        ),
        (
            "dates_in_order",
            FAIL,
            {"wrong": [["birth_date", "issue_date"], ["issue_date", "today"]]},
            (
                "Các ngày không theo đúng thứ tự (Ngày sinh (05/03/2998) sau Ngày cấp (01/02/2997); "
                "Ngày cấp (01/02/2997) ở tương lai)"
            ),
        ),
        (
            "birth_date_in_words",
            FAIL,
            {"figures": "1998-03-05", "words": "1998-03-06"},
            "Ngày sinh: bằng số khác với bằng chữ (bằng số 05/03/1998, bằng chữ 06/03/1998)",
        ),
        (
            "document_expired",
            WARN,
            {"valid_until": "2020-01-02"},
            "Giấy tờ đã hết thời hạn (có giá trị đến 02/01/2020)",
        ),
    ],
)
def test_a_check_says_what_it_found(
    code: str, outcome: CheckOutcome, facts: dict[str, object], said: str
) -> None:
    fields = {"birth_date": field("2998-03-05"), "issue_date": field("2997-02-01")}
    assert told(Check(code=code, outcome=outcome, facts=facts), fields, Locale.VI) == said
    english = told(Check(code=code, outcome=outcome, facts=facts), fields, Locale.EN)
    assert english != said
    assert "{" not in english


@pytest.mark.parametrize("locale", Locale)
@pytest.mark.parametrize(
    "code", sorted({*known_codes("check"), "birth_date_in_words"} - {"{field}_in_words"})
)
@pytest.mark.parametrize("outcome", [WARN, FAIL])
def test_what_did_not_pass_is_never_told_as_if_it_had(
    code: str, outcome: CheckOutcome, locale: Locale
) -> None:
    words = told(Check(code=code, outcome=outcome), {}, locale)
    assert words not in {code, label("check", code, locale)}
    assert told(Check(code=code, outcome=CheckOutcome.PASS), {}, locale) == label(
        "check", code, locale
    )


def test_no_words_are_left_for_checks_that_are_no_more() -> None:
    text = (files("api.explanations") / "reasons.toml").read_text(encoding="utf-8")
    tables = tomllib.loads(text)
    assert {*tables["check_warn"], *tables["check_fail"]} == set(tables["check"])
