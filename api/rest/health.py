"""Health, readiness and figures for the people who run the house. No personal data."""

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
from domain.document import DocumentState
from workflow import viewing

router = APIRouter(include_in_schema=False)


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

    def observe(self, method: str, route: str, status: int, seconds: float) -> None:
        """Count one request under its route template, never under its address."""
        known = method if method in {"GET", "HEAD", "POST", "DELETE", "OPTIONS"} else "other"
        self._seconds.labels(known, route, str(status)).observe(seconds)

    def count_documents(self, counts: dict[DocumentState, int]) -> None:
        """Set the number of documents in every state, those without any included."""
        for state in DocumentState:
            self._documents.labels(str(state)).set(counts.get(state, 0))


@router.get("/healthz")
def healthz() -> Health:
    """The process answers."""
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
    with house.database.transaction() as tx:
        figures.count_documents(viewing.counts(house.system, tx=tx))
    return Response(generate_latest(figures.registry), media_type=CONTENT_TYPE_LATEST)
