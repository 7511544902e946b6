"""A gateway of no real kind: it notes whom it rang, and answers as a test wants."""

from uuid import UUID

import msgspec

from moshao.alerts.gateways.gateway import Callback, Fate, Heard, Means, Reply, Rung
from moshao.alerts.gateways.kind import Kind
from moshao.alerts.message import Message

SENT = Fate(outcome="sent")


class NoSettings(msgspec.Struct, forbid_unknown_fields=True):
    pace: float = 1000.0


class NoSecrets(msgspec.Struct, forbid_unknown_fields=True):
    token: str = ""


class FakeGateway:
    """`rung`: (message, person) in order, of all that were opened. `fates`: what it says next, by and by."""

    name = "fake"
    rung: list[tuple[Message, Rung]] = []
    fates: list[Fate] = []

    def __init__(self, settings: NoSettings, secrets: NoSecrets, means: Means) -> None:
        self.per_second = settings.pace
        self.token = secrets.token

    async def ring(self, message: Message, person: Rung) -> Fate:
        self.rung.append((message, person))
        return self.fates.pop(0) if self.fates else SENT

    async def hear(self, callback: Callback) -> Reply:
        if callback.query.get("token") != self.token:
            return Reply(status=403)
        delivery_id = UUID(callback.body.decode())
        return Reply(heard=(Heard(receipt="opened", delivery_id=delivery_id),))

    @classmethod
    def people(cls) -> list[UUID]:
        return [person.person_id for _, person in cls.rung]


FAKE = Kind(settings=NoSettings, secrets=NoSecrets, open=FakeGateway, reaches_by="address")
