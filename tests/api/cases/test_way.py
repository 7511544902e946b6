"""A case on its way from the unit's signature to its end."""

import hashlib

from moshao.kit import ids
from tests.api.cases.making import Cases
from tests.api.evidence.pictures import jpeg


async def test_a_case_goes_from_dispatch_to_its_end(cases: Cases) -> None:
    world = cases.world
    case_id = await cases.put()
    leader, handler, supervisor = world.as_("leader_of_crew"), world.as_("handler"), world.as_("supervisor")
    signed = await leader.act(case_id, "signings")
    assert signed.status_code == 201, signed.text
    assert signed.json()["receipt"]["case_id"] == str(case_id)
    assigned = await leader.act(case_id, "assignments", person_id=str(world.id_of("handler")))
    assert assigned.status_code == 201, assigned.text
    assert (await handler.act(case_id, "acceptances")).status_code == 201
    closed = await handler.act(case_id, "closures", outcome="fixed", no_photo_reason="camera_broken")
    assert closed.status_code == 201, closed.text
    assert (await cases.now(case_id)).state == "handled"
    passed = await leader.act(case_id, "unit_reviews", verdict="pass")
    assert passed.status_code == 201, passed.text
    assert (await cases.now(case_id)).on_time is True
    ended = await supervisor.act(case_id, "cancellations", reason="重复")
    assert ended.status_code == 201, ended.text
    assert await cases.kinds(case_id) == [
        "signed", "assigned", "accepted", "handled", "unit_passed", "cancelled",
    ]  # fmt: skip


async def test_a_closure_arrives_before_its_photos(cases: Cases) -> None:
    world = cases.world
    case_id = await cases.put("in_progress")
    leader, handler, supervisor = world.as_("leader_of_crew"), world.as_("handler"), world.as_("supervisor")
    shots = [(usage, jpeg(seed), ids.new_id()) for usage, seed in (("before", 1), ("after", 2))]
    named = [{"photo_id": str(name), "sha256": hashlib.sha256(shot).hexdigest()} for _, shot, name in shots]
    closed = await handler.act(case_id, "closures", outcome="fixed", photos=named)
    assert closed.status_code == 201, closed.text
    assert len(closed.json()["receipt"]["photos_missing"]) == 2
    assert (await leader.act(case_id, "unit_reviews", verdict="pass")).json()["code"] == "photos_missing"
    for usage, shot, name in shots:
        await handler.upload(shot, usage=usage, photo_id=name)
    assert (await leader.act(case_id, "unit_reviews", verdict="pass")).status_code == 201
    assert (await supervisor.act(case_id, "reviews", verdict="close")).status_code == 201
    kinds = ["handled", "photo_arrived", "photo_arrived", "unit_passed", "closed"]
    assert await cases.kinds(case_id) == kinds
    shown = await supervisor.case(case_id)
    assert {photo["usage"] for photo in shown["photos"]} == {"before", "after"}
    assert not any(photo["missing"] for photo in shown["photos"])
