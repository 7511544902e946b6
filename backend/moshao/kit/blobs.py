"""Where bytes lie: whole under a key, durable before anybody is told; and drafts, which grow until they are whole.

A key is `kind/ab/name` or `kind/name`. What is under a key never changes. A draft has one writer at a time: whoever
comes later takes over, and what the one before had written counts.
"""

import re
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import AbstractAsyncContextManager
from pathlib import Path
from typing import Protocol

_KEY = re.compile(r"[a-z]+(/[a-z0-9][a-z0-9._-]*){1,2}")


class OtherOffset(Exception):
    """A draft does not end where the writer wanted to go on. `size` is where it ends."""

    def __init__(self, size: int) -> None:
        super().__init__(size)
        self.size = size


class TakenOver(Exception):
    """Another writer went on with this draft."""


class DraftWriter(Protocol):
    """A draft open for appending."""

    async def write(self, piece: bytes) -> None:
        """Append. Raises TakenOver; the refusal `storage_full`, with what still fitted in place."""

    async def sync(self) -> None:
        """What was written survives a power cut once this returns."""


class Blobs(Protocol):
    """A store. A full one raises the refusal `storage_full`, a broken one `storage_failed`."""

    async def size(self, key: str) -> int | None:
        """Octets under `key`, None where there is nothing."""

    async def read(self, key: str, start: int = 0, most: int | None = None) -> bytes:
        """What is under `key`, or `most` octets of it from `start` on. Raises KeyError."""

    async def put(self, key: str, content: bytes) -> None:
        """Keep small `content`; durable when this returns."""

    def local(self, key: str) -> AbstractAsyncContextManager[Path]:
        """A file of this machine with the bytes under `key`, to be read inside the block. Raises KeyError."""

    def keys(self, prefix: str) -> AsyncIterator[str]:
        """The keys that start with `prefix`, which names at least the kind."""

    async def remove(self, key: str, wanted: Callable[[], Awaitable[bool]]) -> bool:
        """Take away what is under `key`, then ask once more: it comes back where it is `wanted` after all."""

    async def draft_size(self, name: str) -> int:
        """Where a draft ends; 0 where there is none."""

    async def halt_draft(self, name: str) -> int:
        """Cut off whoever writes a draft: where it ends, and stays until somebody goes on."""

    def append(self, name: str, at: int, more: int) -> AbstractAsyncContextManager[DraftWriter]:
        """Take over the draft at offset `at` to write up to `more` octets. Raises OtherOffset."""

    async def cut_draft(self, name: str, size: int) -> None:
        """Shorten a draft, whoever writes it."""

    def local_draft(self, name: str) -> AbstractAsyncContextManager[Path]:
        """A file of this machine with a draft's bytes. Raises KeyError."""

    async def keep_draft(self, name: str, key: str) -> None:
        """The draft's bytes stand under `key`, durable when this returns; the draft itself stays."""

    async def drop_draft(self, name: str) -> None:
        """Forget a draft, if there is one."""

    def drafts(self) -> AsyncIterator[str]:
        """The names of all drafts."""

    def failed(self) -> str:
        """Why writing has stopped for good (a failed fsync is never retried), or an empty string."""

    async def close(self) -> None: ...


def checked(key: str) -> str:
    """The key, if it is one: nothing a stranger names leads out of the store."""
    if not _KEY.fullmatch(key):
        raise ValueError(f"no key: {key!r}")
    return key
