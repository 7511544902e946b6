"""`moshao restore`: an empty installation from a backup; `--drill`: a rehearsal that touches nothing."""

import asyncio
import tempfile
from pathlib import Path

import click

from moshao.kit import clock, errors
from moshao.kit.blob_stores import open_blobs
from moshao.kit.blobs import Blobs
from moshao.kit.config import Settings
from moshao.kit.databases import open_database
from moshao.kit.db import Database
from moshao.kit.migrating import NewerSchema
from moshao.operate.backup import place_or_exit
from moshao.operate.backup_place import Manifest, NoBackup, Place
from moshao.operate.backup_runs import record
from moshao.operate.installation import in_words, installation
from moshao.operate.options import settings_or_exit, with_data
from moshao.operate.restoring import NotEmpty, look_at_photos, make_ready, restore_photos, restore_rows
from moshao.operate.sealing import BadKey, Identity, identities
from moshao.operate.verify import faults_in, faults_in_rows

SAMPLE = 200


@click.command()
@with_data
@click.option("--from", "source", type=click.Path(path_type=Path, file_okay=False), help="Default MOSHAO_BACKUP_TO.")
@click.option("--snapshot", help="Which backup (`moshao backup --list`); default the newest.")
@click.option("--key-file", type=click.Path(path_type=Path, dir_okay=False), help="The secret key of a sealed backup.")
@click.option("--drill", is_flag=True, help="Rehearse in a database of its own, verify, throw it away, keep a record.")
def restore(data: Path | None, source: Path | None, snapshot: str | None, key_file: Path | None, drill: bool) -> None:
    """Fill an empty installation from a backup, then verify it. On SQLite or PostgreSQL, whichever it came from.

    Phones then offer again what they sent in the last seven days. Exit code 1: refused, or faults were found.
    """
    settings = settings_or_exit(data)
    place = place_or_exit(settings, source)
    try:
        keys = identities(key_file) if key_file else []
        name = snapshot or _newest(place)
        if place.manifest(name).sealed and not keys:
            raise BadKey("this backup is sealed: name the secret key with --key-file")
        work = _drill if drill else _restore
        raise SystemExit(asyncio.run(work(settings, place, name, keys)))
    except (NoBackup, BadKey, NewerSchema) as fault:
        raise click.ClickException(str(fault)) from fault
    except OSError as fault:
        raise click.ClickException(f"it could not be restored: {fault}") from fault
    except errors.Refused as refused:
        raise click.ClickException(in_words(refused)) from refused
    except NotEmpty as fault:
        raise click.ClickException("there is a district in this database already; restore into an empty one") from fault


def _newest(place: Place) -> str:
    names = place.names()
    if not names:
        raise NoBackup(f"there is no backup in {place.root}")
    return names[-1]


async def _restore(settings: Settings, place: Place, name: str, keys: list[Identity]) -> int:
    began_at = clock.now()
    settings.data.mkdir(parents=True, exist_ok=True)
    db = await open_database(settings.database_url)
    try:
        manifest = await make_ready(db, place, name)
        blobs = open_blobs(settings.blobs_url)
        try:
            faults = [_damaged(key) for key in await _photos(blobs, place, name, keys, settings.data)]
            await restore_rows(db, place, name, keys, settings.data)
            faults += await _verified(db, blobs)
        finally:
            await blobs.close()
        words = _in_words(name, manifest, faults)
        await record(db, "restore", name, began_at, ok=not faults, words=words)
    finally:
        await db.close()
    return _told(words, faults)


async def _drill(settings: Settings, place: Place, name: str, keys: list[Identity]) -> int:
    began_at = clock.now()
    faults: list[str] = []
    words = ""
    with tempfile.TemporaryDirectory(prefix="drill-", dir=settings.data) as folder:
        db = await open_database(f"sqlite:///{folder}/drill.db")
        try:
            manifest = await make_ready(db, place, name)
            damaged = await look_at_photos(place, place.keys(name), keys, Path(folder), SAMPLE)
            await restore_rows(db, place, name, keys, Path(folder))
            faults = [_damaged(key) for key in damaged]
            for district in await db.all("SELECT id, name FROM districts ORDER BY code"):
                async for fault in faults_in_rows(db, district["id"]):
                    faults.append(f"{district['name']}: {fault.what} {fault.which} {fault.why}")
            words = _in_words(name, manifest, faults)
        except (NoBackup, BadKey) as fault:
            faults, words = [str(fault)], f"{name}: {fault}"
        finally:
            await db.close()
    async with installation(settings) as real:
        await record(real, "drill", name, began_at, ok=not faults, words=words)
    return _told(f"drill of {words}", faults)


async def _photos(blobs: Blobs, place: Place, name: str, keys: list[Identity], aside: Path) -> list[str]:
    names = place.keys(name)
    with click.progressbar(length=max(1, len(names)), label="photos") as bar:
        return await restore_photos(blobs, place, names, keys, aside, lambda done, _: bar.update(done - bar.pos))


async def _verified(db: Database, blobs: Blobs) -> list[str]:
    faults = []
    for district in await db.all("SELECT id, name FROM districts ORDER BY code"):
        async for fault in faults_in(db, blobs, district["id"]):
            faults.append(f"{district['name']}: {fault.what} {fault.which} {fault.why}")
    return faults


def _damaged(key: str) -> str:
    return f"photo missing or damaged in the backup: {key}"


def _in_words(name: str, manifest: Manifest, faults: list[str]) -> str:
    rows = sum(manifest.tables.values())
    state = f"{len(faults)} faults" if faults else "clean"
    return f"{name}: {rows} rows, {manifest.blobs} photos, {state}"


def _told(words: str, faults: list[str]) -> int:
    for fault in faults:
        click.echo(fault)
    click.echo(words)
    return 1 if faults else 0
