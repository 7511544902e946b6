"""投诉建议: made by anybody, read and answered by an admin, seen by nobody else."""

from typing import Any
from uuid import UUID

from moshao.kit import ids
from tests.api.evidence.pictures import jpeg
from tests.api.evidence.voices import ogg
from tests.verifying import faults_of_rows
from tests.world import World

APP = {"version": "0.1.0", "findings": [{"topic": "bell", "state": "bad", "detail": ""}]}
SAID: dict[str, Any] = {"suggestion_kind": "fault", "note": "响铃听不见", "app": APP}


async def suggest(world: World, who: str = "handler", **members: Any) -> UUID:
    act_id = ids.new_id()
    answer = await world.as_(who).make("suggestions", act_id=act_id, **{**SAID, **members})
    assert answer.status_code == 201, answer.text
    receipt = answer.json()["receipt"]
    assert (receipt["act_id"], receipt["case_id"]) == (str(act_id), None)
    assert receipt["seq"] > 0
    return act_id


async def mine(world: World, who: str = "handler") -> list[dict[str, Any]]:
    answer = await world.as_(who).get("/api/suggestions")
    assert answer.status_code == 200, answer.text
    found: list[dict[str, Any]] = answer.json()["suggestions"]
    return found


async def received(world: World, query: str = "", who: str = "admin") -> dict[str, Any]:
    answer = await world.as_(who).get(f"/api/suggestions/received{query}")
    assert answer.status_code == 200, answer.text
    found: dict[str, Any] = answer.json()
    return found


async def reply(world: World, suggestion_id: UUID, words: str, who: str = "admin") -> Any:
    client = world.as_(who).client
    return await client.put(f"/api/suggestions/{suggestion_id}/answer", json={"words": words})


async def test_it_is_made_read_answered_and_seen(world: World) -> None:
    made = await suggest(world)
    (asked,) = (page := await received(world))["suggestions"]
    assert (page["open"], page["next"], asked["id"], asked["state"]) == (1, None, str(made), "open")
    assert (asked["kind"], asked["words"], asked["app"]) == ("fault", "响铃听不见", APP)
    assert asked["by"] == {
        "id": str(world.id_of("handler")), "name": "老张", "role": "handler", "unit": "东关街道"
    }  # fmt: skip
    answered = await reply(world, made, " 请打开勿扰里的例外 ")
    assert (answered.status_code, answered.json()["answered_by"]) == (200, "管理员")
    (own,) = await mine(world)
    assert (own["state"], own["answer"], own["seen_at"]) == ("answered", "请打开勿扰里的例外", None)
    for _ in range(2):
        seen = await world.as_("handler").client.put(f"/api/suggestions/{made}/seen")
        assert seen.status_code == 204
    (own,) = await mine(world)
    assert own["seen_at"] is not None
    assert (await received(world))["open"] == 0
    lines = await world.db.all("SELECT kind, person_id FROM journal_lines WHERE kind LIKE ? ORDER BY seq", "sugg%")
    assert [(line["kind"], line["person_id"]) for line in lines] == [
        ("suggested", world.id_of("handler")),
        ("suggestion_answered", world.id_of("admin")),
    ]
    assert await faults_of_rows(world.db, world.cast.district_id) == []


async def test_everybody_may_and_nobody_reads_anothers(world: World) -> None:
    everybody = ("handler", "inspector", "leader_of_crew", "operator", "supervisor", "leader", "admin")
    for who in everybody:
        await suggest(world, who, app=None) if who == "admin" else await suggest(world, who)
        assert len(await mine(world, who)) == 1
    assert len((await received(world))["suggestions"]) == len(everybody)
    assert (await received(world, who="neighbour_admin"))["suggestions"] == []
    for who in set(everybody) - {"admin"}:
        assert (await world.as_(who).get("/api/suggestions/received")).status_code == 403
    (own,) = await mine(world)
    theirs = await world.as_("colleague").client.put(f"/api/suggestions/{own['id']}/seen")
    assert theirs.status_code == 404
    assert (await reply(world, UUID(own["id"]), "好", "neighbour_admin")).status_code == 404


