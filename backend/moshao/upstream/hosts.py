"""Addresses named by an upstream: which of them this server may call."""

from collections.abc import Collection
from urllib.parse import urlsplit


def is_allowed(url: str, hosts: Collection[str]) -> bool:
    """Whether the URL is http(s), without user information, at one of `hosts` (`*.city.example`: any below it)."""
    host = host_of(url)
    return host is not None and any(
        host == allowed or (allowed.startswith("*.") and host.endswith(allowed[1:]))
        for allowed in map(str.lower, hosts)
    )


def host_of(url: str) -> str | None:
    """The host in small letters; None where the URL is none to call."""
    try:
        parts = urlsplit(url)
        port = parts.port
    except ValueError:
        return None
    if parts.scheme not in ("http", "https") or "@" in parts.netloc or port == 0:
        return None
    return parts.hostname.lower() if parts.hostname else None
