"""`moshao doctor`: what is wrong here, what to do, and what would wake somebody."""

import asyncio
from collections.abc import AsyncIterator
from pathlib import Path

import click

from moshao.kit.config import Settings
from moshao.kit.db import Database
from moshao.operate.examining_districts import installation_found
from moshao.operate.examining_machine import certificate_found, clock_found, data_found, settings_found
from moshao.operate.finding import Finding, Level, bad
from moshao.operate.installation import installation
from moshao.operate.options import settings_or_exit, with_data

MARKS: dict[Level, str] = {"ok": "ok  ", "warn": "look", "bad": "BAD "}


@click.command()
@with_data
@click.option("--quiet", is_flag=True, help="Say only what is not well.")
def doctor(data: Path | None, quiet: bool) -> None:
    """Look at settings, disk, clock, certificate, worker, upstreams, calendars and backups.

    Each line says what was looked at; where something is to be done, the next says what. Exit code 1: something is BAD,
    which somebody is let down by now.
    """
    raise SystemExit(asyncio.run(_examine(settings_or_exit(data), quiet=quiet)))


async def _examine(settings: Settings, *, quiet: bool) -> int:
    levels = []
    async for found in findings(settings):
        levels.append(found.level)
        if quiet and found.level == "ok":
            continue
        click.echo(f"{MARKS[found.level]}  {found.about}: {found.words}")
        if found.cure:
            click.echo(f"      → {found.cure}")
    click.echo(f"{levels.count('bad')} bad, {levels.count('warn')} to look at, {levels.count('ok')} well")
    return 1 if "bad" in levels else 0


async def findings(settings: Settings) -> AsyncIterator[Finding]:
    """Everything there is to find, the machine first."""
    for found in settings_found(settings):
        yield found
    for found in data_found(settings):
        yield found
    yield clock_found()
    if shown := await certificate_found(settings):
        yield shown
    async for found in _inside(settings):
        yield found


async def _inside(settings: Settings) -> AsyncIterator[Finding]:
    try:
        async with installation(settings) as db:
            async for found in _told(db, settings):
                yield found
    except click.ClickException as fault:
        yield bad("database", fault.message, "nothing can be looked at inside until then")
    except OSError as fault:
        yield bad("database", f"can't be reached: {fault}", "is it running, and does MOSHAO_DATABASE_URL name it?")


async def _told(db: Database, settings: Settings) -> AsyncIterator[Finding]:
    if reason := db.failed():
        yield bad("database", reason, "restart on a good disk")
    async for found in installation_found(db, settings):
        yield found
