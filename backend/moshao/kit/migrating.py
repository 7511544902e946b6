"""Bring the database's schema to this program's, forward only; refuse one that is newer."""

import contextlib
import importlib.util
import io
from collections.abc import Collection
from pathlib import Path
from typing import Any

from piccolo.apps.migrations.auto.migration_manager import MigrationManager

from moshao.kit import clock
from moshao.kit.db import ENGINE, Database, Reader, Tx

# Piccolo's own table of what ran, made by ourselves so that it can be made inside the transaction.
TABLE = "CREATE TABLE IF NOT EXISTS migration (name VARCHAR(120) PRIMARY KEY, ran_on TIMESTAMPTZ NOT NULL)"
LOCK = 4_113_02


class NewerSchema(Exception):
    """The database was migrated by a later release; its text names the first migration unknown here."""


def folder() -> Path:
    """migrations/ of the installed wheel, else of the source checkout."""
    inside = Path(__file__).parents[1] / "migrations"
    return inside if inside.is_dir() else Path(__file__).parents[3] / "migrations"


def known() -> list[str]:
    """The names of this program's migrations, oldest first."""
    return sorted(path.stem for path in folder().glob("*.py") if path.stem != "__init__")


async def done(reader: Reader) -> list[str]:
    """The migrations that this database has seen."""
    if reader.dialect == "sqlite":
        exists = await reader.value("SELECT count(*) FROM sqlite_master WHERE name = 'migration'")
    else:
        exists = await reader.value(
            "SELECT count(*) FROM pg_tables WHERE tablename = 'migration' AND schemaname = current_schema"
        )
    if not exists:
        return []
    return [row["name"] for row in await reader.all("SELECT name FROM migration ORDER BY name")]


async def pending(database: Database) -> list[str]:
    """What `migrate` would run. Raises NewerSchema."""
    async with database.reading() as reader:
        seen = await done(reader)
    if strangers := sorted(set(seen) - set(known())):
        raise NewerSchema(f"the database has migration {strangers[0]}, unknown here: install the newer release")
    return [name for name in known() if name not in seen]


async def migrate(database: Database, through: Collection[str] | None = None) -> list[str]:
    """Run what is pending, of `through` only where that is given; each migration and its mark in one transaction.

    The names that ran. Raises NewerSchema.
    """
    if strangers := sorted(set(through or ()) - set(known())):
        raise NewerSchema(f"it has migration {strangers[0]}, unknown here: install the newer release")
    ran = []
    for name in await pending(database):
        if through is not None and name not in through:
            continue

        async def one(tx: Tx, name: str = name) -> bool:
            await tx.run(TABLE)
            if tx.dialect == "postgres":
                await tx.all("SELECT pg_advisory_xact_lock(?)", LOCK)
            if name in await done(tx):
                return False
            manager = await _module(name).forwards()
            with contextlib.redirect_stdout(io.StringIO()):
                await manager.run()
            await tx.run("INSERT INTO migration (name, ran_on) VALUES (?, ?)", name, clock.now())
            return True

        if await database.write(one):
            ran.append(name)
    return ran


def _module(name: str) -> Any:
    spec = importlib.util.spec_from_file_location(f"moshao_migration_{name}", folder() / f"{name}.py")
    if spec is None or spec.loader is None:
        raise ImportError(name)
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def from_statements(name: str, description: str, sql: str) -> MigrationManager:
    """A migration of plain statements that both databases read, each ended by `;` at a line's end."""
    manager = MigrationManager(migration_id=name, app_name="moshao", description=description)

    async def run() -> None:
        for statement in sql.split(";\n"):
            if statement.strip():
                await ENGINE.run_ddl(statement.strip())

    manager.add_raw(run)
    return manager
