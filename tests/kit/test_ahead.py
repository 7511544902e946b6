"""Questions asked ahead are answered once, as things stood then; afterwards the database is asked again."""

from moshao.kit import ids
from moshao.kit.db import Database, Tx

NAMES = "SELECT id, name, tall, n FROM babies WHERE name <> ? ORDER BY n"
ONE = "SELECT n AS number FROM babies WHERE id = ?"


async def test_ahead_gives_what_would_have_been_read(database: Database) -> None:
    first, second = ids.new_id(), ids.new_id()

    async def work(tx: Tx) -> None:
        await tx.run("CREATE TEMP TABLE babies (id UUID, name TEXT, tall DOUBLE PRECISION, n BIGINT)")
        sql = "INSERT INTO babies (id, name, tall, n) VALUES (?, ?, ?, ?)"
        await tx.many(sql, [(first, "明", 0.5, 1), (second, "芳", None, 2)])
        read = await tx.all(NAMES, "nobody")
        await tx.ahead((NAMES, ("nobody",)), (ONE, (second,)), (ONE, (ids.new_id(),)))
        assert await tx.all(NAMES, "nobody") == read
        assert await tx.one(ONE, second) == {"number": 2}
        await tx.run("UPDATE babies SET n = 3 WHERE id = ?", second)
        assert await tx.value(ONE, second) == 3
        assert await tx.one(ONE, first) == {"number": 1}

    await database.write(work)


async def test_what_was_asked_ahead_is_forgotten_with_the_rest(database: Database) -> None:
    async def work(tx: Tx) -> None:
        await tx.run("CREATE TEMP TABLE babies (id UUID, n BIGINT)")
        mine = ids.new_id()
        await tx.ahead((ONE, (mine,)))
        await tx.run("INSERT INTO babies (id, n) VALUES (?, ?)", mine, 7)
        tx.forget()
        assert await tx.value(ONE, mine) == 7

    await database.write(work)
