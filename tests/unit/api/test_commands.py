"""Commands used wrongly: a refusal with a reason and exit code 2, never a traceback and never silence."""

import errno
import json
import os
import socket
import subprocess
import sys
from datetime import date
from pathlib import Path

import pytest

from api.cli import main
from api.cli.jsonl import writing
from api.cli.messages import print_error
from api.cli.progress import err
from api.cli.saving import save
from api.scan_files import bytes_of, scans
from domain.errors import ErrorCode, HosoError
from domain.verification import Genuineness, VerificationReport
from signing.demo_pki.authority import DemoAuthority

ROOT = Path(__file__).parents[3]


def said_by(capfd: pytest.CaptureFixture[str], *arguments: str) -> tuple[int | str | None, str]:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(sys, "argv", ["hoso", *arguments])
        with pytest.raises(SystemExit) as ended:
            main()
    written = capfd.readouterr()
    unframed = (written.out + written.err).replace("│", " ")  # usage errors stand in a box
    return ended.value.code, " ".join(unframed.split())


def test_a_folder_without_scans_is_told(tmp_path: Path, capfd: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "notes.txt").write_text("x")
    code, words = said_by(capfd, "read", str(tmp_path), "--jsonl", str(tmp_path / "out.jsonl"))
    assert code == 2
    assert "no scans" in words
    assert not (tmp_path / "out.jsonl").exists()


