"""Any system that takes a signed webhook (Standard Webhooks): a county's own SMS box, a siren, another chat."""

from datetime import datetime
from typing import Annotated, Literal
from uuid import UUID

import msgspec
from msgspec import Meta

from moshao.alerts.gateways.gateway import Callback, Fate, Heard, Means, Reply, Rung
from moshao.alerts.gateways.kind import Kind, Root
from moshao.alerts.gateways.makers import JSON, NOT_HTTPS, SECONDS, UNREACHABLE, is_safe, of_status
from moshao.alerts.gateways.urgency import waits
from moshao.alerts.gateways.wording import link_of
from moshao.alerts.message import Message
from moshao.kit import clock
from moshao.kit.outgoing import Unreachable
from moshao.kit.webhooks import ID_MOST, is_signed, is_timely, key_of, signed_headers

TYPE = "moshao.ring"


class Settings(msgspec.Struct, forbid_unknown_fields=True, kw_only=True):
    """`url`: where rings are posted. `tells_phone`: with the person's number, for whoever calls or texts."""

    url: Root
    tells_phone: bool = False
    only_urgent: bool = False


class Secrets(msgspec.Struct, forbid_unknown_fields=True, kw_only=True):
    """`secret`: `whsec_<base64>`, of what we send and of what comes back."""

    secret: Annotated[str, Meta(min_length=1, max_length=200, pattern="^whsec_[A-Za-z0-9+/]{22,}={0,2}$")]

    def __post_init__(self) -> None:
        key_of(self.secret)


class Whom(msgspec.Struct, kw_only=True, omit_defaults=True):
    """Whom to ring."""

    id: UUID
    name: str
    staff_no: str
    address: str | None = None
    phone: str | None = None


class Ring(msgspec.Struct, kw_only=True):
    """What is posted; `message` as in docs/bell.md."""

    type: str
    at: datetime
    message: Message
    link: str
    person: Whom


class Told(msgspec.Struct):
    """What may be posted back, signed with the same secret."""

    delivery_id: UUID
    receipt: Literal["shown", "opened", "failed"]
    why: str = ""


class Webhook:
    """Rings by POST."""

    name = "webhook"
    per_second = 50.0

    def __init__(self, settings: Settings, secrets: Secrets, means: Means) -> None:
        self._settings = settings
        self._secret = secrets.secret
        self._means = means
        self._public_only = not means.owns(settings.url)

    async def ring(self, message: Message, person: Rung) -> Fate:
        if not is_safe(self._settings.url, self._means):
            return NOT_HTTPS
        if waits(message, only_urgent=self._settings.only_urgent):
            return Fate(outcome="needless", why="not_urgent")
        whom = Whom(
            id=person.person_id, name=person.name, staff_no=person.staff_no, address=person.address,
            phone=person.phone if self._settings.tells_phone else None,
        )  # fmt: skip
        ring = Ring(
            type=TYPE, at=clock.now(), message=message, link=link_of(self._means.base_url, message), person=whom
        )
        body = msgspec.json.encode(ring)
        # The same id at each attempt: whoever has taken it once may answer 2xx and do nothing.
        headers = signed_headers([self._secret], str(message.delivery_id), body) | {"Content-Type": JSON}
        try:
            answer = await self._means.outgoing.post(
                self._settings.url, body, headers, seconds=SECONDS, public_only=self._public_only
            )
        except Unreachable:
            return UNREACHABLE
        return of_status(answer.status, answer.retry_after_s)

    async def hear(self, callback: Callback) -> Reply:
        told = callback.headers
        webhook_id, timestamp = told.get("webhook-id", ""), told.get("webhook-timestamp", "")
        timely = 0 < len(webhook_id) <= ID_MOST and is_timely(timestamp, clock.now())
        signature = told.get("webhook-signature", "")
        if not timely or not is_signed([self._secret], webhook_id, timestamp, signature, callback.body):
            return Reply(status=401)
        try:
            said = msgspec.json.decode(callback.body, type=Told)
        except msgspec.DecodeError:
            return Reply(status=400)
        return Reply(heard=(Heard(receipt=said.receipt, delivery_id=said.delivery_id, why=said.why),))


KIND = Kind(settings=Settings, secrets=Secrets, open=Webhook, reaches_by="anybody")
