"""The one table of settings: `MOSHAO_<NAME>`, or `MOSHAO_<NAME>_FILE` holding the value (docs/settings.md)."""

import ipaddress
from collections.abc import Callable, Mapping
from datetime import time
from pathlib import Path
from typing import Any

import msgspec

from moshao.kit.tiles import Datum, read_datum, read_source


class BadSetting(Exception):
    """A setting that stops the start; its text names the variable and what is wrong."""


class Settings(msgspec.Struct, frozen=True, kw_only=True):
    """What the environment decides. Members stand in SETTINGS with their meaning."""

    data: Path
    database_url: str
    blobs_url: str
    base_url: str
    host: str
    port: int
    trusted_proxies: tuple[str, ...]
    metrics_token: str
    log_level: str
    push_hosts: tuple[str, ...]
    push_contact: str
    gateway_hosts: tuple[str, ...]
    test_connect: tuple[tuple[str, str], ...]
    pixel_children: int
    map_tiles: str
    map_datum: Datum
    map_attribution: str
    workers: int
    backup_to: Path | None
    backup_keys: tuple[str, ...]
    backup_at: str
    backup_keep: int
    exchange: Path | None


class Setting(msgspec.Struct, frozen=True):
    """One row of the table. `kind` is a word for the docs; `read` turns text into the value or raises ValueError."""

    name: str
    kind: str
    default: str
    meaning: str
    read: Callable[[str], Any]
    secret: bool = False


def _port(text: str) -> int:
    port = int(text)
    if not 0 <= port <= 65535:
        raise ValueError("a port is 0 to 65535")
    return port


def _count(text: str) -> int:
    count = int(text)
    if count < 1:
        raise ValueError("at least 1")
    return count


def _database(text: str) -> str:
    if text and not text.startswith(("sqlite:///", "postgres://", "postgresql://")):
        raise ValueError("starts with sqlite:/// or postgres://")
    return text


def _blobs(text: str) -> str:
    if text and not text.startswith("file:///"):
        raise ValueError("starts with file:///")
    return text


def _base(text: str) -> str:
    if text and not text.startswith(("http://", "https://")):
        raise ValueError("starts with https://, or http:// on loopback")
    return text.rstrip("/")


def _contact(text: str) -> str:
    if text and not text.startswith(("mailto:", "https://")):
        raise ValueError("starts with mailto: or https://")
    return text


def _words(text: str) -> tuple[str, ...]:
    return tuple(word.strip() for word in text.split(",") if word.strip())


def _networks(text: str) -> tuple[str, ...]:
    return tuple(str(ipaddress.ip_network(word)) for word in _words(text))


def _directory(text: str) -> Path | None:
    return Path(text).absolute() if text else None


def _time(text: str) -> str:
    return time.fromisoformat(text).strftime("%H:%M")


def _level(text: str) -> str:
    if text not in ("debug", "info", "warning", "error"):
        raise ValueError("debug, info, warning or error")
    return text


def _connects(text: str) -> tuple[tuple[str, str], ...]:
    pairs = []
    for word in _words(text):
        host, sign, target = word.partition("=")
        address, colon, port = target.rpartition(":")
        if not (host and sign and colon and port.isdigit() and ipaddress.ip_address(address).is_loopback):
            raise ValueError("host=127.0.0.1:PORT, loopback only")
        pairs.append((host.lower(), target))
    return tuple(pairs)


