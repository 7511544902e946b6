"""Where authority and server certificate lie: DATA/certificates, keys for their owner alone."""

import os
from collections.abc import Sequence
from datetime import datetime, timedelta
from pathlib import Path

import msgspec

from moshao.certificates.making import Pair, hosts_of, make_authority, make_server, outside

FOLDER = "certificates"
# A server certificate with less left than this is made anew.
RENEWED_BEFORE = timedelta(days=60)


class OtherHosts(Exception):
    """The authority may not sign for `hosts`; phones would have to trust another one."""

    def __init__(self, hosts: list[str]) -> None:
        super().__init__(", ".join(hosts))
        self.hosts = hosts


class Kept(msgspec.Struct, frozen=True):
    """`made`: what this call wrote: authority, server, both or nothing."""

    folder: Path
    authority: Pair
    server: Pair
    made: list[str]


def keep(data: Path, name: str, hosts: Sequence[str], now: datetime, *, new_authority: bool = False) -> Kept:
    """Make what is missing, what ends soon and what speaks for other hosts; all else stays as it is.

    Raises OtherHosts when the authority there is may not sign for one of them.
    """
    folder = data / FOLDER
    folder.mkdir(mode=0o750, parents=True, exist_ok=True)
    made: list[str] = []
    authority = None if new_authority else _read(folder, "authority")
    if authority is None:
        authority = make_authority(name, hosts, now)
        _write(folder, "authority", authority)
        made.append("authority")
    elif strangers := outside(authority.parsed, hosts):
        raise OtherHosts(strangers)
    server = None if made else _read(folder, "server")
    if server is None or _is_stale(server, hosts, now):
        server = make_server(authority, hosts, now)
        _write(folder, "server", server)
        made.append("server")
    return Kept(folder, authority, server, made)


def authority_of(data: Path) -> bytes | None:
    """The authority's certificate (PEM) as phones may have it; None where there is none."""
    try:
        return (data / FOLDER / "authority.crt").read_bytes()
    except FileNotFoundError:
        return None


def hosts_served(data: Path) -> list[str]:
    """The names and addresses of the server certificate there; none where there is none."""
    server = _read(data / FOLDER, "server")
    return hosts_of(server.parsed) if server else []


def _is_stale(server: Pair, hosts: Sequence[str], now: datetime) -> bool:
    parsed = server.parsed
    return parsed.not_valid_after_utc - now < RENEWED_BEFORE or set(hosts_of(parsed)) != set(hosts)


def _read(folder: Path, name: str) -> Pair | None:
    """None too where a call was broken off between the key and its certificate."""
    try:
        pair = Pair((folder / f"{name}.crt").read_bytes(), (folder / f"{name}.key").read_bytes())
    except FileNotFoundError:
        return None
    return pair if pair.fits else None


def _write(folder: Path, name: str, pair: Pair) -> None:
    """The key first: a certificate without its key would be taken for whole."""
    for suffix, body, mode in ((".key", pair.key, 0o600), (".crt", pair.certificate, 0o644)):
        half = folder / f".{name}{suffix}"
        half.unlink(missing_ok=True)
        with os.fdopen(os.open(half, os.O_WRONLY | os.O_CREAT | os.O_EXCL, mode), "wb") as file:
            file.write(body)
            file.flush()
            os.fsync(file.fileno())
        half.replace(folder / f"{name}{suffix}")
