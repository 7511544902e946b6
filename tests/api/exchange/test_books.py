"""对账: their book beside ours; what differs is kept, shown and settled."""

import json
from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import httpx
import pytest
from aiohttp import web

from moshao.exchange.scheduling import reconcile_due
from moshao.kit import clock, ids
from moshao.kit.outgoing import open_outgoing
from moshao.upstream.making import change_settings
from moshao.upstream.settings import UpstreamSettings
from tests.api.exchange.sheets import csv_of
from tests.api.upstream.ear import Ear, a_day, agree, working
from tests.api.upstream.platform import Platform

HEAD = ["案件编号", "案件状态", "处置截止时间", "是否超期", "问题描述", "派遣时间"]
ZONE = ZoneInfo("Asia/Shanghai")


def wall(at: datetime) -> str:
    return at.astimezone(ZONE).strftime("%Y-%m-%d %H:%M")


class Desk:
    def __init__(self, city: Platform, who: str = "supervisor") -> None:
        self.client = city.world.as_(who).client

    async def reconcile(self, *rows: list[Any], **period: str) -> dict[str, Any]:
        answer = await self.client.post(
            "/api/upstreams/city/reconciliations",
            params={"file_name": "导出.csv", **period},
            content=csv_of(*rows, head=HEAD),
        )
        assert answer.status_code == 201, answer.text
        found: dict[str, Any] = answer.json()
        return found

    async def settle(self, line: dict[str, Any], how: str, words: str = "") -> httpx.Response:
        path = f"/api/reconciled_lines/{line['id']}/settlement"
        return await self.client.put(path, json={"how": how, "words": words})


def differing(book: dict[str, Any]) -> set[tuple[str, str, str | None, str | None]]:
    return {(line["kind"], line["external_case_id"], line["ours"], line["theirs"]) for line in book["lines"]}


async def test_books_that_agree(city: Platform) -> None:
    closed, running = await a_day(city), await city.dispatched(external_case_id="R-1")
    book = await Desk(city).reconcile(
        [closed["external_case_id"], "已结案", wall(closed["deadline"]), "否", "", ""],
        ["R-1", "处置中", wall(running["deadline"]), "", "", ""],
    )
    assert book["lines"] == []
    shown = book["reconciliation"]
    assert (shown["theirs"], shown["ours"], shown["agree"], shown["differences"]) == (2, 2, 2, 0)


async def test_every_kind_of_difference(city: Platform) -> None:
    closed = await a_day(city)
    running = await city.dispatched(external_case_id="R-1")
    await city.dispatched(external_case_id="R-2")
    now = clock.now()
    book = await Desk(city).reconcile(
        [closed["external_case_id"], "已结案", wall(closed["deadline"]), "是", "", ""],
        ["R-1", "已结案", wall(running["deadline"] + timedelta(hours=3)), "", "", ""],
        ["R-9", "处置中", "", "", "新的", ""],
        ["", "没有编号的行", "", "", "", ""],
        from_at=(now - timedelta(hours=1)).isoformat(),
        until_at=(now + timedelta(hours=1)).isoformat(),
    )
    theirs = (running["deadline"] + timedelta(hours=3)).astimezone(ZONE).replace(second=0, microsecond=0)
    assert differing(book) == {
        # Both truths of 按期 stand beside each other.
        ("other_on_time", closed["external_case_id"], "on_time", "overdue"),
        ("other_state", "R-1", "assigned", "closed"),
        ("other_deadline", "R-1", running["deadline"].isoformat(), theirs.isoformat()),
        ("missing_there", "R-2", "assigned", None),
        ("missing_here", "R-9", None, "open"),
    }
    shown = book["reconciliation"]
    assert (shown["theirs"], shown["agree"], shown["open"]) == (3, 0, 5)
    listed = (await Desk(city).client.get("/api/reconciliations")).json()["reconciliations"]
    assert [each["id"] for each in listed] == [shown["id"]]


async def test_lines_are_settled_once(city: Platform, ear: Ear) -> None:
    await agree(city, ear)
    running = await city.dispatched(external_case_id="R-1")
    await city.dispatched(external_case_id="R-2")
    async with working(city) as worker:
        await worker.tell()
        desk, now = Desk(city), clock.now()
        later = running["deadline"] + timedelta(days=2)
        book = await desk.reconcile(
            ["R-1", "已作废", wall(later), "", "", ""], ["R-9", "处置中", "", "", "井盖", ""],
            from_at=(now - timedelta(hours=1)).isoformat(), until_at=(now + timedelta(hours=1)).isoformat(),
        )  # fmt: skip
        lines = {line["kind"]: line for line in book["lines"]}
        assert (await desk.settle(lines["missing_there"], "take")).json()["code"] == "cannot_take_over"
        assert (await desk.settle(lines["other_deadline"], "note")).json()["code"] == "words_wanted"
        heard = len(ear.heard)
        for kind, how in (
            ("missing_there", "resend"), ("other_deadline", "take"), ("missing_here", "take"), ("other_state", "take"),
        ):  # fmt: skip
            for _ in range(2):
                answer = await desk.settle(lines[kind], how)
                assert answer.status_code == 204, answer.text
        assert (await desk.settle(lines["other_state"], "note", "电话核对")).json()["code"] == "settled_otherwise"
        await worker.tell()
    assert [event["data"]["external_case_id"] for _, event in ear.heard[heard:]].count("R-2") == 2
    mine = await city.row(running["id"])
    assert mine["state"] == "cancelled"
    assert mine["deadline"] == later.replace(second=0, microsecond=0)
    taken = await city.world.db.one("SELECT * FROM cases WHERE external_case_id = 'R-9'")
    assert taken is not None
    assert taken["description"] == "井盖"
    again = await desk.client.get(f"/api/reconciliations/{book['reconciliation']['id']}")
    assert (again.json()["reconciliation"]["open"], len(again.json()["lines"])) == (0, 4)


