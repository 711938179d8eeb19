"""The worker process: each step of the queue calls its use-case."""

from collections.abc import Mapping, Sequence
from functools import cached_property

from api.bootstrap import make_desk
from api.office import worker_actor
from api.reader import make_reader
from api.stores import Stores, open_stores
from api.trust import pki_folder
from domain.errors import ErrorCode, HosoError
from domain.ports import Step
from storage.settings import Settings
from storage.worker import Handler, run_worker
from workflow import failure, issuing, matching, reading


class Workbench:
    """What one worker process holds; reader and signing desk are made when first needed."""

    def __init__(self, settings: Settings) -> None:
        self.settings = settings
        self.actor = worker_actor(settings)

    @cached_property
    def stores(self) -> Stores:
        """Database and object store."""
        return open_stores(self.settings, pool_size=2)

    @cached_property
    def reader(self) -> reading.Reader:
        """The models, loaded once."""
        return make_reader(self.settings)

    @cached_property
    def desk(self) -> issuing.Desk:
        """The keys of this home."""
        return make_desk(self.settings)

    def read(self, document_id: str) -> None:
        """Handler of ``Step.READ``."""
        reading.read(
            self.actor,
            document_id,
            database=self.stores.database,
            objects=self.stores.objects,
            reader=self.reader,
        )

    def match(self, document_id: str) -> None:
        """Handler of ``Step.MATCH``."""
        with self.stores.database.transaction() as tx:
            matching.match(self.actor, document_id, tx=tx, clock=self.stores.clock)

    def certify(self, document_id: str) -> None:
        """Handler of ``Step.CERTIFY``."""
        with self.stores.database.transaction() as tx:
            issuing.certify(
                self.actor,
                document_id,
                tx=tx,
                objects=self.stores.objects,
                clock=self.stores.clock,
                desk=self.desk,
            )

    def wait(self, step: Step, document_id: str, code: ErrorCode) -> None:
        """At each try that trouble of the house kept from its end."""
        with self.stores.database.transaction() as tx:
            failure.hold(self.actor, step, document_id, code, tx=tx)

    def give_up(self, step: Step, document_id: str, code: ErrorCode) -> None:
        """After the last attempt."""
        with self.stores.database.transaction() as tx:
            failure.give_up(self.actor, step, document_id, code, tx=tx, clock=self.stores.clock)

    @property
    def handlers(self) -> Mapping[Step, Handler]:
        """What this process can do."""
        return {Step.READ: self.read, Step.MATCH: self.match, Step.CERTIFY: self.certify}


def work(settings: Settings, queues: Sequence[Step]) -> None:
    """Work until told to stop. Raises ``config_invalid`` where copies should be signed without keys."""
    bench = Workbench(settings)
    holds_keys = settings.signing is not None or pki_folder(settings).is_dir()
    if Step.CERTIFY in queues and not holds_keys:
        raise HosoError(
            ErrorCode.CONFIG_INVALID,
            problems=["queue certify: this home holds no signing keys; leave it to hosts that do"],
        )
    run_worker(settings, bench.handlers, bench.give_up, handlers_waiting=bench.wait, queues=queues)
