"""Jobs: asked for in a transaction, done at least once, taken over from the dead, kept in sight when hopeless."""

import asyncio
from datetime import timedelta
from pathlib import Path

import pytest

from moshao.kit import clock, job_leases, jobs
from moshao.kit.db import Database, Tx
from moshao.kit.job_leases import do_held
from moshao.kit.jobs import BackOff, Job
from tests.kit.pairs import opened_twice


async def ask(database: Database, *keys: str, queue: str = "bell") -> None:
    async def work(tx: Tx) -> None:
        for key in keys:
            await jobs.ask(tx, queue, key, {"key": key})

    await database.write(work)


async def take_one(database: Database) -> Job:
    (job,) = await jobs.take(database, "bell")
    return job


async def finish(database: Database, job: Job) -> bool:
    return await database.write(lambda tx: jobs.finish(tx, job))


async def test_a_job_is_taken_once_and_gone_when_done(database: Database) -> None:
    await ask(database, "a", "b")
    taken = await jobs.take(database, "bell")
    assert [(job.key, job.payload, job.tries) for job in taken] == [
        ("a", {"key": "a"}, 1),
        ("b", {"key": "b"}, 1),
    ]
    assert await jobs.take(database, "bell") == []
    for job in taken:
        assert await finish(database, job)
    assert await jobs.counts(database) == []


async def test_what_was_not_committed_was_not_asked(database: Database) -> None:
    async def fails(tx: Tx) -> None:
        await jobs.ask(tx, "bell", "a")
        raise KeyError("after asking")

    with pytest.raises(KeyError):
        await database.write(fails)
    assert await jobs.take(database, "bell") == []


async def test_a_batch_is_as_large_as_asked_and_oldest_first(database: Database) -> None:
    for key in "abcde":
        await ask(database, key)
    assert [job.key for job in await jobs.take(database, "bell", most=3)] == ["a", "b", "c"]
    assert [job.key for job in await jobs.take(database, "bell", most=3)] == ["d", "e"]


async def test_queues_keep_apart_and_a_key_waits_once(database: Database) -> None:
    await ask(database, "a", "a", queue="photos")
    await ask(database, "a")
    assert len(await jobs.take(database, "bell")) == 1
    assert len(await jobs.take(database, "photos")) == 1


async def test_asked_for_while_it_runs_it_runs_once_more(database: Database) -> None:
    await ask(database, "a")
    job = await take_one(database)
    await ask(database, "a")
    assert await jobs.take(database, "bell") == [], "never two at once"
    assert await finish(database, job)
    again = await take_one(database)
    assert again.tries == 1
    assert await finish(database, again)
    assert await jobs.counts(database) == []


async def test_the_job_of_a_dead_worker_comes_up_again_and_is_his_no_more(database: Database) -> None:
    await ask(database, "a")
    (his,) = await jobs.take(database, "bell", lease_s=30)
    with clock.moved(timedelta(seconds=15)):
        assert await jobs.take(database, "bell") == []
    with clock.moved(timedelta(seconds=30)):
        ours = await take_one(database)
        assert ours.tries == 2
        assert not await finish(database, his)
        assert not await database.write(lambda tx: jobs.put_off(tx, his, "late"))
        assert not await database.write(lambda tx: jobs.bury(tx, his, "late"))
        assert await finish(database, ours)


async def test_a_failing_job_waits_longer_each_time_and_dies_in_sight(database: Database) -> None:
    back_off = BackOff(first_s=10, most_s=25, tries=3)
    await ask(database, "a")
    passed = timedelta()
    for wait in (10, 20):
        with clock.moved(passed):
            job = await take_one(database)
            assert await database.write(lambda tx, job=job: jobs.put_off(tx, job, "no answer", back_off))  # type: ignore[misc]
        with clock.moved(passed + timedelta(seconds=wait * 0.5)):
            assert await jobs.take(database, "bell") == []
        passed += timedelta(seconds=wait + 1)
    with clock.moved(passed):
        job = await take_one(database)
        assert await database.write(lambda tx: jobs.put_off(tx, job, "no answer", back_off))
        assert await jobs.take(database, "bell") == []
    assert await jobs.counts(database) == [{"queue": "bell", "dead": True, "jobs": 1}]
    assert await database.value("SELECT error FROM jobs") == "no answer"

    assert await database.write(lambda tx: jobs.revive(tx, "bell", "a"))
    with clock.moved(timedelta(minutes=2)):
        assert (await take_one(database)).tries == 1


