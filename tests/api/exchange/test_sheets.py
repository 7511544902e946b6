"""A sheet of cases brought in at the desk: each row by itself, the same never twice, no real case refused."""

from datetime import UTC, date, datetime
from typing import Any

import pytest

from tests.api.exchange.sheets import HEAD, a_row, book_of, csv_of
from tests.api.upstream.platform import Platform

PATH = "/api/upstreams/city/sheets"


async def take(city: Platform, content: bytes, who: str = "supervisor") -> dict[str, Any]:
    answer = await city.world.as_(who).client.post(f"{PATH}?file_name=派遣单.csv", content=content)
    assert answer.status_code == 200, answer.text
    report: dict[str, Any] = answer.json()
    return report


def statuses(report: dict[str, Any]) -> list[str]:
    return [row["status"] for row in report["rows"]]


async def count(city: Platform) -> int:
    return int(await city.world.db.value("SELECT count(*) FROM cases WHERE external_case_id LIKE 'S-%'"))


@pytest.mark.parametrize("encoding", ["utf-8-sig", "gb18030", "utf-16"])
async def test_a_row_is_a_case(city: Platform, encoding: str) -> None:
    report = await take(city, csv_of(a_row("S-1"), encoding=encoding))
    (row,) = report["rows"]
    assert (row["line"], row["key"], row["status"], row["warnings"], row["doubts"]) == (2, "S-1", "new", [], [])
    case = await city.row(row["case_id"])
    assert (case["external_case_id"], case["description"], case["major"], case["minor"]) == (
        "S-1", "暴露垃圾", "06", "010",
    )  # fmt: skip
    assert case["state"] == "assigned"
    assert case["unit_id"] == city.world.cast.units["street"]
    # 18:00 on the district's wall.
    assert case["deadline"] == datetime(2099, 11, 20, 10, tzinfo=UTC)


async def test_the_same_sheet_and_the_same_row_count_once(city: Platform) -> None:
    first = await take(city, csv_of(a_row("S-1"), a_row("S-2")))
    again = await take(city, csv_of(a_row("S-1"), a_row("S-2")))
    assert (first["seen_before"], again["seen_before"], again["rows"]) == (False, True, first["rows"])
    other = await take(city, csv_of(a_row("S-2"), a_row("S-1"), a_row("S-3"), encoding="gb18030"))
    assert statuses(other) == ["same", "same", "new"]
    assert await count(city) == 3


async def test_what_changed_is_taken_over_also_back_to_what_it_was(city: Platform) -> None:
    await take(city, csv_of(a_row("S-1")))
    changed = await take(city, csv_of(a_row("S-1", 问题描述="垃圾两堆"), a_row("S-1", 问题描述="垃圾三堆")))
    assert statuses(changed) == ["changed", "changed"]
    back = await take(city, csv_of(a_row("S-1"), a_row("S-9")))
    assert statuses(back) == ["changed", "new"]
    case = await city.row(back["rows"][0]["case_id"])
    assert (case["description"], case["version"], await count(city)) == ("暴露垃圾", 4, 2)


async def test_no_case_is_refused_for_its_content(city: Platform) -> None:
    report = await take(
        city,
        csv_of(
            a_row("S-1", 经度="", 纬度=""),
            a_row("S-2", 大类="没有", 小类="这一类"),
            a_row("S-3", 处置部门="不知道哪个单位"),
            a_row("S-4", 经度="32.9986", 纬度="112.5414"),
            a_row("S-5", 处置截止时间="明天以前", 派遣时间="昨天"),
            a_row("S-6", 处置截止时间="2099-11-20"),
            a_row("S-7", 处置截止时间="2紧急工作时"),
            a_row("S-8", 小类="暴露垃圾", 大类="", 问题类型=""),
            a_row("S-9", 问题描述="=cmd|' /C calc'!A0" + "长" * 9000),
        ),
    )
    assert statuses(report) == ["new"] * 9
    rows = {row["key"]: row for row in report["rows"]}
    assert [rows[f"S-{number}"]["warnings"] for number in (1, 2, 3, 4)] == [
        ["no_place"], ["unknown_class"], ["unknown_unit"], [],
    ]  # fmt: skip
    assert rows["S-5"]["doubts"] == ["dispatched_at", "deadline"]
    # A day alone is no deadline.
    assert rows["S-6"]["doubts"] == ["deadline"]
    limited = await city.row(rows["S-7"]["case_id"])
    assert (limited["limit_value"], limited["limit_unit"]) == (2, "urgent_hour")
    named = await city.row(rows["S-8"]["case_id"])
    assert (named["kind"], named["major"], named["minor"]) == ("matter", "06", "010")


async def test_a_row_that_names_no_case_is_refused_alone_and_kept(city: Platform) -> None:
    report = await take(
        city, csv_of(a_row(""), a_row("4.11302E+14"), a_row("S-" + "1" * 300), a_row("S-1"), ["", "", ""])
    )
    assert [(row["status"], row["code"]) for row in report["rows"]] == [
        ("refused", "no_case_number"), ("refused", "mangled_number"), ("refused", "case_number_too_long"), ("new", ""),
    ]  # fmt: skip
    kept = (await city.world.as_("admin").client.get("/api/kept_events")).json()["events"]
    assert {each["code"] for each in kept} == {"no_case_number", "mangled_number", "case_number_too_long"}
    # Something was refused: the same file is looked at again, and nothing doubles.
    again = await take(
        city, csv_of(a_row(""), a_row("4.11302E+14"), a_row("S-" + "1" * 300), a_row("S-1"), ["", "", ""])
    )
    assert (again["seen_before"], statuses(again)[-1], await count(city)) == (False, "same", 1)


