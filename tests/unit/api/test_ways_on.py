"""Every error page offers a way on, and none throws away what somebody typed."""

from html import unescape

import pytest
from fastapi.testclient import TestClient

from domain.document import DocumentState
from tests.fakes.house import TestHouse, of_state
from tests.unit.api.conftest import SignIn, client_of

AT = f"/documents/{of_state(DocumentState.REVIEW)}"
TYPED = {"value.full_name": "Nguyễn Thị <b>Gõ Lâu", "shown.full_name": "Nguyễn Thị Gõ"}


@pytest.mark.parametrize("lang", ["vi", "en"])
def test_a_form_of_a_session_that_has_ended_is_shown_again(
    test_house: TestHouse, lang: str
) -> None:
    client = client_of(test_house)
    client.cookies.update({"hoso": "dead", "lang": lang})
    unchanged = {"value.sex": "Nữ", "shown.sex": "Nữ"}
    answer = client.post(f"{AT}/correct", data=TYPED | unchanged)
    assert answer.status_code == 401
    page = answer.text
    assert "Nguyễn Thị &lt;b&gt;Gõ Lâu" in page
    assert "Nữ" not in page
    assert f'href="/sign-in?to={AT}" target="_blank"' in page
    refused = client.post(f"{AT}/reject", data={"reason": "một lý do dài", "csrf_token": "x"}).text
    assert "một lý do dài" in refused
    assert "csrf" not in refused


def test_a_form_with_the_token_of_another_session_is_shown_again(browser: SignIn) -> None:
    answer = browser("officer").post(f"{AT}/reject", data={"reason": "lâu", "csrf_token": "old"})
    assert answer.status_code == 403
    assert "<dd>lâu</dd>" in answer.text
    assert f'href="{AT}"' in answer.text


def test_other_sites_write_nothing_on_our_pages(test_house: TestHouse) -> None:
    client = client_of(test_house)
    for headers in ({"Sec-Fetch-Site": "cross-site"}, {"Origin": "https://evil.example"}):
        answer = client.post(f"{AT}/reject", data={"reason": "Hãy gọi 0900"}, headers=headers)
        assert answer.status_code == 401
        assert "0900" not in answer.text


@pytest.mark.parametrize("lang", ["vi", "en"])
def test_with_the_database_away_a_page_can_be_tried_again_and_a_form_is_kept(
    test_house: TestHouse, browser: SignIn, lang: str
) -> None:
    officer = browser("officer")
    officer.cookies.set("lang", lang)
    test_house.database.available = False
    answer = officer.get(AT)
    assert answer.status_code == 503
    assert f'href="{AT}"' in answer.text
    refused = officer.post(f"{AT}/correct", data=TYPED)
    assert refused.status_code == 503
    assert "Gõ Lâu" in unescape(refused.text)


@pytest.mark.parametrize("path", ["/nix", "/documents?state=nix", "/v/a/b/c/copy"])
def test_a_page_that_is_not_there_says_so_with_the_database_away(
    test_house: TestHouse, browser: SignIn, visitor: TestClient, path: str
) -> None:
    officer = browser("officer")
    expected = officer.get(path).status_code
    assert expected in {404, 422}
    test_house.database.available = False
    assert officer.get(path).status_code in {expected, 503}
    assert visitor.get("/nix").status_code == 404


def test_the_other_language_of_a_refused_form_is_that_of_its_page(browser: SignIn) -> None:
    officer = browser("officer")
    page = officer.post(f"{AT}/reject", data={"reason": "lâu", "csrf_token": "old"}).text
    assert f'href="/language/en?to={AT}"' in page
