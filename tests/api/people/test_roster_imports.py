"""POST /api/roster_imports."""

from io import BytesIO
from typing import Any

import openpyxl
import pytest

from moshao.people.making import make_shift
from tests.api.people.doing import code_of
from tests.world import World

HEAD = "工号,姓名,角色,单位编码,电话,班次,网格,类别,备勤"
GOOD = [
    "s-1,张一,处置人员,411302001,13800000001,白班,411302001001001 411302001001002,matter:01,0",
    "s-2,张二,班组长,411302001,,,,,",
]


async def post(world: World, who: str, *lines: str, query: str = "") -> Any:
    content = "\n".join([HEAD, *lines]).encode("gb18030")
    return await world.as_(who).client.post(f"/api/roster_imports{query}", content=content)


async def with_shift(world: World) -> None:
    await world.db.write(lambda tx: make_shift(tx, world.cast.district_id, name="白班", minutes=(450, 1170)))


async def test_a_sheet_again_changes_nothing(world: World) -> None:
    await with_shift(world)
    first = (await post(world, "operator", *GOOD)).json()
    assert [row["status"] for row in first["rows"]] == ["new", "new"]
    again = (await post(world, "operator", *GOOD)).json()
    assert (again["same"], again["new"], again["changed"], again["refused"]) == (2, 0, 0, 0)
    people = (await world.as_("operator").get("/api/people?q=s-")).json()["items"]
    assert {(person["name"], person["role"]) for person in people} == {("张一", "handler"), ("张二", "crew_leader")}
    (duty,) = (await world.as_("operator").get(f"/api/duties?person_id={first['rows'][0]['person_id']}")).json()[
        "items"
    ]
    assert duty["grids"] == ["411302001001001", "411302001001002"]


async def test_what_a_row_leaves_out_stays(world: World) -> None:
    await with_shift(world)
    await post(world, "operator", *GOOD)
    changed = (await post(world, "operator", "s-1,张一一,,411302001,,白班,*,*,")).json()
    assert [row["status"] for row in changed["rows"]] == ["changed"]
    (person,) = (await world.as_("operator").get("/api/people?q=s-1")).json()["items"]
    assert (person["name"], person["role"], person["phone"]) == ("张一一", "handler", "13800000001")


async def test_a_trial_keeps_nothing(world: World) -> None:
    await with_shift(world)
    before = await world.db.value("SELECT max(seq) FROM journal_lines")
    tried = (await post(world, "operator", *GOOD, query="?dry_run=true")).json()
    assert [row["status"] for row in tried["rows"]] == ["new", "new"]
    assert (await world.as_("operator").get("/api/people?q=s-1")).json()["items"] == []
    assert await world.db.value("SELECT max(seq) FROM journal_lines") == before


async def test_every_fault_is_named_and_stops_no_other_row(world: World) -> None:
    bad = [
        ",无名,处置人员,411302001,,,,,",
        "s-4,张四,皇帝,411302001,,,,,",
        "s-5,张五,处置人员,nowhere,,,,,",
        "s-6,张六,处置人员,411302002,,,,,",
        "s-7,张七,督查员,411302001,,,,,",
        "s-8,张八,处置人员,411302001,,夜班,,,",
        "s-9,张九,处置人员,411302001,,白班,,event:1,",
        "t-012,占用,处置人员,411302001,,,,,",
        "s-10,张十,处置人员,411302001,not a phone,,,,",
    ]
    await with_shift(world)
    report = (await post(world, "operator", GOOD[0], *bad, "", GOOD[1])).json()
    assert [row["status"] for row in report["rows"]] == ["new", *["refused"] * len(bad), "new"]
    assert [row["line"] for row in report["rows"]] == [*range(2, 12), 13]
    codes = [row["code"] for row in report["rows"][1:-1]]
    assert codes == [
        "bad_field", "bad_field", "bad_field", "bad_field", "not_your_role", "bad_field", "bad_field",
        "staff_no_taken", "bad_field",
    ]  # fmt: skip
    assert all(row["detail"] for row in report["rows"][1:-1])
    assert (await world.as_("operator").get("/api/people?q=s-9")).json()["items"] == []


async def test_xlsx(world: World) -> None:
    book, file = openpyxl.Workbook(), BytesIO()
    book.active.append(["工号", "姓名", "角色", "单位编码"])
    book.active.append([70.0, "张七十", "网格员", "411302001"])
    book.save(file)
    report = (await world.as_("admin").client.post("/api/roster_imports", content=file.getvalue())).json()
    assert report["new"] == 1
    assert (await world.as_("admin").get("/api/people?q=70")).json()["items"][0]["role"] == "inspector"


@pytest.mark.parametrize("who", ["handler", "leader_of_crew", "inspector", "supervisor", "leader"])
async def test_others_import_nobody(world: World, who: str) -> None:
    assert code_of(await post(world, who, *GOOD)) == "not_your_role"


async def test_no_sheet(world: World) -> None:
    answer = await world.as_("admin").client.post("/api/roster_imports", content=b"\xff\xfe")
    assert (answer.status_code, code_of(answer)) == (422, "bad_sheet")
