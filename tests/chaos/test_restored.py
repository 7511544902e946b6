"""A server restored from an older backup: what phones had sent since comes back from them by itself."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

from moshao.kit.databases import open_database
from tests.chaos.street import Street, a_street, check
from tests.commands import run
from tests.databases import fresh_url

BEFORE = 10
SINCE = 100


@asynccontextmanager
async def put_back(street: Street, backups: Path, folder: Path) -> AsyncIterator[None]:
    """The server is gone with all it had; another stands in its place, with what the backup holds."""
    await street.server.killed()
    async with fresh_url(folder) as url:
        street.settings |= {"data": str(folder), "database_url": url}
        code, said = await run("restore", "--from", backups, settings=street.settings)
        assert (code, "clean" in said) == (0, True), said
        await street.start_server()
        yield


async def test_what_the_backup_does_not_know_comes_back_from_the_phone(tmp_path: Path) -> None:
    async with a_street(tmp_path / "old") as street:
        await street.take_phone()
        cases = await street.given(BEFORE + SINCE)
        acts = await street.close(cases[:BEFORE], [1] * BEFORE)
        await street.send()
        assert await street.outbox.pull() == {"pulled": "fresh"}
        code, said = await run("backup", "--to", tmp_path / "backups", settings=street.settings)
        assert code == 0, said
        acts |= await street.close(cases[BEFORE:], [1] * SINCE)
        await street.send()
        async with put_back(street, tmp_path / "backups", tmp_path / "new"):
            db = await open_database(street.settings["database_url"])
            try:
                assert await db.value("SELECT count(*) FROM acts") == BEFORE
                # The phone follows the changes as ever, and learns from the epoch what happened.
                assert await street.outbox.pull() == {"pulled": "fresh"}
                await street.send()
                for case_id, act in acts.items():
                    await check(db, case_id, act)
                assert await db.value("SELECT count(*) FROM acts") == BEFORE + SINCE
            finally:
                await db.close()
            assert await run("verify", settings=street.settings) == (0, "clean")
