"""Drafts as files. Their writers agree through a lock file beside each, which also works between processes."""

import contextlib
import fcntl
import os
from collections.abc import Iterator
from pathlib import Path

from moshao.kit import ids
from moshao.kit.blobs import TakenOver
from moshao.kit.disk import Disk, sync

LOCK = ".lock"
TOKEN_OCTETS = 36


class DiskWriter:
    """One writer of one draft, from the moment it is made: the lock file holds the token of whoever was last.

    `found` is where the draft ended then.
    """

    def __init__(self, disk: Disk, path: Path) -> None:
        self._disk = disk
        self._lock = os.open(lock_of(path), os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
        try:
            self._file = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_CLOEXEC, 0o600)
        except OSError:
            os.close(self._lock)
            raise
        self._token = str(ids.new_id()).encode()
        with _locked(self._lock):
            os.pwrite(self._lock, self._token, 0)
            self.found = os.fstat(self._file).st_size
        self._at = self.found

    async def write(self, piece: bytes) -> None:
        await self._disk.run(lambda: self._write(piece))

    async def sync(self) -> None:
        await self._disk.run(lambda: sync(self._file))

    def cut(self, size: int) -> None:
        with _locked(self._lock):
            os.ftruncate(self._file, size)

    def close(self) -> None:
        os.close(self._file)
        os.close(self._lock)

    def _write(self, piece: bytes) -> None:
        rest = memoryview(piece)
        with _locked(self._lock):
            if os.pread(self._lock, TOKEN_OCTETS, 0) != self._token:
                raise TakenOver
            while rest:
                done = os.pwrite(self._file, rest, self._at)
                self._at += done
                rest = rest[done:]


def lock_of(path: Path) -> Path:
    """The lock file of a draft."""
    return path.with_name(path.name + LOCK)


def drop(path: Path) -> None:
    """Forget a draft. Who still writes it writes into nothing."""
    path.unlink(missing_ok=True)
    lock_of(path).unlink(missing_ok=True)


def halt(disk: Disk, path: Path) -> int:
    """Cut the writer of a draft off; where it ends."""
    if not path.exists():
        return 0
    writer = DiskWriter(disk, path)
    writer.close()
    return writer.found


def cut(disk: Disk, path: Path, size: int) -> None:
    """Shorten a draft and cut its writer off; one whose bytes are kept under a key already is dropped instead."""
    try:
        links = path.stat().st_nlink
    except FileNotFoundError:
        return
    if links > 1:
        drop(path)
        return
    writer = DiskWriter(disk, path)
    try:
        writer.cut(size)
    finally:
        writer.close()


@contextlib.contextmanager
def _locked(lock: int) -> Iterator[None]:
    fcntl.flock(lock, fcntl.LOCK_EX)
    try:
        yield
    finally:
        fcntl.flock(lock, fcntl.LOCK_UN)
