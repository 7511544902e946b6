"""The store in a directory."""

import asyncio
import errno
import os
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any
from unittest import mock

import pytest

from moshao.kit.blob_stores import open_blobs
from moshao.kit.blobs import Blobs, OtherOffset, TakenOver
from moshao.kit.blobs_disk import open_disk


@pytest.fixture
async def blobs(tmp_path: Path) -> AsyncIterator[Blobs]:
    opened = open_blobs(f"file://{tmp_path / 'blobs'}")
    yield opened
    await opened.close()


async def yes() -> bool:
    return True


async def no() -> bool:
    return False


async def everything(blobs: Blobs, prefix: str) -> list[str]:
    return [key async for key in blobs.keys(prefix)]


async def test_put_read_list_remove(blobs: Blobs) -> None:
    await blobs.put("copies/ab/ab.thumb", b"0123456789")
    await blobs.put("copies/ab/ab.screen", b"screen")
    await blobs.put("copies/cd/cd.thumb", b"other")
    await blobs.put("quarantine/one", b"bad")
    assert await blobs.size("copies/ab/ab.thumb") == 10
    assert await blobs.read("copies/ab/ab.thumb") == b"0123456789"
    assert await blobs.read("copies/ab/ab.thumb", 3, 4) == b"3456"
    assert await everything(blobs, "copies/ab/ab.") == ["copies/ab/ab.screen", "copies/ab/ab.thumb"]
    assert await everything(blobs, "copies/") == ["copies/ab/ab.screen", "copies/ab/ab.thumb", "copies/cd/cd.thumb"]
    assert await everything(blobs, "nothing/") == []
    async with blobs.local("quarantine/one") as path:
        assert path.read_bytes() == b"bad"
    assert await blobs.remove("quarantine/one", no)
    assert await blobs.size("quarantine/one") is None
    for missing in (blobs.read("quarantine/one"), blobs.local("quarantine/one").__aenter__()):
        with pytest.raises(KeyError):
            await missing


async def test_removed_but_wanted_after_all(blobs: Blobs) -> None:
    await blobs.put("originals/ab/ab", b"bytes")
    assert not await blobs.remove("originals/ab/ab", yes)
    assert await blobs.read("originals/ab/ab") == b"bytes"
    assert await blobs.remove("originals/cd/none", no)


async def test_a_process_died_while_removing(tmp_path: Path) -> None:
    blobs = open_disk(tmp_path)
    await blobs.put("originals/ab/ab", b"bytes")
    (tmp_path / "originals/ab/ab").rename(tmp_path / "trash" / "originals_ab_ab")
    await blobs.close()
    blobs = open_disk(tmp_path)
    assert not await blobs.remove("originals/ab/ab", yes)
    assert await blobs.read("originals/ab/ab") == b"bytes"
    old = tmp_path / "trash" / "old"
    old.write_bytes(b"x")
    with mock.patch("moshao.kit.blobs_disk.TRASH_SECONDS", -1):
        blobs.empty_trash()
    assert not old.exists()
    await blobs.close()


@pytest.mark.parametrize("key", ["../x", "a/../b", "/etc/passwd", "a", "a/b/c/d", "A/b", "a/.b", "a/b\n", "a//b", ""])
async def test_no_key_leads_out(blobs: Blobs, key: str) -> None:
    with pytest.raises(ValueError, match="no key"):
        await blobs.read(key)


async def test_a_draft_grows_and_is_kept(blobs: Blobs) -> None:
    assert await blobs.draft_size("d1") == 0
    async with blobs.append("d1", 0, 10) as draft:
        await draft.write(b"01234")
        await draft.sync()
    with pytest.raises(OtherOffset) as other:
        async with blobs.append("d1", 3, 10):
            pass
    assert other.value.size == 5
    async with blobs.append("d1", 5, 10) as draft:
        await draft.write(b"56789")
    for _ in range(2):
        await blobs.keep_draft("d1", "originals/ab/ab")
    assert await blobs.draft_size("d1") == 10
    assert [name async for name in blobs.drafts()] == ["d1"]
    await blobs.drop_draft("d1")
    assert [name async for name in blobs.drafts()] == []
    assert await blobs.read("originals/ab/ab") == b"0123456789"
    await blobs.drop_draft("d1")
    with pytest.raises(KeyError):
        await blobs.keep_draft("d1", "originals/ab/ab")


