"""`moshao doctor` in a district that works, and in one that does not."""

import json
from datetime import UTC, datetime, timedelta
from pathlib import Path

import msgspec

from moshao.hours.changing import confirm_year
from moshao.kit import clock
from moshao.operate.backup_runs import record
from moshao.operate.examining_districts import installation_found
from moshao.operate.finding import Finding
from moshao.upstream.queueing import queue_feedback
from tests.commands import run, running
from tests.stories.day import Day
from tests.stories.test_backup import settings_of


async def found(day: Day) -> list[Finding]:
    """What is not well inside."""
    return [each async for each in installation_found(day.world.db, day.world.settings) if each.level != "ok"]


async def test_a_district_that_works(day: Day, tmp_path: Path) -> None:
    here = settings_of(day, backup_to=str(tmp_path / "backups"))
    async with running("worker", settings=here) as worker:
        await worker.says("backup_taken")
        await run("restore", "--drill", settings=here)
        _, said = await run("doctor", settings=here)
    assert "BAD" not in said
    assert "ok    worker: running" in said
    assert "ok    backup: the last is of" in said


async def test_where_nothing_runs(day: Day) -> None:
    code, said = await run("doctor", "--quiet", settings=settings_of(day))
    assert code == 1
    assert "worker: none runs" in said, said
    assert "backup: nobody takes one" in said
    assert not [line for line in said.splitlines() if line.startswith("ok ")]


async def test_an_upstream_that_does_not_answer(day: Day) -> None:
    case_id = await day.dispatched()
    await day.act("leader_of_crew", case_id, "assignments", person_id=day.id_of("handler"))
    told_to = json.dumps({"feedback_url": "https://city.example/events"})
    await day.world.db.write(lambda tx: tx.run("UPDATE upstreams SET settings = ?", told_to))
    assert await queue_feedback(day.world.db)
    await day.world.db.write(lambda tx: tx.run("UPDATE jobs SET tries = 5, error = '504'"))
    assert any("wait to be told" in each.words for each in await found(day))


async def test_a_task_that_fails(day: Day) -> None:
    row = {"name": "clocks", "until": clock.now(), "failures": 7, "error": "OSError('broken')"}
    await day.world.db.write(lambda tx: tx.insert("leases", row))
    assert any("clocks has failed 7 times" in each.words for each in await found(day))


async def test_a_backup_that_is_too_old(day: Day, tmp_path: Path) -> None:
    day.world.settings = msgspec.structs.replace(day.world.settings, backup_to=tmp_path)
    await record(day.world.db, "backup", "x", clock.now() - timedelta(hours=27), ok=True, words="")
    await record(day.world.db, "drill", "x", clock.now(), ok=True, words="")
    assert any("the last good one" in each.words for each in await found(day))
    await record(day.world.db, "backup", "x", clock.now() - timedelta(hours=1), ok=True, words="")
    assert not any(each.about == "backup" for each in await found(day))


async def test_a_year_that_nobody_confirmed(day: Day) -> None:
    """The next year's notice comes in November; whoever has not confirmed it by December is told."""

    district_id = day.world.cast.district_id

    async def is_told() -> bool:
        about = "宛城区"
        return any("holidays of 2027" in each.words for each in await found(day) if each.about == about)

    december = datetime(2026, 12, 1, 4, tzinfo=UTC)
    with clock.moved(december - clock.now()):
        assert await is_told()
        await day.world.db.write(lambda tx: confirm_year(tx, district_id, 2027))
        assert not await is_told()
        await day.world.db.write(lambda tx: confirm_year(tx, district_id, 2027, confirmed=False))
    with clock.moved(december - timedelta(days=2) - clock.now()):
        assert not await is_told()


async def test_no_database_at_all(tmp_path: Path) -> None:
    code, said = await run("doctor", settings={"data": str(tmp_path)})
    assert (code, "there is no database" in said) == (1, True)
