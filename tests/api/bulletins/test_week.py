"""A simulated week: every number of its bulletin, in DOCX, PDF and XLSX, equals an independent recount."""

from datetime import datetime
from typing import Any

import pytest

from moshao.kit import ids
from tests.api.bulletins.reading import (
    Tables,
    headings_of_docx,
    pages_of_xlsx,
    tables_of_docx,
    words_of_docx,
    words_of_pdf,
)
from tests.api.bulletins.recount import Recount
from tests.api.bulletins.week import last_week, simulate
from tests.api.cases.making import Cases
from tests.world import World

CASES, WANCHENG_WEEK = 300, 2723


async def made(world: World, kind: str = "week", day: str = "") -> dict[str, Any]:
    """A new draft."""
    body = {"period": kind, "from": day or str(last_week()[0])}
    answer = await world.as_("supervisor").client.put(f"/api/bulletins/{ids.new_id()}", json=body)
    assert answer.status_code == 201, answer.text
    told: dict[str, Any] = answer.json()
    return told


async def file_of(world: World, bulletin: dict[str, Any], kind: str, who: str = "supervisor") -> bytes:
    answer = await world.as_(who).get(f"/api/bulletins/{bulletin['id']}?format={kind}")
    assert answer.status_code == 200, answer.text
    content: bytes = answer.content
    return content


@pytest.mark.parametrize(
    "count", [CASES, pytest.param(WANCHENG_WEEK, marks=[pytest.mark.long, pytest.mark.timeout(1800)])]
)
async def test_every_number_equals_an_independent_recount(cases: Cases, count: int) -> None:
    await simulate(cases, count)
    world = cases.world
    bulletin = await made(world)
    recount = Recount(world, last_week()[0], datetime.fromisoformat(bulletin["counted_at"]))
    expected = await recount.tables()
    docx, pdf, xlsx = [await file_of(world, bulletin, kind) for kind in ("docx", "pdf", "xlsx")]
    on_paper = {title: rows[1:] for title, rows in tables_of_docx(docx).items()}
    assert on_paper == expected
    assert len(expected) == 10, "every table of the week has something to say"
    assert headings_of_docx(docx) == [part["heading"] for part in bulletin["document"]["parts"]]
    the_pdf_says(words_of_pdf(pdf), expected)
    the_workbook_says(pages_of_xlsx(xlsx), expected, bulletin)
    overview = (
        f"本周共受理案件 {expected['总体情况'][0][1]} 件，"
        f"比上周{'增加' if '+' in expected['总体情况'][0][3] else '减少'} {expected['总体情况'][0][3].strip('+-')} 件；"
        f"应结案 {expected['总体情况'][1][1]} 件，结案 {expected['总体情况'][2][1]} 件，"
        f"结案率 {expected['总体情况'][3][1]}；按期结案 {expected['总体情况'][4][1]} 件，"
        f"按期结案率 {expected['总体情况'][5][1]}。返工率 {expected['总体情况'][8][1]}，"
        f"延期率 {expected['总体情况'][10][1]}。"
    )
    assert overview in words_of_docx(docx)
    assert "".join(overview.split()) in words_of_pdf(pdf)


def the_pdf_says(words: str, expected: Tables) -> None:
    """Every row of every table stands in it, cell after cell."""
    missing = [row for rows in expected.values() for row in rows if "".join("".join(row).split()) not in words]
    assert missing == []


def the_workbook_says(pages: dict[str, list[list[Any]]], expected: Tables, bulletin: dict[str, Any]) -> None:
    """Its numbers are numbers: each is what the paper shows of it."""
    sheets = {sheet["title"]: sheet for part in bulletin["document"]["parts"] for sheet in part["sheets"]}
    for title, rows in expected.items():
        found = pages[title][1:]
        assert len(found) == len(rows)
        for row, cells, shown in zip(found, sheets[title]["rows"], rows, strict=True):
            assert [in_words(value, cell["kind"]) for value, cell in zip(row, cells, strict=True)] == shown


def in_words(value: Any, kind: str) -> str:
    if value is None:
        return "–"
    if kind == "text":
        return str(value)
    if kind == "points":
        return f"{value * 100:+.2f} 个百分点" if value else "0"
    if kind == "hours_change":
        return f"{value:+.1f}" if value else "0"
    if kind == "change":
        return f"{value:+d}" if value else "0"
    return {"count": "{:d}", "rate": "{:.2%}", "score": "{:.2f}", "hours": "{:.1f}"}[kind].format(value)
