"""A platform that speaks eGova: its messages in, ours back, each once and in order."""

import json
from collections.abc import AsyncIterator
from datetime import timedelta
from typing import Any

import httpx
import pytest
from aiohttp import web

from moshao.kit import clock, ids
from moshao.kit.db import Row
from moshao.kit.webhooks import is_signed
from moshao.upstream.making import change_settings
from moshao.upstream.queries import find_upstream
from moshao.upstream.settings import UpstreamSettings
from tests.api.evidence.pictures import jpeg
from tests.api.upstream.ear import working
from tests.api.upstream.platform import Platform

REPORT = {
    "recId": 88001, "taskNum": "宛城〔2026〕00123", "eventSrcId": 1, "eventSrcName": "监督员上报",
    "eventTypeName": "事件", "mainTypeId": 6, "subTypeId": "010", "eventDesc": "暴露垃圾",
    "address": "东关大街 12 号", "coordinateX": 112.5414, "coordinateY": 32.9986,
    "registerTime": "2026-11-20 08:00:00", "disposeDeadlineTime": "2099-11-20 18:00:00",
    "handleOrgName": "东关街道", "rollbackFlag": 1, "postponeFlag": 0, "reporterName": "甲", "medias": [],
}  # fmt: skip


class Egova:
    """The platform: `send` is a message of its own; `heard` what came back, in the order of arrival."""

    def __init__(self, city: Platform) -> None:
        self.city = city
        self.heard: list[dict[str, Any]] = []
        self.secrets: list[str] = []
        self.is_down = False

    async def post(self, body: bytes) -> httpx.Response:
        headers = self.city.headers(body, webhook_id=f"msg_{ids.new_id().hex}")
        return await self.city.world.nobody.post("/api/upstream/city/egova", content=body, headers=headers)

    async def send(self, action: str, data: dict[str, Any], uid: str = "") -> dict[str, Any]:
        said = {"uid": uid or str(ids.new_id()), "senderCode": "city", "action": action, "data": data}
        answer = await self.post(json.dumps(said).encode())
        assert answer.status_code == 200, answer.text
        found: dict[str, Any] = answer.json()
        return found

    async def report(self, case_id: str, **data: Any) -> Row:
        answer = await self.send("REPORT", {**REPORT, "caseId": case_id, **data})
        assert answer["success"], answer
        return await self.city.row(answer["caseId"])

    async def hear(self, request: web.Request) -> web.Response:
        body, named = await request.read(), request.headers
        marks = (named["webhook-id"], named["webhook-timestamp"], named["webhook-signature"])
        assert is_signed(self.secrets, *marks, body), "not signed"
        if self.is_down:
            return web.Response(status=503)
        self.heard.append(json.loads(body))
        return web.Response(status=200)

    def actions(self, case_id: str) -> list[str]:
        return [each["action"] for each in self.heard if each["data"]["caseId"] == case_id]


@pytest.fixture
async def egova(city: Platform) -> AsyncIterator[Egova]:
    made = Egova(city)
    app = web.Application()
    app.router.add_post("/egova", made.hear)
    runner = web.AppRunner(app, shutdown_timeout=0.1)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    found = await find_upstream(city.world.db, "city")
    assert found is not None
    made.secrets = list(found.secrets)
    url = f"http://127.0.0.1:{runner.addresses[0][1]}/egova"
    agreed = UpstreamSettings(feedback_url=url, dialect="egova", sender_code="wancheng")
    await city.world.db.write(lambda tx: change_settings(tx, "city", agreed))
    try:
        yield made
    finally:
        await runner.cleanup()


async def test_a_report_is_a_case(egova: Egova) -> None:
    case = await egova.report("E-1")
    assert (case["external_case_id"], case["case_no"], case["state"]) == ("E-1", REPORT["taskNum"], "assigned")
    assert (case["kind"], case["major"], case["minor"], case["description"]) == ("matter", "06", "010", "暴露垃圾")
    assert (bool(case["allow_handback"]), bool(case["allow_extension"])) == (True, False)
    assert case["deadline"].isoformat() == "2099-11-20T10:00:00+00:00"


async def test_the_same_message_and_the_same_content_count_once(egova: Egova) -> None:
    case = await egova.report("E-1")
    await egova.report("E-1")
    uid = str(ids.new_id())
    for _ in range(3):
        assert (await egova.send("PRESS", {"caseId": "E-1", "opinion": "请加快"}, uid))["success"]
    await egova.send("PRESS", {"caseId": "E-1", "opinion": "请加快"})
    kinds = await egova.city.kinds(case)
    assert (kinds.count("urged"), kinds.count("amended")) == (2, 0)


