"""Backing up while the district is served: the rows as one snapshot, then the photos that are not there yet.

In this order every photo that a row names is in the backup, and one that came meanwhile does no harm.
"""

import asyncio
import hashlib
import tempfile
from collections.abc import Callable
from pathlib import Path

import msgspec

from moshao import __version__
from moshao.kit import clock, disk
from moshao.kit.blobs import Blobs
from moshao.kit.db import Database, Reader
from moshao.kit.migrating import done
from moshao.operate.backup_place import FORMAT, District, Manifest, Place
from moshao.operate.dumping import dump
from moshao.operate.sealing import Recipient, seal

# Smaller copies are made again when somebody asks for one.
KINDS = ("originals", "quarantine", "upstream", "bulletins")
AT_ONCE = 4

Progress = Callable[[int, int], None]


class DamagedPhoto(Exception):
    """A photo does not have the bytes its name says: the disk has lost some. The text is its key."""


class Backup(msgspec.Struct, frozen=True):
    """What was taken. `damaged`: photos that no longer are what they were; the rest of the backup is good."""

    name: str
    manifest: Manifest
    damaged: list[str]


async def back_up(
    db: Database, blobs: Blobs, place: Place, to: list[Recipient], aside: Path, progress: Progress
) -> Backup:
    """Take a snapshot, sealed for `to`; what is not sealed yet lies in the directory `aside` meanwhile.

    `progress(done, all)` hears of the photos. Raises OSError where it can't.
    """
    place.make()
    taken_at = clock.now()
    name = place.begin(taken_at)
    async with db.reading() as reader:
        migrations, districts = await done(reader), await _districts(reader)
        with tempfile.TemporaryDirectory(dir=aside) as folder:
            plain = Path(folder) / "rows"
            tables = await dump(reader, plain)
            await asyncio.to_thread(seal, plain, place.rows(name), to)
    keys = [key for kind in KINDS async for key in blobs.keys(f"{kind}/")]
    present = await asyncio.to_thread(place.present)
    new = [key for key in keys if key not in present]
    damaged = await _bring(blobs, place, new, to, progress)
    rows_sha256, rows_octets = await asyncio.to_thread(_digest, place.rows(name))
    manifest = Manifest(
        format=FORMAT, version=__version__, taken_at=taken_at, sealed=bool(to), migrations=migrations,
        districts=districts, tables=tables, rows_sha256=rows_sha256, rows_octets=rows_octets,
        blobs=len(keys) - len(damaged), new_blobs=len(new) - len(damaged),
    )  # fmt: skip
    await asyncio.to_thread(place.finish, name, manifest, [key for key in keys if key not in set(damaged)])
    return Backup(name, manifest, damaged)


async def _districts(reader: Reader) -> list[District]:
    rows = await reader.all(
        "SELECT d.code, d.name, coalesce(h.seq, 0) AS seq, coalesce(h.digest, '') AS digest "
        "FROM districts d LEFT JOIN journal_heads h ON h.district_id = d.id ORDER BY d.code"
    )
    return [District(**row) for row in rows]


async def _bring(blobs: Blobs, place: Place, keys: list[str], to: list[Recipient], progress: Progress) -> list[str]:
    """Copy the photos; the keys of those that are damaged."""
    damaged: list[str] = []
    waiting = iter(keys)
    brought = 0

    async def some() -> None:
        nonlocal brought
        for key in waiting:
            try:
                async with blobs.local(key) as path:
                    await asyncio.to_thread(_bring_one, key, path, place.blob(key), to)
            except KeyError:
                pass  # let go of since: nobody needs it any more
            except DamagedPhoto:
                damaged.append(key)
            brought += 1
            progress(brought, len(keys))

    # Not a TaskGroup, which would hand on a full disk's OSError as a group of errors.
    await asyncio.gather(*(some() for _ in range(AT_ONCE)))
    return sorted(damaged)


def _bring_one(key: str, source: Path, target: Path, to: list[Recipient]) -> None:
    kind, _, named = key.rpartition("/")
    if kind.startswith("originals/") and _digest(source)[0] != named:
        raise DamagedPhoto(key)
    target.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    aside = target.with_name(f".{target.name}")
    seal(source, aside, to)
    with aside.open("rb") as file:
        disk.sync(file.fileno())
    aside.replace(target)
    disk.sync_folder(target.parent)


def _digest(path: Path) -> tuple[str, int]:
    """SHA-256 in hex, and the octets."""
    with path.open("rb") as file:
        digest = hashlib.file_digest(file, "sha256")
        return digest.hexdigest(), file.tell()
