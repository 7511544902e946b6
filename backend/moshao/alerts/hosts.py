"""Endpoints of push services: a URL chosen by a stranger, so only what a browser maker's service looks like passes."""

import re
from collections.abc import Collection
from urllib.parse import urlsplit

URL_MOST = 2048
HOSTS = frozenset({"fcm.googleapis.com", "updates.push.services.mozilla.com", "web.push.apple.com"})
PATTERNS = (re.compile(r"jmt[0-9]+\.google\.com"), re.compile(r"([0-9a-z-]+\.)+notify\.windows\.com"))
# Nothing but what RFC 3986 allows in a URL: no spaces, controls, backslashes, letters beyond ASCII.
WELL_FORMED = re.compile(r"https://[0-9A-Za-z._~:/?#\[\]@!$&'()*+,;=%-]+")


def origin_of(endpoint: str, more_hosts: Collection[str]) -> str | None:
    """`https://host` of an endpoint that we may call, None for any other. `more_hosts`: of the settings."""
    if len(endpoint) > URL_MOST or not WELL_FORMED.fullmatch(endpoint):
        return None
    try:
        parts = urlsplit(endpoint)
        port = parts.port
    except ValueError:
        return None
    host = (parts.hostname or "").lower()
    if (
        "@" in parts.netloc
        or port not in (None, 443)
        or parts.netloc.endswith(":")
        or not _is_allowed(host, more_hosts)
    ):
        return None
    return f"https://{host}"


def _is_allowed(host: str, more_hosts: Collection[str]) -> bool:
    named = HOSTS | {each.lower() for each in more_hosts}
    return host in named or any(pattern.fullmatch(host) for pattern in PATTERNS)
