"""GET, PUT and DELETE /api/calendars, /api/holiday_years and /api/holidays."""

import asyncio
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

import httpx
import pytest

from moshao.cases.district import duty_time
from moshao.cases.showing_clock import shown_clock
from moshao.hours.limits import Limit
from moshao.hours.seeding import seed_calendars
from moshao.kit import clock
from tests.api.cases.making import Cases
from tests.api.people.doing import code_of
from tests.world import World

NIGHT = {
    "name": "夜班", "periods": ["00:00-06:00", "22:00-24:00"], "weekdays": "12345",
    "holidays_excluded": True, "makeup_days_included": True, "hours_per_work_day": 8,
}  # fmt: skip
WORKED = {"kind": "work", "name": "元旦调休"}
FREE = {"kind": "free", "name": "元旦"}
# A Saturday, and the Friday before it, which the law has free.
SATURDAY, FRIDAY = "2027-01-02", "2027-01-01"
THURSDAY = datetime.fromisoformat("2026-12-31T19:00+08:00")


@pytest.fixture
async def district(world: World) -> World:
    await world.db.write(seed_calendars)
    return world


async def put(world: World, path: str, body: Any, who: str = "admin") -> httpx.Response:
    return await world.as_(who).client.put(f"/api/{path}", json=body)


async def drop(world: World, path: str, who: str = "admin") -> httpx.Response:
    return await world.as_(who).client.delete(f"/api/{path}")


async def read(world: World, path: str, who: str = "admin") -> Any:
    answer = await world.as_(who).get(f"/api/{path}")
    assert answer.status_code == 200, answer.text
    return answer.json()


async def told(world: World) -> list[str]:
    rows = await world.db.all(
        "SELECT kind, facts FROM journal_lines WHERE kind LIKE '%holiday%' OR kind LIKE 'calendar%' ORDER BY seq"
    )
    return [f"{row['kind']} {row['facts']}" for row in rows]


async def test_the_two_presets_are_there_for_everybody(district: World) -> None:
    items = (await read(district, "calendars", "handler"))["items"]
    shown = [(each["code"], each["periods"], each["weekdays"], each["own"], each["in_use"]) for each in items]
    assert shown == [
        ("office_8h", ["08:00-12:00", "14:00-18:00"], "12345", False, False),
        ("wancheng_duty", ["07:30-19:30"], "1234567", False, True),
    ]


async def test_a_calendar_of_the_district(district: World) -> None:
    answers = [await put(district, "calendars/night", NIGHT) for _ in range(2)]
    assert [answer.status_code for answer in answers] == [201, 200]
    assert answers[0].json() == answers[1].json()
    assert answers[0].json()["name_en"] == "夜班"
    assert (await put(district, "settings", {"calendar": "night"})).status_code == 200
    assert code_of(await drop(district, "calendars/night")) == "in_use"
    assert (await read(district, "calendars"))["items"][0]["in_use"]
    assert len((await read(district, "calendars", "neighbour"))["items"]) == 2
    assert (await put(district, "settings", {})).status_code == 200
    assert (await drop(district, "calendars/night")).status_code == 204
    assert code_of(await drop(district, "calendars/night")) == "not_found"
    assert await told(district) == [
        'calendar_changed {"code":"night","members":["new"]}', 'calendar_dropped {"code":"night"}'
    ]  # fmt: skip


async def test_a_preset_as_the_district_has_it(district: World) -> None:
    (office, duty) = (await read(district, "calendars"))["items"]
    body = {name: duty[name] for name in NIGHT} | {"periods": ["08:00-20:00"]}
    assert (await put(district, "calendars/wancheng_duty", body)).json()["own"]
    assert (await read(district, "calendars"))["items"][1]["periods"] == ["08:00-20:00"]
    assert (await read(district, "calendars", "neighbour"))["items"] == [office, duty]
    assert (await drop(district, "calendars/wancheng_duty")).status_code == 204
    assert (await read(district, "calendars"))["items"] == [office, duty]
    assert (await told(district))[0] == 'calendar_changed {"code":"wancheng_duty","members":["name_en","periods"]}'