async def test_a_workbook_with_a_merged_head_dates_and_formulas(city: Platform) -> None:
    content = book_of(
        ["宛城区案件派遣清单", None, None, None, None],
        ["序号", "案件编号(必填)", "问题描述", "时间", None],
        [None, None, None, "派遣时间", "处置截止时间"],
        [1, "S-1", "井盖缺失", datetime(2026, 11, 20, 8), datetime(2099, 11, 20, 18)],  # noqa: DTZ001
        [2, "411302202600010001", "=1+1", date(2026, 11, 20), date(2099, 11, 20)],
        [3, "S-3", "#REF!", 46350.354, "2099年11月20日18时"],
        merged="D2:E2",
    )
    report = await take(city, content)
    assert [(row["line"], row["key"], row["status"]) for row in report["rows"]] == [
        (4, "S-1", "new"), (5, "411302202600010001", "new"), (6, "S-3", "new"),
    ]  # fmt: skip
    assert [row["doubts"] for row in report["rows"]] == [[], ["dispatched_at", "deadline"], []]
    first, formula, third = [await city.row(row["case_id"]) for row in report["rows"]]
    assert first["deadline"] == third["deadline"] == datetime(2099, 11, 20, 10, tzinfo=UTC)
    # A formula that nobody has computed shows nothing; so does a broken one.
    assert (first["description"], formula["description"], third["description"]) == ("井盖缺失", None, None)


async def test_a_number_that_lost_its_end_is_no_case(city: Platform) -> None:
    report = await take(city, book_of(["案件编号", "问题描述"], [411302202600010000, "x"], [4.113e17, "y"]))
    assert [row["code"] for row in report["rows"]] == ["mangled_number"] * 2


async def test_what_is_over_there_is_not_begun_here(city: Platform) -> None:
    head = [*HEAD, "问题类型", "案件状态"]
    rows = [[*a_row(f"S-{at}"), state] for at, state in enumerate(["已结案", "待结案", "未办结", "已作废", "处置中"])]
    assert statuses(await take(city, csv_of(*rows, head=head))) == ["ended", "new", "new", "ended", "new"]


async def test_what_is_no_sheet_is_refused_and_put_on_record(city: Platform) -> None:
    desk = city.world.as_("supervisor").client
    for content, code in (
        (b"\xd0\xcf\x11\xe0old", "bad_sheet"),
        (b"PK\x03\x04 and nothing", "bad_sheet"),
        ("姓名,电话\n甲,1".encode(), "no_case_column"),
        (b"", "no_case_column"),
    ):
        answer = await desk.post(PATH, content=content)
        assert (answer.status_code, answer.json()["code"]) == (422, code)
    files = (await desk.get("/api/exchange_files")).json()["files"]
    assert {each["state"] for each in files} == {"refused"}
    assert {each["code"] for each in files} == {"bad_sheet", "no_case_column"}


async def test_the_report_comes_as_a_sheet_without_formulas(city: Platform) -> None:
    report = await take(city, csv_of(a_row("=1+1", 经度=""), a_row("S-2")))
    answer = await city.world.as_("supervisor").client.get(
        f"/api/exchange_files/{report['file_id']}/report", params={"format": "csv"}
    )
    lines = answer.content.decode("utf-8-sig").splitlines()
    assert lines[0].startswith("行,案件编号,结果")
    assert lines[1].startswith("2,'=1+1,已接收,")
    assert "缺少可用坐标" in lines[1]


async def test_columns_as_this_platform_calls_them(city: Platform) -> None:
    desk = city.world.as_("admin").client
    agreed = {"sheet_columns": {"流水": "external_case_id", "说的啥": "description"}}
    assert (await desk.put("/api/upstreams/city", json={"agreed": agreed})).status_code == 200
    report = await take(city, "流水,说的啥\nS-77,垃圾".encode(), who="admin")
    assert (report["rows"][0]["key"], report["new"]) == ("S-77", 1)
    wrong = await desk.put("/api/upstreams/city", json={"agreed": {"sheet_columns": {"流水": "nothing"}}})
    assert wrong.status_code in (400, 422)


@pytest.mark.parametrize("who", ["handler", "leader_of_crew", "neighbour"])
async def test_strangers(city: Platform, who: str) -> None:
    answer = await city.world.as_(who).client.post(PATH, content=csv_of(a_row("S-1")))
    assert answer.status_code in (403, 404)
    assert await count(city) == 0


async def test_rows_and_events_speak_of_the_same_case(city: Platform) -> None:
    await city.dispatched(external_case_id="S-1", version=7, description="从接口来")
    report = await take(city, csv_of(a_row("S-1")))
    assert statuses(report) == ["changed"]
    case = await city.row(report["rows"][0]["case_id"])
    assert (case["version"], case["description"]) == (8, "暴露垃圾")
