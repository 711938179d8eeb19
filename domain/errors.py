"""Everything that can go wrong, as a stable code plus facts; sentences for people are made at the edge."""

from collections.abc import Mapping
from enum import StrEnum


class ErrorCode(StrEnum):
    """Stable machine codes; documented one by one in ``docs/errors.md`` (a test compares the two)."""

    # files brought in
    FILE_EMPTY = "file_empty"
    FILE_TOO_LARGE = "file_too_large"
    FILE_TYPE_UNSUPPORTED = "file_type_unsupported"
    FILE_BROKEN = "file_broken"
    FILE_NOT_REGULAR = "file_not_regular"
    FILE_NOT_FOUND = "file_not_found"
    FILE_UNREADABLE = "file_unreadable"
    FILE_PASSWORD_PROTECTED = "file_password_protected"
    FILE_TOO_MANY_PAGES = "file_too_many_pages"
    FILE_TOO_SLOW = "file_too_slow"
    IMAGE_TOO_LARGE = "image_too_large"
    FILE_NOT_WRITABLE = "file_not_writable"
    # population import and matching
    POPULATION_HEADER_INVALID = "population_header_invalid"
    POPULATION_ENCODING_UNSUPPORTED = "population_encoding_unsupported"
    POPULATION_SEPARATOR_UNSUPPORTED = "population_separator_unsupported"
    POPULATION_TEXT_BROKEN = "population_text_broken"
    PERSON_NOT_FOUND = "person_not_found"
    RECORD_INVALID = "record_invalid"
    # documents and their state
    DOCUMENT_NOT_FOUND = "document_not_found"
    PAGE_NOT_FOUND = "page_not_found"
    BATCH_NOT_FOUND = "batch_not_found"
    BATCH_NAME_INVALID = "batch_name_invalid"
    STATE_CONFLICT = "state_conflict"
    FIELD_UNKNOWN = "field_unknown"
    FIELD_VALUE_INVALID = "field_value_invalid"
    FIELD_CHANGED = "field_changed"
    CORRECTIONS_NOT_SAVED = "corrections_not_saved"
    DOCUMENT_CHANGED = "document_changed"
    PERSON_NOT_ON_PAPER = "person_not_on_paper"
    PERSON_NOT_CONSIDERED = "person_not_considered"
    PERSON_CHOSEN_TWICE = "person_chosen_twice"
    PERSONS_WITHOUT_ACCEPTANCE = "persons_without_acceptance"
    REASON_REQUIRED = "reason_required"
    TEXT_TOO_LONG = "text_too_long"
    CORRECTION_EMPTY = "correction_empty"
    VALUES_WITHOUT_CORRECTION = "values_without_correction"
    CERTIFICATE_NOT_FOUND = "certificate_not_found"
    COPY_REVOKED = "copy_revoked"
    RANGE_NOT_SATISFIABLE = "range_not_satisfiable"
    PROOF_WRONG = "proof_wrong"
    PROOF_NO_NUMBER = "proof_no_number"
    PROOF_NO_DAY = "proof_no_day"
    BIRTHDAY_NOT_TAKEN = "birthday_not_taken"
    COPY_AT_COUNTER = "copy_at_counter"
    COLLECT_THROTTLED = "collect_throttled"
    # people
    LOGIN_FAILED = "login_failed"
    LOGIN_THROTTLED = "login_throttled"
    NOT_SIGNED_IN = "not_signed_in"
    FORBIDDEN = "forbidden"
    PASSWORD_TOO_SHORT = "password_too_short"
    ROLE_REQUIRED = "role_required"
    ACCOUNT_EXISTS = "account_exists"
    ACCOUNT_NOT_FOUND = "account_not_found"
    CSRF_FAILED = "csrf_failed"
    IDEMPOTENCY_KEY_REUSED = "idempotency_key_reused"
    REQUEST_INVALID = "request_invalid"
    REQUEST_TOO_LARGE = "request_too_large"
    REQUEST_TOO_SLOW = "request_too_slow"
    CHARSET_UNSUPPORTED = "charset_unsupported"
    FILE_NOT_ALONE = "file_not_alone"
    NOT_FOUND = "not_found"
    METHOD_NOT_ALLOWED = "method_not_allowed"
    BUSY = "busy"
    # signing and verification
    SIGNING_FAILED = "signing_failed"
    OWN_OUTPUT_NOT_VALID = "own_output_not_valid"
    AUTHORITY_UNUSABLE = "authority_unusable"
    # backup and restore
    BACKUP_DAMAGED = "backup_damaged"
    BACKUP_TOO_NEW = "backup_too_new"
    RESTORE_TARGET_NOT_EMPTY = "restore_target_not_empty"
    RESTORE_INCOMPLETE = "restore_incomplete"
    RESTORE_UNFINISHED = "restore_unfinished"
    DISK_SPACE_SHORT = "disk_space_short"
    # machines
    CONFIG_INVALID = "config_invalid"
    HOME_COPIED = "home_copied"
    CLOCK_DOUBTFUL = "clock_doubtful"
    PUBLIC_URL_LOCAL = "public_url_local"
    MACHINE_BUSY = "machine_busy"
    MODELS_MISSING = "models_missing"
    MODEL_UNFIT = "model_unfit"
    TOOL_MISSING = "tool_missing"
    TOOL_FAILED = "tool_failed"
    ALREADY_RUNNING = "already_running"
    NOT_RUNNING = "not_running"
    SERVER_START_FAILED = "server_start_failed"
    DATABASE_UNAVAILABLE = "database_unavailable"
    DATABASE_UNFIT = "database_unfit"
    DATABASE_TOO_OLD = "database_too_old"
    DATABASE_TOO_NEW = "database_too_new"
    OBJECT_STORE_UNAVAILABLE = "object_store_unavailable"
    OBJECT_MISSING = "object_missing"
    OBJECT_CORRUPT = "object_corrupt"
    WORKER_LOST = "worker_lost"
    INTERNAL = "internal"


OF_THE_HOUSE = frozenset(
    {
        ErrorCode.DATABASE_UNAVAILABLE,
        ErrorCode.DATABASE_UNFIT,
        ErrorCode.DATABASE_TOO_OLD,
        ErrorCode.DATABASE_TOO_NEW,
        ErrorCode.OBJECT_STORE_UNAVAILABLE,
        ErrorCode.DISK_SPACE_SHORT,
        ErrorCode.MACHINE_BUSY,
        ErrorCode.NOT_RUNNING,
        ErrorCode.TOOL_MISSING,
        ErrorCode.MODELS_MISSING,
        ErrorCode.MODEL_UNFIT,
    }
)
"""Trouble of our own surroundings, which no paper causes: whatever meets it waits for as long as it lasts."""

OF_THE_FILE = ("file_", "image_")
"""Beginnings of the codes of what another scan mends; others are the office's own affair."""


class HosoError(Exception):
    """A refusal or failure that people and programs can act on.

    ``code`` is stable; ``facts`` hold what the sentence at the edge needs (never secrets, never more
    personal data than the caller already holds).
    """

    def __init__(self, code: ErrorCode, **facts: object) -> None:
        self.code = code
        self.facts: Mapping[str, object] = facts
        super().__init__(f"{code}: {dict(facts)!r}" if facts else str(code))
