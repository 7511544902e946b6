"""How statements go to PostgreSQL: lists of every length are one statement there."""

import pytest

from moshao.kit import ids
from moshao.kit.db import Database, marks
from moshao.kit.db_postgres import posed

NUMBERS = [1, 2, 3, 5, 8]


def test_lists_of_every_length_are_one_statement() -> None:
    shapes = {posed(f"SELECT n FROM counters WHERE id IN ({marks(length)}) AND n > ?").sql for length in range(2, 200)}
    assert shapes == {"SELECT n FROM counters WHERE id = ANY($1) AND n > $2"}


def test_arguments_are_gathered_in_their_order() -> None:
    asked = posed("UPDATE a SET b = ? WHERE c NOT IN (?, ?) AND d = ? AND e IN (?, ?, ?) AND f IN (?)")
    assert asked.sql == "UPDATE a SET b = $1 WHERE c <> ALL($2) AND d = $3 AND e = ANY($4) AND f IN ($5)"
    assert list(asked.args([1, 2, 3, 4, 5, 6, 7, 8])) == [1, [2, 3], 4, [5, 6, 7], 8]


def test_what_is_no_list_of_arguments_stays() -> None:
    sql = "INSERT INTO a (b, c) VALUES (?, ?), (?, ?) ON CONFLICT DO NOTHING"
    assert posed(sql).sql == "INSERT INTO a (b, c) VALUES ($1, $2), ($3, $4) ON CONFLICT DO NOTHING"
    assert list(posed(sql).args([1, 2, 3, 4])) == [1, 2, 3, 4]
    assert posed("SELECT 1 WHERE a IN ('x', ?)").sql == "SELECT 1 WHERE a IN ('x', $1)"


@pytest.mark.parametrize("length", [1, 2, 5])
async def test_the_answers_are_the_same_on_every_database(database: Database, length: int) -> None:
    some, other = [ids.new_id() for _ in NUMBERS], ids.new_id()
    await database.write(
        lambda tx: tx.run("CREATE TABLE posed (id UUID PRIMARY KEY, n BIGINT NOT NULL, word VARCHAR(9))")
    )
    rows = [(key, n, f"w{n}") for key, n in zip(some, NUMBERS, strict=True)]
    await database.write(lambda tx: tx.many("INSERT INTO posed (id, n, word) VALUES (?, ?, ?)", rows))
    for column, values in (("id", some), ("n", NUMBERS), ("word", [row[2] for row in rows])):
        named = values[:length]
        found = await database.all(f"SELECT n FROM posed WHERE {column} IN ({marks(length)}) ORDER BY n", *named)
        assert [row["n"] for row in found] == NUMBERS[:length]
        found = await database.all(
            f"SELECT n FROM posed WHERE n > ? AND {column} NOT IN ({marks(length)}) ORDER BY n", 0, *named
        )
        assert [row["n"] for row in found] == NUMBERS[length:]
    raised = "UPDATE posed SET n = n + ? WHERE id IN (?, ?)"
    assert await database.write(lambda tx: tx.run(raised, 10, some[0], other)) == 1
    await database.write(lambda tx: tx.many(raised, [(10, some[1], other), (100, some[1], some[2])]))
    assert [row["n"] for row in await database.all("SELECT n FROM posed ORDER BY n")] == [5, 8, 11, 103, 112]
