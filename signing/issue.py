"""Issue a certified copy: compose, sign, seal, and believe nothing until our own check passes."""

import hashlib
from dataclasses import dataclass

from pyhanko.sign.timestamps.api import TimeStamper

from domain.dates import day_in_vietnam
from domain.errors import ErrorCode, HosoError
from domain.ports import Clock
from domain.verification import Genuineness, StepOutcome
from signing.composition import compose
from signing.ecopy import EcopyContent, IssuedCopy, SigningFacts
from signing.signatory import Signatory
from signing.signatures import SignaturePolicy, sign
from signing.trust import RevocationSource, TrustAnchors
from signing.verification import verify_own_output
from signing.wording import wording_for


@dataclass(frozen=True, kw_only=True)
class Issuer:
    """The signing desk of an office: two keys, a clock that others believe, and whom we trust."""

    officer: Signatory
    seal: Signatory
    timestamper: TimeStamper
    revocation: RevocationSource
    trust: TrustAnchors
    clock: Clock

    def issue(self, content: EcopyContent) -> IssuedCopy:
        """The signed copy of ``content``.

        Raises ``config_invalid``, ``tool_missing``, ``signing_failed``; ``own_output_not_valid``
        where the finished copy fails our own verification, and then nothing leaves this function.
        """
        # 1. compose the page pictures, the words of the law and the QR
        signed_at = self.clock.now()
        facts = SigningFacts(signed_at=signed_at, signer=self.officer.name, demo=self.trust.demo)
        composed = compose(content, facts=facts)

        # 2. the officer certifies, the agency seals, a time stamp closes the file
        wording = wording_for(content.regime, day_in_vietnam(signed_at))
        signed = sign(
            composed,
            officer=self.officer,
            seal=self.seal,
            timestamper=self.timestamper,
            revocation=self.revocation,
            policy=SignaturePolicy(reason=wording.signing_reason, agency=content.agency_name),
        )

        # 3. what we would not accept from others does not leave the house
        report = verify_own_output(signed, trust=self.trust, now=self.clock.now())
        if report.genuineness is not Genuineness.GENUINE:
            problems = {
                step.code: dict(step.facts)
                for step in report.steps
                if step.outcome is StepOutcome.FAIL
            }
            raise HosoError(ErrorCode.OWN_OUTPUT_NOT_VALID, failed=problems)
        return IssuedCopy(
            pdf=signed,
            sha256=hashlib.sha256(signed).hexdigest(),
            signed_at=signed_at,
            signer_name=self.officer.name,
        )
