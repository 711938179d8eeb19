"""The entities of the demonstration PKI, read from ``declaration.toml``."""

import tomllib
from dataclasses import dataclass
from enum import StrEnum
from functools import lru_cache
from importlib.resources import files


class EntityKind(StrEnum):
    """What a certificate is for; decides its key usages."""

    AUTHORITY = "authority"
    SIGNER = "signer"
    OCSP_RESPONDER = "ocsp_responder"
    TIMESTAMP_AUTHORITY = "timestamp_authority"


@dataclass(frozen=True, kw_only=True)
class Entity:
    """One certificate to make. ``issuer`` is ``None`` for the root, which signs itself."""

    name: str
    common_name: str
    kind: EntityKind
    days: int
    issuer: str | None = None


@dataclass(frozen=True, kw_only=True)
class Declaration:
    """All entities, issuers first, and the subject parts they share."""

    organization: str
    country: str
    entities: tuple[Entity, ...]

    def entity(self, name: str) -> Entity:
        """The entity called ``name``. Raises ``KeyError``."""
        return {entity.name: entity for entity in self.entities}[name]


@lru_cache(maxsize=1)
def declaration() -> Declaration:
    """The declaration shipped with the product."""
    source = files("signing.demo_pki").joinpath("declaration.toml")
    data = tomllib.loads(source.read_text(encoding="utf-8"))
    return Declaration(
        organization=data["organization"],
        country=data["country"],
        entities=tuple(
            Entity(
                name=entry["name"],
                common_name=entry["common_name"],
                kind=EntityKind(entry["kind"]),
                days=entry["days"],
                issuer=entry.get("issuer"),
            )
            for entry in data["entity"]
        ),
    )
