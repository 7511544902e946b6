"""What every gateway is: it rings one person with one message, and says what became of it."""

from collections.abc import Mapping
from typing import Literal, Protocol, runtime_checkable
from urllib.parse import urlsplit
from uuid import UUID

import msgspec

from moshao.alerts.message import Message
from moshao.kit.outgoing import Outgoing


class Rung(msgspec.Struct, frozen=True, kw_only=True):
    """Whom to ring. `address`: what he is called there (`gateway_addresses`), None where nobody said; `phone`: his
    number on the roster."""

    person_id: UUID
    name: str
    staff_no: str
    phone: str | None
    address: str | None


class Fate(msgspec.Struct, frozen=True, kw_only=True):
    """`sent`: the gateway took it · `later`: try again, after `after_s` where it said so · `failed`: no use trying ·
    `needless`: by its settings this one is not for it.

    `why`: short, stable, no secrets and no numbers of persons. `foreign_id`: what the gateway calls this message, so
    that what it reports later finds its delivery. `nobody`: the address is no (longer a) person there.
    """

    outcome: Literal["sent", "later", "failed", "needless"]
    why: str = ""
    after_s: float | None = None
    foreign_id: str | None = None
    nobody: bool = False


class Callback(msgspec.Struct, frozen=True, kw_only=True):
    """What a gateway's makers send to `/api/gateways/{id}/callbacks`. `headers` by lower-case name."""

    method: str
    query: Mapping[str, str]
    headers: Mapping[str, str]
    body: bytes


class Heard(msgspec.Struct, frozen=True, kw_only=True):
    """What a callback tells of one delivery, named by its id or the gateway's own."""

    receipt: Literal["shown", "opened", "failed"]
    delivery_id: UUID | None = None
    foreign_id: str | None = None
    why: str = ""


class Reply(msgspec.Struct, frozen=True, kw_only=True):
    """What a callback is answered with, and what it told."""

    status: int = 200
    body: bytes = b""
    media_type: str = "text/plain"
    heard: tuple[Heard, ...] = ()


class Means(msgspec.Struct, frozen=True):
    """What a gateway works with. `base_url`: where people open the app; links are made of it and `message.url`.
    `own_hosts`: of the installation's own network; others are called by public addresses alone."""

    outgoing: Outgoing
    base_url: str
    gateway_id: UUID
    own_hosts: frozenset[str] = frozenset()

    def owns(self, url: str) -> bool:
        return (urlsplit(url).hostname or "") in self.own_hosts


class Gateway(Protocol):
    """One configured gateway of one district, kept for as long as its settings stay the same.

    `name` is its kind. `per_second`: how many rings it takes at once; the excess waits here, never there.
    """

    name: str
    per_second: float

    async def ring(self, message: Message, person: Rung) -> Fate:
        """Ring him. Raises nothing: what goes wrong is a fate."""
        ...

    async def hear(self, callback: Callback) -> Reply:
        """What its makers tell us; whoever is not them is answered 401 or 403."""
        ...


@runtime_checkable
class TellsWhenAsked(Protocol):
    """A gateway whose makers tell who has read what only to who asks."""

    async def has_read(self, foreign_id: str, address: str) -> bool:
        """Whether this person has read the message of this name; False also where they don't say. Raises nothing."""
        ...
