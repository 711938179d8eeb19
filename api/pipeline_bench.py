"""``hoso bench pipeline``: a fresh sample archive through reading and matching, scored against its truth."""

import json
import tempfile
from collections import defaultdict
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

from api.bootstrap import import_population
from api.office import office_actor
from api.reading_pool import outcomes
from domain.errors import HosoError
from domain.record import Record
from domain.record_json import from_json
from domain.verdict import Verdict
from ingest.samples.archive import make_samples
from matching.accuracy import MatchingScore, score
from ocr.bench import RecordScore, score_records
from storage.embedded import supervisor
from storage.settings import EMBEDDED, Settings, load_settings
from storage.stores import open_database
from workflow.matching import match_record

OnDone = Callable[[str, int], None]
"""Called with the name of the stage and the number of documents done."""


@dataclass(frozen=True, kw_only=True)
class PipelineFigures:
    """What the archive showed."""

    reading: RecordScore
    matching: MatchingScore
    refused: int


def measure_pipeline(*, count: int, seed: int, processes: int, on_done: OnDone) -> PipelineFigures:
    """Make ``count`` documents, read them, match them on servers of their own, score both."""
    with tempfile.TemporaryDirectory(prefix="hoso-bench-") as folder:
        archive = Path(folder) / "archive"
        make_samples(
            archive, count=count, seed=seed, progress=lambda done: on_done("samples", done)
        )
        truth = [
            json.loads(line)
            for line in (archive / "truth.jsonl").read_text(encoding="utf-8").splitlines()
        ]
        records, refused = _read(archive, processes, on_done)
        # servers of its own: whatever HOSO_DATABASE_URL names is an office's, and stays untouched
        settings = load_settings(home=Path(folder) / "home", **EMBEDDED)
        supervisor.up(settings)
        try:
            import_population(
                settings, office_actor(settings), archive / "population.csv", source="samples"
            )
            verdicts = _match(records, settings, on_done)
        finally:
            supervisor.down(settings)
    return PipelineFigures(
        reading=score_records(truth, records), matching=score(verdicts, truth), refused=refused
    )


def _read(archive: Path, processes: int, on_done: OnDone) -> tuple[list[Record], int]:
    """Records under the file names of the truth."""
    files = sorted(path for path in (archive / "scans").iterdir())
    records: list[Record] = []
    refused = 0
    for done, (path, outcome) in enumerate(outcomes(files, processes), start=1):
        if isinstance(outcome, HosoError):
            refused += 1
        else:
            name = path.relative_to(archive).as_posix()
            records.extend(from_json({**record, "file": name}) for record in outcome.records)
        on_done("reading", done)
    return records, refused


def _match(
    records: Sequence[Record], settings: Settings, on_done: OnDone
) -> dict[str, list[Verdict]]:
    verdicts: dict[str, list[Verdict]] = defaultdict(list)
    with open_database(settings).transaction() as tx:
        for done, record in enumerate(records, start=1):
            verdicts[record.file].extend(match_record(record, population=tx.population))
            on_done("matching", done)
    return verdicts