@pytest.mark.parametrize(
    "odd",
    [
        {"coordinateX": None}, {"mainTypeId": "??"}, {"disposeDeadlineTime": "尽快"}, {"medias": "none"},
        {"medias": [{"mediaPath": "ftp://x"}, 7, {"content": "!!"}]}, {"eventDesc": {"a": 1}}, {"coordinateX": "东"},
        {"registerTime": 5, "taskNum": None, "recId": [1]}, {"eventDesc": "=1+1\u0000" + "长" * 9000},
    ],
    ids=str,
)  # fmt: skip
async def test_no_case_is_refused_for_its_content(egova: Egova, odd: dict[str, Any]) -> None:
    case = await egova.report("E-1", **odd)
    assert case["state"] in ("assigned", "received")


async def test_what_happens_to_a_case(egova: Egova) -> None:
    case = await egova.report("E-1")
    await egova.send("SUPERVISE", {"caseId": "E-1", "opinion": "限期", "replyDeadline": "2099-11-19 12:00:00"})
    await egova.send("EVALUATE", {"caseId": "E-1", "evaluate": "满意"})
    await egova.send("APPLY_CANCEL", {"caseId": "E-1", "opinion": "重复立案"})
    assert (await egova.city.kinds(case))[-3:] == ["supervised", "return_visited", "cancelled"]
    assert (await egova.city.row(case["id"]))["state"] == "cancelled"


async def test_what_is_no_message_is_refused_and_kept(egova: Egova) -> None:
    for body in (b"{", b"[]", b'{"uid": "1"}', b'{"uid": "1", "action": "REPORT", "data": 5}'):
        assert (await egova.post(body)).status_code in (400, 422)
    answer = await egova.send("EXPLODE", {"caseId": "E-1"})
    assert (answer["success"], answer["code"]) == (False, "unknown_action")
    assert (await egova.send("PRESS", {"caseId": "nobody's"}))["code"] == "unknown_case"
    assert (await egova.send("REPORT", {"eventDesc": "没有编号"}))["code"] == "case_not_named"
    kept = (await egova.city.world.as_("admin").client.get("/api/kept_events")).json()["events"]
    assert {"bad_envelope", "unknown_action", "unknown_case", "case_not_named"} <= {each["code"] for each in kept}
    stranger = await egova.city.world.nobody.post("/api/upstream/city/egova", content=b"{}")
    assert stranger.status_code == 401


async def work_on(egova: Egova, case: Row) -> None:
    phone = egova.city.world.as_("handler")
    photo = await phone.upload(jpeg(1))
    for who, act, members in (
        ("handler", "acceptances", {}),
        ("handler", "closures", {"outcome": "fixed", "photos": [photo], "no_photo_reason": "ok", "note": "已清运"}),
        ("leader_of_crew", "unit_reviews", {"verdict": "pass"}),
        ("supervisor", "reviews", {"verdict": "close"}),
    ):
        answer = await egova.city.world.as_(who).act(case["id"], act, **members)
        assert answer.status_code == 201, answer.text


@pytest.mark.parametrize("days", [6, pytest.param(30, marks=[pytest.mark.long, pytest.mark.timeout(900)])])
async def test_days_with_three_hours_of_outage(egova: Egova, days: int) -> None:
    """Their book and ours agree line by line; nothing is lost or doubled, each case in its order."""
    cases = [f"E-{day}" for day in range(days)]
    async with working(egova.city) as worker:
        for at, name in enumerate(cases):
            egova.is_down = at in (2, 3)
            await work_on(egova, await egova.report(name))
            await worker.tell()
    egova.is_down = False
    with clock.moved(timedelta(hours=3)):
        async with working(egova.city) as worker:
            await worker.tell()
    course = ["SIGN", "ITEM_INST_SYNC", "ITEM_INST_SYNC", "DISPOSE_FEEDBACK", "ITEM_INST_SYNC"]
    assert {name: egova.actions(name) for name in cases} == dict.fromkeys(cases, course)
    assert len({each["uid"] for each in egova.heard}) == len(egova.heard)
    done = next(each for each in egova.heard if each["action"] == "DISPOSE_FEEDBACK")
    assert (done["senderCode"], done["data"]["disposeOpinion"], done["data"]["humanName"]) == (
        "wancheng", "已清运", "老张",
    )  # fmt: skip
    (media,) = done["data"]["medias"]
    assert media["mediaUsage"] == "处置"
    rows = "\r\n".join(f"{name},已结案,2099-11-20 18:00" for name in cases)
    book = await egova.city.world.as_("supervisor").client.post(
        "/api/upstreams/city/reconciliations", content=f"案件编号,案件状态,截止时间\r\n{rows}".encode()
    )
    assert (book.json()["lines"], book.json()["reconciliation"]["agree"]) == ([], len(cases))
    shown = (await egova.city.world.as_("supervisor").client.get("/api/upstream_outages")).json()["outages"]
    assert len(shown) == 1
    assert shown[0]["until_at"] is not None
