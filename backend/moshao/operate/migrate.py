"""`moshao migrate`: the database as this release wants it, and what all districts share as its seeds say."""

import asyncio
from pathlib import Path

import click

from moshao.catalogue.seeding import seed_catalogue
from moshao.hours.seeding import seed_calendars
from moshao.kit.config import Settings
from moshao.kit.databases import open_database
from moshao.kit.db import Database, Tx
from moshao.kit.migrating import NewerSchema
from moshao.kit.migrating import migrate as bring_forward
from moshao.operate.options import settings_or_exit, with_data


@click.command()
@with_data
def migrate(data: Path | None) -> None:
    """Bring the database to this release: its tables, and the common code sets, limits and calendars."""
    settings = settings_or_exit(data)
    settings.data.mkdir(parents=True, exist_ok=True)
    try:
        ran = asyncio.run(_migrate(settings))
    except NewerSchema as newer:
        raise click.ClickException(str(newer)) from newer
    for name in ran:
        click.echo(f"ran {name}")
    click.echo("up to date")


async def seed_common(db: Database) -> None:
    """What all districts share: code sets, limits, calendars. Again: nothing changes."""

    async def work(tx: Tx) -> None:
        await seed_catalogue(tx)
        await seed_calendars(tx)

    await db.write(work)


async def _migrate(settings: Settings) -> list[str]:
    database = await open_database(settings.database_url)
    try:
        ran = await bring_forward(database)
        await seed_common(database)
    finally:
        await database.close()
    return ran
