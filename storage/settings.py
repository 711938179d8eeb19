"""Settings of one installation: ``HOSO_*`` variables, validated at start, all problems at once."""

import os
import re
from collections.abc import Mapping
from ipaddress import IPv4Address, IPv6Address, ip_address, ip_network
from pathlib import Path
from socket import inet_aton
from types import MappingProxyType
from typing import Any, Self
from urllib.parse import SplitResult, urlsplit

from pydantic import Field, SecretStr, ValidationError, field_validator, model_validator
from pydantic_settings import BaseSettings, SettingsConfigDict

from domain.certificate import Regime
from domain.errors import ErrorCode, HosoError

ENV_PREFIX = "HOSO_"
_AGENCY = re.compile(r"[A-Za-z0-9]{1,20}=[^;=]{1,200}")
_PUBLIC_URL = re.compile(
    r"(?=.{1,200}\Z)https?://[^\s/?#@\\]+(/[\w.~!$&'()*+,;=:%/-]*)?", re.IGNORECASE | re.ASCII
)
_HOST_LABEL = re.compile(r"[^\W_](?:[\w-]{0,61}[^\W_])?")
_NUMBER = re.compile(r"[0-9]+|0[xX][0-9a-fA-F]*")
"""A name that ends so is taken for an address of four bytes (WHATWG URL, 3.5)."""
_WIDEST = {4: 8, 6: 7}
"""Bits: 10.0.0.0/8 and fc00::/7 are the widest networks that an office may have for itself."""
_BUCKET_PREFIX = re.compile(r"[a-z0-9][a-z0-9-]{0,40}")
_LOCAL_NAMES = frozenset(
    {"localhost", "localhost.localdomain", "localhost4", "localhost4.localdomain4"}
    | {"localhost6", "localhost6.localdomain6", "ip6-localhost", "ip6-loopback"}
)
"""What the hosts files of Debian and Red Hat call this machine."""


