"""Where backups lie: `snapshots/<time>/` with rows and a manifest each, `blobs/` with every photo once.

A snapshot is one as soon as its manifest stands there; a folder without one is a backup that was broken off.
"""

import gzip
import os
import re
import shutil
import zlib
from collections.abc import Iterable
from datetime import datetime
from pathlib import Path

import msgspec

from moshao.kit import disk
from moshao.kit.blobs import checked

FORMAT = 1
_NAME = re.compile(r"\d{8}T\d{6}Z")


class District(msgspec.Struct, frozen=True):
    """How far a district's journal had come."""

    code: str
    name: str
    seq: int
    digest: str


class Manifest(msgspec.Struct, frozen=True, kw_only=True):
    """What a snapshot holds. `rows_sha256` and `rows_octets` are of the file as it lies there, sealed or not."""

    format: int
    version: str
    taken_at: datetime
    sealed: bool
    migrations: list[str]
    districts: list[District]
    tables: dict[str, int]
    rows_sha256: str
    rows_octets: int
    blobs: int
    new_blobs: int


class NoBackup(Exception):
    """There is nothing to restore, or it can't be read; the text says why."""


class Place:
    """A directory of backups. Nothing in it is ever changed, only added and, when old, removed."""

    def __init__(self, root: Path) -> None:
        self.root = root
        self._blobs = root / "blobs"
        self._snapshots = root / "snapshots"

    def make(self) -> None:
        """The directories, readable by their owner alone."""
        for folder in (self.root, self._blobs, self._snapshots):
            folder.mkdir(mode=0o700, parents=True, exist_ok=True)

    def names(self) -> list[str]:
        """The snapshots, oldest first."""
        if not self._snapshots.is_dir():
            return []
        return sorted(
            each.name
            for each in self._snapshots.iterdir()
            if _NAME.fullmatch(each.name) and (each / "manifest.json").exists()
        )

    def begin(self, at: datetime) -> str:
        """A folder for a snapshot taken now; what was broken off before is cleared away."""
        for each in self._snapshots.iterdir():
            if not (each / "manifest.json").exists():
                shutil.rmtree(each)
        name = at.strftime("%Y%m%dT%H%M%SZ")
        (self._snapshots / name).mkdir(mode=0o700)
        return name

    def rows(self, name: str) -> Path:
        return self._snapshots / name / "rows"

    def blob(self, key: str) -> Path:
        return self._blobs / checked(key)

    def present(self) -> set[str]:
        """The keys of the photos that lie here already."""
        return {str(path.relative_to(self._blobs)) for path in self._blobs.rglob("*") if path.is_file()}

    def finish(self, name: str, manifest: Manifest, keys: Iterable[str]) -> None:
        """From now on this is a snapshot."""
        folder = self._snapshots / name
        with gzip.open(folder / "blobs.gz", "wt") as file:
            file.writelines(f"{key}\n" for key in keys)
        _settle(folder / "blobs.gz")
        aside = folder / "manifest.tmp"
        aside.write_bytes(msgspec.json.format(msgspec.json.encode(manifest)))
        _settle(aside)
        aside.replace(folder / "manifest.json")
        disk.sync_folder(folder)
        disk.sync_folder(self._snapshots)

    def manifest(self, name: str) -> Manifest:
        """Raises NoBackup."""
        try:
            found = msgspec.json.decode((self._snapshots / name / "manifest.json").read_bytes(), type=Manifest)
        except (OSError, msgspec.DecodeError) as fault:
            raise NoBackup(f"snapshot {name} can't be read: {fault}") from fault
        if found.format != FORMAT:
            raise NoBackup(f"snapshot {name} has format {found.format}, this release reads {FORMAT}")
        return found

    def keys(self, name: str) -> list[str]:
        """The photos that belong to a snapshot. Raises NoBackup."""
        try:
            with gzip.open(self._snapshots / name / "blobs.gz", "rt") as file:
                return [checked(line.strip()) for line in file]
        except (OSError, EOFError, zlib.error, ValueError) as fault:
            raise NoBackup(f"the list of photos of snapshot {name} can't be read: {fault}") from fault

    def prune(self, keep: int) -> tuple[int, int]:
        """Let go of all snapshots but the newest `keep`, and of photos that none of these names; how many of each."""
        names = self.names()
        old = names[:-keep]
        for name in old:
            # The manifest first: a folder half removed is no snapshot any more.
            (self._snapshots / name / "manifest.json").unlink()
            shutil.rmtree(self._snapshots / name)
        if not old:
            return 0, 0
        wanted = {key for name in names[-keep:] for key in self.keys(name)}
        unwanted = self.present() - wanted
        for key in unwanted:
            (self._blobs / key).unlink()
        return len(old), len(unwanted)


def _settle(path: Path) -> None:
    """On the disk once this returns."""
    with path.open("rb") as file:
        os.fsync(file.fileno())
