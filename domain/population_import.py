"""What an import of population data did, and what is to be told of single rows."""

from collections.abc import Sequence
from dataclasses import dataclass


@dataclass(frozen=True, kw_only=True, order=True)
class RowRemark:
    """What is to be told of a row of an imported file: its line (1 is the header) and a stable reason.

    ``column`` and ``sign`` say where and what showed it, where that is known.
    """

    line: int
    reason: str
    column: str = ""
    sign: str = ""


@dataclass(frozen=True, kw_only=True)
class ImportReport:
    """What an import did.

    Imported, unchanged and rejected add up to the rows of the file; ``remarks`` are about rows that were
    not rejected, but not taken whole either.
    """

    imported: int
    unchanged: int
    rejected: Sequence[RowRemark]
    remarks: Sequence[RowRemark] = ()