async def test_whoever_comes_later_takes_over(tmp_path: Path) -> None:
    """Two stores on one directory, as two server processes have it."""
    one, other = open_disk(tmp_path), open_disk(tmp_path)
    async with one.append("d1", 0, 10) as old:
        await old.write(b"01234")
        async with other.append("d1", 5, 10) as new:
            with pytest.raises(TakenOver):
                await old.write(b"xxxxx")
            await new.write(b"56789")
    async with one.append("d1", 10, 10) as old:
        await other.cut_draft("d1", 4)
        with pytest.raises(TakenOver):
            await old.write(b"xxxxx")
    assert await one.draft_size("d1") == 4
    async with one.append("d1", 4, 10) as old:
        assert await other.halt_draft("d1") == 4
        with pytest.raises(TakenOver):
            await old.write(b"xxxxx")
    assert await other.halt_draft("none") == 0
    async with one.local_draft("d1") as path:
        assert path.read_bytes() == b"0123"
    await one.close()
    await other.close()


async def test_what_is_kept_is_never_cut(blobs: Blobs) -> None:
    async with blobs.append("d1", 0, 10) as draft:
        await draft.write(b"0123456789")
    await blobs.keep_draft("d1", "originals/ab/ab")
    await blobs.cut_draft("d1", 0)
    assert await blobs.draft_size("d1") == 0
    assert await blobs.read("originals/ab/ab") == b"0123456789"


async def test_a_short_file_under_the_key_is_replaced(tmp_path: Path) -> None:
    blobs = open_disk(tmp_path)
    await blobs.put("originals/ab/ab", b"0123")
    async with blobs.append("d1", 0, 10) as draft:
        await draft.write(b"0123456789")
    await blobs.keep_draft("d1", "originals/ab/ab")
    assert await blobs.read("originals/ab/ab") == b"0123456789"
    await blobs.close()


async def test_bytes_then_name_then_folder(tmp_path: Path) -> None:
    """The order in which things reach the disk, as the kernel is asked for it."""
    blobs = open_disk(tmp_path)
    async with blobs.append("d1", 0, 10) as draft:
        await draft.write(b"0123456789")
    (tmp_path / "originals" / "ab").mkdir(parents=True)
    calls: list[str] = []

    def told(name: str) -> Any:
        real = getattr(os, name)

        def call(*args: object) -> object:
            target = os.readlink(f"/proc/self/fd/{args[0]}") if name == "fsync" else str(args[-1])
            calls.append(f"{name} {Path(target).parent.name}/{Path(target).name}")
            return real(*args)

        return mock.patch.object(os, name, call)

    with told("fsync"), told("link"), told("replace"):
        await blobs.keep_draft("d1", "originals/ab/cd")
    assert calls[0] == "fsync drafts/d1"
    assert calls[1].startswith("link trash/")
    assert calls[2:] == ["replace ab/cd", "fsync originals/ab"]
    await blobs.close()


async def test_cancelled_in_the_middle_of_a_write(blobs: Blobs) -> None:
    """The file is not closed under the thread that writes it."""
    async with blobs.append("d1", 0, 1 << 24) as draft:
        writing = asyncio.create_task(draft.write(bytes(1 << 24)))
        await asyncio.sleep(0)
        writing.cancel()
        with pytest.raises(asyncio.CancelledError):
            await writing
    assert await blobs.draft_size("d1") in (0, 1 << 24)


async def test_faults_have_names(tmp_path: Path) -> None:
    blobs = open_disk(tmp_path)
    with (
        mock.patch.object(os, "fsync", side_effect=OSError(errno.EIO, "broken")),
        pytest.raises(Exception, match="storage_failed"),
    ):
        await blobs.put("copies/ab/x", b"x")
    assert blobs.failed()
    with pytest.raises(Exception, match="storage_failed"):
        await blobs.put("copies/ab/x", b"x")
    assert await blobs.size("copies/ab/x") is None
    await blobs.close()


def test_only_stores_we_know() -> None:
    with pytest.raises(ValueError, match="file:///"):
        open_blobs("ftp://somewhere")
