"""`moshao backup` and `restore`: what was there is there again, sealed or not, on either database."""

import json
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import pytest

from moshao.kit.config import load
from moshao.kit.databases import open_database
from moshao.kit.db import Database, use
from moshao.kit.db_sqlite import open_sqlite
from tests.api.evidence.pictures import jpeg
from tests.commands import free_port, run, running
from tests.databases import fresh_url
from tests.stories.day import Day


def settings_of(day: Day, **more: str) -> dict[str, str]:
    """The installation of this day, for commands."""
    settings = day.world.settings
    return {"data": str(settings.data), "database_url": settings.database_url, "blobs_url": settings.blobs_url, **more}


async def handed_in(day: Day, count: int = 1) -> list[dict[str, Any]]:
    """Cases closed on site; two photos of each."""
    photos = []
    for _ in range(count):
        case_id = await day.dispatched()
        await day.act("leader_of_crew", case_id, "assignments", person_id=day.id_of("handler"))
        taken = await day.photos("handler", "before", "after")
        await day.act("handler", case_id, "closures", outcome="fixed", photos=taken)
        photos += taken
    return photos


@asynccontextmanager
async def elsewhere(folder: Path) -> AsyncIterator[dict[str, str]]:
    """The settings of another, empty installation."""
    async with fresh_url(folder / "new") as url:
        yield {"data": str(folder / "new"), "database_url": url, "blobs_url": f"file://{folder / 'new' / 'blobs'}"}


@asynccontextmanager
async def database(settings: Mapping[str, str]) -> AsyncIterator[Database]:
    opened = await open_database(settings["database_url"])
    try:
        yield opened
    finally:
        await opened.close()


async def contents(db: Database) -> dict[str, Any]:
    """What must be the same before and after."""
    return {
        table: await db.all(f"SELECT * FROM {table} ORDER BY id")
        for table in ("people", "cases", "acts", "photos", "journal_lines", "holiday_days", "devices")
    }


async def test_all_of_it_comes_back(day: Day, tmp_path: Path) -> None:
    await handed_in(day, 2)
    here = settings_of(day, backup_to=str(tmp_path / "backups"))
    code, said = await run("backup", settings=here)
    assert (code, "4 photos (4 new), not sealed" in said) == (0, True), said
    before = await contents(day.world.db)
    epoch = await day.world.db.value("SELECT epoch FROM journal_heads")
    async with elsewhere(tmp_path) as there:
        code, said = await run("restore", "--from", tmp_path / "backups", settings=there)
        assert (code, "clean" in said) == (0, True), said
        async with database(there) as db:
            assert await contents(db) == before
            assert await db.value("SELECT epoch FROM journal_heads") != epoch
            assert await db.value("SELECT count(*) FROM sessions") == 0
        assert await run("verify", settings=there) == (0, "clean")
    use(day.world.db)


async def test_from_any_database_to_a_file(day: Day, tmp_path: Path) -> None:
    await handed_in(day)
    here = settings_of(day, backup_to=str(tmp_path / "backups"))
    assert (await run("backup", settings=here))[0] == 0
    there = {"data": str(tmp_path / "lite"), "backup_to": here["backup_to"]}
    code, said = await run("restore", settings=there)
    assert (code, "clean" in said) == (0, True), said
    db = await open_sqlite(tmp_path / "lite" / "moshao.db")
    try:
        assert await contents(db) == await contents(day.world.db)
    finally:
        await db.close()


async def test_the_second_brings_only_what_is_new(day: Day, tmp_path: Path) -> None:
    await handed_in(day, 2)
    here = settings_of(day, backup_to=str(tmp_path / "backups"))
    await run("backup", settings=here)
    await handed_in(day)
    code, said = await run("backup", settings=here)
    assert (code, "6 photos (2 new)" in said) == (0, True), said
    code, said = await run("backup", "--list", settings=here)
    assert code == 0
    assert len(said.splitlines()) == 2


