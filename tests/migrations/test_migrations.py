"""Forward only, whole or not at all, the same on both databases."""

from pathlib import Path

import pytest

from moshao.kit import clock
from moshao.kit.databases import open_database
from moshao.kit.db import Database
from moshao.kit.migrating import NewerSchema, known, migrate, pending
from moshao.kit.schema import statements
from moshao.piccolo_app import TABLE_MODULES
from tests.databases import fresh_url

SQLITE_COLUMNS = """
    SELECT m.name AS table_name, p.name AS column_name, upper(p.type) AS kind, p."notnull" AS required
    FROM sqlite_master m JOIN pragma_table_info(m.name) p
    WHERE m.type = 'table' AND m.name <> 'migration' ORDER BY 1, 2
"""
POSTGRES_COLUMNS = """
    SELECT table_name, column_name,
        upper(data_type) || coalesce('(' || character_maximum_length || ')', '') AS kind, is_nullable AS required
    FROM information_schema.columns
    WHERE table_schema = current_schema AND table_name <> 'migration' ORDER BY 1, 2
"""
SQLITE_INDEXES = "SELECT name FROM sqlite_master WHERE type = 'index' AND sql IS NOT NULL ORDER BY 1"
POSTGRES_INDEXES = """
    SELECT indexname AS name FROM pg_indexes
    WHERE schemaname = current_schema AND indexname NOT LIKE '%_pkey' ORDER BY 1
"""


async def shape(database: Database) -> tuple[list[dict[str, object]], list[dict[str, object]]]:
    if database.dialect == "sqlite":
        return await database.all(SQLITE_COLUMNS), await database.all(SQLITE_INDEXES)
    return await database.all(POSTGRES_COLUMNS), await database.all(POSTGRES_INDEXES)


async def test_a_migrated_database_is_what_the_tables_say(database: Database, tmp_path: Path) -> None:
    (tmp_path / "fresh").mkdir()
    async with fresh_url(tmp_path / "fresh") as url:
        fresh = await open_database(url)
        try:
            for statement in statements(TABLE_MODULES):
                await fresh.write(lambda tx, sql=statement: tx.run(sql))  # type: ignore[misc]
            assert await shape(database) == await shape(fresh)
        finally:
            await fresh.close()


async def test_migrating_twice_does_nothing(database: Database) -> None:
    assert await pending(database) == []
    assert await migrate(database) == []


async def test_an_old_program_refuses_a_newer_schema(database: Database) -> None:
    newer = f"{known()[-1]}_and_later"
    await database.write(lambda tx: tx.run("INSERT INTO migration (name, ran_on) VALUES (?, ?)", newer, clock.now()))
    with pytest.raises(NewerSchema, match=newer):
        await migrate(database)
