"""Loopback ports of the embedded servers: chosen once, remembered, replaced only when someone took one."""

import json
import secrets
import socket
from collections.abc import Iterable

from domain.errors import ErrorCode, HosoError
from storage.embedded.home import Home, write_private

# Below Linux's default range for outgoing connections (32768–60999), so that no client socket of
# this machine can sit on a remembered port when the server comes back. SeaweedFS wants the gRPC port
# of each of its servers exactly 10,000 above the HTTP port: both of a pair stay below that range.
_FIRST, _LAST = 12000, 22000
TWIN = 10000
_ATTEMPTS = 400


def is_free(port: int) -> bool:
    """Whether a server could listen on ``port`` of the loopback address now."""
    with socket.socket(socket.AF_INET, socket.SOCK_STREAM) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("127.0.0.1", port))
        except OSError:
            return False
    return True


def remembered_ports(home: Home) -> dict[str, int]:
    """Name → port as chosen so far; empty before the first start, and where a bad disk spoiled the list."""
    try:
        return {str(name): int(port) for name, port in json.loads(home.ports.read_bytes()).items()}
    except (FileNotFoundError, ValueError):
        return {}


def claim_ports(home: Home, names: Iterable[str]) -> dict[str, int]:
    """Ports for ``names``: the remembered ones where still free, else new ones, which are remembered.

    Call it only while the server in question is down: its own port would look taken.
    Raises ``server_start_failed`` when the machine has no free port left.
    """
    ports = remembered_ports(home)
    wanted = list(names)
    taken = set(ports.values())
    for name in wanted:
        if name not in ports or not _both_free(ports[name]):
            ports[name] = _free_port(taken)
            taken.add(ports[name])
    write_private(home.ports, json.dumps(ports, indent=1).encode())
    return {name: ports[name] for name in wanted}


def _both_free(port: int) -> bool:
    return is_free(port) and is_free(port + TWIN)


def _free_port(taken: set[int]) -> int:
    for _ in range(_ATTEMPTS):
        port = _FIRST + secrets.randbelow(_LAST - _FIRST)
        if port not in taken and _both_free(port):
            return port
    raise HosoError(ErrorCode.SERVER_START_FAILED, server="ports", problem="no free loopback port")