def test_a_path_that_is_not_there_is_told(
    tmp_path: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    code, words = said_by(capfd, "read", str(tmp_path / "x"), "--jsonl", str(tmp_path / "o"))
    assert code == 2
    assert "does not exist" in words


def test_samples_into_a_file_are_refused(tmp_path: Path, capfd: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "taken").write_text("x")
    code, words = said_by(capfd, "samples", "make", "--out", str(tmp_path / "taken"))
    assert code == 2
    assert "file_not_writable" in words


def test_a_taken_port_is_told_before_anything_starts(
    tmp_path: Path, capfd: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    with socket.create_server(("127.0.0.1", 0)) as other:
        port = other.getsockname()[1]
        monkeypatch.setenv("HOSO_HOME", str(tmp_path / "var"))
        monkeypatch.setenv("HOSO_WEB_PORT", str(port))
        code, words = said_by(capfd, "up")
    assert code == 2
    assert f"127.0.0.1:{port}" in words
    assert not (tmp_path / "var" / "pki").exists()


@pytest.mark.parametrize("command", ["doctor", "read", "status"])
def test_a_home_that_is_a_file_is_told_before_libraries_use_it(
    tmp_path: Path, command: str
) -> None:
    home = tmp_path / "home"
    home.write_text("x")
    # a process of its own: libraries lay out their caches when they are first imported
    done = subprocess.run(  # our own command
        [sys.executable, "-m", "api.cli", command, "--help"],
        env={**os.environ, "HOSO_HOME": str(home), "HOSO_LANG": "en"},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 2
    assert f"HOSO_HOME: {home} is not a folder" in done.stderr
    assert "Traceback" not in done.stderr


@pytest.mark.parametrize("name", ["folder", "file/out.jsonl"])
def test_records_are_not_begun_where_they_cannot_be_put(tmp_path: Path, name: str) -> None:
    (tmp_path / "folder").mkdir()
    (tmp_path / "file").write_text("x")
    with pytest.raises(HosoError) as refused, writing(tmp_path / name):
        pytest.fail("must not be reached")
    assert refused.value.code is ErrorCode.FILE_NOT_WRITABLE


@pytest.mark.parametrize(
    "command", [["verify"], ["population", "import"], ["read", "--jsonl", "OUT"]]
)
@pytest.mark.parametrize("name", ["pipe", "/dev/zero"])
def test_pipes_and_devices_are_refused_and_not_waited_for(
    tmp_path: Path,
    capfd: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
    command: list[str],
    name: str,
) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("HOSO_LANG", "en")
    # the models are not wanted for this
    monkeypatch.setattr("api.reading_pool.make_reader", lambda _settings: None)
    os.mkfifo("pipe")
    code, words = said_by(capfd, *command, name)
    assert code == (1 if command[0] == "read" else 2)
    assert f"Not a regular file (file_not_regular). {name} is a pipe" in words


def test_each_of_several_files_has_its_report_and_the_worst_tells_the_exit_code(
    tmp_path: Path, capfd: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("HOSO_LANG", "en")
    verdicts = {b"good": Genuineness.GENUINE, b"bad": Genuineness.NOT_GENUINE}
    monkeypatch.setattr(
        "api.cli.verifying.verify_file",
        lambda _settings, pdf: VerificationReport(
            genuineness=verdicts.get(pdf, Genuineness.UNCHECKED), steps=()
        ),
    )
    files = {name: tmp_path / f"{name}.pdf" for name in ("good", "unknown", "bad")}
    for name, file in files.items():
        file.write_text(name)
    code, words = said_by(capfd, "verify", "--json", *map(str, files.values()))
    told = [json.loads(line) for line in words.replace("} {", "}\n{").splitlines()]
    assert [one["file"] for one in told] == [str(file) for file in files.values()]
    assert [one["genuineness"] for one in told] == ["genuine", "unchecked", "not_genuine"]
    assert code == 1
    code, words = said_by(capfd, "verify", str(files["unknown"]), str(files["good"]))
    assert code == 2
    assert words.index("unknown.pdf") < words.index("good.pdf")


def test_a_genuine_copy_of_a_paper_that_has_ended_says_so_and_stays_exit_0(
    tmp_path: Path, capfd: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("HOSO_LANG", "en")
    monkeypatch.setattr(
        "api.cli.verifying.verify_file",
        lambda _settings, _pdf: VerificationReport(
            genuineness=Genuineness.GENUINE,
            steps=(),
            valid_until=date(2024, 7, 15),
            ended=True,
        ),
    )
    file = tmp_path / "copy.pdf"
    file.write_text("a copy")
    code, words = said_by(capfd, "verify", str(file))
    assert code == 0
    assert "Genuine copy of a paper that has ended" in words
    assert "valid until 15 July 2024" in words
    assert "Genuine and in force" not in words
    code, words = said_by(capfd, "verify", "--json", str(file))
    told = json.loads(words)
    assert (code, told["valid_until"], told["ended"]) == (0, "2024-07-15", True)


@pytest.mark.parametrize(
    ("command", "unneeded"),
    [
        (["read", "x.txt", "--jsonl", "o.jsonl"], {"paddleocr", "sqlalchemy", "pyhanko", "fpdf"}),
        (["digitize", "x.txt"], {"paddleocr", "pyhanko", "fpdf", "fastapi"}),
        (["status"], {"paddleocr", "pyhanko", "fpdf", "fastapi"}),
        (["verify", "x.txt"], {"paddleocr", "fpdf", "fastapi"}),
    ],
)
def test_small_commands_do_not_load_what_only_others_need(
    tmp_path: Path, command: list[str], unneeded: set[str]
) -> None:
    (tmp_path / "x.txt").write_text("no scan")
    program = (
        "import atexit, sys; from api.cli import main\n"
        f"sys.argv = {['hoso', *command]!r}\n"
        f"atexit.register(lambda: print('loaded:', sorted({unneeded!r} & set(sys.modules))))\n"
        "main()"
    )
    # a process of its own: this one has loaded everything
    done = subprocess.run(
        [sys.executable, "-c", program],
        cwd=tmp_path,
        env={**os.environ, "HOSO_HOME": str(tmp_path / "home"), "PYTHONPATH": str(ROOT)},
        capture_output=True,
        text=True,
        check=False,
    )
    assert "Traceback" not in done.stderr
    assert done.returncode > 0
    assert done.stdout.splitlines()[-1] == "loaded: []"


def test_what_the_shell_has_opened_is_read() -> None:
    opened, sending = os.pipe()
    os.write(sending, b"content")
    os.close(sending)
    with os.fdopen(opened):
        assert bytes_of(Path(f"/dev/fd/{opened}")) == b"content"


@pytest.mark.parametrize("command", ["match", "read", "digitize"])
def test_what_is_read_is_never_written_over(
    tmp_path: Path, capfd: pytest.CaptureFixture[str], command: str
) -> None:
    given, same = tmp_path / "given.png", tmp_path / "same"
    given.write_bytes(b"{}")
    same.symlink_to(given)
    for out in (given, same):
        code, words = said_by(capfd, command, str(given), "--jsonl", str(out))
        assert code == 2
        assert "--jsonl" in words
        assert "is what is to be read" in words
    assert given.read_bytes() == b"{}"
    assert sorted(tmp_path.iterdir()) == [given, same]


@pytest.mark.parametrize("name", ["a[/b].pdf", "x[y].pdf", "[red]"])
def test_brackets_in_paths_are_no_markup(
    tmp_path: Path, capfd: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, name: str
) -> None:
    monkeypatch.chdir(tmp_path)
    print_error(HosoError(ErrorCode.FILE_NOT_WRITABLE, file=name), subject=name)
    err.print(f"one {name}")
    said = capfd.readouterr().err
    assert said.count(name) >= 3
    code, words = said_by(capfd, "read", name, "--jsonl", "out.jsonl")
    assert code == 2
    assert name in words


@pytest.mark.parametrize(
    ("arguments", "code", "rc"),
    [
        (["verify", "missing.pdf", "--json"], "file_not_found", 2),
        (["verify", ".", "--json"], "file_not_regular", 2),
        (["verify", "--json"], "request_invalid", 2),
        (["status", "--json", "--nonsense"], "request_invalid", 2),
        (["nonsense", "--json"], "request_invalid", 2),
        (["--nonsense", "status", "--json"], "request_invalid", 2),
    ],
)
def test_programs_that_ask_for_json_get_the_code_of_what_is_wrong(
    tmp_path: Path,
    capfd: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
    arguments: list[str],
    code: str,
    rc: int,
) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("HOSO_HOME", str(tmp_path / "var"))
    monkeypatch.setattr(sys, "argv", ["hoso", *arguments])
    with pytest.raises(SystemExit) as ended:
        main()
    assert ended.value.code == rc
    assert json.loads(capfd.readouterr().out)["error"]["code"] == code


def test_programs_are_told_of_a_wrong_setting_as_json(
    capfd: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("HOSO_WEB_PORT", "abc")
    monkeypatch.setattr(sys, "argv", ["hoso", "status", "--json"])
    with pytest.raises(SystemExit) as ended:
        main()
    assert ended.value.code == 2
    error = json.loads(capfd.readouterr().out)["error"]
    assert error["code"] == "config_invalid"
    assert "HOSO_WEB_PORT" in error["facts"]["problems"][0]


def test_a_missing_file_does_not_keep_the_others_from_being_verified(
    tmp_path: Path, capfd: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(
        "api.cli.verifying.verify_file",
        lambda _settings, _pdf: VerificationReport(genuineness=Genuineness.GENUINE, steps=()),
    )
    copy = tmp_path / "copy.pdf"
    copy.write_text("x")
    missing = tmp_path / "missing.pdf"
    code, words = said_by(capfd, "verify", str(missing), str(copy), "--json")
    told = [json.loads(line) for line in words.replace("} {", "}\n{").splitlines()]
    assert [one["genuineness"] for one in told] == ["unchecked", "genuine"]
    assert told[0]["error"]["code"] == "file_not_found"
    assert code == 2
    code, words = said_by(capfd, "verify", str(missing), str(copy))
    assert "(file_not_found)" in words
    assert code == 2


def test_a_file_gives_way_to_a_whole_one_only(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    target = tmp_path / "made" / "copy.pdf"
    save(target, b"copy")
    save(target, b"the copy made anew")
    assert target.read_bytes() == b"the copy made anew"

    def full(_file: int) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr("api.cli.saving.os.fsync", full)
    with pytest.raises(HosoError) as refused:
        save(target, b"half")
    assert refused.value.code is ErrorCode.FILE_NOT_WRITABLE
    assert target.read_bytes() == b"the copy made anew"
    with pytest.raises(HosoError):
        save(Path("/dev/full"), b"copy")
    with pytest.raises(HosoError):
        save(tmp_path, b"copy")
    assert [one.name for one in target.parent.iterdir()] == ["copy.pdf"]


@pytest.fixture
def nobody_judges(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A genuine copy, as far as judging goes, in a home of its own."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("HOSO_HOME", str(tmp_path / "var"))
    monkeypatch.setenv("HOSO_LANG", "en")
    copy = tmp_path / "copy.pdf"
    copy.write_text("x")
    return copy


def closed(*_: object, **__: object) -> None:
    raise PermissionError(errno.EACCES, "Permission denied", "closed")


@pytest.mark.parametrize(
    ("name", "code"),
    [
        ("a" * 300 + ".pdf", "file_unreadable"),
        ("nosuch.pdf", "file_not_found"),
        ("copy.pdf/inside.pdf", "file_not_found"),
    ],
)
def test_a_file_that_cannot_be_opened_is_told_and_the_others_are_checked(
    nobody_judges: Path,
    capfd: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
    name: str,
    code: str,
) -> None:
    monkeypatch.setattr(
        "api.cli.verifying.verify_file",
        lambda _settings, _pdf: VerificationReport(genuineness=Genuineness.GENUINE, steps=()),
    )
    ended, words = said_by(capfd, "verify", "--json", name, str(nobody_judges))
    told = [json.loads(line) for line in words.replace("} {", "}\n{").splitlines()]
    assert ended == 2
    assert [one["genuineness"] for one in told] == ["unchecked", "genuine"]
    assert told[0]["error"]["code"] == code
    assert "address" not in told[0]["error"]["remedy"]
    ended, words = said_by(capfd, "verify", name)
    assert (ended, f"({code})" in words) == (2, True)


def test_a_file_one_may_not_look_at_is_told_and_the_others_are_checked(
    nobody_judges: Path, capfd: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(
        "api.cli.verifying.verify_file",
        lambda _settings, _pdf: VerificationReport(genuineness=Genuineness.GENUINE, steps=()),
    )
    look = Path.stat

    def stat(path: Path, **how: bool) -> os.stat_result:
        return closed() if path.name == "g.pdf" else look(path, **how)  # type: ignore[return-value]

    monkeypatch.setattr(Path, "stat", stat)
    ended, words = said_by(capfd, "verify", "--json", "closed/g.pdf", str(nobody_judges))
    told = [json.loads(line) for line in words.replace("} {", "}\n{").splitlines()]
    assert ended == 2
    assert [one["genuineness"] for one in told] == ["unchecked", "genuine"]
    assert told[0]["error"]["code"] == "file_unreadable"
    with pytest.raises(HosoError) as refused:
        scans([Path("closed/g.pdf")])
    assert refused.value.code is ErrorCode.FILE_UNREADABLE


@pytest.mark.parametrize("several", [False, True])
@pytest.mark.parametrize("lost", ["root.crt", "complete"])
def test_where_the_authority_cannot_be_used_nothing_is_called_not_genuine(
    nobody_judges: Path,
    capfd: pytest.CaptureFixture[str],
    several: bool,  # noqa: FBT001 - a parameter of pytest
    lost: str,
) -> None:
    pki = Path("var") / "pki"
    DemoAuthority(pki, base_url="http://x")
    (pki / lost).unlink()
    ended, words = said_by(capfd, "verify", "--json", *[str(nobody_judges)] * (1 + several))
    told = [json.loads(line) for line in words.replace("} {", "}\n{").splitlines()]
    assert ended == 2
    assert [one["error"]["code"] for one in told] == ["authority_unusable"] * (1 + several)
    assert all(one["genuineness"] == "unchecked" for one in told)
    assert lost in str(told[0]["error"]["facts"])


@pytest.mark.parametrize("command", [["verify", "copy.pdf"], ["status"]])
def test_what_nobody_foresaw_is_no_answer(
    nobody_judges: Path,
    capfd: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
    command: list[str],
) -> None:
    assert nobody_judges.exists()

    def fail(*_: object, **__: object) -> None:
        msg = "nobody thought of this"
        raise RuntimeError(msg)

    monkeypatch.setattr("api.cli.verifying.verify_file", fail)
    monkeypatch.setattr("api.cli.standing.supervisor.status", fail)
    ended, words = said_by(capfd, *command)
    assert ended == 2
    assert "(internal)" in words
    assert "problem: RuntimeError: nobody thought of this" in words
    assert "Traceback" not in words
    monkeypatch.setattr(sys, "argv", ["hoso", *command, "--json"])
    with pytest.raises(SystemExit) as stopped:
        main()
    assert stopped.value.code == 2
    error = json.loads(capfd.readouterr().out)["error"]
    assert (error["code"], error["facts"]["at"][:8]) == ("internal", "test_com")


def test_whoever_breaks_a_check_off_is_not_told_that_the_copy_is_not_genuine(
    nobody_judges: Path, capfd: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken_off(*_: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr("api.cli.verifying.verify_file", broken_off)
    ended, _ = said_by(capfd, "verify", str(nobody_judges))
    assert ended == 130
