"""Kinds of paper that the product knows."""

from enum import StrEnum


class FormCode(StrEnum):
    """Stable codes of the outward contract; labels and rules of each are data in ``ocr/forms``."""

    BIRTH_CERTIFICATE = "birth_certificate"
    BIRTH_EXTRACT = "birth_extract"
    MARRIAGE_CERTIFICATE = "marriage_certificate"
    MARRIAGE_EXTRACT = "marriage_extract"
    DEATH_EXTRACT = "death_extract"
    MARITAL_STATUS_CONFIRMATION = "marital_status_confirmation"
    RESIDENCE_CONFIRMATION = "residence_confirmation"
    HOUSEHOLD_BOOK = "household_book"
    IDENTITY_CARD = "identity_card"
    AMENDMENT_EXTRACT = "amendment_extract"
    OTHER = "other"
