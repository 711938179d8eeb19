import socket
from pathlib import Path

from storage.embedded.home import prepare_home
from storage.embedded.ports import claim_ports, is_free, remembered_ports


def test_ports_are_chosen_once_and_differ(tmp_path: Path) -> None:
    home = prepare_home(tmp_path / "home")
    assert remembered_ports(home) == {}
    first = claim_ports(home, ["a", "b", "c"])
    assert len(set(first.values())) == 3
    assert claim_ports(home, ["a", "b", "c"]) == first
    claim_ports(home, ["d"])
    assert remembered_ports(home).items() >= first.items()


def test_a_port_that_somebody_took_is_replaced(tmp_path: Path) -> None:
    home = prepare_home(tmp_path / "home")
    before = claim_ports(home, ["a", "b"])
    with socket.socket() as squatter:
        squatter.bind(("127.0.0.1", before["a"]))
        squatter.listen()
        assert not is_free(before["a"])
        after = claim_ports(home, ["a", "b"])
    assert after["a"] != before["a"]
    assert after["b"] == before["b"]
