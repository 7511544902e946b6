"""Phones as somebody may read of them: his own, those of his people and posts, what a lost one still sent."""

from uuid import UUID

import msgspec

from moshao.kit import clock, errors
from moshao.kit.db import Row
from moshao.kit.kept import Asked
from moshao.people.actor import Actor
from moshao.people.pages import PAGE_MOST, Where, district, equals, named, only, page, reach, view
from moshao.people.rules import MAY_HELP
from moshao.people.schemas import (
    DeviceList,
    DeviceView,
    Named,
    PostPeople,
    PostPerson,
    QuarantinedAct,
    QuarantineList,
)

no_device = errors.refusal("no_device", 409, "此登录没有绑定手机")
no_posts_phone = errors.refusal("no_posts_phone", 409, "这不是岗位共用的手机")

_DEVICES = """SELECT x.*, p.name AS person_name FROM devices x
LEFT JOIN people p ON p.id = x.person_id LEFT JOIN posts o ON o.id = x.post_id
LEFT JOIN units u ON u.id = coalesce(p.unit_id, o.unit_id)"""


async def list_devices(
    asked: Asked,
    actor: Actor,
    *,
    person_id: UUID | None = None,
    one: UUID | None = None,
    after: UUID | None = None,
    limit: int = PAGE_MOST,
) -> DeviceList:
    """A person's own; those of his people and posts for who helps with phones."""
    own: Where = ("x.person_id = ?", [actor.person_id])
    where = [district(actor, "x"), reach(actor) if actor.role in MAY_HELP else own]
    rows, further = await page(asked, _DEVICES, "x.id", [*where, equals("p.id", person_id)], one, after, limit)
    return DeviceList(items=[_view(row) for row in rows], next=further)


async def find_device(asked: Asked, device_id: UUID) -> DeviceView:
    """One phone, for who has already been found to have it in his reach."""
    row = await asked.one(f"{_DEVICES} WHERE x.id = ?", device_id)
    if row is None:
        raise errors.not_found()
    return _view(row)


async def list_quarantine(asked: Asked, actor: Actor, device_id: UUID) -> QuarantineList:
    """In the order in which it came. Raises `not_found` for another district's phone."""
    only(await list_devices(asked, actor, one=device_id))
    rows = await asked.all(
        "SELECT q.*, p.name AS person_name FROM quarantined_acts q JOIN people p ON p.id = q.person_id "
        "WHERE q.device_id = ? ORDER BY q.heard_at, q.id",
        device_id,
    )
    return QuarantineList(items=[view(row, QuarantinedAct, person=named(row, "person")) for row in rows])


async def list_post_people(asked: Asked, actor: Actor) -> PostPeople:
    """Whom the post's phone in his hand serves. Raises `no_device`, `no_posts_phone`."""
    if actor.device_id is None:
        raise no_device()
    post_id = await asked.value("SELECT post_id FROM devices WHERE id = ? AND person_id IS NULL", actor.device_id)
    if post_id is None:
        raise no_posts_phone()
    return await post_people(asked, post_id)


async def post_people(asked: Asked, post_id: UUID) -> PostPeople:
    """Who has a duty at this post, or stands in just now for somebody who has; smallest staff number first."""
    post = await asked.one("SELECT id, name FROM posts WHERE id = ?", post_id)
    if post is None:
        raise errors.not_found()
    now = clock.now()
    rows = await asked.all(
        "SELECT p.id, p.name, p.staff_no, p.pin_hash FROM people p WHERE p.active AND EXISTS "
        "(SELECT 1 FROM duties y WHERE y.post_id = ? AND (y.person_id = p.id OR y.person_id IN (SELECT a.person_id "
        "FROM absences a WHERE a.stand_in_id = p.id AND a.from_at <= ? AND a.until_at > ?))) ORDER BY p.staff_no",
        post_id,
        now,
        now,
    )
    return PostPeople(
        post=Named(**post),
        items=[view(row, PostPerson, has_pin=row["pin_hash"] is not None) for row in rows],
    )


def _view(row: Row) -> DeviceView:
    return view(row, DeviceView, person=named(row, "person"), findings=msgspec.json.decode(row["findings"]))
