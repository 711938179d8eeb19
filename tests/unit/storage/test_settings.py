import os
from pathlib import Path

import pytest

from domain.errors import ErrorCode, HosoError
from storage.settings import EMBEDDED, load_settings, setting_names


@pytest.fixture(autouse=True)
def bare_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in [name for name in os.environ if name.startswith("HOSO_")]:
        monkeypatch.delenv(name)


def refused() -> list[str]:
    with pytest.raises(HosoError) as error:
        load_settings()
    assert error.value.code is ErrorCode.CONFIG_INVALID
    problems = error.value.facts["problems"]
    assert isinstance(problems, list)
    return problems


def test_defaults_need_nothing() -> None:
    settings = load_settings()
    assert settings.home == Path.cwd() / "var"
    assert settings.web_port == 8000
    assert settings.database_url is None
    assert settings.worker_count >= 1


def test_all_problems_are_reported_together(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HOSO_WEB_PORT", "99999")
    monkeypatch.setenv("HOSO_DATABASE_URL", "mysql://root:secret-word@host/db")
    monkeypatch.setenv("HOSO_PG_BIN", "/nonexistent")
    monkeypatch.setenv("HOSO_PUBLIC_URL", "example.vn")
    monkeypatch.setenv("HOSO_BUCKET_PREFIX", "Not_A_Bucket")
    problems = refused()
    named = {problem.partition(":")[0] for problem in problems}
    assert named == {
        "HOSO_WEB_PORT",
        "HOSO_DATABASE_URL",
        "HOSO_PG_BIN",
        "HOSO_PUBLIC_URL",
        "HOSO_BUCKET_PREFIX",
    }
    assert "secret-word" not in " ".join(problems)


def test_object_store_keys_come_with_their_address(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HOSO_S3_ENDPOINT", "s3.example.vn:9000")
    monkeypatch.setenv("HOSO_S3_ACCESS_KEY", "k")
    (problem,) = refused()
    assert "HOSO_S3_SECRET_KEY" in problem
    monkeypatch.setenv("HOSO_S3_SECRET_KEY", "s")
    assert load_settings().s3_endpoint == "s3.example.vn:9000"


def test_secrets_are_not_shown(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HOSO_DATABASE_URL", "postgresql://hoso:secret-word@host/db")
    assert "secret-word" not in repr(load_settings())


@pytest.mark.parametrize(
    "given", ["10.0.0.5", "10.0.0.5, 10.1.0.0/24", "::1,fd00::/8", "127.0.0.1"]
)
def test_proxies_are_addresses_and_networks(given: str, monkeypatch: pytest.MonkeyPatch) -> None:
    assert load_settings().trusted_proxies == "127.0.0.1"
    monkeypatch.setenv("HOSO_TRUSTED_PROXIES", given)
    assert load_settings().trusted_proxies == given.replace(" ", "")


@pytest.mark.parametrize("given", ["*", "proxy.example.vn", "10.0.0.5,", "10.0.0.5/24", "10.0.0"])
def test_what_would_trust_nobody_or_everybody_is_refused(
    given: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("HOSO_TRUSTED_PROXIES", given)
    (problem,) = refused()
    assert problem.startswith("HOSO_TRUSTED_PROXIES: must be addresses")


def test_an_empty_variable_counts_as_unset(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HOSO_DATABASE_URL", "")
    assert load_settings().database_url is None


def test_every_setting_says_what_it_is_for() -> None:
    names = setting_names()
    assert "HOSO_HOME" in names
    assert [name for name, description in names.items() if len(description) < 20] == []


def test_the_public_address_follows_a_moved_port(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HOSO_WEB_PORT", "8123")
    assert load_settings().public_url == "http://localhost:8123"
    monkeypatch.setenv("HOSO_PUBLIC_URL", "https://hoso.example.vn/")
    assert load_settings().public_url == "https://hoso.example.vn"


@pytest.mark.parametrize(
    ("host", "local"),
    [
        *[(host, True) for host in ("localhost", "localhost.", "LOCALHOST:8000", "a.localhost")],
        *[(host, True) for host in ("localhost.localdomain", "ip6-localhost", "ip6-loopback")],
        *[(host, True) for host in ("127.0.0.2", "127.1", "2130706433", "0x7f.1", "0177.0.0.1")],
        *[(host, True) for host in ("0", "0.0", "[::1]", "[::]", "[::ffff:127.0.0.1]")],
        *[(host, True) for host in ("127.0.0.1.", "[::ffff:7f00:1]")],
        *[(host, False) for host in ("hoso.example.vn", "localhost.vn", "127.example.vn")],
        *[(host, False) for host in ("10.1", "192.168.1.5", "[fd00::1]", "[::ffff:10.0.0.5]")],
        *[(host, False) for host in ("máy-chủ.vn", "intranet")],
    ],
)
def test_an_address_that_opens_on_this_machine_only_is_known_by_any_spelling(
    host: str, *, local: bool
) -> None:
    assert load_settings(public_url=f"http://{host}").public_url_is_local is local


@pytest.mark.parametrize("name", ["file", "file/below", "file/below/it"])
def test_a_home_that_can_be_no_folder_is_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, name: str
) -> None:
    (tmp_path / "file").write_text("x")
    monkeypatch.setenv("HOSO_HOME", str(tmp_path / name))
    assert refused() == [f"HOSO_HOME: {tmp_path}/file is not a folder"]


@pytest.mark.parametrize("name", ["link", "link/below", "circle"])
def test_a_home_that_is_a_link_to_nothing_is_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, name: str
) -> None:
    (tmp_path / "link").symlink_to(tmp_path / "gone")
    (tmp_path / "circle").symlink_to(tmp_path / "circle")
    monkeypatch.setenv("HOSO_HOME", str(tmp_path / name))
    (problem,) = refused()
    assert problem == f"HOSO_HOME: {tmp_path}/{name.partition('/')[0]} is not a folder"


def test_a_home_may_be_a_link_to_a_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "link").symlink_to(tmp_path)
    monkeypatch.setenv("HOSO_HOME", str(tmp_path / "link"))
    assert load_settings().home == tmp_path / "link"


def test_a_bench_stays_off_the_servers_of_the_office(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv("HOSO_DATABASE_URL", "postgresql://office/hoso")
    monkeypatch.setenv("HOSO_S3_ENDPOINT", "office:9000")
    monkeypatch.setenv("HOSO_S3_ACCESS_KEY", "a")
    monkeypatch.setenv("HOSO_S3_SECRET_KEY", "b")
    settings = load_settings(home=tmp_path, **EMBEDDED)
    assert (settings.database_url, settings.s3_endpoint) == (None, None)


@pytest.mark.parametrize(
    "given", ["0.0.0.0/0", "::/0", "0.0.0.0/1", "10.0.0.5,8000::/1", "10.0.0.0/7"]
)
def test_proxies_are_not_everybody(given: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HOSO_TRUSTED_PROXIES", given)
    (problem,) = refused()
    assert problem.startswith("HOSO_TRUSTED_PROXIES: must be addresses")


@pytest.mark.parametrize(
    "given",
    [
        "https://ex.vn/?q=1",
        "https://ex.vn?",
        "https://ex.vn#x",
        "https://ex.vn/#",
        "https://a b.vn",
        "https://ex.vn/a b",
        "https://ex.vn/\n",
        "ht\ntps://ex.vn",
        "https://ex.vn:99999",
        "https://ex.vn:0",
        "https://ex.vn:x",
        "https://user:pw@ex.vn",
        "https://user@ex.vn",
        "https://ex..vn",
        "https://.vn",
        "https://-ex.vn",
        "https://ex_.vn",
        "https://300.1.1.1",
        "https://ex.vn\\a",
        "https://ex.vn/" + "a" * 200,
    ],
)
def test_an_address_that_would_spoil_copies_is_refused(
    given: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("HOSO_PUBLIC_URL", given)
    (problem,) = refused()
    assert problem.startswith("HOSO_PUBLIC_URL: must be")
    assert "pw" not in problem


@pytest.mark.parametrize(
    ("given", "taken"),
    [
        ("https://ex.vn", "https://ex.vn"),
        ("https://ex.vn/", "https://ex.vn"),
        ("HTTPS://ex.vn:8443/ho-so/", "https://ex.vn:8443/ho-so"),
        ("https://hộ-tịch.vn", "https://hộ-tịch.vn"),
        ("http://[::1]:8000", "http://[::1]:8000"),
        ("http://10.0.0.5", "http://10.0.0.5"),
        ("http://may_chu-1.local.", None),
        ("http://localhost.", "http://localhost."),
    ],
)
def test_addresses_of_all_usual_kinds_are_taken(
    given: str, taken: str | None, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("HOSO_PUBLIC_URL", given)
    assert load_settings().public_url == (taken or given)


@pytest.mark.parametrize(
    "given",
    [
        "postgresql://u:pw@localhost:notaport/x",
        "postgresql://u:pw@localhost:99999/x",
        "postgresql://u:half/pw@localhost/x",
        "postgresql://",
        "postgresql://localhost",
        "postgresql://localhost/",
    ],
)
def test_a_database_address_is_whole(given: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HOSO_DATABASE_URL", given)
    (problem,) = refused()
    assert problem.startswith("HOSO_DATABASE_URL: must be postgresql://")
    assert "half" not in problem
    assert "pw" not in problem


@pytest.mark.parametrize(
    "given", ["postgresql://u:p%2Fw@[::1]:5432/x", "postgresql:///hoso?host=/run/postgresql"]
)
def test_database_addresses_of_all_usual_kinds_are_taken(
    given: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("HOSO_DATABASE_URL", given)
    taken = load_settings().database_url
    assert taken is not None
    assert taken.get_secret_value() == given


@pytest.mark.parametrize("given", ["vn=A;vn=B", "vn=A;24=B\x07C", "vn=A;24=B\nC", "vn=A;"])
def test_an_agency_stands_once_in_its_chain(given: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HOSO_AGENCY", given)
    (problem,) = refused()
    assert problem.startswith("HOSO_AGENCY: must be")


@pytest.mark.parametrize("given", ["300.1.1.1", "1.2.3.4.5", "a b", "http://x", "127.0.0.1:80"])
def test_who_listens_has_an_address(given: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HOSO_WEB_HOST", given)
    (problem,) = refused()
    assert problem.startswith("HOSO_WEB_HOST: must be")


@pytest.mark.parametrize("given", ["0.0.0.0", "::", "::1", "localhost", "hoso.example.vn"])  # noqa: S104
def test_who_listens_may_have_a_name(given: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HOSO_WEB_HOST", given)
    assert load_settings().web_host == given