async def test_sealed_for_a_key_that_is_not_here(day: Day, tmp_path: Path) -> None:
    photo, _ = await handed_in(day)
    code, said = await run("backup", "--new-key", tmp_path / "key", settings=settings_of(day))
    assert code == 0
    assert (tmp_path / "key").stat().st_mode & 0o777 == 0o600
    public = said.splitlines()[-1].partition("=")[2]
    here = settings_of(day, backup_to=str(tmp_path / "backups"), backup_keys=public)
    code, said = await run("backup", settings=here)
    assert (code, " sealed" in said) == (0, True), said
    for path in (tmp_path / "backups").rglob("*"):
        if path.is_file() and path.name not in ("manifest.json", "blobs.gz"):
            assert path.read_bytes().startswith(b"age-encryption.org/v1")
    async with elsewhere(tmp_path) as there:
        code, said = await run("restore", "--from", tmp_path / "backups", settings=there)
        assert (code, "--key-file" in said) == (1, True)
        await run("backup", "--new-key", tmp_path / "other", settings=here)
        code, said = await run(
            "restore", "--from", tmp_path / "backups", "--key-file", tmp_path / "other", settings=there
        )
        assert (code, "can't be opened" in said) == (1, True)
        code, said = await run(
            "restore", "--from", tmp_path / "backups", "--key-file", tmp_path / "key", settings=there
        )
        assert (code, "clean" in said) == (0, True), said
        kept = tmp_path / "new" / "blobs" / "originals" / photo["sha256"][:2] / photo["sha256"]
        assert kept.exists()
    use(day.world.db)


async def test_never_over_a_district_that_is_there(day: Day, tmp_path: Path) -> None:
    await handed_in(day)
    here = settings_of(day, backup_to=str(tmp_path / "backups"))
    await run("backup", settings=here)
    before = await contents(day.world.db)
    code, said = await run("restore", settings=here)
    assert (code, "empty one" in said) == (1, True)
    assert await contents(day.world.db) == before


async def test_what_a_first_start_put_there_gives_way(day: Day, tmp_path: Path) -> None:
    await handed_in(day)
    here = settings_of(day, backup_to=str(tmp_path / "backups"))
    await run("backup", settings=here)
    async with elsewhere(tmp_path) as there:
        assert (await run("migrate", settings=there))[0] == 0
        async with running("serve", settings={**there, "port": str(free_port())}) as server:
            await server.says("startup complete")
        code, said = await run("restore", "--from", tmp_path / "backups", settings=there)
        assert (code, "clean" in said) == (0, True), said
        async with database(there) as db:
            assert await contents(db) == await contents(day.world.db)
    use(day.world.db)


async def test_broken_off_it_begins_again(day: Day, tmp_path: Path) -> None:
    await handed_in(day, 2)
    here = settings_of(day, backup_to=str(tmp_path / "backups"))
    await run("backup", settings=here)
    async with elsewhere(tmp_path) as there:
        # Photos have nowhere to lie: a disk that fails half way.
        Path(there["data"]).mkdir(exist_ok=True)
        (Path(there["data"]) / "blobs").write_text("")
        code, said = await run("restore", "--from", tmp_path / "backups", settings=there)
        assert code == 1
        assert "Traceback" not in said
        async with database(there) as db:
            assert await db.value("SELECT count(*) FROM districts") == 0
        (Path(there["data"]) / "blobs").unlink()
        code, said = await run("restore", "--from", tmp_path / "backups", settings=there)
        assert (code, "clean" in said) == (0, True), said
    use(day.world.db)


async def test_a_strangers_manifest_runs_no_statement_of_his(day: Day, tmp_path: Path) -> None:
    await handed_in(day)
    here = settings_of(day, backup_to=str(tmp_path / "backups"))
    await run("backup", settings=here)
    (path,) = (tmp_path / "backups").glob("snapshots/*/manifest.json")
    told = json.loads(path.read_bytes())
    told["tables"]["people; DROP TABLE people"] = 0
    path.write_text(json.dumps(told))
    code, said = await run("restore", "--data", tmp_path / "new", settings={"backup_to": here["backup_to"]})
    assert (code, "it names a table" in said) == (1, True), said