async def test_a_photo_and_a_voice_are_the_admins_to_see(world: World) -> None:
    phone = world.as_("handler")
    photo = await phone.upload(jpeg(), usage="scene")
    voice = await phone.upload(ogg(2), usage="voice")
    await suggest(world, photos=[photo, voice], note=None)
    (asked,) = (await received(world))["suggestions"]
    assert asked["photos"] == [
        {"id": photo["photo_id"], "audio": False, "missing": False},
        {"id": voice["photo_id"], "audio": True, "missing": False},
    ]
    path = f"/api/photos/{photo['photo_id']}?size=thumb"
    statuses = {who: (await world.as_(who).get(path)).status_code for who in ("handler", "admin", "supervisor")}
    assert statuses == {"handler": 200, "admin": 200, "supervisor": 404}
    for who in ("leader_of_crew", "neighbour_admin", "stranger"):
        assert (await world.as_(who).get(path)).status_code == 404


async def test_a_photo_may_come_later(world: World) -> None:
    content, photo_id = jpeg(), ids.new_id()
    other = await world.as_("colleague").upload(content, usage="scene")
    named = {"photo_id": str(photo_id), "sha256": other["sha256"]}
    made = await suggest(world, photos=[named])
    (asked,) = (await received(world))["suggestions"]
    assert asked["photos"] == [{"id": str(photo_id), "audio": False, "missing": True}]
    await world.as_("handler").upload(content, usage="scene", photo_id=photo_id)
    (asked,) = (await received(world))["suggestions"]
    assert (asked["id"], asked["photos"][0]["missing"]) == (str(made), False)


async def test_an_answer_is_put_right_by_who_gave_it(world: World) -> None:
    made = await suggest(world)
    await reply(world, made, "请试试新版")
    await world.as_("handler").client.put(f"/api/suggestions/{made}/seen")
    assert (await reply(world, made, "请试试新版")).status_code == 200
    (own,) = await mine(world)
    assert own["seen_at"] is not None
    assert (await reply(world, made, "新版下周一上线")).status_code == 200
    (own,) = await mine(world)
    assert (own["answer"], own["seen_at"]) == ("新版下周一上线", None)
    told = await world.db.value("SELECT count(*) FROM journal_lines WHERE kind = 'suggestion_answered'")
    assert told == 2
    await world.db.write(
        lambda tx: tx.run("UPDATE suggestions SET answered_by = ? WHERE id = ?", world.id_of("supervisor"), made)
    )
    again = await reply(world, made, "别的话")
    assert (again.status_code, again.json()["code"]) == (409, "suggestion_answered")


async def test_the_list_goes_on_and_is_narrowed(world: World) -> None:
    made = [await suggest(world, note=f"第 {n} 条") for n in range(3)]
    await reply(world, made[0], "已改")
    page = await received(world, "?limit=2")
    assert [one["id"] for one in page["suggestions"]] == [str(made[2]), str(made[1])]
    rest = await received(world, f"?limit=2&after={page['next']}")
    assert [one["id"] for one in rest["suggestions"]] == [str(made[0])]
    assert rest["next"] is None
    assert [one["id"] for one in (await received(world, "?answered=true"))["suggestions"]] == [str(made[0])]
    assert len((await received(world, "?answered=false"))["suggestions"]) == 2
    assert (await world.as_("admin").get("/api/suggestions/received?limit=0")).status_code == 422


async def test_nothing_said_is_refused(world: World) -> None:
    phone = world.as_("handler")
    wrong: list[dict[str, Any]] = [
        {"note": " "}, {"note": None}, {"suggestion_kind": "praise"}, {"app": {"version": 1}},
    ]  # fmt: skip
    for members in wrong:
        answer = await phone.make("suggestions", **{**SAID, **members})
        assert answer.status_code == 422, answer.text
    unknown = await phone.make("suggestions", **SAID, mood="good")
    assert (unknown.status_code, unknown.json()["code"]) == (400, "unknown_field")
    unsigned = await phone.client.put(f"/api/suggestions/{ids.new_id()}", json=phone.body(**SAID))
    assert (unsigned.status_code, unsigned.json()["code"]) == (401, "signature_missing")
    made = await suggest(world)
    assert (await reply(world, made, "")).status_code == 422
    assert (await reply(world, ids.new_id(), "好")).status_code == 404
    assert await world.db.value("SELECT count(*) FROM suggestions") == 1
