"""Problem details (RFC 9457): the one place where an error becomes an HTTP answer."""

from http import HTTPStatus

from fastapi.responses import JSONResponse
from pydantic import BaseModel, Field

from api.explanations import Locale, explain
from domain.errors import ErrorCode, HosoError

MEDIA_TYPE = "application/problem+json"

STATUS: dict[ErrorCode, HTTPStatus] = {
    ErrorCode.FILE_EMPTY: HTTPStatus.UNPROCESSABLE_ENTITY,
    ErrorCode.FILE_TOO_LARGE: HTTPStatus.REQUEST_ENTITY_TOO_LARGE,
    ErrorCode.FILE_TYPE_UNSUPPORTED: HTTPStatus.UNSUPPORTED_MEDIA_TYPE,
    ErrorCode.FILE_BROKEN: HTTPStatus.UNPROCESSABLE_ENTITY,
    ErrorCode.FILE_NOT_REGULAR: HTTPStatus.UNPROCESSABLE_ENTITY,
    ErrorCode.FILE_NOT_FOUND: HTTPStatus.NOT_FOUND,
    ErrorCode.FILE_UNREADABLE: HTTPStatus.INTERNAL_SERVER_ERROR,
    ErrorCode.FILE_PASSWORD_PROTECTED: HTTPStatus.UNPROCESSABLE_ENTITY,
    ErrorCode.FILE_TOO_MANY_PAGES: HTTPStatus.REQUEST_ENTITY_TOO_LARGE,
    ErrorCode.FILE_TOO_SLOW: HTTPStatus.UNPROCESSABLE_ENTITY,
    ErrorCode.IMAGE_TOO_LARGE: HTTPStatus.REQUEST_ENTITY_TOO_LARGE,
    ErrorCode.FILE_NOT_WRITABLE: HTTPStatus.INTERNAL_SERVER_ERROR,
    ErrorCode.POPULATION_HEADER_INVALID: HTTPStatus.UNPROCESSABLE_ENTITY,
    ErrorCode.POPULATION_ENCODING_UNSUPPORTED: HTTPStatus.UNPROCESSABLE_ENTITY,
    ErrorCode.POPULATION_SEPARATOR_UNSUPPORTED: HTTPStatus.UNPROCESSABLE_ENTITY,
    ErrorCode.POPULATION_TEXT_BROKEN: HTTPStatus.UNPROCESSABLE_ENTITY,
    ErrorCode.PERSON_NOT_FOUND: HTTPStatus.NOT_FOUND,
    ErrorCode.RECORD_INVALID: HTTPStatus.UNPROCESSABLE_ENTITY,
    ErrorCode.DOCUMENT_NOT_FOUND: HTTPStatus.NOT_FOUND,
    ErrorCode.PAGE_NOT_FOUND: HTTPStatus.NOT_FOUND,
    ErrorCode.BATCH_NOT_FOUND: HTTPStatus.NOT_FOUND,
    ErrorCode.BATCH_NAME_INVALID: HTTPStatus.UNPROCESSABLE_ENTITY,
    ErrorCode.STATE_CONFLICT: HTTPStatus.CONFLICT,
    ErrorCode.FIELD_UNKNOWN: HTTPStatus.UNPROCESSABLE_ENTITY,
    ErrorCode.FIELD_CHANGED: HTTPStatus.CONFLICT,
    ErrorCode.CORRECTIONS_NOT_SAVED: HTTPStatus.CONFLICT,
    ErrorCode.DOCUMENT_CHANGED: HTTPStatus.CONFLICT,
    ErrorCode.PERSON_NOT_ON_PAPER: HTTPStatus.UNPROCESSABLE_ENTITY,
    ErrorCode.PERSON_NOT_CONSIDERED: HTTPStatus.UNPROCESSABLE_ENTITY,
    ErrorCode.PERSON_CHOSEN_TWICE: HTTPStatus.UNPROCESSABLE_ENTITY,
    ErrorCode.PERSONS_WITHOUT_ACCEPTANCE: HTTPStatus.UNPROCESSABLE_ENTITY,
    ErrorCode.FIELD_VALUE_INVALID: HTTPStatus.UNPROCESSABLE_ENTITY,
    ErrorCode.REASON_REQUIRED: HTTPStatus.UNPROCESSABLE_ENTITY,
    ErrorCode.TEXT_TOO_LONG: HTTPStatus.UNPROCESSABLE_ENTITY,
    ErrorCode.CORRECTION_EMPTY: HTTPStatus.UNPROCESSABLE_ENTITY,
    ErrorCode.VALUES_WITHOUT_CORRECTION: HTTPStatus.UNPROCESSABLE_ENTITY,
    ErrorCode.CERTIFICATE_NOT_FOUND: HTTPStatus.NOT_FOUND,
    ErrorCode.COPY_REVOKED: HTTPStatus.GONE,
    ErrorCode.RANGE_NOT_SATISFIABLE: HTTPStatus.REQUESTED_RANGE_NOT_SATISFIABLE,
    ErrorCode.PROOF_WRONG: HTTPStatus.FORBIDDEN,
    ErrorCode.PROOF_NO_NUMBER: HTTPStatus.UNPROCESSABLE_ENTITY,
    ErrorCode.PROOF_NO_DAY: HTTPStatus.UNPROCESSABLE_ENTITY,
    ErrorCode.BIRTHDAY_NOT_TAKEN: HTTPStatus.FORBIDDEN,
    ErrorCode.COPY_AT_COUNTER: HTTPStatus.FORBIDDEN,
    ErrorCode.COLLECT_THROTTLED: HTTPStatus.TOO_MANY_REQUESTS,
    ErrorCode.LOGIN_FAILED: HTTPStatus.UNAUTHORIZED,
    ErrorCode.LOGIN_THROTTLED: HTTPStatus.TOO_MANY_REQUESTS,
    ErrorCode.NOT_SIGNED_IN: HTTPStatus.UNAUTHORIZED,
    ErrorCode.FORBIDDEN: HTTPStatus.FORBIDDEN,
    ErrorCode.PASSWORD_TOO_SHORT: HTTPStatus.UNPROCESSABLE_ENTITY,
    ErrorCode.ROLE_REQUIRED: HTTPStatus.UNPROCESSABLE_ENTITY,
    ErrorCode.ACCOUNT_EXISTS: HTTPStatus.CONFLICT,
    ErrorCode.ACCOUNT_NOT_FOUND: HTTPStatus.NOT_FOUND,
    ErrorCode.CSRF_FAILED: HTTPStatus.FORBIDDEN,
    ErrorCode.IDEMPOTENCY_KEY_REUSED: HTTPStatus.CONFLICT,
    ErrorCode.REQUEST_INVALID: HTTPStatus.UNPROCESSABLE_ENTITY,
    ErrorCode.REQUEST_TOO_LARGE: HTTPStatus.REQUEST_ENTITY_TOO_LARGE,
    ErrorCode.REQUEST_TOO_SLOW: HTTPStatus.REQUEST_TIMEOUT,
    ErrorCode.CHARSET_UNSUPPORTED: HTTPStatus.UNSUPPORTED_MEDIA_TYPE,
    ErrorCode.FILE_NOT_ALONE: HTTPStatus.UNPROCESSABLE_ENTITY,
    ErrorCode.NOT_FOUND: HTTPStatus.NOT_FOUND,
    ErrorCode.METHOD_NOT_ALLOWED: HTTPStatus.METHOD_NOT_ALLOWED,
    ErrorCode.BUSY: HTTPStatus.SERVICE_UNAVAILABLE,
    ErrorCode.SIGNING_FAILED: HTTPStatus.BAD_GATEWAY,
    ErrorCode.OWN_OUTPUT_NOT_VALID: HTTPStatus.INTERNAL_SERVER_ERROR,
    ErrorCode.AUTHORITY_UNUSABLE: HTTPStatus.INTERNAL_SERVER_ERROR,
    ErrorCode.BACKUP_DAMAGED: HTTPStatus.UNPROCESSABLE_ENTITY,
    ErrorCode.BACKUP_TOO_NEW: HTTPStatus.CONFLICT,
    ErrorCode.RESTORE_TARGET_NOT_EMPTY: HTTPStatus.CONFLICT,
    ErrorCode.RESTORE_INCOMPLETE: HTTPStatus.INTERNAL_SERVER_ERROR,
    ErrorCode.RESTORE_UNFINISHED: HTTPStatus.CONFLICT,
    ErrorCode.DISK_SPACE_SHORT: HTTPStatus.INSUFFICIENT_STORAGE,
    ErrorCode.CONFIG_INVALID: HTTPStatus.INTERNAL_SERVER_ERROR,
    ErrorCode.HOME_COPIED: HTTPStatus.INTERNAL_SERVER_ERROR,
    ErrorCode.CLOCK_DOUBTFUL: HTTPStatus.INTERNAL_SERVER_ERROR,
    ErrorCode.PUBLIC_URL_LOCAL: HTTPStatus.INTERNAL_SERVER_ERROR,
    ErrorCode.MACHINE_BUSY: HTTPStatus.SERVICE_UNAVAILABLE,
    ErrorCode.MODELS_MISSING: HTTPStatus.INTERNAL_SERVER_ERROR,
    ErrorCode.MODEL_UNFIT: HTTPStatus.INTERNAL_SERVER_ERROR,
    ErrorCode.TOOL_MISSING: HTTPStatus.INTERNAL_SERVER_ERROR,
    ErrorCode.TOOL_FAILED: HTTPStatus.INTERNAL_SERVER_ERROR,
    ErrorCode.ALREADY_RUNNING: HTTPStatus.CONFLICT,
    ErrorCode.NOT_RUNNING: HTTPStatus.SERVICE_UNAVAILABLE,
    ErrorCode.SERVER_START_FAILED: HTTPStatus.SERVICE_UNAVAILABLE,
    ErrorCode.DATABASE_UNAVAILABLE: HTTPStatus.SERVICE_UNAVAILABLE,
    ErrorCode.DATABASE_UNFIT: HTTPStatus.INTERNAL_SERVER_ERROR,
    ErrorCode.DATABASE_TOO_OLD: HTTPStatus.INTERNAL_SERVER_ERROR,
    ErrorCode.DATABASE_TOO_NEW: HTTPStatus.INTERNAL_SERVER_ERROR,
    ErrorCode.OBJECT_STORE_UNAVAILABLE: HTTPStatus.SERVICE_UNAVAILABLE,
    ErrorCode.OBJECT_MISSING: HTTPStatus.INTERNAL_SERVER_ERROR,
    ErrorCode.OBJECT_CORRUPT: HTTPStatus.INTERNAL_SERVER_ERROR,
    ErrorCode.WORKER_LOST: HTTPStatus.INTERNAL_SERVER_ERROR,
    ErrorCode.INTERNAL: HTTPStatus.INTERNAL_SERVER_ERROR,
}

