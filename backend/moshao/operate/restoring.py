"""Filling an empty installation from a snapshot: photos, then rows and new epochs in one transaction.

A restore that breaks off leaves photos that nobody names and no row, so it can be begun again. An older copy knows less
than the phones do: under a new epoch they offer again what they sent in the last seven days.
"""

import asyncio
import hashlib
import random
import re
import tempfile
import zlib
from collections.abc import Callable, Sequence
from pathlib import Path

import msgspec

from moshao.kit import ids
from moshao.kit.blobs import Blobs
from moshao.kit.db import Database, Tx, marks
from moshao.kit.migrating import migrate
from moshao.operate.backup_place import Manifest, NoBackup, Place
from moshao.operate.dumping import Frame, frames
from moshao.operate.sealing import Identity, unseal

Progress = Callable[[int, int], None]

# What a backup names stands in a statement as it is: a stranger's must name nothing else.
_NAME = re.compile(r"[a-z][a-z0-9_]{0,62}")


class NotEmpty(Exception):
    """There is a district here already; restoring never overwrites one."""


async def make_ready(db: Database, place: Place, name: str) -> Manifest:
    """See that the snapshot is whole and `db` without a district, with the tables of the snapshot's release.

    Raises NoBackup, NotEmpty, NewerSchema.
    """
    manifest = place.manifest(name)
    for table in manifest.tables:
        _named("table", table)
    await _check(place.rows(name), manifest)
    await migrate(db, through=manifest.migrations)
    if await db.value("SELECT count(*) FROM districts"):
        raise NotEmpty
    return manifest


async def restore_rows(db: Database, place: Place, name: str, keys: list[Identity], aside: Path) -> None:
    """Fill `db` with the rows of a snapshot that is ready, and bring it forward to this release.

    All or nothing. The opened rows lie in the directory `aside` meanwhile. Raises NoBackup, NotEmpty, BadKey.
    """
    manifest = place.manifest(name)
    with tempfile.TemporaryDirectory(dir=aside) as folder:
        plain = Path(folder) / "rows"
        await asyncio.to_thread(unseal, place.rows(name), plain, keys)

        async def work(tx: Tx) -> None:
            if await tx.value("SELECT count(*) FROM districts"):
                raise NotEmpty
            # A first start left keys and lists of its own here: those of the backup take their place.
            for table in manifest.tables:
                await tx.run(f"DELETE FROM {table}")
            if await _fill(tx, plain) != {table: rows for table, rows in manifest.tables.items() if rows}:
                raise NoBackup(f"snapshot {name} does not hold the rows that its manifest names")
            await _renew_epochs(tx)

        await db.write(work)
    await migrate(db)


async def _renew_epochs(tx: Tx) -> None:
    """Phones start again, and offer what they sent of late."""
    for row in await tx.all("SELECT district_id FROM journal_heads"):
        new = str(ids.new_id())
        await tx.run("UPDATE journal_heads SET epoch = ? WHERE district_id = ?", new, row["district_id"])


async def restore_photos(
    blobs: Blobs, place: Place, names: Sequence[str], keys: list[Identity], aside: Path, progress: Progress
) -> list[str]:
    """Bring the photos back; those that are missing or damaged in the backup. Raises BadKey, OSError."""
    faults = []
    with tempfile.TemporaryDirectory(dir=aside) as folder:
        plain = Path(folder) / "photo"
        for number, key in enumerate(names, 1):
            content = await asyncio.to_thread(_opened, place, key, plain, keys)
            if content is None:
                faults.append(key)
            else:
                await blobs.put(key, content)
            progress(number, len(names))
    return faults


async def look_at_photos(
    place: Place, names: Sequence[str], keys: list[Identity], aside: Path, sample: int
) -> list[str]:
    """All must be there; `sample` of them, by chance, are opened. Those that are missing or damaged."""
    present = await asyncio.to_thread(place.present)
    faults = [key for key in names if key not in present]
    chosen = random.sample([key for key in names if key in present], min(sample, len(names) - len(faults)))
    with tempfile.TemporaryDirectory(dir=aside) as folder:
        plain = Path(folder) / "photo"
        for key in chosen:
            if await asyncio.to_thread(_opened, place, key, plain, keys) is None:
                faults.append(key)
    return sorted(faults)


async def _check(rows: Path, manifest: Manifest) -> None:
    """Nothing is filled in from a file that was changed."""
    try:
        content = await asyncio.to_thread(_digest, rows)
    except OSError as fault:
        raise NoBackup(f"its rows can't be read: {fault}") from fault
    if content != manifest.rows_sha256:
        raise NoBackup("its rows are not what they were when they were written")


async def _fill(tx: Tx, path: Path) -> dict[str, int]:
    """How many rows of each table were filled in. Raises NoBackup."""
    counts: dict[str, int] = {}
    try:
        for frame in frames(path):
            await _insert(tx, frame)
            counts[frame[0]] = counts.get(frame[0], 0) + len(frame[2])
    except (EOFError, OSError, zlib.error, msgspec.DecodeError) as fault:
        raise NoBackup(f"its rows can't be read: {fault}") from fault
    return counts


async def _insert(tx: Tx, frame: Frame) -> None:
    table, columns, rows = frame
    names = ", ".join(f'"{_named("column", column)}"' for column in columns)
    await tx.many(f"INSERT INTO {_named('table', table)} ({names}) VALUES ({marks(len(columns))})", rows)


def _named(what: str, name: str) -> str:
    if not _NAME.fullmatch(name):
        raise NoBackup(f"it names a {what} {name!r}")
    return name


def _opened(place: Place, key: str, plain: Path, keys: list[Identity]) -> bytes | None:
    """The photo's bytes; None where they are missing or not what the name says."""
    try:
        unseal(place.blob(key), plain, keys)
    except FileNotFoundError:
        return None
    content = plain.read_bytes()
    kind, _, named = key.rpartition("/")
    if kind.startswith("originals/") and hashlib.sha256(content).hexdigest() != named:
        return None
    return content


def _digest(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
