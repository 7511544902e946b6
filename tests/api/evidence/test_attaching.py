"""Acts name photos: who sees them then, what contradicts them, and what the case is told."""

import asyncio
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

import pytest

from moshao.catalogue.seeding import seed_catalogue
from moshao.evidence.attaching import CaseFacts, attach
from moshao.evidence.queries import find_photos, marks_of
from moshao.hours.seeding import seed_calendars
from moshao.kit import ids
from moshao.kit.db import Tx
from tests.api.cases.making import Cases
from tests.api.evidence.pictures import encoded, jpeg, scene
from tests.api.evidence.sending import Sending
from tests.phone import rfc3339
from tests.world import World, the_app

HERE = {"lon": "112.5414", "lat": "32.9986", "accuracy_m": "8", "source": "camera"}
BOTH = ((5, "before"), (1, "after"))
SINCE = datetime(2026, 11, 23, 2, 0, tzinfo=UTC)
FACTS = CaseFacts(lon=112.5414, lat=32.9986, since=SINCE)


async def named(
    world: World, photo: Sending, case_id: UUID, *, round: int = 1, facts: CaseFacts = FACTS
) -> dict[UUID, list[str]]:
    pair = (photo.photo_id, photo.said["sha256"])
    return await world.db.write(
        lambda tx: attach(tx, case_id=case_id, act_id=ids.new_id(), round=round, photos=[pair], facts=facts)
    )


async def marks(world: World, case_id: UUID) -> dict[UUID, tuple[str, ...]]:
    async with world.db.reading() as reader:
        return await marks_of(reader, case_id)


def an_after(world: World, seed: int, who: str = "handler", **said: str) -> Sending:
    taken = (SINCE + timedelta(hours=1)).isoformat()
    return Sending(world.as_(who), jpeg(seed), photo_id=None, **{"taken_at": taken} | HERE | said)


async def test_marks_when_the_photo_was_first(world: World) -> None:
    good, far = an_after(world, 1), an_after(world, 2, lat="33.1")
    case_id = ids.new_id()
    for photo in (good, far):
        assert (await photo.whole()).status_code == 201
    assert await named(world, good, case_id) == {good.photo_id: []}
    assert await named(world, far, case_id) == {far.photo_id: ["far"]}
    assert await marks(world, case_id) == {far.photo_id: ("far",)}


async def test_marks_when_the_act_was_first(world: World) -> None:
    photo, case_id = an_after(world, 1, taken_at="2026-11-01T10:00:00Z"), ids.new_id()
    assert await named(world, photo, case_id) == {}
    assert await marks(world, case_id) == {}
    await photo.whole()
    assert await marks(world, case_id) == {photo.photo_id: ("early",)}


async def test_used_again_for_another_case(world: World) -> None:
    first, again, nearly, other = an_after(world, 1), an_after(world, 1), an_after(world, 1), an_after(world, 2)
    nearly.content = encoded(scene(1).resize((640, 480)), "JPEG", quality=60)
    nearly.said["sha256"] = Sending(nearly.phone, nearly.content).said["sha256"]
    cases = [ids.new_id() for _ in range(4)]
    found = []
    for photo, case_id in zip((first, again, nearly, other), cases, strict=True):
        await photo.whole()
        found.append((await named(world, photo, case_id))[photo.photo_id])
    assert found == [[], ["reused"], ["similar"], []]


async def test_two_shots_of_one_round_are_no_reuse(world: World) -> None:
    case_id = ids.new_id()
    one, two = an_after(world, 1), an_after(world, 1)
    for photo in (one, two):
        await photo.whole()
    assert await named(world, one, case_id) == {one.photo_id: ["reused"]}, "the other is nobody's yet"
    assert await named(world, two, case_id) == {two.photo_id: []}
    later = an_after(world, 1)
    await later.whole()
    assert await named(world, later, case_id, round=2) == {later.photo_id: ["reused"]}


async def test_after_is_before(world: World) -> None:
    case_id = ids.new_id()
    before, after = an_after(world, 1, usage="before"), an_after(world, 1)
    for photo in (before, after):
        await photo.whole()
        await named(world, photo, case_id)
    assert (await marks(world, case_id))[after.photo_id] == ("same_as_before",)


async def test_states_of_photos(world: World) -> None:
    held, under_way, refused = an_after(world, 1), an_after(world, 2), Sending(world.as_("handler"), b"no photo")
    await held.whole()
    await under_way.create(under_way.content[:10])
    await refused.whole()
    unknown = ids.new_id()
    async with world.db.reading() as reader:
        found = await find_photos(reader, [held.photo_id, under_way.photo_id, refused.photo_id, unknown])
        assert await find_photos(reader, []) == {}
    states = [(each.state, each.code, each.person_id) for each in found.values()]
    me = world.id_of("handler")
    assert states == [
        ("held", None, me),
        ("missing", None, me),
        ("refused", "not_a_photo", me),
        ("missing", None, None),
    ]
    assert found[held.photo_id].sha256 == held.said["sha256"]
    assert (found[held.photo_id].width, found[held.photo_id].height) == (800, 600)


