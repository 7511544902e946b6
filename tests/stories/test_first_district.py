"""A district from nothing, as its operator makes it: with the installed command alone, then over HTTP."""

import json
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import httpx
import pytest

from moshao.kit import clock, ids
from moshao.kit.webhooks import sign
from tests.commands import free_port, run, running
from tests.databases import fresh_url
from tests.phone import new_key, public_part

UNITS = """单位编码,名称,类型,上级编码,街道编码
411302001,东关街道,街道,,411302001000
S-1,河街社区,社区,411302001,
X-1,无处可归,社区,nowhere,
"""
ROSTER = """工号,姓名,角色,单位编码,班次
H1,老张,处置人员,411302001,全天
L1,王队,班组长,411302001,
Z9,某人,皇帝,411302001,
"""
CLASSES = """kind,major,minor,name_zh,limits
matter,88,001,本地的事,2uh 1wd
matter,8,002,写错的,
"""
SQUARE = [[[112.5, 32.9], [112.6, 32.9], [112.6, 33.1], [112.5, 33.1], [112.5, 32.9]]]
STREET = {"code": "411302001000", "name": "东关街道"}
GRIDS = {
    "type": "FeatureCollection",
    "features": [
        {"type": "Feature", "properties": STREET, "geometry": {"type": "Polygon", "coordinates": SQUARE}},
        {"type": "Feature", "properties": {"code": "?"}, "geometry": {"type": "Polygon", "coordinates": SQUARE}},
    ],
}


HOLIDAYS = """日期,类型,名称
2027-01-01,放假,元旦
2027/1/2,上班,元旦调休
2027-02-30,放假,没有的一天
"""


class Operator:
    """Who has a shell on the machine."""

    def __init__(self, data: Path, database_url: str) -> None:
        self.data = data
        self.port = free_port()
        self.settings = {"data": str(data), "database_url": database_url, "port": str(self.port)}

    async def run(self, *args: str) -> tuple[int, str]:
        return await run(*args, settings=self.settings)

    async def does(self, *args: str) -> str:
        """A command that succeeds; what it said."""
        code, said = await self.run(*args)
        assert code == 0, said
        return said

    def sheet(self, name: str, text: str) -> str:
        path = self.data / name
        path.write_text(text)
        return str(path)


@pytest.fixture
async def operator(tmp_path: Path) -> AsyncIterator[Operator]:
    async with fresh_url(tmp_path) as url:
        yield Operator(tmp_path, url)


def secret_in(said: str) -> str:
    return said.split("secret ")[1].strip()


async def test_from_nothing_to_a_case_on_a_phone(operator: Operator) -> None:
    assert (await operator.does("migrate")).splitlines()[-1] == "up to date"
    assert await operator.does("migrate") == "up to date"
    assert await operator.does("import", "district", "411302", "宛城区") == "made 411302 宛城区"
    await brought_in(operator)
    made = await operator.does("upstream", "make", "city")
    admin = ("--staff-no", "A1", "--name", "管理员", "--role", "admin", "--unit", "411302")
    admin_password = (await operator.does("person", "make", *admin)).split()[-1]
    password = (await operator.does("person", "password", "H1")).split()[-1]
    code = (await operator.does("person", "pairing-code", "H1")).split()[0]
    async with running("serve", settings=operator.settings) as server:
        await server.says("startup complete")
        base = f"http://127.0.0.1:{operator.port}"
        assert f"events_url http://127.0.0.1:{operator.port}/api/upstream/city/events" in made
        async with httpx.AsyncClient(base_url=base, trust_env=False) as client:
            signed_in = await client.post("/api/sessions", json={"staff_no": "A1", "password": admin_password})
            assert signed_in.status_code == 201
            key = public_part(new_key())
            paired = await client.post("/api/pairings", json={"staff_no": "H1", "code": code, "public_key": key})
            device_id = paired.json()["device_id"]
            told = {"staff_no": "H1", "password": password, "device_id": device_id}
            assert (await client.post("/api/sessions", json=told)).status_code == 201
            case_id = await dispatched(client, secret_in(made))
            assert (await client.get(f"/api/cases/{case_id}")).json()["state"] == "assigned"
            assert device_id in await operator.does("device", "list", "--person", "H1")
            assert await operator.does("device", "end", device_id, "--as", "lost") == "lost"
            assert (await client.get("/api/me")).json()["code"] == "device_lost"
            assert await operator.does("device", "list") == ""
            newer = secret_in(await operator.does("upstream", "rotate", "city"))
            await dispatched(client, newer)
            await dispatched(client, secret_in(made))
            await operator.does("upstream", "rotate", "city", "--drop-old")
            assert (await sent(client, secret_in(made))).status_code == 401
    assert await operator.does("verify") == "clean"


