"""A month through the folder: a sheet every morning, what is done every day, results every night; the books agree."""

from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from moshao.kit import clock
from tests.api.evidence.pictures import jpeg
from tests.api.exchange.sheets import a_row, csv_of
from tests.api.exchange.test_folder import Office
from tests.api.upstream.platform import Platform

CASES_A_DAY = 3


async def work_on(city: Platform, case_id: Any, seed: int) -> None:
    """Whoever has it takes it, closes it; his crew leader and the desk pass it."""
    row = await city.row(case_id)
    who = next(name for name, person in city.world.cast.people.items() if person.person_id == row["handler_id"])
    photo = await city.world.as_(who).upload(jpeg(seed))
    for name, act, members in (
        (who, "acceptances", {}),
        (who, "closures", {"outcome": "fixed", "photos": [photo], "no_photo_reason": "ok"}),
        ("leader_of_crew", "unit_reviews", {"verdict": "pass"}),
        ("supervisor", "reviews", {"verdict": "close"}),
    ):
        answer = await city.world.as_(name).act(case_id, act, **members)
        assert answer.status_code == 201, answer.text


@pytest.mark.parametrize("days", [4, pytest.param(30, marks=[pytest.mark.long, pytest.mark.timeout(900)])])
async def test_the_books_agree_line_by_line(city: Platform, tmp_path: Path, days: int) -> None:
    office = Office(city, tmp_path / "exchange")
    await office.agree()
    await office.look(1)
    open_there: dict[str, bytes] = {}
    for day in range(days):
        rows = [a_row(f"S-{day}-{each}") for each in range(CASES_A_DAY)]
        sheet = csv_of(*rows, encoding=("utf-8-sig", "gb18030")[day % 2])
        office.put(f"{day}.csv", sheet)
        if day % 3 == 1:
            # The office sends yesterday's once more, and the worker is started anew.
            office.put(f"{day - 1}-again.csv", open_there[str(day - 1)])
            office.started_anew()
        open_there[str(day)] = sheet
        await office.look()
        for each in range(CASES_A_DAY - 1):
            case_id = await city.world.db.value("SELECT id FROM cases WHERE external_case_id = ?", f"S-{day}-{each}")
            await work_on(city, case_id, day * CASES_A_DAY + each + 1)
        with clock.moved(timedelta(hours=2 * (day + 1))):
            await office.look(1)
    assert await office.cases() == days * CASES_A_DAY
    told = [(line[0], line[2]) for line in office.out("results")]
    done = [f"S-{day}-{each}" for day in range(days) for each in range(CASES_A_DAY - 1)]
    assert told == [(name, "已结案") for name in done]
    left = [(f"S-{day}-{CASES_A_DAY - 1}", "处置中") for day in range(days)]
    lines = "\r\n".join(f"{name},{state},2099-11-20 18:00" for name, state in [*told, *left])
    now = clock.now()
    answer = await city.world.as_("supervisor").client.post(
        "/api/upstreams/city/reconciliations",
        params={
            "from_at": (now - timedelta(days=40)).isoformat(),
            "until_at": (now + timedelta(days=1)).isoformat(),
        },
        content=f"案件编号,状态,截止时间\r\n{lines}".encode(),
    )
    book = answer.json()
    assert book["lines"] == []
    assert book["reconciliation"]["agree"] == days * CASES_A_DAY
