"""The demonstration office, ready to issue: what the composition root wires by default."""

from domain.ports import Clock
from signing.demo_pki.authority import DemoAuthority
from signing.issue import Issuer


def demo_issuer(authority: DemoAuthority, *, clock: Clock) -> Issuer:
    """An issuer whose officer, seal, time stamps and trust are the demonstration PKI."""
    return Issuer(
        officer=authority.signatory("officer"),
        seal=authority.signatory("seal"),
        timestamper=authority.timestamper(),
        revocation=authority,
        trust=authority.trust(),
        clock=clock,
    )