async def test_other_bytes_are_not_that_photo(world: World) -> None:
    """Naming a stranger's photo by its id opens nothing to whoever sees the case."""
    photo = an_after(world, 1)
    await photo.whole()
    asked: list[UUID] = []

    async def sees(_: Any, __: Any, case_id: UUID) -> bool:
        asked.append(case_id)
        return True

    named_case, honest_case = ids.new_id(), ids.new_id()
    await world.db.write(
        lambda tx: attach(
            tx, case_id=named_case, act_id=ids.new_id(), round=1, photos=[(photo.photo_id, "f" * 64)], facts=FACTS
        )
    )
    stranger = world.as_("stranger")
    the_app().state.evidence.may_see = sees
    assert (await stranger.get(f"/api/photos/{photo.photo_id}")).status_code == 404
    assert asked == []
    await named(world, photo, honest_case)
    assert (await stranger.get(f"/api/photos/{photo.photo_id}")).status_code == 200
    assert asked == [honest_case]
    assert (await world.as_("neighbour").get(f"/api/photos/{photo.photo_id}")).status_code == 404


async def test_the_case_is_told_with_the_photo_or_not_at_all(world: World) -> None:
    told: list[tuple[UUID, str, str | None]] = []

    async def listen(tx: Tx, photo_id: UUID, sha256: str, verdict: str, code: str | None) -> None:
        await tx.one("SELECT 1 AS one")
        told.append((photo_id, verdict, code))
        if code is None and len(told) == 1:
            raise RuntimeError("the case could not take it")

    the_app().state.evidence.on_photo = listen
    good, bad = an_after(world, 1), Sending(world.as_("handler"), b"no photo")
    assert (await good.whole()).status_code == 500
    row = await world.db.one("SELECT state FROM photos WHERE id = ?", good.photo_id)
    assert row == {"state": "receiving"}
    assert (await good.ask()).headers["etag"], "asked again, it is completed"
    await bad.whole()
    assert told[1:] == [(good.photo_id, "held", None), (bad.photo_id, "refused", "not_a_photo")]


@pytest.fixture
async def cases(world: World) -> Cases:
    await world.db.write(seed_calendars)
    await world.db.write(seed_catalogue)
    return Cases(world)


@pytest.mark.parametrize("photo_first", [True, False])
async def test_a_closure_and_its_photo(cases: Cases, photo_first: bool) -> None:
    """The whole way: whoever sees the case sees the photo, others never do."""
    world = cases.world
    case_id = await cases.put("in_progress")
    handler, supervisor = world.as_("handler"), world.as_("supervisor")
    photos = [an_after(world, seed, usage=usage, taken_at=rfc3339(handler.now())) for seed, usage in BOTH]
    ids_of_both = sorted(str(photo.photo_id) for photo in photos)
    if photo_first:
        for photo in photos:
            await photo.whole()
    closed = await handler.act(case_id, "closures", outcome="fixed", photos=[reference(photo) for photo in photos])
    assert closed.status_code == 201, closed.text
    receipt = closed.json()["receipt"]
    assert sorted(receipt["photos"] if photo_first else receipt["photos_missing"]) == ids_of_both
    shown = (await supervisor.case(case_id))["photos"]
    assert [each["missing"] for each in shown] == [not photo_first] * 2
    if not photo_first:
        for photo in photos:
            await photo.whole()
    shown = (await supervisor.case(case_id))["photos"]
    assert sorted(each["id"] for each in shown) == ids_of_both
    assert [(each["missing"], each["marks"]) for each in shown] == [(False, [])] * 2
    path = f"/api/photos/{photos[0].photo_id}?size=thumb"
    for who in ("handler", "supervisor", "leader_of_crew"):
        assert (await world.as_(who).get(path)).status_code == 200
    for who in ("stranger", "neighbour", "admin"):
        assert (await world.as_(who).get(path)).status_code == 404
    assert (await photos[0].delete()).status_code == 403


async def test_act_and_photo_at_one_moment(cases: Cases) -> None:
    """Whichever is a moment earlier, neither overlooks the other."""
    world, handler = cases.world, cases.world.as_("handler")
    for seed in range(25):
        case_id = await cases.put("in_progress")
        before, after = [
            an_after(world, 2 * seed + n, usage=usage, taken_at=rfc3339(handler.now()))
            for n, usage in enumerate(("before", "after"))
        ]
        await before.whole()
        await after.create(after.content[:-1])
        closing = handler.act(
            case_id, "closures", outcome="fixed", photos=[reference(photo) for photo in (before, after)]
        )
        act, last = await asyncio.gather(closing, after.go_on(len(after.content) - 1))
        assert (act.status_code, last.status_code) == (201, 204), act.text
        shown = (await handler.case(case_id))["photos"]
        assert [each["missing"] for each in shown] == [False, False]


def reference(photo: Sending) -> dict[str, str]:
    return {"photo_id": str(photo.photo_id), "sha256": photo.said["sha256"]}
