"""Who asks, at every request: origins of writes, roles that change meanwhile, phones a field role needs."""

from datetime import date
from typing import Any

import pytest
from litestar import Litestar
from litestar.routes import HTTPRoute

from moshao.kit import ids
from moshao.kit.limits import Limits
from moshao.people import asking
from tests.api.people.doing import PASSWORD, code_of, give_password
from tests.world import BASE_URL, World, a_world

# What a path may name besides ids.
ANY = {int: "0", date: "2026-10-01"}


def person_body(world: World, who: str, **change: Any) -> dict[str, Any]:
    person = world.cast.people[who]
    unit = world.cast.units["street"]
    staff_no = f"t-{list(world.cast.people).index(who):03}"
    body = {"unit_id": str(unit), "staff_no": staff_no, "name": person.name, "role": person.role}
    return body | change


async def test_a_role_changes_at_the_next_request(world: World) -> None:
    operator, admin = world.as_("operator").client, world.as_("admin").client
    shift = {"name": "早班", "from_minute": 360, "until_minute": 840}
    url = f"/api/people/{world.id_of('operator')}"
    assert code_of(await operator.put(f"/api/shifts/{ids.new_id()}", json=shift)) == "not_your_role"
    assert (await admin.put(url, json=person_body(world, "operator", role="supervisor"))).status_code == 200
    assert (await operator.put(f"/api/shifts/{ids.new_id()}", json=shift)).status_code == 201
    assert (await admin.put(url, json=person_body(world, "operator", role="leader"))).status_code == 200
    assert code_of(await operator.put(f"/api/shifts/{ids.new_id()}", json=shift)) == "not_your_role"


async def test_a_move_to_another_unit_counts_at_once(world: World) -> None:
    operator, admin = world.as_("operator").client, world.as_("admin").client
    stranger = f"/api/people/{world.id_of('stranger')}"
    assert code_of(await operator.get(stranger)) == "not_found"
    body = person_body(world, "operator", unit_id=str(world.cast.units["other_street"]))
    await admin.put(f"/api/people/{world.id_of('operator')}", json=body)
    assert (await operator.get(stranger)).status_code == 200
    assert code_of(await operator.get(f"/api/people/{world.id_of('handler')}")) == "not_found"


async def test_who_is_let_go_is_out(world: World) -> None:
    operator, admin = world.as_("operator").client, world.as_("admin").client
    body = person_body(world, "operator", active=False)
    assert (await admin.put(f"/api/people/{world.id_of('operator')}", json=body)).status_code == 200
    assert code_of(await operator.get("/api/me")) == "session_over"


@pytest.mark.parametrize(
    ("headers", "passes"),
    [
        ({}, True),
        ({"Origin": BASE_URL}, True),
        ({"Origin": BASE_URL, "Sec-Fetch-Site": "cross-site"}, True),
        ({"Sec-Fetch-Site": "same-origin"}, True),
        ({"Origin": "https://evil.example"}, False),
        ({"Origin": "null"}, False),
        ({"Origin": ""}, False),
        ({"Origin": "http://127.0.0.1:8001"}, False),
        ({"Origin": "http://127.0.0.1:8000.evil.example"}, False),
        ({"Sec-Fetch-Site": "cross-site"}, False),
        ({"Sec-Fetch-Site": "same-site"}, False),
        ({"Sec-Fetch-Site": "none"}, False),
    ],
)
async def test_writes_come_from_our_pages(world: World, headers: dict[str, str], passes: bool) -> None:
    report = await world.as_("handler").client.post("/api/devices/current/report", json={"unsent": 0}, headers=headers)
    assert report.status_code == (204 if passes else 403)
    if not passes:
        assert code_of(report) == "foreign_origin"
    assert (await world.as_("handler").client.get("/api/me", headers=headers)).status_code == 200


async def test_a_foreign_page_signs_nobody_in(world: World) -> None:
    body = {"staff_no": await give_password(world, "supervisor"), "password": PASSWORD}
    answer = await world.nobody.post("/api/sessions", json=body, headers={"Origin": "https://evil.example"})
    assert (answer.status_code, code_of(answer)) == (403, "foreign_origin")
    assert "set-cookie" not in answer.headers


async def test_a_public_address_takes_no_other_name(tmp_path: Any) -> None:
    async with a_world(tmp_path, base_url="https://moshao.example") as world:
        for origin, status in (("https://moshao.example", 401), (BASE_URL, 403)):
            answer = await world.nobody.post(
                "/api/sessions", json={"staff_no": "x", "password": "y"}, headers={"Origin": origin}
            )
            assert answer.status_code == status, origin


async def test_a_field_role_without_a_phone_only_reads(world: World) -> None:
    browser, staff_no = world.client(), await give_password(world, "leader_of_crew")
    await browser.post("/api/sessions", json={"staff_no": staff_no, "password": PASSWORD})
    assert (await browser.get("/api/people")).status_code == 200
    crew = {"unit_id": str(world.cast.units["street"]), "name": "二班", "people": []}
    refused = await browser.put(f"/api/crews/{ids.new_id()}", json=crew)
    assert (refused.status_code, code_of(refused)) == (403, "device_needed")
    with_phone = await world.as_("leader_of_crew").client.put(f"/api/crews/{ids.new_id()}", json=crew)
    assert with_phone.status_code == 201
    new = {"old": PASSWORD, "new": "ein ganz neues 2026"}
    assert (await browser.put("/api/me/password", json=new)).status_code == 204
    assert (await browser.delete("/api/sessions/current")).status_code == 204


async def test_every_route_without_leave_wants_a_session(world: World) -> None:
    """Whatever a room adds is closed unless it says otherwise."""
    app: Litestar = world.app.app
    shut = 0
    for route in app.routes:
        if not isinstance(route, HTTPRoute):
            continue
        for handler in route.route_handlers:
            for method in handler.http_methods - {"OPTIONS"}:
                if handler.opt.get("open"):
                    continue
                path = route.path_format
                for name, parameter in route.path_parameters.items():
                    path = path.replace(f"{{{name}}}", ANY.get(parameter.type) or str(ids.new_id()))
                answer = await world.nobody.request(method, path)
                assert answer.status_code == 401, f"{method} {path}"
                shut += 1
    assert shut > 30


async def test_all_routes_share_one_limit_per_person(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(asking, "PER_PERSON", Limits(per_second=0.01, burst=3))
    client = world.as_("handler").client
    answers = [await client.get(path) for path in ("/api/me", "/api/people", "/api/units", "/api/me")]
    assert [answer.status_code for answer in answers] == [200, 200, 200, 429]
    assert code_of(answers[-1]) == "too_many_requests"
    assert answers[-1].json()["retry"] is True
    assert 90 <= int(answers[-1].headers["retry-after"]) <= 100
    assert (await world.as_("colleague").get("/api/me")).status_code == 200