@pytest.mark.parametrize(
    ("change", "status", "field"),
    [
        ({"periods": ["08:00-12:00", "11:00-18:00"]}, 422, "periods"),
        ({"periods": ["19:30-07:30"]}, 422, "periods"),
        ({"periods": ["25:00-26:00"]}, 422, "periods"),
        ({"periods": ["08:00-08:30"]}, 422, "periods"),
        ({"periods": ["8-12"]}, 422, "periods[0]"),
        ({"periods": []}, 422, "periods"),
        ({"weekdays": "765"}, 422, "weekdays"),
        ({"weekdays": ""}, 422, "weekdays"),
        ({"hours_per_work_day": 0}, 422, "hours_per_work_day"),
        ({"hours_per_work_day": 25}, 422, "hours_per_work_day"),
        ({"zone": "Mars/Olympus"}, 422, "zone"),
        ({"name": ""}, 422, "name"),
        ({"colour": "red"}, 400, "colour"),
    ],
)
async def test_a_calendar_that_is_none(district: World, change: dict[str, Any], status: int, field: str) -> None:
    answer = await put(district, "calendars/night", NIGHT | change)
    assert (answer.status_code, [each["field"] for each in answer.json()["errors"]]) == (status, [field])
    assert len((await read(district, "calendars"))["items"]) == 2


@pytest.mark.parametrize("code", ["Night", "a b", "x" * 41])
async def test_a_code_that_is_none(district: World, code: str) -> None:
    assert code_of(await put(district, f"calendars/{code}", NIGHT)) == "not_found"


async def test_a_year_is_written_down_and_confirmed(district: World) -> None:
    """The notice says: the Friday is free, the Saturday after it is worked."""
    guessed = await read(district, "holiday_years/2027")
    assert not guessed["confirmed"]
    assert {"day": FRIDAY, "kind": "free", "own": False}.items() <= guessed["days"][0].items()
    assert [(await put(district, f"holidays/{SATURDAY}", WORKED)).status_code for _ in range(2)] == [201, 200]
    year = (await put(district, "holiday_years/2027", {"confirmed": True})).json()
    assert (year["confirmed"], {day["confirmed"] for day in year["days"]}) == (True, {True})
    assert {"day": SATURDAY, "kind": "work", "name": "元旦调休", "own": True}.items() <= year["days"][1].items()
    assert await read(district, "holiday_years/2027", "handler") == year
    assert await read(district, "holiday_years/2027", "neighbour") == guessed
    items = {each["year"]: each for each in (await read(district, "holiday_years"))["items"]}
    assert (items[2026]["confirmed"], items[2027]["confirmed"]) == (True, True)
    assert items[2027]["free_days"] + items[2027]["work_days"] == len(year["days"])
    assert items[2027]["work_days"] == 1


async def test_confirming_again_and_doubting(district: World) -> None:
    for confirmed in (True, True, False, False):
        answer = await put(district, "holiday_years/2027", {"confirmed": confirmed})
        assert answer.json()["confirmed"] is confirmed
    facts = [f'holiday_year_confirmed {{"confirmed":{confirmed},"year":2027}}' for confirmed in ("true", "false")]
    assert await told(district) == facts
    assert not (await put(district, "holiday_years/2026", {"confirmed": False})).json()["confirmed"]
    assert (await read(district, "holiday_years/2026", "neighbour"))["confirmed"]


async def test_a_day_of_a_confirmed_year_is_confirmed(district: World) -> None:
    assert (await put(district, "holidays/2026-12-05", WORKED)).json()["confirmed"]
    assert (await read(district, "holiday_years/2026"))["confirmed"]


