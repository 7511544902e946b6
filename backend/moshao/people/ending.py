"""How a phone's time ends: replaced delivers for 14 days more, lost is cut off and wiped, returned is given back."""

from typing import Literal

from moshao.kit import clock, errors
from moshao.kit.db import Row, Tx
from moshao.people.actor import Actor
from moshao.people.keeping import tell

Ending = Literal["replaced", "lost", "returned"]
# A phone called replaced may turn out lost, and one called lost may be handed in; nothing brings it back to life.
NEXT: dict[str, frozenset[str]] = {
    "active": frozenset({"replaced", "lost", "returned"}),
    "replaced": frozenset({"lost", "returned"}),
    "returned": frozenset({"lost"}),
    "lost": frozenset(),
}

device_ended_already = errors.refusal("device_ended_already", 409, "这部手机已经停用")


async def end_device(tx: Tx, device: Row, how: Ending, by: Actor | None) -> bool:
    """End the phone in this row; False where it had ended so before. Raises `device_ended_already`."""
    if device["state"] == how:
        return False
    if how not in NEXT[device["state"]]:
        raise device_ended_already(detail=device["state"])
    await tx.run(
        "UPDATE devices SET state = ?, ended_at = ?, renewable = ? WHERE id = ?",
        how,
        clock.now(),
        device["renewable"] and how == "replaced",
        device["id"],
    )
    facts = {"device_id": device["id"], "owner_id": device["person_id"], "post_id": device["post_id"]}
    await tell(tx, device["district_id"], "device_ended", by, ended_as=how, **facts)
    return True
