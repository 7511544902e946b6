"""The command around verifying: every district, every fault named, a count at the end."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack
from pathlib import Path
from uuid import UUID

import click

from moshao.dossier.checking import NoDossier
from moshao.dossier.checking import check as check_file
from moshao.figures.verifying import verify_figures
from moshao.kit.blob_stores import open_blobs
from moshao.kit.blobs import Blobs
from moshao.kit.config import Settings
from moshao.kit.db import Database
from moshao.operate.installation import installation
from moshao.operate.verifying import Fault, verify_acts, verify_journal
from moshao.operate.verifying_cases import verify_cases
from moshao.operate.verifying_photos import verify_named_photos, verify_photos


def run_verify_file(path: Path, key: str | None) -> int:
    """Check a case's file with nothing else. `key`: the thumbprint that the seal must have."""
    try:
        checked = check_file(path)
    except NoDossier as reason:
        raise click.ClickException(f"{path} is no case file: {reason}") from reason
    faults = checked.faults
    if key is not None and key != checked.thumbprint:
        faults = [*faults, f"it is sealed by another key: {checked.thumbprint}"]
    for fault in faults:
        click.echo(fault)
    manifest = checked.manifest
    click.echo(f"{manifest.case_no} of {manifest.district}, made {manifest.made_at:%Y-%m-%d %H:%M:%S} UTC")
    click.echo(f"sealed by {manifest.installation}, key {checked.thumbprint}")
    click.echo(f"{len(faults)} faults" if faults else "clean")
    return 1 if faults else 0


def run_verify(settings: Settings) -> int:
    """0: all of it fits; 1: faults were found and named."""
    return asyncio.run(_verify(settings))


async def _verify(settings: Settings) -> int:
    found = 0
    async with AsyncExitStack() as stack:
        database = await stack.enter_async_context(installation(settings))
        blobs = open_blobs(settings.blobs_url)
        stack.push_async_callback(blobs.close)
        for district in await database.all("SELECT id, name FROM districts ORDER BY code"):
            async for fault in faults_in(database, blobs, district["id"]):
                found += 1
                click.echo(f"{district['name']}: {fault.what} {fault.which} {fault.why}")
    click.echo(f"{found} faults" if found else "clean")
    return 1 if found else 0


async def faults_in_rows(database: Database, district_id: UUID) -> AsyncIterator[Fault]:
    """What does not fit in the database itself, whatever became of the photos' bytes."""
    for check in (verify_journal, verify_acts, verify_cases, verify_named_photos):
        async for fault in check(database, district_id):
            yield fault
    async for day, why in verify_figures(database, district_id):
        yield Fault("figures", f"of {day}", why)


async def faults_in(database: Database, blobs: Blobs, district_id: UUID) -> AsyncIterator[Fault]:
    """Everything in this district that does not fit."""
    async for fault in faults_in_rows(database, district_id):
        yield fault
    async for fault in verify_photos(database, blobs, district_id):
        yield fault