async def test_a_day_is_taken_back(district: World) -> None:
    before = await read(district, "holiday_years/2027")
    assert (await put(district, f"holidays/{FRIDAY}", WORKED)).status_code == 201
    assert (await put(district, f"holidays/{FRIDAY}", FREE)).status_code == 200
    assert (await drop(district, f"holidays/{FRIDAY}")).status_code == 204
    assert await read(district, "holiday_years/2027") == before
    assert code_of(await drop(district, f"holidays/{FRIDAY}")) == "not_found"
    day = f'"day":"{FRIDAY}"'
    changed = [f'holiday_changed {{{day},"day_kind":"{kind}"}}' for kind in ("work", "free")]
    assert await told(district) == [*changed, f"holiday_dropped {{{day}}}"]


async def test_a_year_nobody_wrote_down(district: World) -> None:
    assert code_of(await put(district, "holiday_years/2031", {"confirmed": True})) == "no_holidays"
    assert await read(district, "holiday_years/2031") == {"year": 2031, "confirmed": False, "days": []}


@pytest.mark.parametrize(
    ("path", "body", "status"),
    [
        ("holidays/2027-02-30", WORKED, 404),
        ("holidays/tomorrow", WORKED, 404),
        ("holidays/1999-12-31", WORKED, 404),
        ("holidays/2027-05-02", {"kind": "half", "name": "x"}, 422),
        ("holidays/2027-05-02", {"kind": "free"}, 422),
        ("holidays/2027-05-02", {"kind": "free", "name": "x" * 61}, 422),
        ("holidays/2027-05-02", WORKED | {"confirmed": True}, 400),
        ("holiday_years/1999", {"confirmed": True}, 404),
        ("holiday_years/99999999999999999999", {"confirmed": True}, 404),
        ("holiday_years/2027", {}, 422),
        ("holiday_years/2027", {"confirmed": "yes"}, 422),
    ],
)
async def test_nonsense(district: World, path: str, body: Any, status: int) -> None:
    answer = await put(district, path, body)
    assert (answer.status_code, code_of(answer) in ("not_found", "bad_field", "unknown_field")) == (status, True)
    assert not await told(district)


async def test_two_admins_at_once(district: World) -> None:
    """Each of eight says the same of one day: it stands there once, and once in the journal."""
    answers = await asyncio.gather(*(put(district, f"holidays/{SATURDAY}", WORKED) for _ in range(8)))
    assert sorted(answer.status_code for answer in answers) == [200] * 7 + [201]
    assert len(await told(district)) == 1


async def test_the_next_deadline_is_counted_by_it_and_a_named_one_stays(district: World) -> None:
    """One 工作日 from Thursday evening: until Monday, and until Saturday once Saturday is worked."""
    assert (await put(district, "settings", {"calendar": "office_8h"})).status_code == 200
    names = [await dispatched(district)]
    assert (await put(district, f"holidays/{SATURDAY}", WORKED)).status_code == 201
    names.append(await dispatched(district))
    assert (await put(district, "holiday_years/2027", {"confirmed": True})).status_code == 200
    names.append(await dispatched(district))
    cases = [await Cases(district).now(name) for name in names]
    saturday = datetime.fromisoformat("2027-01-02T18:00+08:00")
    assert [case.deadline for case in cases] == [saturday + timedelta(days=2), saturday, saturday]
    assert [case.limit_provisional for case in cases] == [True, True, False]
    # What is left is counted by the table as it is now, up to the instant that was named: one day more of duty.
    async with district.db.reading() as reader:
        duty = await duty_time(reader, district.cast.district_id)
    assert [shown_clock(case, THURSDAY, duty).remaining_s for case in cases] == [16 * 3600, 8 * 3600, 8 * 3600]


async def dispatched(world: World) -> UUID:
    """A case of one 工作日, given to 东关街道 on Thursday evening."""
    with clock.moved(THURSDAY - clock.now()):
        return await Cases(world).put(limit=Limit(1, "work_day"))