@pytest.mark.parametrize("part", ["rows", "photo", "photo gone"])
async def test_a_damaged_backup_is_named(day: Day, tmp_path: Path, part: str) -> None:
    photo, _ = await handed_in(day)
    here = settings_of(day, backup_to=str(tmp_path / "backups"))
    await run("backup", settings=here)
    if part == "rows":
        (path,) = (tmp_path / "backups").glob("snapshots/*/rows")
    else:
        path = tmp_path / "backups" / "blobs" / "originals" / photo["sha256"][:2] / photo["sha256"]
    if part == "photo gone":
        path.unlink()
    else:
        path.write_bytes(path.read_bytes()[:-9] + b"\x00" * 9)
    for command in (("restore", "--drill"), ("restore", "--data", tmp_path / "new")):
        settings = here if "--drill" in command else {"backup_to": here["backup_to"]}
        code, said = await run(*command, settings=settings)
        assert code == 1
        assert ("its rows are not what they were" if part == "rows" else photo["sha256"]) in said


async def test_a_drill_leaves_a_record_and_nothing_else(day: Day, tmp_path: Path) -> None:
    await handed_in(day)
    here = settings_of(day, backup_to=str(tmp_path / "backups"))
    await run("backup", settings=here)
    before = await contents(day.world.db)
    code, said = await run("restore", "--drill", settings=here)
    assert (code, "clean" in said) == (0, True), said
    assert await contents(day.world.db) == before
    rows = await day.world.db.all("SELECT kind, ok FROM backup_runs ORDER BY began_at")
    assert [(row["kind"], row["ok"]) for row in rows] == [("backup", True), ("drill", True)]


async def test_old_ones_go_with_the_photos_only_they_had(day: Day, tmp_path: Path) -> None:
    photo, _ = await handed_in(day)
    here = settings_of(day, backup_to=str(tmp_path / "backups"))
    await run("backup", settings=here)
    original = Path(day.world.settings.blobs_url.removeprefix("file://")) / "originals" / photo["sha256"][:2]
    (original / photo["sha256"]).unlink()
    for _ in range(2):
        code, said = await run("backup", "--keep", "2", settings=here)
        assert code == 0, said
    assert "let go of 1 old backups and 1 photos" in said
    assert not list((tmp_path / "backups" / "blobs").rglob(photo["sha256"]))


async def test_a_photo_the_disk_has_damaged_is_named_and_stops_nothing(day: Day, tmp_path: Path) -> None:
    bad, good = await handed_in(day)
    originals = Path(day.world.settings.blobs_url.removeprefix("file://")) / "originals"
    path = originals / bad["sha256"][:2] / bad["sha256"]
    path.write_bytes(jpeg(999, (32, 32)))
    code, said = await run("backup", settings=settings_of(day, backup_to=str(tmp_path / "backups")))
    assert (code, bad["sha256"] in said) == (1, True)
    assert list((tmp_path / "backups" / "blobs").rglob(good["sha256"]))
    assert not list((tmp_path / "backups" / "blobs").rglob(bad["sha256"]))


async def test_the_worker_takes_one_by_itself(day: Day, tmp_path: Path) -> None:
    await handed_in(day)
    here = settings_of(day, backup_to=str(tmp_path / "backups"))
    async with running("worker", settings=here) as worker:
        await worker.says("backup_taken")
    assert await day.world.db.value("SELECT count(*) FROM backup_runs WHERE ok = ?", True) == 1


async def test_where_nothing_can_be_written(day: Day, tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    code, said = await run("backup", "--to", tmp_path / "file" / "backups", settings=settings_of(day))
    assert (code, "no backup was taken" in said) == (1, True), said
    rows = await day.world.db.all("SELECT kind, ok FROM backup_runs")
    assert [(row["kind"], row["ok"]) for row in rows] == [("backup", False)]


def test_settings_that_make_no_sense() -> None:
    with pytest.raises(Exception, match="BACKUP_AT"):
        load({"MOSHAO_BACKUP_AT": "25:00"})
