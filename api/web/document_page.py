"""The page of one document: its scan, fields and findings, history, and what a person may do now."""

from dataclasses import dataclass, replace
from http import HTTPStatus
from typing import Annotated

import segno
from fastapi import APIRouter, Query, Request
from fastapi.responses import HTMLResponse

from api.explanations import Explanation, Locale, explain, label, wording
from api.guard import HouseHere, LocaleHere, PageCaller
from api.house import House
from api.rest.documents import DocumentId
from api.rest.problems import STATUS
from api.web.candidates import cards_of
from api.web.pages import render
from api.web.sent import Kept
from api.web.sheet import harmless, sheet_of
from api.web.trail import with_typed
from domain.actor import Action
from domain.certificate import Certificate
from domain.document import NEXT_STATES, Document, DocumentState
from domain.errors import ErrorCode, HosoError
from workflow import review, viewing

router = APIRouter(include_in_schema=False)

_MOST_OTHERS = 20
"""Papers of the same file that are named; of all, how many there are."""
HAPPENED_MEANWHILE = frozenset({ErrorCode.STATE_CONFLICT, ErrorCode.DOCUMENT_CHANGED})
"""Refusals because somebody was faster."""


@router.get("/documents/{document_id}")
def document_page(
    request: Request,
    house: HouseHere,
    locale: LocaleHere,
    caller: PageCaller,
    document_id: DocumentId,
    done: Annotated[
        str | None, Query(pattern="^(accept|reject|reopen|correct|match|certify|retry|revoke)$")
    ] = None,
) -> HTMLResponse:
    """One document: scan and boxes, fields and findings, history, and what this person may do now."""
    page = DocumentPage(request=request, house=house, locale=locale, caller=caller)
    return page.show(document_id, notice=wording(f"action.done.{done}", locale) if done else None)


@dataclass(frozen=True, kw_only=True)
class DocumentPage:
    """The page of one document, for one person."""

    request: Request
    house: HouseHere
    locale: LocaleHere
    caller: PageCaller

    def show(
        self,
        document_id: str,
        *,
        notice: str | None = None,
        kept: Kept | None = None,
        refused: HosoError | None = None,
    ) -> HTMLResponse:
        """The page; with what is ``kept`` and why it was ``refused``, so that nothing is typed twice."""
        actor, locale = self.caller.actor, self.locale
        with self.house.database.transaction() as tx:
            file = viewing.view(actor, document_id, tx=tx, clock=self.house.clock)
            others, other_papers = viewing.others_of_file(
                actor, file.document, tx=tx, limit=_MOST_OTHERS
            )
            names = viewing.names_of(actor, file.events, tx=tx)
            newest = viewing.newest_event(actor, tx=tx)
            may_choose = actor.may(Action.DOCUMENT_REVIEW)
            options = review.options(actor, file, tx=tx) if may_choose else {}
        return render(
            self.request,
            "document.html",
            locale,
            caller=self.caller,
            http_status=STATUS[refused.code] if refused else HTTPStatus.OK,
            document=file.document,
            masked=file.masked,
            record=file.document.record,
            certificate=file.certificate,
            others=others,
            other_papers=other_papers,
            collect_qr=_collect_qr(self.house, file.certificate),
            events=with_typed(file.events, file.document.record),
            names=names,
            newest_event=newest,
            sheet=sheet_of(file.document, locale, typed=kept.typed if kept else {}),
            candidates=cards_of(file.document, options, locale),
            listed=review.fingerprint(options),
            kept=kept,
            harmless=harmless,
            next_states=NEXT_STATES[file.document.state],
            notice=notice,
            refused=_refusal(refused, kept, file.document, locale) if refused else None,
            refused_field=refused.facts.get("field") if refused else None,
            problem=_problem(file.document, locale),
        )


def _collect_qr(house: House, certificate: Certificate | None) -> str | None:
    """The QR code of the page where the citizen collects the copy, as SVG."""
    if certificate is None:
        return None
    code = segno.make(f"{house.public_url}/v/{certificate.code}/copy", error="m", micro=False)
    return code.svg_inline(omitsize=True, light="#fff")


def _problem(document: Document, locale: Locale) -> str | None:
    """The failed step's error in words, or what it waits for; a code of an older version as it is."""
    if document.failure is None:
        return document.problem
    explanation = explain(document.failure, locale)
    if document.is_held:
        # whoever looks at it need do nothing; details (which folder, how full) are the administrator's
        return f"{explanation.title}. {wording('document.goes_on', locale)}"
    return f"{explanation.title}. {explanation.detail} {explanation.remedy}"


def _refusal(
    error: HosoError, kept: Kept | None, document: Document, locale: Locale
) -> Explanation:
    """What happened, and what to do: the page shows the document as it is now, and what is kept."""
    explanation = explain(error, locale)
    if error.code not in HAPPENED_MEANWHILE:
        return explanation
    if kept is None or not kept.holds_something:
        remedy = wording("kept.nothing", locale)
    elif document.state is DocumentState.READ:
        remedy = wording("kept.wait", locale)
    elif document.state is DocumentState.REVIEW:
        remedy = wording("kept.look", locale)
    else:
        remedy = wording("kept.settled", locale, state=label("state", document.state, locale))
    return replace(explanation, remedy=remedy)
