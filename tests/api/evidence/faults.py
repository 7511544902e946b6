"""A disk that is full or broken, for files in one folder of the store."""

import errno
import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from unittest import mock


class Disk:
    """`room`: octets that still fit before writes say ENOSPC. `broken`: fsync, link … by name → errno."""

    def __init__(self, folder: Path) -> None:
        self.folder = str(folder)
        self.room: int | None = None
        self.broken: dict[str, int] = {}

    def concerns(self, file: Any) -> bool:
        path = os.readlink(f"/proc/self/fd/{file}") if isinstance(file, int) else str(file)
        return path.startswith(self.folder)

    def pwrite(self, real: Callable[..., int], file: int, content: Any, at: int) -> int:
        if self.room is None or not self.concerns(file) or len(content) == 36:
            return real(file, content, at)
        if self.room <= 0:
            raise OSError(errno.ENOSPC, "no space left on device")
        done = real(file, bytes(content)[: self.room], at)
        self.room -= done
        return done

    def call(self, name: str, real: Callable[..., Any], *args: Any) -> Any:
        if name in self.broken and self.concerns(args[0]):
            raise OSError(self.broken[name], os.strerror(self.broken[name]))
        return real(*args)


@contextmanager
def faulty(folder: Path) -> Iterator[Disk]:
    """What `os` does to files below `folder` goes through the Disk."""
    disk = Disk(folder)
    patches = [mock.patch.object(os, "pwrite", _around(disk.pwrite, os.pwrite))]
    for name in ("fsync", "link"):
        real = getattr(os, name)
        patches.append(mock.patch.object(os, name, _named(disk, name, real)))
    for patch in patches:
        patch.start()
    try:
        yield disk
    finally:
        for patch in patches:
            patch.stop()


def _around(mine: Callable[..., Any], real: Callable[..., Any]) -> Callable[..., Any]:
    return lambda *args: mine(real, *args)


def _named(disk: Disk, name: str, real: Callable[..., Any]) -> Callable[..., Any]:
    return lambda *args: disk.call(name, real, *args)