async def test_asking_again_for_a_dead_job_brings_it_back(database: Database) -> None:
    await ask(database, "a")
    job = await take_one(database)
    await database.write(lambda tx: jobs.bury(tx, job, "no such host"))
    assert await jobs.take(database, "bell") == []
    await ask(database, "a")
    assert (await take_one(database)).tries == 1


async def test_the_other_side_may_say_how_long_to_wait(database: Database) -> None:
    await ask(database, "a")
    job = await take_one(database)
    await database.write(lambda tx: jobs.put_off(tx, job, "429", after_s=120))
    with clock.moved(timedelta(seconds=60)):
        assert await jobs.take(database, "bell") == []
    with clock.moved(timedelta(seconds=121)):
        assert await jobs.take(database, "bell")


async def test_asked_for_later_is_done_later(database: Database) -> None:
    due = clock.now() + timedelta(hours=1)
    await database.write(lambda tx: jobs.ask(tx, "bell", "a", due_at=due))
    assert await jobs.take(database, "bell") == []
    with clock.moved(timedelta(hours=1)):
        assert await jobs.take(database, "bell")


def test_back_off_doubles_up_to_its_most() -> None:
    back_off = BackOff(first_s=2, most_s=60, tries=0)
    for tries, whole in ((1, 2), (2, 4), (5, 32), (6, 60), (5000, 60)):
        assert whole * 0.75 <= back_off.seconds(tries) <= whole


async def test_two_workers_share_the_jobs_and_none_is_done_twice(tmp_path: Path) -> None:
    async with opened_twice(tmp_path) as sides:
        await ask(sides[0], *(str(at) for at in range(120)))
        done: list[str] = []

        async def work(database: Database) -> None:
            while batch := await jobs.take(database, "bell", most=7):
                for job in batch:
                    assert await finish(database, job)
                    done.append(job.key)

        await asyncio.gather(work(sides[0]), work(sides[1]))
        assert sorted(done, key=int) == [str(at) for at in range(120)]
        assert await jobs.counts(sides[0]) == []


async def test_a_job_that_takes_long_stays_ours(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(job_leases, "RENEW_SECONDS", 0.05)
    async with opened_twice(tmp_path) as (here, there):
        await ask(here, "a")
        begun, finished = asyncio.Event(), asyncio.Event()

        async def do(job: Job) -> str:
            begun.set()
            await finished.wait()
            assert await finish(here, job)
            return job.key

        taken = await jobs.take(here, "bell")
        doing = asyncio.create_task(do_held(here, taken, do, lease_s=60))
        await begun.wait()
        first = await there.value("SELECT due_at FROM jobs")
        async with asyncio.timeout(30):
            while await there.value("SELECT due_at FROM jobs") < first + timedelta(seconds=0.5):
                assert await jobs.take(there, "bell") == []
                await asyncio.sleep(0.02)
        finished.set()
        assert await doing == ["a"]
        assert await jobs.counts(here) == []


async def test_what_another_has_taken_over_is_cut_off(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """This process stood still for longer than the lease."""
    monkeypatch.setattr(job_leases, "RENEW_SECONDS", 0.05)
    async with opened_twice(tmp_path) as (here, there):
        await ask(here, "a", "b")
        finished = asyncio.Event()

        async def do(job: Job) -> str:
            await finished.wait()
            return job.key

        taken = await jobs.take(here, "bell", most=2)
        with clock.moved(timedelta(minutes=2)):
            (theirs,) = await jobs.take(there, "bell", most=1)
        doing = asyncio.create_task(do_held(here, taken, do, lease_s=60))
        first = await there.value("SELECT due_at FROM jobs WHERE key <> ?", theirs.key)
        async with asyncio.timeout(30):
            while await there.value("SELECT due_at FROM jobs WHERE key <> ?", theirs.key) == first:  # noqa: ASYNC110
                await asyncio.sleep(0.02)
        finished.set()
        assert await doing == [None if job.key == theirs.key else job.key for job in taken]
        assert await finish(there, theirs)


async def test_a_job_that_fails_says_so_after_the_others_are_done(database: Database) -> None:
    await ask(database, "a", "b")
    done = []

    async def do(job: Job) -> None:
        if job.key == "a":
            raise KeyError("a")
        done.append(job.key)

    with pytest.raises(KeyError):
        await do_held(database, await jobs.take(database, "bell"), do, lease_s=60)
    assert done == ["b"]
    assert await do_held(database, [], do, lease_s=60) == []