_FROM_FRAMEWORK: dict[int, ErrorCode] = {
    HTTPStatus.NOT_FOUND: ErrorCode.NOT_FOUND,
    HTTPStatus.METHOD_NOT_ALLOWED: ErrorCode.METHOD_NOT_ALLOWED,
    HTTPStatus.REQUEST_TIMEOUT: ErrorCode.REQUEST_TOO_SLOW,
    HTTPStatus.REQUEST_ENTITY_TOO_LARGE: ErrorCode.FILE_TOO_LARGE,
    HTTPStatus.UNSUPPORTED_MEDIA_TYPE: ErrorCode.CHARSET_UNSUPPORTED,
    HTTPStatus.SERVICE_UNAVAILABLE: ErrorCode.BUSY,
}


class Problem(BaseModel):
    """Why a request was not served; ``code`` is stable, the sentences are for people."""

    type: str = Field(examples=["urn:hoso:problem:state_conflict"])
    title: str
    status: int
    detail: str
    code: ErrorCode
    remedy: str
    field: str | None = Field(default=None, description="The field at fault, where there is one.")


def problem_of(error: HosoError, locale: Locale) -> Problem:
    """The problem for ``error``; of its facts only what its sentences name, and the field, goes out."""
    explanation = explain(error, locale)
    field = error.facts.get("field")
    return Problem(
        type=f"urn:hoso:problem:{error.code}",
        title=explanation.title,
        status=STATUS[error.code],
        detail=explanation.detail,
        code=error.code,
        remedy=explanation.remedy,
        field=None if field is None else str(field),
    )