SETTINGS: list[Setting] = [
    Setting("DATA", "directory", "data", "Where the database, photos and keys live unless told otherwise.", Path),
    Setting(
        "DATABASE_URL", "URL", "", "`sqlite:///…` (default: `moshao.db` in the data directory) or `postgres://…`.",
        _database, secret=True,
    ),
    Setting("BLOBS_URL", "URL", "", "`file:///…` (default: `blobs` in the data directory).", _blobs),
    Setting(
        "BASE_URL", "URL", "",
        "The address people open, no slash at the end; default `http://HOST:PORT`. Sign-in proofs are made for it.",
        _base,
    ),
    Setting("HOST", "address", "127.0.0.1", "Where `moshao serve` listens.", str),
    Setting("PORT", "port", "8000", "Where `moshao serve` listens.", _port),
    Setting("WORKERS", "count", "1", "Web processes of `moshao serve`; more than one needs PostgreSQL.", _count),
    Setting(
        "TRUSTED_PROXIES", "networks", "",
        "Networks, comma-separated, whose `X-Forwarded-For` and `X-Forwarded-Proto` are believed.", _networks,
    ),
    Setting("METRICS_TOKEN", "text", "", "Bearer token for `/metrics`; without one only loopback reads it.", str, True),
    Setting("LOG_LEVEL", "word", "info", "debug, info, warning or error.", _level),
    Setting("PUSH_HOSTS", "hosts", "", "More hosts to which Web Push may be sent, comma-separated.", _words),
    Setting(
        "PUSH_CONTACT", "URL", "",
        "`mailto:…` or `https://…`: where push services find whoever runs this; default the base URL, if it is https.",
        _contact,
    ),
    Setting(
        "GATEWAY_HOSTS", "hosts", "",
        "Hosts of one's own network, comma-separated, that the bell's gateways may call, also by plain http; all "
        "others are called by https, at public addresses.", _words,
    ),
    Setting("PIXEL_CHILDREN", "count", "2", "Child processes that decode photos.", _count),
    Setting(
        "BACKUP_TO", "directory", "",
        "Where `moshao backup` writes; set, the worker backs up every night. Another disk, better another machine.",
        _directory,
    ),
    Setting(
        "BACKUP_KEYS", "age1… keys", "",
        "Public keys, comma-separated, for whom backups are sealed (`moshao backup --new-key FILE` makes one).", _words,
    ),
    Setting("BACKUP_AT", "time", "02:30", "When the worker backs up, in China's time.", _time),
    Setting("BACKUP_KEEP", "count", "30", "How many backups are kept; older ones go when a new one is there.", _count),
    Setting(
        "EXCHANGE", "directory", "",
        "Where platforms above put sheets and find results: a folder for each with `in`, `out`, `done` and `bad`.",
        _directory,
    ),
    Setting(
        "MAP_TILES", "source", "",
        "Pictures under maps: `tianditu:KEY`, a URL with `{z}`, `{x}`, `{y}` (and `{s}`: a, b or c), or the path of an "
        "`.mbtiles` file. Without it maps show grids and cases alone.", read_source,
    ),
    Setting("MAP_DATUM", "word", "wgs84", "In which those pictures are drawn: `wgs84`, or `gcj02`.", read_datum),
    Setting("MAP_ATTRIBUTION", "text", "", "Whose pictures they are, as maps say it in their corner.", str),
    Setting(
        "TEST_CONNECT", "host=address", "",
        "Tests only: sends outgoing traffic for a host to a loopback port, `host=127.0.0.1:PORT,…`.", _connects,
    ),
]  # fmt: skip


def load(environ: Mapping[str, str]) -> Settings:
    """The settings of this environment. Raises BadSetting, naming the variable; unknown `MOSHAO_*` names too."""
    known = {f"MOSHAO_{setting.name}{end}" for setting in SETTINGS for end in ("", "_FILE")}
    for name in environ:
        if name.startswith("MOSHAO_") and name not in known:
            raise BadSetting(f"{name} is no setting; see docs/settings.md")
    values = {setting.name.lower(): _value(setting, environ) for setting in SETTINGS}
    data: Path = values["data"].absolute()
    values["data"] = data
    values["database_url"] = values["database_url"] or f"sqlite:///{data / 'moshao.db'}"
    values["blobs_url"] = values["blobs_url"] or f"file://{data / 'blobs'}"
    values["base_url"] = values["base_url"] or f"http://{values['host']}:{values['port']}"
    if values["workers"] > 1 and values["database_url"].startswith("sqlite"):
        raise BadSetting("MOSHAO_WORKERS: several web processes need PostgreSQL")
    return Settings(**values)


def _value(setting: Setting, environ: Mapping[str, str]) -> Any:
    name = f"MOSHAO_{setting.name}"
    text = environ.get(name, setting.default)
    if file := environ.get(f"{name}_FILE"):
        if name in environ:
            raise BadSetting(f"{name} and {name}_FILE are both set")
        try:
            text = Path(file).read_text().strip()
        except OSError as fault:
            raise BadSetting(f"{name}_FILE: {fault}") from fault
    try:
        return setting.read(text)
    except ValueError as fault:
        raise BadSetting(f"{name}: {fault}") from fault
