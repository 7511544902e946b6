"""The administrator keeps the gateways: settings, secrets that are never shown again, who is called what there."""

from collections.abc import Sequence
from typing import Annotated, Any
from uuid import UUID

import msgspec
from msgspec import Meta

from moshao.alerts.gateways.kinds import KINDS as GATEWAYS
from moshao.alerts.kinds import KINDS
from moshao.journal.appending import Line, append
from moshao.kit import clock, errors, ids
from moshao.kit.db import Reader, Row, Tx
from moshao.people.actor import Actor
from moshao.people.keeping import find_row, unknown, wrong

ADDRESSES_MOST = 5000
Short = Annotated[str, Meta(min_length=1, max_length=60)]

gateway_kind_unknown = errors.refusal("gateway_kind_unknown", 422, "没有这种提醒通道")


class GatewayBody(msgspec.Struct, kw_only=True, forbid_unknown_fields=True):
    """`settings` and `secrets` as the kind has them (docs/bell.md); `secrets` left out: as they were. The lowest `rank`
    rings first."""

    kind: Short
    name: Short
    settings: dict[str, Any] = {}
    secrets: dict[str, Any] | None = None
    rank: Annotated[int, Meta(ge=0, le=100)] = 0
    active: bool = True


class GatewayView(msgspec.Struct, kw_only=True):
    """`addresses`: how many persons are known there, `invalid`: of how many it says there is nobody of that name."""

    id: UUID
    kind: str
    name: str
    settings: dict[str, Any]
    rank: int
    active: bool
    addresses: int
    invalid: int


class GatewayList(msgspec.Struct):
    """`kinds`: which there are."""

    gateways: list[GatewayView]
    kinds: list[str]


class Address(msgspec.Struct, kw_only=True, forbid_unknown_fields=True):
    """What a person is called there; empty: he is not there (any more)."""

    staff_no: Annotated[str, Meta(min_length=1, max_length=40)]
    address: Annotated[str, Meta(max_length=200)]


class AddressesBody(msgspec.Struct, kw_only=True, forbid_unknown_fields=True):
    addresses: Annotated[list[Address], Meta(max_length=ADDRESSES_MOST)]


class AddressView(msgspec.Struct, kw_only=True):
    staff_no: str
    name: str
    address: str
    valid: bool


class AddressList(msgspec.Struct):
    addresses: list[AddressView]


async def keep_gateway(tx: Tx, actor: Actor, gateway_id: UUID, body: GatewayBody) -> bool:
    """Whether it is new. Raises `gateway_kind_unknown`, `bad_field`; `not_found` for another district's."""
    before = await find_row(tx, "gateways", gateway_id, actor.district_id)
    kind = GATEWAYS.get(body.kind)
    if kind is None:
        raise gateway_kind_unknown(detail=body.kind)
    if before is not None and before["kind"] != body.kind:
        raise wrong("kind", "fixed", "通道的种类不能改")
    if before is None and body.secrets is None:
        body = msgspec.structs.replace(body, secrets={})
    row: Row = {
        "kind": body.kind, "name": body.name, "settings": _checked("settings", body.settings, kind.settings),
        "rank": body.rank, "active": body.active,
    }  # fmt: skip
    if body.secrets is not None:
        row["secrets"] = _checked("secrets", body.secrets, kind.secrets)
    changed = [name for name, value in row.items() if before is None or before[name] != value]
    if before is None:
        await tx.insert("gateways", row | {"id": gateway_id, "district_id": actor.district_id, "made_at": clock.now()})
    elif changed:
        sets = ", ".join(f"{name} = ?" for name in changed)
        await tx.run(f"UPDATE gateways SET {sets} WHERE id = ?", *(row[name] for name in changed), gateway_id)
    if changed:
        await _tell(tx, actor, "gateway_changed", gateway_id, gateway=body.kind, members=changed)
    return before is None


async def drop_gateway(tx: Tx, actor: Actor, gateway_id: UUID) -> None:
    """With whoever was known there. What still waits to be rung by it fails."""
    if await find_row(tx, "gateways", gateway_id, actor.district_id) is None:
        raise errors.not_found()
    await tx.run("DELETE FROM gateway_addresses WHERE gateway_id = ?", gateway_id)
    await tx.run("DELETE FROM gateways WHERE id = ?", gateway_id)
    await _tell(tx, actor, "gateway_dropped", gateway_id)


async def keep_addresses(tx: Tx, actor: Actor, gateway_id: UUID, named: Sequence[Address]) -> None:
    """Those named, and no others, are as they are named from now on. Raises `bad_field` for an unknown staff_no."""
    if await find_row(tx, "gateways", gateway_id, actor.district_id) is None:
        raise errors.not_found()
    for each in named:
        person_id = await tx.value(
            "SELECT id FROM people WHERE staff_no = ? AND district_id = ?", each.staff_no, actor.district_id
        )
        if person_id is None:
            raise unknown("addresses.staff_no")
        await tx.run("DELETE FROM gateway_addresses WHERE gateway_id = ? AND person_id = ?", gateway_id, person_id)
        if each.address:
            row = {"id": ids.new_id(), "gateway_id": gateway_id, "person_id": person_id, "address": each.address}
            await tx.insert("gateway_addresses", row)


async def list_gateways(reader: Reader, actor: Actor) -> GatewayList:
    """In the order in which they ring; never a secret."""
    rows = await reader.all(
        "SELECT g.*, (SELECT count(*) FROM gateway_addresses a WHERE a.gateway_id = g.id) AS addresses, "
        "(SELECT count(*) FROM gateway_addresses a WHERE a.gateway_id = g.id AND a.invalid_at IS NOT NULL) AS invalid "
        "FROM gateways g WHERE g.district_id = ? ORDER BY g.rank, g.id",
        actor.district_id,
    )
    return GatewayList([_view(row) for row in rows], sorted(GATEWAYS))


async def list_addresses(reader: Reader, actor: Actor, gateway_id: UUID) -> AddressList:
    """By staff_no."""
    rows = await reader.all(
        "SELECT p.staff_no, p.name, a.address, a.invalid_at FROM gateway_addresses a "
        "JOIN people p ON p.id = a.person_id JOIN gateways g ON g.id = a.gateway_id "
        "WHERE g.id = ? AND g.district_id = ? ORDER BY p.staff_no",
        gateway_id, actor.district_id,
    )  # fmt: skip
    return AddressList(
        [
            AddressView(
                staff_no=row["staff_no"], name=row["name"], address=row["address"], valid=row["invalid_at"] is None
            )
            for row in rows
        ]
    )


def _checked(member: str, said: dict[str, Any], kind: type[msgspec.Struct]) -> str:
    """Its JSON text, once it fits the kind."""
    try:
        return msgspec.json.encode(msgspec.convert(said, kind)).decode()
    except msgspec.ValidationError as fault:
        where = errors.member_fault(member, str(fault))
        raise errors.bad_field(where.field, errors=(where,)) from fault


def _view(row: Row) -> GatewayView:
    return GatewayView(
        id=row["id"], kind=row["kind"], name=row["name"], rank=row["rank"], active=row["active"],
        settings=msgspec.json.decode(row["settings"]), addresses=row["addresses"], invalid=row["invalid"],
    )  # fmt: skip


async def _tell(tx: Tx, actor: Actor, kind: str, gateway_id: UUID, **facts: Any) -> None:
    line = Line(kind=KINDS.known(kind), person_id=actor.person_id, facts={"gateway_id": gateway_id, **facts})
    await append(tx, actor.district_id, [line])
