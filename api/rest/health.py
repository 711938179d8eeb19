"""Health, readiness and figures for the people who run the house. No personal data."""

import time
from collections.abc import Mapping

from fastapi import APIRouter, Request, Response
from prometheus_client import (
    CONTENT_TYPE_LATEST,
    CollectorRegistry,
    Gauge,
    Histogram,
    generate_latest,
)

from api.guard import HouseHere
from api.rest.schemas import Health
from domain.document import DocumentState, ProblemCounts
from workflow import viewing

router = APIRouter(include_in_schema=False)
_COUNTED_FOR = 15.0
"""Seconds for which a count of all documents serves; whoever asks more often does not have them counted."""


class Figures:
    """This process's own figures; each web process is scraped by itself."""

    def __init__(self) -> None:
        self.registry = CollectorRegistry()
        self._seconds = Histogram(
            "hoso_request_seconds",
            "Duration of HTTP requests",
            ["method", "route", "status"],
            registry=self.registry,
            buckets=(0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30),
        )
        self._documents = Gauge(
            "hoso_documents", "Documents by state", ["state"], registry=self.registry
        )
        self._problems = Gauge(
            "hoso_document_problems",
            "Documents that failed, or wait for trouble to pass, by state and error code",
            ["state", "code"],
            registry=self.registry,
        )
        self._counted_at: float | None = None

    def observe(self, method: str, route: str, status: int, seconds: float) -> None:
        """Count one request under its route template, never under its address."""
        known = method if method in {"GET", "HEAD", "POST", "DELETE", "OPTIONS"} else "other"
        self._seconds.labels(known, route, str(status)).observe(seconds)

    @property
    def want_documents(self) -> bool:
        """Whether the number of documents is not known, or no longer."""
        return self._counted_at is None or time.monotonic() - self._counted_at >= _COUNTED_FOR

    def count_documents(self, counts: Mapping[DocumentState, int], problems: ProblemCounts) -> None:
        """Set the number of documents in every state, those without any included, and of each problem."""
        for state in DocumentState:
            self._documents.labels(str(state)).set(counts.get(state, 0))
        self._problems.clear()  # one that is over is not told any more
        for state, each in problems.items():
            for code, count in each.items():
                self._problems.labels(str(state), code).set(count)
        self._counted_at = time.monotonic()


@router.get("/healthz")
async def healthz() -> Health:
    """The process answers, however busy its threads are."""
    return Health(status="ok")


@router.get("/readyz")
def readyz(house: HouseHere) -> Health:
    """Database and object store can be reached; else the problem of the first that cannot, with 503."""
    for probe in house.probes.values():
        probe()
    return Health(status="ready")


@router.get("/metrics")
def metrics(request: Request, house: HouseHere) -> Response:
    """Prometheus text format."""
    figures: Figures = request.app.state.figures
    if figures.want_documents:
        with house.database.transaction() as tx:
            figures.count_documents(
                viewing.counts(house.system, tx=tx), viewing.problems(house.system, tx=tx)
            )
    return Response(generate_latest(figures.registry), media_type=CONTENT_TYPE_LATEST)
