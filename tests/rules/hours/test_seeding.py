"""Calendars and holidays in a real database."""

from datetime import date

import pytest
from tests.rules.hours.calendars import DUTY, OFFICE, at

from moshao.hours.calendars import HolidayKind
from moshao.hours.changing import clear_holiday, confirm_year, save_calendar, set_holiday
from moshao.hours.deadlines import deadline
from moshao.hours.limits import Limit
from moshao.hours.queries import DutyHours, hours_of
from moshao.hours.seeding import seed_calendars
from moshao.kit.db import Database
from moshao.kit.ids import new_id

HERE, THERE = new_id(), new_id()


@pytest.fixture
async def seeded(database: Database) -> Database:
    await database.write(seed_calendars)
    return database


def up(hours: DutyHours, start: str, days: int = 1) -> tuple[object, bool]:
    found = deadline(at(start), Limit(days, "work_day"), hours.calendars["office_8h"], hours.holidays)
    return found.at, found.confirmed


async def test_presets_are_the_two_of_the_plan(seeded: Database) -> None:
    hours = await hours_of(seeded, HERE)
    assert hours.calendars == {"wancheng_duty": DUTY, "office_8h": OFFICE}


@pytest.mark.parametrize(("year", "days"), [(2024, 251), (2025, 248), (2026, 248)])
async def test_working_days_of_a_year_are_as_announced(seeded: Database, year: int, days: int) -> None:
    hours = await hours_of(seeded, HERE)
    office = hours.calendars["office_8h"]
    found = deadline(at(f"{year - 1}-12-31 23:00"), Limit(days, "work_day"), office, hours.holidays)
    last = at(f"{year}-12-31 18:00")
    assert found.at == last
    assert found.confirmed is (year > 2024)


async def test_2027_is_a_guess_until_it_is_confirmed(seeded: Database) -> None:
    hours = await hours_of(seeded, HERE)
    assert up(hours, "2026-12-30 18:00") == (at("2026-12-31 18:00"), True)
    assert up(hours, "2026-12-31 18:00") == (at("2027-01-04 18:00"), False)

    async def announce(kind: HolidayKind) -> None:
        await seeded.write(lambda tx: set_holiday(tx, HERE, date(2027, 1, 2), kind, "元旦调休", confirmed=True))

    await announce("work")
    assert up(await hours_of(seeded, HERE), "2026-12-31 18:00") == (at("2027-01-02 18:00"), False)
    await seeded.write(lambda tx: confirm_year(tx, HERE, 2027))
    assert up(await hours_of(seeded, HERE), "2026-12-31 18:00") == (at("2027-01-02 18:00"), True)
    await announce("free")
    assert up(await hours_of(seeded, HERE), "2026-12-31 18:00") == (at("2027-01-04 18:00"), True)
    assert await seeded.write(lambda tx: clear_holiday(tx, HERE, date(2027, 1, 2)))
    assert not await seeded.write(lambda tx: clear_holiday(tx, HERE, date(2027, 1, 2)))
    assert up(await hours_of(seeded, THERE), "2026-12-31 18:00") == (at("2027-01-04 18:00"), False)


async def test_district_has_its_own_calendar(seeded: Database) -> None:
    night = type(DUTY)(
        id="wancheng_duty", name="夜班", name_en="Night", periods=((0, 360), (1320, 1440)), weekdays=(7, 6),
        holidays_excluded=False, makeup_days_included=False, hours_per_work_day=7.5,
    )  # fmt: skip
    for _ in range(2):
        await seeded.write(lambda tx: save_calendar(tx, HERE, night))
    own = (await hours_of(seeded, HERE)).calendars["wancheng_duty"]
    assert (own.periods, own.weekdays, own.hours_per_work_day) == (night.periods, (6, 7), 7.5)
    assert (await hours_of(seeded, THERE)).calendars["wancheng_duty"] == DUTY


async def test_seeding_again_leaves_edits_and_replaces_guesses_by_the_notice(seeded: Database) -> None:
    before = await seeded.all("SELECT * FROM holiday_days ORDER BY id")
    await seeded.write(seed_calendars)
    assert await seeded.all("SELECT * FROM holiday_days ORDER BY id") == before

    # As an older release would have left it: 2026 was a guess then, with a day too many.
    guess = "UPDATE holiday_days SET confirmed = ? WHERE day BETWEEN '2026-01-01' AND '2026-12-31'"
    await seeded.write(lambda tx: tx.run(guess, False))
    await seeded.write(lambda tx: tx.run("UPDATE holiday_days SET day = '2026-10-08' WHERE day = '2026-10-07'"))
    assert not up(await hours_of(seeded, HERE), "2026-09-30 18:00")[1]
    await seeded.write(seed_calendars)
    assert up(await hours_of(seeded, HERE), "2026-09-30 18:00") == (at("2026-10-08 18:00"), True)
