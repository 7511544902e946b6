"""The store in a directory: written and fsynced first, then named, then the directory fsynced."""

import contextlib
from collections.abc import AsyncIterator, Awaitable, Callable
from pathlib import Path

from moshao.kit import blobs_drafts, clock, disk, ids
from moshao.kit.blobs import OtherOffset, checked

TRASH_SECONDS = 7 * 24 * 3600


class DiskBlobs:
    """A directory as `kit.blobs.Blobs`. `open_disk(path)` makes it."""

    def __init__(self, root: Path) -> None:
        self.root = root
        self._disk = disk.Disk(root)
        self._drafts = root / "drafts"
        self._trash = root / "trash"
        for folder in (self._drafts, self._trash):
            self._disk.make_folder(folder)

    def failed(self) -> str:
        return self._disk.failed

    async def close(self) -> None:
        self._disk.close()

    async def size(self, key: str) -> int | None:
        path = self._path(key)
        return await self._disk.run(lambda: disk.size_of(path))

    async def read(self, key: str, start: int = 0, most: int | None = None) -> bytes:
        path = self._path(key)
        return await self._disk.run(lambda: disk.read(path, start, most))

    async def put(self, key: str, content: bytes) -> None:
        path = self._path(key)
        await self._disk.run(lambda: self._put(path, content))

    @contextlib.asynccontextmanager
    async def local(self, key: str) -> AsyncIterator[Path]:
        yield await self._present(self._path(key))

    async def keys(self, prefix: str) -> AsyncIterator[str]:
        folder, _, start = prefix.rpartition("/")
        for name in await self._disk.run(lambda: disk.names_in(self.root / folder)):
            if not name.startswith(start):
                continue
            if (self.root / folder / name).is_dir():
                async for key in self.keys(f"{folder}/{name}/"):
                    yield key
            else:
                yield f"{folder}/{name}"

    async def remove(self, key: str, wanted: Callable[[], Awaitable[bool]]) -> bool:
        path, aside = self._path(key), self._trash / key.replace("/", "_")
        await self._disk.run(lambda: disk.move(path, aside))
        if await wanted():
            await self._disk.run(lambda: disk.move(aside, path))
            return False
        await self._disk.run(lambda: aside.unlink(missing_ok=True))
        return True

    async def draft_size(self, name: str) -> int:
        return await self.size(f"drafts/{name}") or 0

    async def halt_draft(self, name: str) -> int:
        path = self._draft(name)
        return await self._disk.run(lambda: blobs_drafts.halt(self._disk, path))

    @contextlib.asynccontextmanager
    async def append(self, name: str, at: int, more: int) -> AsyncIterator[blobs_drafts.DiskWriter]:
        path = self._draft(name)
        writer = await self._disk.run(lambda: self._take_over(path, more))
        try:
            if writer.found != at:
                raise OtherOffset(writer.found)
            yield writer
        finally:
            writer.close()

    async def cut_draft(self, name: str, size: int) -> None:
        path = self._draft(name)
        await self._disk.run(lambda: blobs_drafts.cut(self._disk, path, size))

    @contextlib.asynccontextmanager
    async def local_draft(self, name: str) -> AsyncIterator[Path]:
        yield await self._present(self._draft(name))

    async def keep_draft(self, name: str, key: str) -> None:
        draft, path = self._draft(name), self._path(key)
        await self._disk.run(lambda: self._keep(draft, path))

    async def drop_draft(self, name: str) -> None:
        path = self._draft(name)
        await self._disk.run(lambda: blobs_drafts.drop(path))

    async def drafts(self) -> AsyncIterator[str]:
        for name in await self._disk.run(lambda: disk.names_in(self._drafts)):
            if not name.endswith(blobs_drafts.LOCK):
                yield name

    def empty_trash(self) -> None:
        """Delete what a process that died was about to name or to remove, once nobody can still want it."""
        oldest = clock.now().timestamp() - TRASH_SECONDS
        for path in self._trash.iterdir():
            with contextlib.suppress(FileNotFoundError):
                if path.stat().st_ctime < oldest:
                    path.unlink()

    def _path(self, key: str) -> Path:
        return self.root / checked(key)

    def _draft(self, name: str) -> Path:
        return self._path(f"drafts/{name}")

    async def _present(self, path: Path) -> Path:
        if await self._disk.run(lambda: disk.size_of(path)) is None:
            raise KeyError(path.name)
        return path

    def _take_over(self, path: Path, more: int) -> blobs_drafts.DiskWriter:
        self._disk.check_room(more)
        return blobs_drafts.DiskWriter(self._disk, path)

    def _put(self, path: Path, content: bytes) -> None:
        self._disk.check_room(len(content))
        self._disk.make_folder(path.parent)
        aside = self._trash / str(ids.new_id())
        try:
            with aside.open("wb") as file:
                file.write(content)
                file.flush()
                disk.sync(file.fileno())
            aside.replace(path)
        except OSError:
            aside.unlink(missing_ok=True)
            raise
        disk.sync_folder(path.parent)

    def _keep(self, draft: Path, path: Path) -> None:
        self._disk.check()
        with draft.open("rb") as file:
            try:
                disk.sync(file.fileno())
            except disk.SyncFailed:
                blobs_drafts.drop(draft)  # nobody may take these bytes for durable: the phone sends them again
                raise
        self._disk.make_folder(path.parent)
        if disk.size_of(path) == disk.size_of(draft):
            path.touch()  # in use again: who sweeps leaves it alone
        else:
            aside = self._trash / str(ids.new_id())
            disk.link(draft, aside)
            aside.replace(path)
        disk.sync_folder(path.parent)


def open_disk(path: Path) -> DiskBlobs:
    """The store in the directory `path`, made where it is not there."""
    path.mkdir(parents=True, exist_ok=True)
    store = DiskBlobs(path)
    store.empty_trash()
    return store
