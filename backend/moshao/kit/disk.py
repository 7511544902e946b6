"""The disk under the store: faults told as refusals, nothing called durable that is not.

Work is done in threads, so that a slow disk never holds up the event loop.
"""

import asyncio
import contextlib
import errno
import os
import shutil
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import TypeVar

from moshao.kit import errors

T = TypeVar("T")

THREADS = 8
# Photos stop before the disk is so full that the database beside them could not go on.
RESERVE_MOST = 256 * 1024 * 1024
RESERVE_SHARE = 20
FULL = frozenset({errno.ENOSPC, errno.EDQUOT, errno.EFBIG})
UNLINKABLE = frozenset({errno.EPERM, errno.EXDEV, errno.ENOTSUP, errno.EMLINK})


class SyncFailed(OSError):
    """An fsync failed: what the disk holds is unknown, and asking again would answer "fine"."""


class Disk:
    """A directory and the threads that work in it. `failed` says why nothing is written any more."""

    def __init__(self, root: Path) -> None:
        self.root = root
        self.failed = ""
        self._threads = ThreadPoolExecutor(THREADS, thread_name_prefix="disk")

    async def run(self, work: Callable[[], T]) -> T:
        """`work` in a thread. Raises KeyError for a file that is not there, else the disk's refusals."""
        try:
            return await self._to_the_end(work)
        except SyncFailed as fault:
            if fault.errno not in FULL:
                self.failed = str(fault)
            raise _told(fault) from fault
        except (FileNotFoundError, IsADirectoryError) as missing:
            raise KeyError(str(missing.filename)) from missing
        except OSError as fault:
            raise _told(fault) from fault

    def close(self) -> None:
        self._threads.shutdown()

    def check(self) -> None:
        """Refuse to write where an fsync has failed."""
        if self.failed:
            raise OSError(errno.EIO, self.failed)

    def check_room(self, more: int) -> None:
        """Refuse to write `more` octets where there is no room for them."""
        self.check()
        disk = os.statvfs(self.root)
        reserve = min(RESERVE_MOST, disk.f_blocks * disk.f_frsize // RESERVE_SHARE)
        if disk.f_bavail * disk.f_frsize < more + reserve:
            raise OSError(errno.ENOSPC, "the database's reserve begins here")

    def make_folder(self, folder: Path) -> None:
        """Make `folder` durably, with those above it."""
        if not folder.is_dir():
            if folder.parent != self.root:
                self.make_folder(folder.parent)
            folder.mkdir(exist_ok=True)
            sync_folder(folder.parent)

    async def _to_the_end(self, work: Callable[[], T]) -> T:
        """Whoever is cancelled waits for the thread: its file must not be closed under it."""
        running = asyncio.get_running_loop().run_in_executor(self._threads, work)
        try:
            return await asyncio.shield(running)
        except asyncio.CancelledError:
            await asyncio.wait([running])
            raise


def _told(fault: OSError) -> errors.Refused:
    if fault.errno in FULL:
        return errors.storage_full()
    return errors.storage_failed(errno.errorcode.get(fault.errno or 0, "OSError"))


def sync(file: int) -> None:
    """fsync. Raises SyncFailed."""
    try:
        os.fsync(file)
    except OSError as fault:
        raise SyncFailed(fault.errno, f"fsync: {fault.strerror}") from fault


def sync_folder(folder: Path) -> None:
    """The names in `folder` survive a power cut."""
    handle = os.open(folder, os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC)
    try:
        sync(handle)
    finally:
        os.close(handle)


def link(source: Path, target: Path) -> None:
    """A second name for a synced file, or a synced copy where the file system has no such thing."""
    try:
        os.link(source, target)
    except OSError as fault:
        if fault.errno not in UNLINKABLE:
            raise
        with source.open("rb") as reading, target.open("wb") as writing:
            shutil.copyfileobj(reading, writing)
            writing.flush()
            sync(writing.fileno())


def move(source: Path, target: Path) -> None:
    """Rename, if it is there."""
    with contextlib.suppress(FileNotFoundError):
        source.replace(target)


def size_of(path: Path) -> int | None:
    """Octets in a file, None where it is not there."""
    try:
        return path.stat().st_size
    except FileNotFoundError:
        return None


def names_in(folder: Path) -> list[str]:
    """What is in a folder, sorted; nothing where it is not there."""
    try:
        return sorted(os.listdir(folder))
    except FileNotFoundError:
        return []


def read(path: Path, start: int, most: int | None) -> bytes:
    """`most` octets from `start` on, or all."""
    with path.open("rb") as file:
        file.seek(start)
        return file.read(-1 if most is None else most)
