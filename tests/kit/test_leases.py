"""A standing task has one worker; when he falls silent another takes over."""

from datetime import timedelta
from pathlib import Path

from moshao.kit import clock
from moshao.kit.leases import Leases, standing
from tests.kit.pairs import opened_twice


async def test_one_has_it_until_he_falls_silent(tmp_path: Path) -> None:
    async with opened_twice(tmp_path) as (here, there):
        one, two = Leases(here, 30), Leases(there, 30)
        assert await one.take("clocks")
        assert await one.take("clocks")
        assert not await two.take("clocks")
        with clock.moved(timedelta(seconds=20)):
            await one.renew()
        with clock.moved(timedelta(seconds=35)):
            assert not await two.take("clocks")
        with clock.moved(timedelta(seconds=51)):
            assert await two.take("clocks"), "as after kill -9"
            await one.renew()
            assert one.held == set(), "whoever wakes up late knows that it is no longer his"
            assert not await one.take("clocks")


async def test_who_stops_gives_back_at_once(tmp_path: Path) -> None:
    async with opened_twice(tmp_path) as (here, there):
        one, two = Leases(here), Leases(there)
        assert await one.take("clocks")
        await one.release()
        assert await two.take("clocks")


async def test_tasks_are_leased_apart(tmp_path: Path) -> None:
    async with opened_twice(tmp_path) as (here, there):
        one, two = Leases(here), Leases(there)
        assert await one.take("clocks")
        assert await two.take("uploads")
        assert not await two.take("clocks")


async def test_how_it_goes_can_be_read(tmp_path: Path) -> None:
    async with opened_twice(tmp_path) as (here, there):
        one = Leases(here)
        assert await one.take("clocks")
        await one.failed("clocks", 2, "database is asleep")
        (row,) = await standing(there)
        assert (row["name"], row["failures"], row["error"], row["ran_at"]) == ("clocks", 2, "database is asleep", None)
        await one.failed("clocks", 0, "")
        one.ran("clocks")
        await one.renew()
        (row,) = await standing(there)
        assert (row["failures"], row["error"]) == (0, None)
        assert row["ran_at"] is not None


async def test_what_failed_without_a_lease_is_seen_too(tmp_path: Path) -> None:
    async with opened_twice(tmp_path) as (here, there):
        await Leases(here).failed("shared", 1, "no answer")
        (row,) = await standing(there)
        assert (row["name"], row["holder"], row["failures"]) == ("shared", None, 1)
