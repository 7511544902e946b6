"""The children that look at photos: confined, killed in time, replaced, and told apart from a machine that is busy."""

import asyncio
import os
import signal
import sys
from collections.abc import AsyncIterator
from contextlib import suppress
from pathlib import Path
from typing import Any, cast

import psutil
import pytest
from PIL import Image

from moshao.evidence import pixel_child, pixels
from moshao.evidence.pixel_messages import Bad, Check, Copies, Derive, Result, Seen
from moshao.evidence.pixel_pool import PixelPool, Rank, running_pool
from moshao.kit import errors
from tests.api.evidence import pictures
from tests.api.evidence.pictures import encoded, jpeg


@pytest.fixture
async def pool() -> AsyncIterator[PixelPool]:
    async with running_pool(2) as running:
        yield running


def kept(folder: Path, content: bytes) -> str:
    path = folder / f"{len(content)}.photo"
    path.write_bytes(content)
    return str(path)


def children() -> list[psutil.Process]:
    return [each for each in psutil.Process().children() if "moshao.evidence.pixels" in each.cmdline()]


async def test_a_child_that_dies_is_replaced(pool: PixelPool, tmp_path: Path) -> None:
    order = Check(kept(tmp_path, jpeg()), "jpeg")
    assert isinstance(await pool.ask(order, quick=False, rank=Rank.ARRIVING), Seen)
    (child,) = children()
    child.kill()
    with pytest.raises(errors.Refused) as refused:
        await pool.ask(order, quick=False, rank=Rank.ARRIVING)
    assert (refused.value.kind.code, refused.value.kind.retry) == ("pixels_busy", True)
    assert isinstance(await pool.ask(order, quick=False, rank=Rank.ARRIVING), Seen)


async def test_a_child_left_in_the_middle_of_its_answer_ends_at_once() -> None:
    """Whoever asked went away with the pipe full: the server must not stand still at its end."""
    says_much = "import sys; sys.stdout.buffer.write(bytes(4_000_000))"
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-c", says_much, stdin=asyncio.subprocess.PIPE, stdout=asyncio.subprocess.PIPE
    )
    while not cast(Any, process.stdout)._paused:  # noqa: ASYNC110 - a pipe tells nobody
        await asyncio.sleep(0)
    async with asyncio.timeout(60):
        await pixel_child.PixelChild(process).end()
    assert process.returncode == -signal.SIGKILL


async def test_a_photo_that_takes_too_long_ends_its_child(
    pool: PixelPool, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Without the look at its scans, it would take a quarter of a minute."""
    monkeypatch.setattr(pixel_child, "PACKAGES", patched(tmp_path, "SCAN_PIXELS_MOST = 10**18"))
    order = Check(kept(tmp_path, pictures.many_scans(3000)), "jpeg")
    assert await verdict_on(pool, order) == Bad("photo_too_costly")
    good = Check(kept(tmp_path, jpeg()), "jpeg")
    assert isinstance(await pool.ask(good, quick=False, rank=Rank.ARRIVING), Seen)


async def test_a_stopped_child_is_no_verdict(pool: PixelPool, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    order = Check(kept(tmp_path, jpeg()), "jpeg")
    await pool.ask(order, quick=False, rank=Rank.ARRIVING)
    (child,) = children()
    child.send_signal(signal.SIGSTOP)
    with monkeypatch.context() as impatient:
        impatient.setattr(pixel_child, "HANGS_SECONDS", 0.2)
        with pytest.raises(errors.Refused):
            await pool.ask(order, quick=False, rank=Rank.ARRIVING)
    assert not child.is_running()
    assert isinstance(await pool.ask(order, quick=False, rank=Rank.ARRIVING), Seen)


async def test_what_is_cheap_does_not_wait_for_what_is_costly(pool: PixelPool, tmp_path: Path) -> None:
    costly = Derive(kept(tmp_path, encoded(Image.new("RGB", (8000, 7000)), "PNG")), "png")
    slow = [asyncio.create_task(pool.ask(costly, quick=False, rank=Rank.LOOKING)) for _ in range(3)]
    order = Check(kept(tmp_path, jpeg()), "jpeg")
    for _ in range(5):
        assert isinstance(await pool.ask(order, quick=True, rank=Rank.ARRIVING), Seen)
    assert not slow[2].done()
    assert all(isinstance(each, Copies) for each in await asyncio.gather(*slow))


@pytest.mark.parametrize("kind", ["jpeg", "png", "webp"])
async def test_64_megapixels_take_300_megabytes_at_most(pool: PixelPool, tmp_path: Path, kind: str) -> None:
    await pool.ask(Check(kept(tmp_path, jpeg()), "jpeg"), quick=False, rank=Rank.ARRIVING)
    (child,) = children()
    before = child.memory_info().rss
    big = encoded(Image.new("RGB", (8000, 8000), "red"), kind, **({"progressive": True} if kind == "jpeg" else {}))
    order = Check(kept(tmp_path, big), kind)  # type: ignore[arg-type]
    assert isinstance(await verdict_on(pool, order), Seen)
    (child,) = children()
    peak = int(Path(f"/proc/{child.pid}/status").read_text().split("VmHWM:")[1].split()[0]) * 1024
    assert peak - before < 300 * 2**20
    assert child.memory_info().rss - before < 40 * 2**20, "and given back"


async def test_what_a_child_may_not_do(pool: PixelPool, tmp_path: Path) -> None:
    await pool.ask(Check(kept(tmp_path, jpeg()), "jpeg"), quick=True, rank=Rank.ARRIVING)
    (child,) = children()
    limits = {
        psutil.RLIMIT_FSIZE: 0,
        psutil.RLIMIT_CORE: 0,
        psutil.RLIMIT_NOFILE: pixels.FILES,
        psutil.RLIMIT_CPU: pixels.LIFE_SECONDS,
    }
    for what, most in limits.items():
        assert child.rlimit(what) == (most, most)
    assert child.rlimit(psutil.RLIMIT_DATA)[1] < 400 * 2**20
    assert not {name for name in child.environ() if name.startswith("MOSHAO") or "TOKEN" in name or name == "HOME"}
    opened = {os.readlink(path) for path in Path(f"/proc/{child.pid}/fd").iterdir()}
    assert {name.partition(":")[0] for name in opened} <= {"pipe", "socket", "/dev/null"}


async def verdict_on(pool: PixelPool, order: Check) -> Result:
    """What comes of it in the end; where others keep the processor from the child, nothing is said of the photo."""
    while True:
        async with asyncio.timeout(60):
            with suppress(errors.Refused):
                return await pool.ask(order, quick=False, rank=Rank.ARRIVING)


def patched(folder: Path, line: str) -> Path:
    """The package with one line more at the end of the module that opens photos."""
    package = folder / "patched" / "moshao"
    source = Path(pixels.__file__).parents[1]
    (package / "evidence").mkdir(parents=True)
    for path in source.glob("evidence/*.py"):
        (package / "evidence" / path.name).write_text(path.read_text())
    (package / "__init__.py").write_text((source / "__init__.py").read_text())
    changed = package / "evidence" / "pixel_opening.py"
    changed.write_text(f"{changed.read_text()}\n{line}\n")
    return package.parent
