"""A viewer asks for many ranges of a copy at the same moment: that is one download."""

from concurrent.futures import ThreadPoolExecutor

from api.office import office_actor
from api.stores import open_stores
from domain.event import EventName
from storage.settings import Settings
from tests.integration.storage.conftest import DOCUMENT
from workflow import viewing


def test_ranges_at_once_are_noted_once(source: Settings) -> None:
    stores = open_stores(source)

    def fetch(_number: int) -> int:
        with stores.database.transaction() as tx:
            pdf = viewing.fetch(
                office_actor(source),
                DOCUMENT,
                tx=tx,
                objects=stores.objects,
                clock=stores.clock,
                in_part=True,
            )
        return len(pdf)

    with ThreadPoolExecutor(max_workers=8) as threads:
        sizes = set(threads.map(fetch, range(16)))
    assert len(sizes) == 1
    with stores.database.transaction() as tx:
        names = [event.name for event in tx.events.of_document(DOCUMENT)]
    assert names.count(EventName.COPY_DOWNLOADED) == 1
