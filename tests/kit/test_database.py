"""The doorkeeper of the database: all or nothing, durable, never two at once, never lost by a caller who left."""

import asyncio
import sqlite3
from pathlib import Path
from typing import Any

import pytest

from moshao.kit import errors, ids
from moshao.kit.databases import open_database
from moshao.kit.db import Database, Tx, Unique
from moshao.kit.db_sqlite import SqliteDatabase


@pytest.fixture
async def counters(database: Database) -> Database:
    await database.write(lambda tx: tx.run("CREATE TABLE counters (id BIGINT PRIMARY KEY, n BIGINT NOT NULL)"))
    await database.write(lambda tx: tx.run("INSERT INTO counters (id, n) VALUES (1, 0)"))
    return database


async def rise(tx: Tx) -> int:
    """Read, think, write: the shape that loses updates wherever isolation is missing."""
    n: int = await tx.value(f"SELECT n FROM counters WHERE id = ?{tx.for_update()}", 1)
    await tx.run("UPDATE counters SET n = ? WHERE id = ?", n + 1, 1)
    return n + 1


async def test_two_hundred_at_once_lose_no_update(counters: Database) -> None:
    answers = await asyncio.gather(*(counters.write(rise) for _ in range(200)))
    assert sorted(answers) == list(range(1, 201))
    assert await counters.value("SELECT n FROM counters") == 200


async def test_who_hold_each_other_up_both_come_through(counters: Database) -> None:
    """Rows locked in opposite orders: PostgreSQL ends one of the two, and it is run again."""
    await counters.write(lambda tx: tx.run("INSERT INTO counters (id, n) VALUES (2, 0)"))

    async def both(tx: Tx, *order: int) -> None:
        for number in order:
            n = await tx.value(f"SELECT n FROM counters WHERE id = ?{tx.for_update()}", number)
            await tx.run("UPDATE counters SET n = ? WHERE id = ?", n + 1, number)

    forward = [counters.write(lambda tx: both(tx, 1, 2)) for _ in range(2)]
    backward = [counters.write(lambda tx: both(tx, 2, 1)) for _ in range(2)]
    await asyncio.gather(*forward, *backward)
    assert [row["n"] for row in await counters.all("SELECT n FROM counters ORDER BY id")] == [4, 4]


async def test_a_fault_undoes_its_own_transaction_alone(counters: Database) -> None:
    async def fails(tx: Tx) -> None:
        await rise(tx)
        raise KeyError("after the write")

    done = await asyncio.gather(
        *(counters.write(fails if at % 3 == 0 else rise) for at in range(30)), return_exceptions=True
    )
    assert sum(isinstance(answer, KeyError) for answer in done) == 10
    assert await counters.value("SELECT n FROM counters") == 20


async def test_a_savepoint_fails_alone(counters: Database) -> None:
    refused: list[bool] = []

    async def work(tx: Tx) -> None:
        await rise(tx)
        try:
            async with tx.savepoint():
                await rise(tx)
                await tx.run("INSERT INTO counters (id, n) VALUES (1, 9)")
        except Unique:
            refused.append(True)
        await rise(tx)

    await counters.write(work)
    assert refused
    assert await counters.value("SELECT n FROM counters") == 2


async def test_a_caller_who_leaves_takes_nothing_with_him(counters: Database) -> None:
    tasks = [asyncio.create_task(counters.write(rise)) for _ in range(50)]
    await asyncio.sleep(0)
    for task in tasks[::2]:
        task.cancel()
    answers = await asyncio.gather(*tasks, return_exceptions=True)
    acknowledged = sum(isinstance(answer, int) for answer in answers)
    assert acknowledged >= 25
    assert await counters.write(rise) > acknowledged, "what was acknowledged stands"


async def test_reading_sees_one_moment(counters: Database) -> None:
    async with counters.reading() as reader:
        before = await reader.value("SELECT n FROM counters")
        await counters.write(rise)
        assert await reader.value("SELECT n FROM counters") == before
    assert await counters.value("SELECT n FROM counters") == before + 1


async def test_reading_can_not_write(counters: Database) -> None:
    async with counters.reading() as reader:
        with pytest.raises(Exception, match=r"read-?only"):
            await reader.all("UPDATE counters SET n = 5 RETURNING n")


async def test_values_come_back_as_they_went_in(database: Database) -> None:
    district = ids.new_id()
    await database.write(
        lambda tx: tx.insert("journal_heads", {"district_id": district, "seq": 2**40, "digest": "末梢", "epoch": "x"})
    )
    row = await database.one("SELECT * FROM journal_heads WHERE district_id = ?", district)
    assert row == {"district_id": district, "seq": 2**40, "digest": "末梢", "epoch": "x"}


async def test_two_processes_on_one_file_take_turns(tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path / 'shared.db'}"
    one, two = await open_database(url), await open_database(url)
    try:
        await one.write(lambda tx: tx.run("CREATE TABLE counters (id BIGINT PRIMARY KEY, n BIGINT NOT NULL)"))
        await one.write(lambda tx: tx.run("INSERT INTO counters (id, n) VALUES (1, 0)"))
        await asyncio.gather(*(side.write(rise) for side in (one, two) for _ in range(100)))
        assert await one.value("SELECT n FROM counters") == 200
    finally:
        await one.close()
        await two.close()


async def test_a_transaction_waits_for_nothing_else(tmp_path: Path) -> None:
    database = await open_database(f"sqlite:///{tmp_path / 'a.db'}")

    async def dreams(tx: Tx) -> None:
        await asyncio.sleep(0)

    try:
        with pytest.raises(RuntimeError, match="waits for nothing"):
            await database.write(dreams)
        await database.write(lambda tx: tx.run("CREATE TABLE later (id BIGINT)"))
    finally:
        await database.close()


class Breaking:
    """The writing connection, whose COMMIT fails with a fault of the disk."""

    def __init__(self, connection: sqlite3.Connection, text: str) -> None:
        self.connection = connection
        self.text = text

    def execute(self, sql: str, *args: Any) -> Any:
        if sql == "COMMIT":
            raise sqlite3.OperationalError(self.text)
        return self.connection.execute(sql, *args)

    def __getattr__(self, name: str) -> Any:
        return getattr(self.connection, name)


@pytest.mark.parametrize(
    ("text", "kind", "for_good"),
    [
        ("disk I/O error", errors.storage_failed, True),
        ("database or disk is full", errors.storage_full, False),
    ],
)
async def test_a_failing_commit_is_never_acknowledged(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, text: str, kind: errors.Refusal, for_good: bool
) -> None:
    database = await open_database(f"sqlite:///{tmp_path / 'a.db'}")
    assert isinstance(database, SqliteDatabase)
    await database.write(lambda tx: tx.run("CREATE TABLE counters (id BIGINT PRIMARY KEY, n BIGINT)"))
    with monkeypatch.context() as broken:
        broken.setattr(database, "_writer", Breaking(database._writer, text))
        with pytest.raises(errors.Refused) as refused:
            await database.write(lambda tx: tx.run("INSERT INTO counters (id, n) VALUES (1, 1)"))
        assert refused.value.kind is kind
    assert bool(database.failed()) is for_good
    assert await database.all("SELECT * FROM counters") == []
    if for_good:
        with pytest.raises(errors.Refused):
            await database.write(lambda tx: tx.run("INSERT INTO counters (id, n) VALUES (1, 1)"))
    else:
        await database.write(lambda tx: tx.run("INSERT INTO counters (id, n) VALUES (1, 1)"))
        assert len(await database.all("SELECT * FROM counters")) == 1
    await database.close()
