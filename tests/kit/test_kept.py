"""What a process keeps is read again exactly when somebody changed it."""

from uuid import UUID

import pytest

from moshao.kit.db import Database, Tx
from moshao.kit.ids import new_id
from moshao.kit.kept import Asked, Kept, touch, version

A, B = new_id(), new_id()


@pytest.fixture
def reads() -> list[UUID]:
    return []


@pytest.fixture
def kept(reads: list[UUID]) -> Kept[str]:
    async def load(_: Asked, owner_id: UUID) -> str:
        reads.append(owner_id)
        return str(owner_id)

    return Kept("things", load, most=2)


async def test_read_once_until_touched(database: Database, kept: Kept[str], reads: list[UUID]) -> None:
    assert await kept.get(database, A) == str(A)
    await kept.get(database, A)
    assert reads == [A]
    await database.write(lambda tx: touch(tx, "things", A))
    await kept.get(database, A)
    await kept.get(database, A)
    assert reads == [A, A]


async def test_touch_of_one_owner_or_subject_leaves_the_others(
    database: Database, kept: Kept[str], reads: list[UUID]
) -> None:
    await kept.get(database, A)
    await database.write(lambda tx: touch(tx, "things", B))
    await database.write(lambda tx: touch(tx, "other things", A))
    await kept.get(database, A)
    assert reads == [A]
    await database.write(lambda tx: touch(tx, "things", None))
    await kept.get(database, A)
    assert reads == [A, A]


async def test_touch_that_was_rolled_back_is_forgotten(database: Database, kept: Kept[str], reads: list[UUID]) -> None:
    before = await version(database, "things", A)

    async def work(tx: Tx) -> None:
        await touch(tx, "things", A)
        await kept.get(tx, A)
        raise ValueError

    with pytest.raises(ValueError):
        await database.write(work)
    assert await version(database, "things", A) == before
    await kept.get(database, A)
    assert reads == [A, A]


async def test_only_so_many_owners_are_kept(database: Database, kept: Kept[str], reads: list[UUID]) -> None:
    third = new_id()
    for owner in (A, B, A, third, A, B):
        await kept.get(database, owner)
    assert reads == [A, B, third, B]