async def brought_in(operator: Operator) -> None:
    """What fits is kept, every fault is named; the same sheet again changes nothing."""
    for what, text, faulty, first, again in (
        ("units", UNITS, "line 4 上级编码: 没有这个上级编码 [bad_field]", "new 2", "same 2"),
        ("roster", ROSTER, "line 4 角色: 没有这个角色", "new 2", "same 2"),
        ("classes", CLASSES, "line 3 major: 大类为 2 位数字", "kept 1", "kept 1"),
        ("grids", json.dumps(GRIDS), "feature 2 ?: 编码格式不对", "new 1", "same 1"),
    ):
        options = {"classes": ["--code-set", "本地"], "grids": ["--kind", "street"]}.get(what, [])
        file = operator.sheet(what, text)
        for counted in (first, again):
            code, said = await operator.run("import", what, *options, file)
            assert code == 1, said
            assert faulty in said
            assert counted in said
            assert said.endswith("refused 1")


async def test_a_years_notice_is_brought_in_and_confirmed(operator: Operator) -> None:
    await operator.does("migrate")
    await operator.does("import", "district", "411302", "宛城区")
    faulty = operator.sheet("holidays.csv", HOLIDAYS)
    for counted in ("new 2", "same 2"):
        code, said = await operator.run("import", "holidays", "--confirm", "2027", faulty)
        assert (code, "line 4 日期: 没有这一天" in said, counted in said) == (1, True, True), said
        assert "confirmed" not in said
    good = operator.sheet("mended.csv", HOLIDAYS.replace("2027-02-30,放假,没有的一天", "2027年1月3日,放假,元旦"))
    for _ in range(2):
        said = await operator.does("import", "holidays", "--confirm", "2027", good)
        assert said.splitlines()[-1] == "2027 is confirmed"
    assert "[no_holidays]" in (await operator.run("import", "holidays", "--confirm", "2031", good))[1]


async def dispatched(client: httpx.AsyncClient, secret: str) -> str:
    answer = await sent(client, secret)
    assert answer.status_code == 200, answer.text
    (result,) = answer.json()["results"]
    assert result["status"] == "accepted", result
    return str(result["case_id"])


async def sent(client: httpx.AsyncClient, secret: str) -> httpx.Response:
    name = str(ids.new_id())
    place = {"type": "Point", "coordinates": [112.55, 33.0]}
    data: dict[str, Any] = {"external_case_id": name, "version": 1, "location": place, "unit_code": "411302001"}
    data |= {"kind": "matter", "major": "02", "minor": "001"}
    event = {"specversion": "1.0", "id": name, "source": "/city", "type": "moshao.case.dispatched", "data": data}
    body, now = json.dumps(event).encode(), str(int(clock.now().timestamp()))
    headers = {
        "content-type": "application/cloudevents+json",
        "webhook-id": name,
        "webhook-timestamp": now,
        "webhook-signature": sign(secret, name, now, body),
    }
    return await client.post("/api/upstream/city/events", content=body, headers=headers)


async def test_what_is_agreed_changes_only_where_it_is_said(operator: Operator) -> None:
    await operator.does("migrate")
    await operator.does("import", "district", "411302", "宛城区")
    await operator.does("upstream", "make", "city", "--datum", "gcj02", "--photo-host", "photos.city.example")
    said = await operator.does("upstream", "settings", "city", "--closing-authority", "upstream", "--off")
    before = {"datum": "gcj02", "photo_hosts": ["photos.city.example"], "decisions": "here", "active": False}
    assert json.loads(said).items() >= {**before, "closing_authority": "upstream"}.items()
    said = await operator.does("upstream", "settings", "city", "--no-photo-hosts", "--on")
    assert json.loads(said).items() >= {"datum": "gcj02", "photo_hosts": [], "active": True}.items()
    assert (await operator.does("upstream", "list")).startswith("city  district 411302  {")


async def test_a_refusal_is_a_sentence_and_code_one(operator: Operator) -> None:
    async def refused(*args: str) -> str:
        code, said = await operator.run(*args)
        assert code == 1, said
        assert said.startswith("Error: ")
        return said

    person = ("person", "make", "--name", "某人", "--role", "handler", "--staff-no", "P1", "--unit")
    if "sqlite" in operator.settings["database_url"]:
        assert "there is no database" in await refused("verify")
    await operator.does("migrate")
    assert "there is no district yet" in await refused("upstream", "make", "city")
    await operator.does("import", "district", "411302", "宛城区")
    assert "[district_code_taken]" in await refused("import", "district", "411302", "宛城区")
    assert "there is no unit nowhere" in await refused(*person, "nowhere")
    assert "[bad_field]" in await refused("upstream", "make", "City!")
    assert "[no_such_upstream]" in await refused("upstream", "rotate", "city")
    assert "there is nobody with the number P1" in await refused("person", "pairing-code", "P1")
    assert "there is no phone" in await refused("device", "end", str(ids.new_id()), "--as", "lost")
    assert "[bad_sheet]" in await refused("import", "units", operator.sheet("empty.csv", ""))
    await operator.does("import", "district", "411303", "卧龙区")
    assert "say which district" in await refused("upstream", "make", "city")
    assert "there is no district 4: 411302 宛城区" in await refused("upstream", "make", "city", "--district", "4")


@pytest.mark.parametrize(
    "args",
    [["nonsense"], ["upstream", "make"], ["device", "end", "x", "--as", "lost"], ["import", "grids", "/nowhere"]],
    ids=" ".join,
)
async def test_wrong_usage_is_code_two(operator: Operator, args: list[str]) -> None:
    code, said = await operator.run(*args)
    assert (code, "Usage: " in said) == (2, True)
