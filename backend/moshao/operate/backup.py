"""`moshao backup`: while the district is served, to a directory."""

import asyncio
import os
from pathlib import Path
from typing import Any

import click

from moshao.kit import clock, errors
from moshao.kit.blob_stores import open_blobs
from moshao.kit.config import Settings
from moshao.operate.backing_up import Backup, Progress, back_up
from moshao.operate.backup_place import NoBackup, Place
from moshao.operate.backup_runs import record
from moshao.operate.installation import in_words, installation
from moshao.operate.options import settings_or_exit, with_data
from moshao.operate.sealing import BadKey, Recipient, new_identity, recipients


@click.command()
@with_data
@click.option("--to", type=click.Path(path_type=Path, file_okay=False), help="Where to; default MOSHAO_BACKUP_TO.")
@click.option("--key", "keys", multiple=True, metavar="age1…", help="Seal for this public key; MOSHAO_BACKUP_KEYS.")
@click.option("--keep", type=click.IntRange(1), help="How many backups to keep; default MOSHAO_BACKUP_KEEP.")
@click.option("--list", "only_list", is_flag=True, help="Say which backups there are, and do nothing.")
@click.option(
    "--new-key",
    type=click.Path(path_type=Path, dir_okay=False),
    help="Make a key file and say its public key.",
)
def backup(
    data: Path | None, to: Path | None, keys: tuple[str, ...], keep: int | None, only_list: bool, new_key: Path | None
) -> None:
    """Back up rows and photos while serving. The second one brings only what is new.

    Exit code 1: it could not be taken, or photos on the disk are damaged (all others are in the backup).
    """
    if new_key:
        make_key(new_key)
        return
    settings = settings_or_exit(data)
    place = place_or_exit(settings, to)
    if only_list:
        list_snapshots(place)
        return
    try:
        sealed_for = recipients(keys or settings.backup_keys)
    except BadKey as bad:
        raise click.UsageError(str(bad)) from bad
    raise SystemExit(asyncio.run(_run(settings, place, sealed_for, keep or settings.backup_keep)))


def place_or_exit(settings: Settings, named: Path | None) -> Place:
    """Where backups lie, as said on the command line or in the settings."""
    root = named or settings.backup_to
    if root is None:
        raise click.UsageError("say where backups lie: a directory here, or MOSHAO_BACKUP_TO")
    return Place(root)


def make_key(path: Path) -> None:
    """A new secret key in `path`, which nobody else may read; its public key is said."""
    secret, public = new_identity()
    try:
        file = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except OSError as fault:
        raise click.ClickException(f"{path} can't be written: {fault.strerror}") from fault
    with os.fdopen(file, "w") as opened:
        opened.write(f"# public key: {public}\n{secret}\n")
    click.echo(f"Keep {path} away from this machine and in two places: without it no sealed backup can be opened.")
    click.echo(f"MOSHAO_BACKUP_KEYS={public}")


def list_snapshots(place: Place) -> None:
    """One line each, the oldest first."""
    for name in place.names():
        try:
            manifest = place.manifest(name)
        except NoBackup as fault:
            click.echo(f"{name}  {fault}")
            continue
        lines = sum(district.seq for district in manifest.districts)
        sealed = "sealed" if manifest.sealed else "open"
        click.echo(f"{name}  {lines} journal lines  {manifest.blobs} photos  {sealed}  moshao {manifest.version}")
    if not place.names():
        click.echo("no backups")


async def _run(settings: Settings, place: Place, sealed_for: list[Recipient], keep: int) -> int:
    began_at = clock.now()
    async with installation(settings) as db:
        blobs = open_blobs(settings.blobs_url)
        try:
            with click.progressbar(length=1, label="photos") as bar:
                taken = await back_up(db, blobs, place, sealed_for, settings.data, _shown_on(bar))
            old, photos = await asyncio.to_thread(place.prune, keep)
        except (OSError, NoBackup, errors.Refused) as fault:
            words = in_words(fault) if isinstance(fault, errors.Refused) else str(fault)
            await record(db, "backup", None, began_at, ok=False, words=words)
            raise click.ClickException(f"no backup was taken: {words}") from fault
        finally:
            await blobs.close()
        words = _in_words(taken)
        await record(db, "backup", taken.name, began_at, ok=not taken.damaged, words=words)
    click.echo(words)
    for key in taken.damaged:
        click.echo(f"damaged on this disk, and in no backup: {key}")
    if old:
        click.echo(f"let go of {old} old backups and {photos} photos")
    return 1 if taken.damaged else 0


def _shown_on(bar: Any) -> Progress:
    def show(done: int, of: int) -> None:
        bar.length = of
        bar.update(done - bar.pos)

    return show


def _in_words(taken: Backup) -> str:
    manifest = taken.manifest
    rows = sum(manifest.tables.values())
    sealed = "sealed" if manifest.sealed else "not sealed"
    return f"{taken.name}: {rows} rows, {manifest.blobs} photos ({manifest.new_blobs} new), {sealed}"