class Settings(BaseSettings):
    """Every knob of the product. Each description also stands in ``docs/operations.md`` (a test compares)."""

    model_config = SettingsConfigDict(
        env_prefix=ENV_PREFIX, env_ignore_empty=True, extra="ignore", frozen=True
    )

    home: Path = Field(
        default=Path("var"),
        description="Folder of all embedded state: secrets, database, objects, logs, process records.",
    )
    database_url: SecretStr | None = Field(
        default=None,
        description="External PostgreSQL (15 or later), for example postgresql://user:password@host/hoso; "
        "when set, no embedded PostgreSQL is started.",
    )
    pg_bin: Path | None = Field(
        default=None,
        description="Folder with the programs of an installed PostgreSQL (15 or later) to run as the "
        "embedded server instead of the bundled one.",
    )
    pg_user: str | None = Field(
        default=None,
        description="Unprivileged system user who runs the embedded PostgreSQL when Hoso is started by "
        "root; default: postgres where it exists, else nobody.",
    )
    s3_endpoint: str | None = Field(
        default=None,
        description="External S3 store with Object Lock, as host or host:port; when set, no embedded "
        "object store is started.",
    )
    s3_access_key: SecretStr | None = Field(
        default=None, description="Access key of the external S3 store."
    )
    s3_secret_key: SecretStr | None = Field(
        default=None, description="Secret key of the external S3 store."
    )
    s3_secure: bool = Field(
        default=True, description="Whether the external S3 store is reached by HTTPS."
    )
    s3_region: str = Field(
        default="us-east-1", description="Region of the external S3 store; most stores accept any."
    )
    bucket_prefix: str = Field(
        default="hoso",
        description="Start of the bucket names (PREFIX-originals, PREFIX-pages, PREFIX-ecopies).",
    )
    retention_days: int = Field(
        default=3650,
        ge=1,
        le=36500,
        description="Days for which originals and certified e-copies are locked against deletion.",
    )
    web_host: str = Field(
        default="127.0.0.1", min_length=1, description="Address the web server listens on."
    )
    web_port: int = Field(
        default=8000, ge=1, le=65535, description="Port the web server listens on."
    )
    public_url: str = Field(
        default="http://localhost:8000",
        description="Address under which citizens and staff reach the web pages; printed in the QR code "
        "of certified copies; the default follows HOSO_WEB_PORT.",
    )
    trusted_proxies: str = Field(
        default="127.0.0.1",
        description="Proxies whose X-Forwarded-For and X-Forwarded-Proto are believed, as addresses or "
        "networks separated by commas (§ More machines).",
    )
    workers: int = Field(
        default=0,
        ge=0,
        le=256,
        description="Worker processes that `hoso up` starts, one document at a time each; 0 means one "
        "per processor core.",
    )
    agency: str = Field(
        default="vn=Việt Nam;24=Tỉnh Bắc Ninh;07777=Ủy ban nhân dân phường Việt Yên",
        description="The agency of this installation and those above it, from the state down, as "
        "CODE=NAME separated by semicolons; documents registered on this server's command line, and "
        "accounts added there, belong to the last one.",
    )
    regime: Regime = Field(
        default=Regime.CERTIFIED_COPY,
        description="Which law certified copies follow: certified_copy (NĐ 45/2020, chứng thực) or "
        "office_copy (NĐ 30/2020, sao y).",
    )
    signing: Path | None = Field(
        default=None,
        description="TOML file that names the office's own keys, certificates and time-stamping service "
        "(§ Real signatures); unset, the demonstration authority signs, without legal value.",
    )
    upload_max_bytes: int = Field(
        default=200 * 1024 * 1024, ge=1024, description="Largest accepted file, in bytes."
    )
    upload_max_pages: int = Field(default=500, ge=1, description="Most pages accepted in one file.")
    image_max_pixels: int = Field(
        default=72_000_000, ge=10_000, description="Most pixels accepted in one page image."
    )
    log_level: str = Field(
        default="INFO", description="Least severe log line written: DEBUG, INFO, WARNING or ERROR."
    )

    @model_validator(mode="before")
    @classmethod
    def _address_follows_port(cls, values: Any) -> Any:
        """A page moved to another port is not advertised, in QR codes least of all, under the old one."""
        if isinstance(values, dict) and values.get("web_port") and not values.get("public_url"):
            return {**values, "public_url": f"http://localhost:{values['web_port']}"}
        return values

    @field_validator("home")
    @classmethod
    def _absolute_home(cls, value: Path) -> Path:
        return Path(os.path.abspath(value.expanduser()))  # noqa: PTH100  # resolve() would follow links: the home keeps the name people gave it

    @field_validator("home")
    @classmethod
    def _home_is_a_folder(cls, value: Path) -> Path:
        """Whatever stands at the path, or nearest above it, must be a folder: all commands look into it."""
        try:
            nearest = next(
                path
                for path in (value, *value.parents)
                if path.exists() or path.is_symlink()  # a link to nothing stands there too
            )
        except OSError as error:
            remedy = "run as a user who may go there, or set HOSO_HOME to another folder"
            msg = f"{error.filename}: {error.strerror}; {remedy}"
            raise ValueError(msg) from error
        if not nearest.is_dir():
            msg = f"{nearest} is not a folder"
            raise ValueError(msg)
        return value

    @field_validator("database_url")
    @classmethod
    def _postgres_url(cls, value: SecretStr | None) -> SecretStr | None:
        if value is not None:
            parts = urlsplit(value.get_secret_value())
            if parts.scheme not in {"postgresql", "postgres"}:
                msg = "must start with postgresql://"
                raise ValueError(msg)
            if _port_is_wrong(parts) or len(parts.path) <= 1:
                # the library's own words would repeat what may be half of a password
                msg = (
                    "must be postgresql://user:password@host:port/name, signs of a password such as "
                    "/ : @ # ? % written %2F %3A %40 %23 %3F %25"
                )
                raise ValueError(msg)
        return value

    @field_validator("pg_bin")
    @classmethod
    def _postgres_programs(cls, value: Path | None) -> Path | None:
        if value is not None:
            missing = [name for name in ("postgres", "initdb") if not (value / name).is_file()]
            if missing:
                msg = f"does not contain {' and '.join(missing)}"
                raise ValueError(msg)
        return value

    @field_validator("s3_endpoint")
    @classmethod
    def _host_and_port(cls, value: str | None) -> str | None:
        if value is not None and ("/" in value or "@" in value):
            msg = "must be host or host:port, without scheme and path (see HOSO_S3_SECURE)"
            raise ValueError(msg)
        return value

    @field_validator("bucket_prefix")
    @classmethod
    def _bucket_name(cls, value: str) -> str:
        if not _BUCKET_PREFIX.fullmatch(value):
            msg = "must be lower-case letters, digits and hyphens, at most 41"
            raise ValueError(msg)
        return value

    @field_validator("public_url")
    @classmethod
    def _web_address(cls, value: str) -> str:
        """Certified copies carry it for ever, with what they add behind it: nothing else may stand there."""
        parts = urlsplit(value)
        if parts.scheme not in {"http", "https"} or not parts.hostname:
            msg = "must be an http:// or https:// address"
            raise ValueError(msg)
        if (
            not _PUBLIC_URL.fullmatch(value)
            or _port_is_wrong(parts)
            or not _is_host(parts.hostname)
        ):
            msg = (
                "must be https://name, https://name:port or https://name/path, without spaces, "
                "user, ? and #, at most 200 characters"
            )
            raise ValueError(msg)
        return f"{parts.scheme}{value[len(parts.scheme) :]}".rstrip("/")

    @field_validator("web_host")
    @classmethod
    def _listening_host(cls, value: str) -> str:
        if not _is_host(value):
            msg = "must be an address of this machine, such as 127.0.0.1 or 0.0.0.0, or a name"
            raise ValueError(msg)
        return value

    @field_validator("trusted_proxies")
    @classmethod
    def _addresses(cls, value: str) -> str:
        """Anything else the web server would take as a name, and believe nobody without a word.

        In a network that takes in visitors each of them could name any address as its own.
        """
        proxies = [proxy.strip() for proxy in value.split(",")]
        try:
            networks = [ip_network(proxy) for proxy in proxies]
        except ValueError:
            networks = []
        if not networks or any(one.prefixlen < _WIDEST[one.version] for one in networks):
            msg = (
                "must be addresses or networks of proxies alone, separated by commas, such as "
                "10.0.0.5,10.1.0.0/24"
            )
            raise ValueError(msg)
        return ",".join(proxies)

    @field_validator("agency")
    @classmethod
    def _agency_chain(cls, value: str) -> str:
        units = [unit.strip() for unit in value.split(";")]
        codes = {unit.partition("=")[0] for unit in units}
        for unit in units:
            if not _AGENCY.fullmatch(unit) or not unit.isprintable() or len(codes) < len(units):
                msg = (
                    "must be CODE=NAME;CODE=NAME…, codes of letters and digits, each once, from the "
                    "state down"
                )
                raise ValueError(msg)
        return value

    @field_validator("log_level")
    @classmethod
    def _known_level(cls, value: str) -> str:
        if value.upper() not in {"DEBUG", "INFO", "WARNING", "ERROR"}:
            msg = "must be DEBUG, INFO, WARNING or ERROR"
            raise ValueError(msg)
        return value.upper()

    @model_validator(mode="after")
    def _keys_with_endpoint(self) -> Self:
        given = {
            "HOSO_S3_ENDPOINT": self.s3_endpoint,
            "HOSO_S3_ACCESS_KEY": self.s3_access_key,
            "HOSO_S3_SECRET_KEY": self.s3_secret_key,
        }
        missing = [name for name, value in given.items() if value is None]
        if missing and len(missing) < len(given):
            msg = f"{' and '.join(missing)} must be set together with the other HOSO_S3_* settings"
            raise ValueError(msg)
        return self

    @property
    def public_url_is_local(self) -> bool:
        """Whether ``public_url`` opens on this machine only."""
        host = (urlsplit(self.public_url).hostname or "").removesuffix(".")
        address = _address(host)
        if address is None:
            return host in _LOCAL_NAMES or host.endswith(".localhost")
        return address.is_loopback or address.is_unspecified

    @property
    def names_proxies(self) -> bool:
        """Whether somebody said which proxies are believed."""
        return "trusted_proxies" in self.model_fields_set

    @property
    def worker_count(self) -> int:
        """Worker processes to start on this machine."""
        return self.workers or os.cpu_count() or 1


