"""Passwords and PINs changed: by their owner, or reset by whoever helps him. A change signs out everywhere else."""

from uuid import UUID

from moshao.kit import errors
from moshao.kit.db import Database, Row, Tx
from moshao.people.actor import Actor
from moshao.people.keeping import reaches, tell
from moshao.people.passwords import check_password, check_pin, hashed, matches
from moshao.people.rules import may_help
from moshao.people.sessions import end_sessions_of
from moshao.people.tries import record_failure, trying

old_password_wrong = errors.refusal("old_password_wrong", 403, "原密码不对")


async def change_own_password(db: Database, actor: Actor, old: str, new: str, address: str) -> None:
    """Raises `old_password_wrong`, `too_many_tries`, `password_too_weak`. This session goes on, all others end."""
    await _confirm(db, actor, old, address)
    check_password(new, actor.staff_no)
    made = await hashed(new)

    async def work(tx: Tx) -> None:
        await tx.run("UPDATE people SET password_hash = ? WHERE id = ?", made, actor.person_id)
        await end_sessions_of(tx, actor.person_id, but=actor.session_id)
        await tell(tx, actor.district_id, "password_changed", actor, person_id=actor.person_id)

    await db.write(work)


async def change_own_pin(db: Database, actor: Actor, password: str, pin: str, address: str) -> None:
    """Raises `old_password_wrong`, `too_many_tries`, `pin_too_weak`."""
    await _confirm(db, actor, password, address)
    check_pin(pin)
    await _store_pin(db, actor, actor.person_id, await hashed(pin))


async def reset_password(db: Database, actor: Actor, person_id: UUID, password: str) -> None:
    """Raises `not_found`, `password_too_weak`. He is signed out on all his phones and screens."""
    await set_password(db, await helped(db, actor, person_id), password, actor)


async def set_password(db: Database, person: Row, password: str, by: Actor | None) -> None:
    """`person`: his `id`, `district_id` and `staff_no`. `by` None: the installation's keeper. Raises
    `password_too_weak`."""
    check_password(password, person["staff_no"])
    made = await hashed(password)

    async def work(tx: Tx) -> None:
        await tx.run("UPDATE people SET password_hash = ? WHERE id = ?", made, person["id"])
        await end_sessions_of(tx, person["id"])
        await tell(tx, person["district_id"], "password_changed", by, person_id=person["id"])

    await db.write(work)


async def reset_pin(db: Database, actor: Actor, person_id: UUID, pin: str) -> None:
    """Raises `not_found`, `pin_too_weak`."""
    await helped(db, actor, person_id)
    check_pin(pin)
    await _store_pin(db, actor, person_id, await hashed(pin))


async def helped(db: Database, actor: Actor, person_id: UUID) -> Row:
    """The person, if he is this actor's to help with phones and passwords; else `not_found`."""
    row = await db.one(
        "SELECT p.id, p.district_id, p.staff_no, p.name, p.role, u.path FROM people p JOIN units u ON u.id = p.unit_id "
        "WHERE p.id = ? AND p.district_id = ? AND p.active",
        person_id,
        actor.district_id,
    )
    if row is None or not reaches(actor, row["path"]) or not may_help(actor.role, row["role"]):
        raise errors.not_found()
    return row


async def _confirm(db: Database, actor: Actor, password: str, address: str) -> None:
    async with trying(db, actor.staff_no, address):
        stored = await db.value("SELECT password_hash FROM people WHERE id = ?", actor.person_id)
        if not await matches(stored, password):
            await db.write(lambda tx: record_failure(tx, actor.staff_no, address))
            raise old_password_wrong()


async def _store_pin(db: Database, actor: Actor, person_id: UUID, made: str) -> None:
    async def work(tx: Tx) -> None:
        await tx.run("UPDATE people SET pin_hash = ? WHERE id = ?", made, person_id)
        await tell(tx, actor.district_id, "pin_changed", actor, person_id=person_id)

    await db.write(work)
