"""Sentences on the terminal, in the terminal's language or that of ``HOSO_LANG``."""

import logging
import os
import traceback
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path

from rich.text import Text

from api.cli.progress import err, out
from api.explanations import Locale, explain, label, title_of, wording
from api.explanations.conclusions import advice, conclusion, proviso, way_out
from api.explanations.foreign import shown
from api.explanations.locale import parse_locale, written_time
from api.explanations.pages import written_pages
from domain.document import Document
from domain.errors import ErrorCode, HosoError
from domain.verification import Genuineness, VerificationReport
from storage.embedded.home import unusable
from storage.settings import load_settings

_LONGEST_PROBLEM = 1000
"""Letters; some hold what another program said."""
_LONGEST_NAME = 255
"""Letters of a file's name, as long as most systems let it be."""
_LONGEST_FIELD = 40
"""Letters; ours are called in twenty."""


def terminal_locale() -> Locale:
    """``HOSO_LANG`` first, then the terminal's own language."""
    for variable in ("HOSO_LANG", "LC_ALL", "LC_MESSAGES", "LANG"):
        locale = parse_locale(os.environ.get(variable, "").replace("_", "-").split(".")[0])
        if locale is not None:
            return locale
    return Locale.EN


def print_error(error: HosoError, *, subject: str | None = None) -> None:
    """What happened, to what, with the stable code, and what to do about it."""
    explanation = explain(error, terminal_locale())
    err.print(
        Text.assemble(
            f"{subject}: " if subject else "",
            (explanation.title, "bold red"),
            f" ({error.code}). {explanation.detail}",
        ),
        soft_wrap=True,
    )
    for problem in _problems(error):
        err.print(f"  - {problem}", highlight=False, soft_wrap=True)
    err.print(f"  {explanation.remedy}", highlight=False, soft_wrap=True)


def unforeseen(error: Exception) -> HosoError:
    """What nobody thought of, as a refusal: what it was and where, for whoever will mend it.

    Except a file of HOSO_HOME that is closed to us, which may be met anywhere: that is ``config_invalid``.

    The whole way there stands in a service's log; of a command it is shown with ``HOSO_LOG_LEVEL=DEBUG``.
    """
    if isinstance(error, OSError) and (closed := _closed_home(error)) is not None:
        return closed
    frames = traceback.extract_tb(error.__traceback__)
    place = f"{Path(frames[-1].filename).name}:{frames[-1].lineno}" if frames else ""
    if logging.getLogger().handlers:
        logging.getLogger("hoso").error("unforeseen", exc_info=error)
    elif os.environ.get("HOSO_LOG_LEVEL", "").upper() == "DEBUG":
        for line in "".join(traceback.format_exception(error)).splitlines():
            err.print(line, soft_wrap=True)
    return HosoError(ErrorCode.INTERNAL, problem=f"{type(error).__name__}: {error}", at=place)


def _closed_home(error: OSError) -> HosoError | None:
    try:
        return unusable(load_settings().home, error)
    except HosoError:  # it was met before the settings were found wrong
        return None


def error_json(error: HosoError) -> dict[str, object]:
    """What ``--json`` says of an error: its stable code, its facts, and the sentences for people."""
    words = explain(error, terminal_locale())
    return {
        "code": str(error.code),
        "detail": words.detail,
        "remedy": words.remedy,
        "facts": dict(error.facts),
    }


def print_json_error(error: HosoError) -> None:
    """An object with ``error`` on standard output, for programs."""
    out.print_value({"error": error_json(error)})


def _problems(error: HosoError) -> list[str]:
    """Operators on the server's own terminal are shown the technical facts too."""
    problems = error.facts.get("problems")
    if isinstance(problems, list | tuple):
        return [shown(str(problem), most=_LONGEST_PROBLEM) for problem in problems]
    return [
        f"{name}: {shown(line, most=_LONGEST_PROBLEM)}"
        for name, value in error.facts.items()
        # a log is our own servers'; no other fact may begin lines
        for line in (str(value).splitlines() if name == "log" else [str(value)])
        if value is not None and line
    ]


def reasons_of(document: Document) -> list[str]:
    """Why a document waits or failed, in words."""
    locale = terminal_locale()
    words = [label("reason", reason, locale) for reason in document.reasons]
    if document.problem:
        words.append(failure_words(document))
    return words


def tell_held(documents: Iterable[Document], told: set[str]) -> None:
    """To who waits for them: why some go no further; each cause once, ``told`` are those of before."""
    for code in dict.fromkeys(one.problem for one in documents if one.is_held):
        if code is not None and code not in told:
            told.add(code)
            title = title_of(code, terminal_locale())
            said = wording("terminal.held_now", terminal_locale(), title=title, code=code)
            err.print(said, highlight=False, soft_wrap=True)


def failure_words(document: Document) -> str:
    """Why a step of the document failed: the title of its problem, of a lost page what to do as well."""
    if document.failure is None:
        return str(document.problem or document.state)
    explanation = explain(document.failure, terminal_locale())
    if document.lost_page is None:
        return explanation.title
    return f"{explanation.detail} {explanation.remedy}"


def document_lines(documents: Sequence[Document]) -> Iterator[Text]:
    """One line per document (file, pages, form, state), then why it waits or failed, then its id."""
    locale = terminal_locale()
    for document in documents:
        form = label("form", str(document.record.form), locale) if document.record else "–"
        state = label("state", str(document.state), locale)
        pages = written_pages(document.pages, locale)
        yield Text.assemble(
            f"{shown(document.file, most=_LONGEST_NAME)}  ",
            *((pages, "  ") if pages else ()),
            f"{form}  ",
            (state, "bold"),
            "  ",
            (document.id, "dim"),
        )
        for reason in reasons_of(document):
            yield Text(f"    – {reason}")


_COLOURS = {
    Genuineness.GENUINE: "green",
    Genuineness.NOT_GENUINE: "red",
    Genuineness.UNCHECKED: "yellow",
}


def verification_lines(report: VerificationReport) -> Iterator[Text]:
    """The report: the conclusion, its numbered steps, the signatures."""
    locale = terminal_locale()
    beside = proviso(report, locale)
    doubtful = beside and not report.has_unknown_seal
    colour = "yellow" if doubtful else _COLOURS[report.genuineness]
    yield Text(conclusion(report, locale), style=f"bold {colour}")
    for sentence in (*advice(report, locale), *way_out(report, locale)):
        yield Text(f"  {sentence}")
    for step in report.steps:
        outcome = label("outcome", str(step.outcome), locale)
        yield Text(f"  {step.number}. {label('step', step.code, locale)}: {outcome}")
        if step.facts.get("problem"):
            yield Text(f"     – {label('refusal', str(step.facts['problem']), locale)}")
    for signature in report.signatures:
        when = f", {written_time(signature.signed_at, locale)}" if signature.signed_at else ""
        standing = wording(
            "verify.signature_valid" if signature.valid else "verify.signature_invalid", locale
        )
        yield Text(
            f"  {shown(signature.field, most=_LONGEST_FIELD)}: {shown(signature.signer)}{when} – {standing}"
        )
    if report.demo:
        yield Text(wording("demo.banner", locale))