async def test_nothing_is_told_of_a_case_that_has_nothing_to_tell(city: Platform) -> None:
    await city.dispatched(external_case_id="R-1")
    book = await Desk(city).reconcile(["R-1", "已结案", "", "", "", ""])
    answer = await Desk(city).settle(book["lines"][0], "resend")
    assert (answer.status_code, answer.json()["code"]) == (409, "nothing_to_resend")
    assert (await Desk(city).settle(book["lines"][0], "note", "以本系统为准")).status_code == 204


async def test_strangers_and_nonsense(city: Platform) -> None:
    await city.dispatched(external_case_id="R-1")
    book = await Desk(city).reconcile(["R-1", "已结案", "", "", "", ""])
    for who in ("handler", "leader_of_crew", "neighbour"):
        assert (await Desk(city, who).settle(book["lines"][0], "take")).status_code in (403, 404)
    assert (await Desk(city).settle({"id": ids.new_id()}, "take")).status_code == 404
    path = "/api/upstreams/city/reconciliations"
    for content, code in ((b"", "no_case_column"), (b"\xd0\xcf\x11\xe0", "bad_sheet")):
        answer = await Desk(city).client.post(path, content=content)
        assert (answer.status_code, answer.json()["code"]) == (422, code)
    now = clock.now()
    backwards = {"from_at": now.isoformat(), "until_at": (now - timedelta(days=1)).isoformat()}
    answer = await Desk(city).client.post(path, params=backwards, content=csv_of(head=HEAD))
    assert answer.json()["code"] == "empty_period"


async def test_asked_every_day_at_its_hour(city: Platform) -> None:
    """Page by page, signed; one that does not answer is asked again."""
    asked: list[dict[str, Any]] = []
    status = 503

    async def book(request: web.Request) -> web.Response:
        said = json.loads(await request.read())
        asked.append(said)
        if status != 200:
            return web.Response(status=status)
        page = {"cases": [{"external_case_id": "R-1", "state": "处置中"}], "next": "2"}
        last = {"cases": [{"external_case_id": "R-7", "state": "closed"}, {"no": "case"}]}
        return web.json_response(last if said.get("after") else page)

    app = web.Application()
    app.router.add_post("/book", book)
    runner = web.AppRunner(app, shutdown_timeout=0.1)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    try:
        url = f"http://127.0.0.1:{runner.addresses[0][1]}/book"
        agreed = UpstreamSettings(query_url=url, reconcile_at="00:00")
        await city.world.db.write(lambda tx: change_settings(tx, "city", agreed))
        await city.dispatched(external_case_id="R-1")
        async with open_outgoing(()) as outgoing:
            assert await reconcile_due(city.world.db, outgoing) == 0
            status = 200
            assert await reconcile_due(city.world.db, outgoing) == 1
            assert await reconcile_due(city.world.db, outgoing) == 0
            with clock.moved(timedelta(days=1)):
                assert await reconcile_due(city.world.db, outgoing) == 1
    finally:
        await runner.cleanup()
    assert [said.get("after") for said in asked] == [None, None, "2", None, "2"]
    listed = (await Desk(city).client.get("/api/reconciliations")).json()["reconciliations"]
    assert [(each["origin"], each["theirs"], each["agree"], each["differences"]) for each in listed] == [
        ("query", 2, 1, 1)
    ] * 2


@pytest.mark.parametrize("down", [None, 502])
async def test_an_outage_of_three_hours_is_on_record_and_loses_nothing(
    city: Platform, ear: Ear, down: int | None, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("moshao.upstream.telling.SEND_SECONDS", 0.2)
    await agree(city, ear)
    ear.answers = lambda event: down
    cases = [await city.dispatched() for _ in range(3)]
    for minutes in (0, 60, 120):
        with clock.moved(timedelta(minutes=minutes)):
            async with working(city) as worker:
                await worker.tell()
    shown = (await Desk(city).client.get("/api/upstream_outages")).json()["outages"]
    assert [(each["upstream"], each["until_at"]) for each in shown] == [("city", None)]
    assert shown[0]["tries"] >= 3
    ear.answers = lambda event: 204
    ear.heard.clear()
    with clock.moved(timedelta(hours=3)):
        async with working(city) as worker:
            await worker.tell()
    (shown,) = (await Desk(city).client.get("/api/upstream_outages")).json()["outages"]
    lasted = datetime.fromisoformat(shown["until_at"]) - datetime.fromisoformat(shown["from_at"])
    assert lasted >= timedelta(hours=2, minutes=59)
    for case in cases:
        mine = [event["type"] for _, event in ear.heard if event["data"]["case_id"] == str(case["id"])]
        assert mine == ["moshao.case.signed", "moshao.case.assigned"]
