"""Calls to those who run a gateway: JSON there and back. What is no answer of theirs is a fate, raised."""

from collections.abc import Mapping
from typing import Any
from urllib.parse import quote, urlencode, urlsplit

import msgspec

from moshao.alerts.gateways.gateway import Fate, Means
from moshao.kit.outgoing import Unreachable

SECONDS = 10.0
ANSWER_MOST = 64 * 1024
JSON = "application/json"


class Troubled(Exception):
    """Nothing to go on with; `fate` says what that means for the ring. Holds no address: tokens stand in those."""

    def __init__(self, fate: Fate) -> None:
        super().__init__(fate.why)
        self.fate = fate


class Said(msgspec.Struct, frozen=True):
    """An answer of the makers, good or bad."""

    status: int
    body: dict[str, Any]
    after_s: float | None = None


class Makers:
    """`root`: scheme and host. Only public addresses, unless the installation names the host as one of its own."""

    def __init__(self, root: str, means: Means) -> None:
        self._root = root.rstrip("/")
        self.host = urlsplit(root).netloc.lower()
        self._outgoing = means.outgoing
        self._public_only = not means.owns(root)
        self._safe = is_safe(root, means)

    async def get(self, path: str, query: Mapping[str, str]) -> Said:
        """Raises Troubled."""
        try:
            answer = await self._outgoing.get(
                self._url(path, query), seconds=SECONDS, most=ANSWER_MOST, public_only=self._public_only
            )
        except Unreachable:
            raise Troubled(UNREACHABLE) from None
        return _read(answer.status, answer.body, answer.retry_after_s)

    async def post(
        self, path: str, query: Mapping[str, str], body: object = None, headers: Mapping[str, str] | None = None
    ) -> Said:
        """`body` as JSON. Raises Troubled."""
        content = b"" if body is None else msgspec.json.encode(body)
        kind = {} if body is None else {"Content-Type": JSON}
        try:
            answer = await self._outgoing.post(
                self._url(path, query), content, {**kind, **(headers or {})}, seconds=SECONDS,
                public_only=self._public_only,
            )  # fmt: skip
        except Unreachable:
            raise Troubled(UNREACHABLE) from None
        return _read(answer.status, answer.body, answer.retry_after_s)

    def _url(self, path: str, query: Mapping[str, str]) -> str:
        if not self._safe:
            raise Troubled(NOT_HTTPS)
        return f"{self._root}{path}" + (f"?{urlencode(query, quote_via=quote)}" if query else "")


UNREACHABLE = Fate(outcome="later", why="unreachable")
NOT_HTTPS = Fate(outcome="failed", why="not_https")


def is_safe(url: str, means: Means) -> bool:
    """Whether tokens and people's names may go there: sealed, or within the installation's own network."""
    return url.startswith("https://") or means.owns(url)


def of_status(status: int, after_s: float | None) -> Fate:
    """What an answer means of which only the status is known."""
    if 200 <= status < 300:
        return Fate(outcome="sent")
    busy = status in (408, 429) or status >= 500
    return Fate(outcome="later" if busy else "failed", why=f"answered_{status}", after_s=after_s)


def _read(status: int, content: bytes, after_s: float | None) -> Said:
    if status == 429 or status >= 500:
        raise Troubled(of_status(status, after_s))
    try:
        return Said(status, msgspec.json.decode(content, type=dict[str, Any]), after_s)
    except msgspec.DecodeError:
        # A captive portal's or a proxy's page, whatever its status.
        raise Troubled(Fate(outcome="later", why="no_answer_of_theirs")) from None
