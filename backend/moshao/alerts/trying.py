"""The test ring: does it ring here? One's own phones, on every way, with what became of each."""

from uuid import UUID

import msgspec

from moshao.alerts.ladder import FIRST
from moshao.alerts.planning import APP, Plan, new_alert
from moshao.alerts.starting import draft_of
from moshao.kit import clock, errors
from moshao.kit.db import Reader, Tx
from moshao.people.queries import device_names

KIND = "test"


class RingTestBody(msgspec.Struct, kw_only=True, forbid_unknown_fields=True):
    """`gateways`: ring by them too."""

    gateways: bool = False


class WayTried(msgspec.Struct, kw_only=True):
    """`channel`: app, push, or a gateway's kind; `phone`: the bound phone's name; `fate`: waiting, sent, shown, opened,
    failed, needless; `why` it failed, waits or did not leave."""

    channel: str
    phone: str | None
    this_phone: bool
    fate: str
    why: str | None


class RingTestView(msgspec.Struct, kw_only=True):
    id: UUID
    ways: list[WayTried]


async def try_bell(tx: Tx, district_id: UUID, person_id: UUID, ring_id: UUID, *, gateways: bool) -> bool:
    """Ring this person's phones; False where this test was asked for already. Raises `not_found` for another's."""
    known = await tx.one("SELECT person_id FROM alerts WHERE id = ?" + tx.for_update(), ring_id)
    if known is not None:
        if known["person_id"] != person_id:
            raise errors.not_found()
        return False
    plan = Plan(tx, district_id, clock.now())
    await plan.load([person_id])
    alert = new_alert(district_id, KIND, "none", "urgent", plan.now) | {"id": ring_id, "person_id": person_id}
    plan.alert(alert)
    plan.ring(draft_of(alert), person_id, str(FIRST), "all" if gateways else "first")
    await plan.write(tx)
    return True


async def how_it_went(reader: Reader, person_id: UUID, session_id: UUID | None, ring_id: UUID) -> RingTestView:
    """Raises `not_found`."""
    alert = await reader.one(
        "SELECT id FROM alerts WHERE id = ? AND person_id = ? AND kind = ?", ring_id, person_id, KIND
    )
    if alert is None:
        raise errors.not_found()
    rows = await reader.all(
        "SELECT d.channel, d.fate, d.why, s.session_id, s.device_id "
        "FROM rings r JOIN deliveries d ON d.notice_id = r.notice_id "
        "LEFT JOIN push_subscriptions s ON s.id = d.subscription_id WHERE r.alert_id = ? ORDER BY d.channel, d.id",
        ring_id,
    )
    names = await device_names(reader, person_id)
    ways = [
        WayTried(
            channel=row["channel"], phone=names.get(row["device_id"]), fate=row["fate"], why=row["why"],
            this_phone=row["channel"] == APP or (row["session_id"] is not None and row["session_id"] == session_id),
        )
        for row in rows
    ]  # fmt: skip
    return RingTestView(id=ring_id, ways=ways)
