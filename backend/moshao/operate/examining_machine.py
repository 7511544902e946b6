"""The machine and the settings, as a doctor looks at them. Nothing here needs the database."""

import asyncio
import ctypes
import ipaddress
import os
import shutil
import socket
import ssl
import stat
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from urllib.parse import urlsplit

from moshao.kit import clock, disk
from moshao.kit.config import Settings
from moshao.operate.finding import Finding, bad, ok, warn

GIB = 1024**3
FREE_LEAST = 10 * GIB
FREE_SHARE = 0.1
CERTIFICATE_DAYS = 14
CONNECT_SECONDS = 5.0
# adjtimex(2): the kernel's clock is not kept by anybody.
UNSYNCHRONISED = 5


def settings_found(settings: Settings) -> Iterator[Finding]:
    """What the settings alone say."""
    yield secure_context(settings.base_url)
    address = urlsplit(settings.base_url)
    if address.scheme == "https" and not settings.trusted_proxies:
        yield bad(
            "proxy", "phones come by https, but nobody's X-Forwarded-For is believed: all phones look like one address",
            "MOSHAO_TRUSTED_PROXIES names the network of the TLS server in front",
        )  # fmt: skip
    if settings.test_connect:
        hosts = ", ".join(host for host, _ in settings.test_connect)
        yield bad("test setting", f"MOSHAO_TEST_CONNECT sends what goes to {hosts} to this machine", "take it away")
    if settings.backup_to and not settings.backup_keys:
        yield warn("backup", "backups lie open", "`moshao backup --new-key FILE`, then MOSHAO_BACKUP_KEYS")


def secure_context(base_url: str) -> Finding:
    """A browser gives a page camera, place and push only over https, or from this machine itself."""
    address = urlsplit(base_url)
    if address.scheme == "https":
        return ok("address", f"{base_url}: phones get camera, place and push")
    if _is_loopback(address.hostname or ""):
        return warn(
            "address", f"{base_url} is this machine alone", "for phones: a TLS server in front, and MOSHAO_BASE_URL"
        )
    return bad(
        "address", f"{base_url} is not https: phones give no camera, no place and no push",
        "a TLS server in front, and MOSHAO_BASE_URL=https://…; `moshao cert` where no public certificate can be had",
    )  # fmt: skip


def data_found(settings: Settings) -> Iterator[Finding]:
    """The data directory: there, ours alone, room on it, and a disk that syncs."""
    folder = settings.data
    if not folder.is_dir():
        yield bad("data", f"{folder} is no directory", "`moshao migrate --data DIR` makes one")
        return
    if folder.stat().st_mode & (stat.S_IROTH | stat.S_IWOTH):
        yield warn("data", f"every user of this machine can read {folder}", f"chmod 750 {folder}")
    yield _room(folder)
    yield _syncing(folder)


def clock_found() -> Finding:
    """Whether somebody keeps this machine's clock. Deadlines, proofs and signatures stand on it."""
    try:
        # Room for struct timex on every platform; no mode is set, so nothing is changed.
        state = ctypes.CDLL(None, use_errno=True).adjtimex(ctypes.create_string_buffer(512))
    except (OSError, AttributeError):
        return warn("clock", "whether the clock is kept can't be told here", "see to it that NTP runs")
    if state == UNSYNCHRONISED:
        return warn("clock", "nobody keeps the clock of this machine", "run chrony or systemd-timesyncd")
    return ok("clock", "kept by NTP")


async def certificate_found(settings: Settings) -> Finding | None:
    """The certificate that phones are shown; None where there is none to be shown."""
    address = urlsplit(settings.base_url)
    if address.scheme != "https" or not address.hostname:
        return None
    try:
        ends_at = await asyncio.to_thread(_certificate_ends, address.hostname, address.port or 443)
    except ssl.SSLCertVerificationError as fault:
        return bad("certificate", f"not trusted: {fault.verify_message}", "a public certificate, or `moshao cert`")
    except OSError as fault:
        return warn("certificate", f"{settings.base_url} can't be reached from here: {fault}", "does TLS in front run?")
    days = (ends_at - clock.now()).days
    if days < CERTIFICATE_DAYS:
        return bad("certificate", f"ends in {days} days", "renew it; phones stop at its last day")
    return ok("certificate", f"trusted, {days} days left")


def _room(folder: Path) -> Finding:
    usage = shutil.disk_usage(folder)
    words = f"{usage.free / GIB:.1f} GiB of {usage.total / GIB:.1f} GiB free"
    if usage.free < min(disk.RESERVE_MOST, usage.total // disk.RESERVE_SHARE):
        return bad("disk", f"{words}: photos are refused (507), words still go on", "make room now")
    if usage.free < FREE_LEAST and usage.free < usage.total * FREE_SHARE:
        return warn("disk", words, "make room; a district's day is about 0.6 GiB of photos")
    return ok("disk", words)


def _syncing(folder: Path) -> Finding:
    probe = folder / f".doctor-{os.getpid()}"
    try:
        with probe.open("wb") as file:
            file.write(b"durable?")
            file.flush()
            disk.sync(file.fileno())
    except OSError as fault:
        return bad("disk", f"can't write durably: {fault}", "look at the disk and its rights; nothing can be accepted")
    finally:
        probe.unlink(missing_ok=True)
    return ok("disk", "writes and syncs")


def _certificate_ends(host: str, port: int) -> datetime:
    context = ssl.create_default_context()
    with (
        socket.create_connection((host, port), timeout=CONNECT_SECONDS) as plain,
        context.wrap_socket(plain, server_hostname=host) as wrapped,
    ):
        shown = wrapped.getpeercert() or {}
    return datetime.fromtimestamp(ssl.cert_time_to_seconds(str(shown["notAfter"])), UTC)


def _is_loopback(host: str) -> bool:
    if host == "localhost":
        return True
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False
