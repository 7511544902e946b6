"""What a transaction reads once: asked for again after a change, and where a part of it is undone."""

import pytest

from moshao.kit.db import Database, Tx
from moshao.kit.ids import new_id
from moshao.kit.kept import Asked, Kept, touch

OWNER = new_id()


def counted() -> tuple[Kept[int], list[int]]:
    """A kept value that tells how often it was read."""
    reads: list[int] = []

    async def load(_: Asked, __: object) -> int:
        reads.append(len(reads))
        return len(reads)

    return Kept("things", load), reads


async def test_the_version_is_asked_for_once_in_a_transaction(database: Database) -> None:
    kept, reads = counted()
    asked = []

    async def work(tx: Tx) -> list[int]:
        real = tx.all

        async def counting(sql: str, *args: object) -> list[dict[str, object]]:
            asked.append(sql)
            return await real(sql, *args)

        tx.all = counting  # type: ignore[method-assign]
        return [await kept.get(tx, OWNER) for _ in range(3)]

    assert await database.write(work) == [1, 1, 1]
    assert len(asked) == len(reads) == 1


async def test_a_change_in_the_transaction_counts_at_once(database: Database) -> None:
    kept, _ = counted()

    async def work(tx: Tx) -> list[int]:
        before = await kept.get(tx, OWNER)
        await touch(tx, "things", OWNER)
        return [before, await kept.get(tx, OWNER)]

    assert await database.write(work) == [1, 2]


async def test_what_an_undone_part_read_is_forgotten(database: Database) -> None:
    kept, _ = counted()

    async def part(tx: Tx) -> None:
        async with tx.savepoint():
            await touch(tx, "things", OWNER)
            await kept.get(tx, OWNER)
            raise KeyError("undone")

    async def work(tx: Tx) -> list[int]:
        before = await kept.get(tx, OWNER)
        with pytest.raises(KeyError):
            await part(tx)
        return [before, await kept.get(tx, OWNER)]

    assert await database.write(work) == [1, 3]


async def test_the_next_transaction_asks_again(database: Database) -> None:
    kept, _ = counted()
    await database.write(lambda tx: kept.get(tx, OWNER))
    await database.write(lambda tx: touch(tx, "things", OWNER))
    assert await database.write(lambda tx: kept.get(tx, OWNER)) == 2
