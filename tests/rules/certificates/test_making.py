"""An authority of one's own, as TLS libraries see it: good for its hosts, worthless for all others."""

import socket
import ssl
import stat
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path

import pytest

from moshao.certificates.kept import OtherHosts, keep
from moshao.certificates.making import Pair, hosts_of, make_server
from moshao.kit import clock

HOSTS = ["cg.example.cn", "10.1.2.3"]


@contextmanager
def served(shown: Pair, folder: Path) -> Iterator[int]:
    """The port of a TLS server that shows this certificate."""
    both = folder / "shown.pem"
    both.write_bytes(shown.key + shown.certificate)
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(both)
    with socket.create_server(("127.0.0.1", 0)) as listener:

        def answer() -> None:
            plain, _ = listener.accept()
            try:
                with context.wrap_socket(plain, server_side=True) as wrapped:
                    wrapped.unwrap()
            except OSError:
                plain.close()

        answering = threading.Thread(target=answer)
        answering.start()
        yield listener.getsockname()[1]
        answering.join()


def visit(port: int, host: str, trusted: Pair) -> None:
    """What a phone does that trusts this authority alone."""
    context = ssl.create_default_context(cadata=trusted.certificate.decode())
    with (
        socket.create_connection(("127.0.0.1", port)) as plain,
        context.wrap_socket(plain, server_hostname=host) as wrapped,
    ):
        wrapped.unwrap()


@pytest.mark.parametrize("host", HOSTS)
def test_who_trusts_the_authority_trusts_the_server(tmp_path: Path, host: str) -> None:
    kept = keep(tmp_path, "ours", HOSTS, clock.now())
    with served(kept.server, tmp_path) as port:
        visit(port, host, kept.authority)


def test_it_speaks_for_no_other_host(tmp_path: Path) -> None:
    kept = keep(tmp_path, "ours", HOSTS, clock.now())
    with served(kept.server, tmp_path) as port, pytest.raises(ssl.SSLCertVerificationError, match="mismatch"):
        visit(port, "other.example.cn", kept.authority)


@pytest.mark.parametrize("host", ["bank.example.com", "10.1.2.4"])
def test_a_stolen_key_signs_for_nobody_else(tmp_path: Path, host: str) -> None:
    kept = keep(tmp_path, "ours", HOSTS, clock.now())
    forged = make_server(kept.authority, [host], clock.now())
    with served(forged, tmp_path) as port, pytest.raises(ssl.SSLCertVerificationError, match="subtree"):
        visit(port, host, kept.authority)


def test_what_is_good_stays_and_what_ends_is_made_anew(tmp_path: Path) -> None:
    first = keep(tmp_path, "ours", HOSTS, clock.now())
    assert first.made == ["authority", "server"]
    assert keep(tmp_path, "ours", HOSTS, clock.now()).made == []
    later = keep(tmp_path, "ours", HOSTS, clock.now() + timedelta(days=340))
    assert later.made == ["server"]
    assert later.authority == first.authority
    assert later.server.parsed.not_valid_after_utc - clock.now() > timedelta(days=700)


def test_broken_off_between_key_and_certificate_it_is_made_again(tmp_path: Path) -> None:
    first = keep(tmp_path, "ours", HOSTS, clock.now())
    (first.folder / "server.key").write_bytes(first.authority.key)
    second = keep(tmp_path, "ours", HOSTS, clock.now())
    assert second.made == ["server"]
    assert second.server.fits


def test_another_host_needs_another_authority(tmp_path: Path) -> None:
    first = keep(tmp_path, "ours", HOSTS, clock.now())
    with pytest.raises(OtherHosts, match=r"new\.example\.cn"):
        keep(tmp_path, "ours", [*HOSTS, "new.example.cn"], clock.now())
    assert keep(tmp_path, "ours", HOSTS[:1], clock.now()).made == ["server"], "fewer hosts are within its bounds"
    anew = keep(tmp_path, "ours", ["new.example.cn"], clock.now(), new_authority=True)
    assert anew.authority != first.authority
    assert hosts_of(anew.server.parsed) == ["new.example.cn"]


def test_keys_are_for_their_owner_alone(tmp_path: Path) -> None:
    kept = keep(tmp_path, "ours", HOSTS, clock.now())
    for name in ("authority.key", "server.key"):
        assert stat.S_IMODE((kept.folder / name).stat().st_mode) == 0o600


def test_browsers_limits_are_kept(tmp_path: Path) -> None:
    server = keep(tmp_path, "ours", HOSTS, clock.now()).server.parsed
    assert server.not_valid_after_utc - server.not_valid_before_utc <= timedelta(days=398)
