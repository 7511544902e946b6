"""POST /api/roster_imports."""

from io import BytesIO
from typing import Any

import openpyxl
import pytest

from moshao.kit.sheets import read_sheet
from moshao.people.making import make_person, make_shift
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


def two_hundred() -> tuple[list[str], dict[int, str]]:
    """A roster of 200 rows, and by line the column that is at fault in ten of them."""
    duty = "411302001,matter:01,在岗"
    lines = [
        f"r-{number:03},第{number}人,处置人员,411302001,1380000{number:04},东关岗{number % 9},白班,{duty}"
        for number in range(200)
    ]
    faults: dict[int, tuple[str, str]] = {
        7: (",无名,处置人员,411302001,,,白班,,,", "工号"),
        23: ("r 023,空格,处置人员,411302001,,,白班,,,", "工号"),
        41: ("r-041,,处置人员,411302001,,,白班,,,", "姓名"),
        58: ("r-058,皇帝,皇帝,411302001,,,白班,,,", "角色"),
        77: ("r-077,无处,处置人员,999,,,白班,,,", "单位编码"),
        96: ("r-096,乱号,处置人员,411302001,电话没有,,白班,,,", "电话"),
        120: ("r-120,晚班,处置人员,411302001,,,没有的班,,,", "班次"),
        143: ("r-143,错格,处置人员,411302001,,,白班,东关街道,,", "网格"),
        166: ("r-166,错类,处置人员,411302001,,,白班,*,垃圾,", "类别"),
        189: ("r-188,又一人,处置人员,411302001,,,白班,*,*,在岗", "工号"),
    }
    for at, (line, _) in faults.items():
        lines[at] = line
    return lines, {at + 2: column for at, (_, column) in faults.items()}


async def with_posts(world: World, lines: list[str], query: str = "") -> Any:
    content = "\n".join(["工号,姓名,角色,单位编码,电话,岗位,班次,网格,类别,备勤", *lines]).encode()
    answer = await world.as_("admin").client.post(f"/api/roster_imports{query}", content=content)
    assert answer.status_code == 200, answer.text
    return answer.json()


async def test_of_200_rows_190_come_in_and_10_are_named(world: World) -> None:
    await with_shift(world)
    lines, faulty = two_hundred()
    tried = await with_posts(world, lines, "?dry_run=true")
    assert (tried["new"], tried["refused"]) == (190, 10)
    assert await world.db.value("SELECT count(*) FROM people WHERE staff_no LIKE 'r-%'") == 0
    report = await with_posts(world, lines)
    assert (report["new"], report["changed"], report["same"], report["refused"]) == (190, 0, 0, 10)
    named = {row["line"]: row["column"] for row in report["rows"] if row["status"] == "refused"}
    assert named == faulty
    assert all(row["detail"] and row["code"] for row in report["rows"] if row["status"] == "refused")
    said = {row["line"]: (row["value"], row["detail"]) for row in report["rows"]}
    assert said[98] == ("电话没有", "不是电话号码")
    assert said[191] == ("r-188", "第 190 行已有这个工号，姓名不同")
    assert await world.db.value("SELECT count(*) FROM people WHERE staff_no LIKE 'r-%'") == 190
    assert await world.db.value("SELECT count(*) FROM posts WHERE name LIKE '东关岗%'") == 9
    seq = await world.db.value("SELECT max(seq) FROM journal_lines")
    again = await with_posts(world, lines)
    assert (again["new"], again["changed"], again["same"], again["refused"]) == (0, 0, 190, 10)
    assert await world.db.value("SELECT max(seq) FROM journal_lines") == seq


async def test_what_the_sheet_leaves_out_of_a_duty_stays(world: World) -> None:
    await with_shift(world)
    await post(world, "operator", *GOOD)
    content = "工号,姓名,单位编码,班次,岗位\ns-1,张一,411302001,白班,菜市口岗".encode()
    report = (await world.as_("operator").client.post("/api/roster_imports", content=content)).json()
    assert [row["status"] for row in report["rows"]] == ["changed"]
    person_id = report["rows"][0]["person_id"]
    (duty,) = (await world.as_("operator").get(f"/api/duties?person_id={person_id}")).json()["items"]
    assert duty["grids"] == ["411302001001001", "411302001001002"]
    (opened,) = (await world.as_("operator").get("/api/posts")).json()["items"]
    assert (duty["post_id"], opened["name"]) == (opened["id"], "菜市口岗")


async def test_the_sheet_as_it_stands_changes_nothing(world: World) -> None:
    await with_shift(world)
    await post(world, "operator", *GOOD)
    for who, names in (
        ("operator", {"老张", "老刘", "王队", "小陈", "张一", "张二"}),
        ("admin", {"外人", "管理员", "张一"}),
    ):
        client = world.as_(who).client
        content = (await client.get("/api/roster_sheet?filled=true")).content
        rows = read_sheet(content)
        assert names <= {row["姓名"] for row in rows}
        report = (await client.post("/api/roster_imports", content=content)).json()
        assert (report["same"], report["new"], report["changed"], report["refused"]) == (len(rows), 0, 0, 0)
    operators = read_sheet((await world.as_("operator").client.get("/api/roster_sheet?filled=true")).content)
    assert not {"外人", "管理员"} & {row["姓名"] for row in operators}


async def test_an_empty_sheet_offers_what_may_stand_in_it(world: World) -> None:
    await with_shift(world)
    content = (await world.as_("operator").client.get("/api/roster_sheet")).content
    assert read_sheet(content) == []
    book = openpyxl.load_workbook(BytesIO(content))
    head = [cell.value for cell in book["五定"][1]]
    assert head == ["工号", "姓名", "角色", "单位编码", "电话", "岗位", "班次", "网格", "类别", "备勤"]
    offered = {
        column[0]: [each for each in column[1:] if each] for column in book["可填内容"].iter_cols(values_only=True)
    }
    assert offered["单位编码"] == ["411302001"]
    assert set(offered["班次"]) == {"全天", "白班"}
    assert "管理员" not in offered["角色"]
    assert {str(each.sqref).rstrip("0123456789") for each in book["五定"].data_validations.dataValidation} == {
        f"{letter}2:{letter}" for letter in "CDGJ"
    }


async def test_no_cell_of_the_sheet_is_a_formula(world: World) -> None:
    await world.db.write(
        lambda tx: make_person(tx, world.cast.units["street"], staff_no="f-1", name="=1+1", role="handler")
    )
    content = (await world.as_("operator").client.get("/api/roster_sheet?filled=true")).content
    cells = [cell for row in openpyxl.load_workbook(BytesIO(content))["五定"].iter_rows() for cell in row]
    assert [cell.data_type for cell in cells if cell.value == "=1+1"] == ["s"]
