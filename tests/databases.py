"""Databases for tests: SQLite files, or PostgreSQL databases where the run was given a server.

To migrate takes longer than most tests, and so does making and dropping a database on a server. So a migrated SQLite
file is copied, and a PostgreSQL database is emptied after its test and lent again.
"""

import os
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import asyncpg

from moshao.kit import ids
from moshao.kit.databases import open_database
from moshao.kit.db import Database
from moshao.kit.db_sqlite import open_sqlite
from moshao.kit.migrating import migrate

POSTGRES = os.environ.get("TEST_POSTGRES_URL", "")
SHAPE = """
    SELECT 'table ' || tablename AS part FROM pg_tables WHERE schemaname = current_schema
    UNION ALL SELECT 'migration ' || name FROM migration ORDER BY 1
"""

# Of this process: the bytes of a migrated file; the server's databases that were made, and those nobody has now.
_file: bytes | None = None
_made: list[str] = []
_free: list[str] = []
_shape: list[str] = []


@asynccontextmanager
async def fresh_url(folder: Path) -> AsyncIterator[str]:
    """The URL of a database without any table, for this test alone."""
    if not POSTGRES:
        folder.mkdir(parents=True, exist_ok=True)
        yield f"sqlite:///{folder / 'moshao.db'}"
        return
    name = await _create()
    try:
        yield _url(name)
    finally:
        await _drop([name])


@asynccontextmanager
async def migrated_url(folder: Path) -> AsyncIterator[str]:
    """The URL of a database with every table and no row."""
    if not POSTGRES:
        folder.mkdir(parents=True, exist_ok=True)
        (folder / "moshao.db").write_bytes(await _migrated_file(folder))
        yield f"sqlite:///{folder / 'moshao.db'}"
        return
    name = _free.pop() if _free else await _migrated()
    yield _url(name)
    if await _emptied(name):
        _free.append(name)


@asynccontextmanager
async def fresh_database(folder: Path) -> AsyncIterator[Database]:
    """An open database with every table."""
    async with migrated_url(folder) as url:
        database = await open_database(url)
        try:
            yield database
        finally:
            await database.close()


async def drop_all() -> None:
    """Drop what this process made on the server."""
    if _made:
        await _drop(list(_made))


async def _migrated_file(folder: Path) -> bytes:
    global _file
    if _file is None:
        path = folder / "template.db"
        database = await open_sqlite(path)
        await migrate(database)
        await database.close()
        _file = path.read_bytes()
        path.unlink()
    return _file


async def _migrated() -> str:
    name = await _create()
    database = await open_database(_url(name))
    try:
        await migrate(database)
        _shape[:] = [row["part"] for row in await database.all(SHAPE)]
    finally:
        await database.close()
    return name


async def _emptied(name: str) -> bool:
    """Take every row out. Not where a test left other tables or migrations behind: nobody gets that one again."""
    keeper = await asyncpg.connect(_url(name))
    try:
        # Whoever a test left connected must not hold up the next one.
        await keeper.execute(
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity "
            "WHERE datname = current_database() AND pid <> pg_backend_pid()"
        )
        found = [row["part"] for row in await keeper.fetch(SHAPE)]
        if found != _shape:
            return False
        tables = [part.removeprefix("table ") for part in found if part.startswith("table ")]
        await keeper.execute("; ".join(f"DELETE FROM {table}" for table in tables if table != "migration"))
        return True
    finally:
        await keeper.close()


async def _create() -> str:
    name = f"moshao_test_{ids.new_id().hex}"
    server = await asyncpg.connect(POSTGRES)
    try:
        await server.execute(f'CREATE DATABASE "{name}"')
    finally:
        await server.close()
    _made.append(name)
    return name


async def _drop(names: list[str]) -> None:
    server = await asyncpg.connect(POSTGRES)
    try:
        for name in names:
            await server.execute(f'DROP DATABASE "{name}" WITH (FORCE)')
            _made.remove(name)
    finally:
        await server.close()


def _url(name: str) -> str:
    return POSTGRES.rpartition("/")[0] + f"/{name}"