def _address(host: str) -> IPv4Address | IPv6Address | None:
    """The address that browsers take ``host`` for, ``None`` where it is a name; nobody is asked."""
    try:
        address = ip_address(host)
    except ValueError:
        try:
            return IPv4Address(inet_aton(host))  # 127.1, 0x7f000001 and the like
        except (OSError, ValueError):
            return None
    return getattr(address, "ipv4_mapped", None) or address


def _is_host(host: str) -> bool:
    """Whether ``host`` is an address, or a name as browsers take it, in any letters."""
    host = host.removesuffix(".")
    if _address(host) is not None:
        return True
    labels = host.split(".")
    return not _NUMBER.fullmatch(labels[-1]) and all(map(_HOST_LABEL.fullmatch, labels))


def _port_is_wrong(parts: SplitResult) -> bool:
    try:
        return parts.port == 0
    except ValueError:
        return True


def setting_names() -> dict[str, str]:
    """Environment variable → description, in the order of the documentation."""
    return {
        f"{ENV_PREFIX}{name.upper()}": field.description or ""
        for name, field in Settings.model_fields.items()
    }


EMBEDDED: Mapping[str, None] = MappingProxyType(
    dict.fromkeys(("database_url", "s3_endpoint", "s3_access_key", "s3_secret_key"))
)
"""Overrides for an installation on servers of its own, whatever the environment names."""


def load_settings(**overrides: object) -> Settings:
    """Settings of the environment, ``overrides`` (field names) first.

    Raises ``config_invalid`` with ``problems``, one sentence per wrong setting; values are not
    repeated in them because they may be secrets.
    """
    try:
        return Settings(**overrides)  # type: ignore[arg-type]  # validated by pydantic
    except ValidationError as error:
        problems = [
            f"{_variable(item['loc'])}: {item['msg'].removeprefix('Value error, ')}"
            for item in error.errors(include_input=False, include_url=False)
        ]
        raise HosoError(ErrorCode.CONFIG_INVALID, problems=problems) from None


def _variable(location: tuple[int | str, ...]) -> str:
    return f"{ENV_PREFIX}{str(location[0]).upper()}" if location else f"{ENV_PREFIX}*"
