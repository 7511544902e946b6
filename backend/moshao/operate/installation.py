"""The installation as commands work on it: its database, of this release, and its districts."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from pathlib import Path
from uuid import UUID

import click
import msgspec

from moshao.kit import errors
from moshao.kit.config import Settings
from moshao.kit.databases import open_database
from moshao.kit.db import Database, Reader
from moshao.kit.migrating import NewerSchema, pending

Work = Callable[[Database], Awaitable[int | None]]


def carry_out(settings: Settings, work: Work) -> int:
    """Do `work` on the database of this installation; its exit code. Refusals end the command in words, with code 1."""

    async def done() -> int:
        async with installation(settings) as database:
            return await work(database) or 0

    try:
        return asyncio.run(done())
    except errors.Refused as refused:
        raise click.ClickException(in_words(refused)) from refused
    except msgspec.ValidationError as fault:
        raise click.ClickException(str(fault)) from fault


@asynccontextmanager
async def installation(settings: Settings) -> AsyncIterator[Database]:
    """Its database, open. Raises ClickException where there is none, or one of another release."""
    file = settings.database_url.removeprefix("sqlite:///")
    if file != settings.database_url and not Path(file).exists():
        raise click.ClickException(f"there is no database {file}: choose another --data, or run `moshao migrate` first")
    database = await open_database(settings.database_url)
    try:
        await _check_release(database)
        yield database
    finally:
        await database.close()


async def _check_release(database: Database) -> None:
    try:
        older = await pending(database)
    except NewerSchema as newer:
        raise click.ClickException(str(newer)) from newer
    if older:
        raise click.ClickException("this database is of an older release: run `moshao migrate` first")


async def district_called(reader: Reader | Database, code: str | None) -> UUID:
    """The district with that code; without one the only one there is. Raises ClickException."""
    rows = await reader.all("SELECT id, code, name FROM districts ORDER BY code")
    found: list[UUID] = [row["id"] for row in rows if code in (None, row["code"])]
    if len(found) == 1:
        return found[0]
    if not rows:
        raise click.ClickException("there is no district yet: `moshao import district CODE NAME` makes one")
    there = ", ".join(f"{row['code']} {row['name']}" for row in rows)
    wanted = f"there is no district {code}" if code else "say which district with --district"
    raise click.ClickException(f"{wanted}: {there}")


def in_words(refused: errors.Refused) -> str:
    """A refusal for whoever sits at the terminal: its sentence, what it is about, its code."""
    about = "；".join(f"{each.field}: {each.detail}" for each in refused.errors) or refused.detail
    return f"{refused.kind.title}{f'（{about}）' if about else ''} [{refused.kind.code}]"