def problem_answer(
    error: HosoError, locale: Locale, *, headers: dict[str, str] | None = None
) -> JSONResponse:
    """The problem as an HTTP answer."""
    problem = problem_of(error, locale)
    more = dict(headers or {})
    if problem.status == HTTPStatus.UNAUTHORIZED:
        more["WWW-Authenticate"] = 'Bearer realm="hoso"'
    throttled = {ErrorCode.LOGIN_THROTTLED, ErrorCode.COLLECT_THROTTLED, ErrorCode.BUSY}
    if error.code in throttled and "seconds" in error.facts:
        more["Retry-After"] = str(error.facts["seconds"])
    if error.code is ErrorCode.RANGE_NOT_SATISFIABLE:
        more["Content-Range"] = f"bytes */{error.facts['size']}"
    return JSONResponse(
        problem.model_dump(mode="json", exclude_none=True),
        status_code=problem.status,
        media_type=MEDIA_TYPE,
        # the cookie of the switch decides before the header does
        headers={
            **more,
            "Content-Language": str(locale),
            "Vary": "Accept-Language, Cookie",
        },
    )


def from_framework(status: int) -> HosoError:
    """The error behind an ``HTTPException`` of the framework itself."""
    fallback = (
        ErrorCode.INTERNAL
        if status >= HTTPStatus.INTERNAL_SERVER_ERROR
        else ErrorCode.REQUEST_INVALID
    )
    return HosoError(_FROM_FRAMEWORK.get(status, fallback))
