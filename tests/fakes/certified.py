"""A really signed copy in a test house: demonstration authority, officer, seal, register."""

from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

from domain.certificate import Certificate, Regime
from domain.document import DocumentState
from domain.ports import Bucket
from signing.demo_pki.authority import DemoAuthority
from signing.demo_pki.office import demo_issuer
from tests.fakes.house import ROOT, TestHouse, as_accepted, of_state
from workflow import issuing
from workflow.retention import Retention


def certify_one(test: TestHouse, folder: Path) -> tuple[Certificate, bytes]:
    """Sign the document that waits for it; the house trusts the authority made in ``folder``."""
    test.clock.at = datetime.now(UTC)  # certificates made now are not valid yesterday
    authority = DemoAuthority(folder, base_url=f"{test.house.public_url}/pki")
    desk = issuing.Desk(
        issuer=demo_issuer(authority, clock=test.clock),
        regime=Regime.CERTIFIED_COPY,
        public_url=test.house.public_url,
        retention=Retention(days=365),
        limits=test.house.limits,
    )
    test.house = replace(test.house, trust=authority.trust)
    certificate = certify_waiting(test, desk)
    return certificate, test.objects.get(Bucket.ECOPIES, certificate.sha256)


def certify_waiting(test: TestHouse, desk: issuing.Desk) -> Certificate:
    """Certify the document that waits for it, at this desk."""
    document_id = of_state(DocumentState.CERTIFYING)
    with test.database.transaction() as tx:
        waiting = tx.documents.get(document_id, within=ROOT.path)
        assert waiting is not None
        tx.documents.move(waiting, changed=as_accepted(waiting, tx.population))
        issuing.certify(
            test.house.system,
            document_id,
            tx=tx,
            objects=test.objects,
            clock=test.clock,
            desk=desk,
        )
        certificate = tx.certificates.by_document(document_id)
    assert certificate is not None
    return certificate
