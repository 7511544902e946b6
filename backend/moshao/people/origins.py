"""Which addresses are ours: for proofs, for the origin of writes, for the name of the cookie."""

import ipaddress
from functools import lru_cache
from typing import Any
from urllib.parse import urlsplit

from litestar.connection import ASGIConnection

from moshao.kit.config import Settings

SECURE_COOKIE = "__Host-moshao"
LOOPBACK_COOKIE = "moshao"

Connection = ASGIConnection[Any, Any, Any, Any]


def our_origins(connection: Connection, settings: Settings) -> set[str]:
    """`scheme://host[:port]` of the public address; on a machine that has none but loopback, the one asked for."""
    base = urlsplit(settings.base_url)
    origins = {f"{base.scheme}://{base.netloc}".lower()}
    if _is_local(base.hostname or ""):
        origins.add(f"{connection.scope['scheme']}://{connection.headers.get('host', '')}".lower())
    return origins


def cookie_name(connection: Connection, settings: Settings) -> str:
    """The name that a browser accepts: `__Host-` needs https, which loopback does without."""
    plain = connection.scope["scheme"] == "http" and _is_local(_host_in(f"//{connection.headers.get('host', '')}"))
    return LOOPBACK_COOKIE if plain and _is_local(_host_in(settings.base_url)) else SECURE_COOKIE


def loses_cookies(connection: Connection, settings: Settings) -> bool:
    """Whether a browser would drop our cookie: plain http, not on loopback, and no https in front of us."""
    plain = connection.scope["scheme"] == "http" and not settings.base_url.startswith("https://")
    return plain and cookie_name(connection, settings) == SECURE_COOKIE


def comes_from_us(connection: Connection, settings: Settings) -> bool:
    """Whether no foreign page is behind this write (contracts §10)."""
    origin = connection.headers.get("origin")
    if origin is not None:
        return origin.lower() in our_origins(connection, settings)
    return connection.headers.get("sec-fetch-site", "same-origin") == "same-origin"


@lru_cache
def _host_in(url: str) -> str:
    return urlsplit(url).hostname or ""


@lru_cache
def _is_local(host: str) -> bool:
    if host == "localhost":
        return True
    try:
        address = ipaddress.ip_address(host)
    except ValueError:
        return False
    return address.is_loopback or address.is_unspecified
