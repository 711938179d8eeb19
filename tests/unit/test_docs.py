"""What people look up must be complete: errors, reasons, events, settings."""

import re
from pathlib import Path

from api.explanations.sentences import known_codes
from api.rest.problems import STATUS
from domain.errors import ErrorCode
from domain.event import EventName
from storage.settings import setting_names

DOCS = Path(__file__).parents[2] / "docs"


def first_cells(name: str) -> set[str]:
    text = (DOCS / name).read_text(encoding="utf-8")
    return set(re.findall(r"^\| `([^`]+)` \|", text, flags=re.MULTILINE))


def test_every_error_code_is_documented_with_its_status() -> None:
    text = (DOCS / "errors.md").read_text(encoding="utf-8")
    for code in ErrorCode:
        assert f"| `{code}` | {int(STATUS[code])} |" in text


def test_no_error_or_reason_is_documented_that_does_not_exist() -> None:
    assert first_cells("errors.md") <= {str(code) for code in ErrorCode} | known_codes("reason")


def test_every_reason_is_documented() -> None:
    assert known_codes("reason") <= first_cells("errors.md")


def test_every_event_and_setting_is_documented() -> None:
    documented = first_cells("operations.md")
    assert documented == {str(name) for name in EventName} | set(setting_names())


def test_every_setting_is_documented_with_its_own_words() -> None:
    text = (DOCS / "operations.md").read_text(encoding="utf-8")
    for name, description in setting_names().items():
        assert description, name
        assert description in text, name
