"""/api/cases.geojson: sound GeoJSON of exactly the cases that somebody sees, in the box, state and time he asks for."""

import random
from datetime import timedelta
from typing import Any
from uuid import UUID

import geojson
import pytest
from hypothesis import given
from hypothesis import strategies as st

from moshao.kit import clock
from moshao.kit.errors import Refused
from moshao.places.box import read_box
from moshao.review import mapping
from tests.api.cases.making import PLACE, Cases
from tests.api.cases.taking import actor_of
from tests.world import World

EDGES = {"here": PLACE, "west": (-179.9, -16.5), "east": (179.9, -17.0), "pole": (0.0, 90.0), "zero": (0.0, 0.0)}


def is_sound(collection: dict[str, Any]) -> None:
    """As RFC 7946 demands, judged by the library and, where it is lenient, here."""
    read = geojson.loads(geojson.dumps(collection))
    assert isinstance(read, geojson.FeatureCollection)
    assert read.is_valid, read.errors()
    assert set(collection) == {"type", "features"}, "no crs: WGS-84 is the only one"
    ids = [feature["id"] for feature in collection["features"]]
    assert len(set(ids)) == len(ids)
    for feature in collection["features"]:
        assert set(feature) == {"type", "id", "geometry", "properties"}
        assert feature["type"] == "Feature"
        if feature["geometry"] is not None:
            lon, lat = feature["geometry"]["coordinates"]
            assert feature["geometry"]["type"] == "Point"
            assert -180 <= lon <= 180
            assert -90 <= lat <= 90
            assert (lon, lat) == (round(lon, 6), round(lat, 6)), "to 0.1 m, and no further"


async def mapped(world: World, who: str, **asked: str) -> dict[UUID, dict[str, Any]]:
    answer = await world.as_(who).client.get("/api/cases.geojson", params=asked)
    assert answer.status_code == 200, answer.text
    assert answer.headers["content-type"].partition(";")[0] == "application/geo+json"
    assert answer.headers["cache-control"] == "private, no-store"
    is_sound(answer.json())
    return {UUID(feature["id"]): feature for feature in answer.json()["features"]}


async def test_a_case_says_what_a_map_needs_and_not_who_reported_it(world: World, cases: Cases) -> None:
    told: dict[str, Any] = {"reporter_name": "张三", "reporter_phone": "13800000000", "description": "张三说门口有垃圾"}
    case_id = await cases.put("in_progress", lon=112.54141234567, lat=32.9, title="暴露垃圾", flags=("urged",), **told)
    nowhere = await cases.put("dispatched", lon=None, lat=None)
    found = await mapped(world, "supervisor")
    assert found.keys() == {case_id, nowhere}
    assert found[nowhere]["geometry"] is None
    assert found[case_id]["geometry"] == {"type": "Point", "coordinates": [112.541412, 32.9]}
    said = found[case_id]["properties"]
    assert (said["title"], said["state"], said["unit"], said["flags"]) == (
        "暴露垃圾",
        "in_progress",
        "东关街道",
        "urged",
    )
    assert said["deadline"].endswith("+00:00")
    assert not any(word in str(found) for word in told.values())


@pytest.mark.parametrize(
    ("who", "sees"),
    [
        ("supervisor", ["both"]), ("leader", ["both"]), ("operator", ["street"]), ("leader_of_crew", ["street"]),
        ("other_operator", ["other"]), ("neighbour", []),
    ],
)  # fmt: skip
async def test_everybody_gets_what_he_sees(world: World, cases: Cases, who: str, sees: list[str]) -> None:
    street = await cases.put("dispatched")
    other = await cases.put("dispatched", unit_id=world.cast.units["other_street"])
    named = {"both": [street, other], "street": [street], "other": [other]}
    expected = {case_id for word in sees for case_id in named[word]}
    assert (await mapped(world, who)).keys() == expected
    assert (await mapped(world, who, bbox="112,32,113,33", state="dispatched,closed")).keys() == expected


async def test_who_moves_away_while_it_is_read_is_not_shown(
    world: World, cases: Cases, monkeypatch: pytest.MonkeyPatch
) -> None:
    kept, moved = [await cases.put("dispatched") for _ in range(2)]
    async with world.db.reading() as reader:
        found = await mapping.find_cases(reader, await actor_of(world.db, world.cast, "operator"), mapping.Wanted())
    assert found == [kept, moved]
    await cases.change(moved, unit_id=world.cast.units["other_street"])
    pieces = [
        piece async for piece in mapping.collection(world.db, await actor_of(world.db, world.cast, "operator"), found)
    ]
    read = geojson.loads(b"".join(pieces).decode())
    assert [feature["id"] for feature in read["features"]] == [str(kept)]


async def test_open_ones_those_of_a_state_and_those_that_changed(world: World, cases: Cases) -> None:
    open_one, closed, changed = await cases.put(), await cases.put("closed"), await cases.put("closed")
    since = (clock.now() + timedelta(hours=1)).isoformat()
    assert await mapped(world, "supervisor", since=since) == {}
    with clock.moved(timedelta(hours=2)):
        await cases.change(changed, flags=" repeat ")
        fresh = await cases.put("in_progress")
        assert (await mapped(world, "supervisor")).keys() == {open_one, fresh}
        assert (await mapped(world, "supervisor", state="closed")).keys() == {closed, changed}
        assert (await mapped(world, "supervisor", since=since)).keys() == {changed, fresh}
        assert (await mapped(world, "supervisor", since=since, state="closed")).keys() == {changed}
        assert (await mapped(world, "operator", since=since)).keys() == {changed, fresh}
        whole = (clock.now() - timedelta(days=1)).isoformat()
        assert len(await mapped(world, "supervisor", since=whole)) == 4


async def test_any_box_holds_what_lies_in_it(world: World, cases: Cases, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(mapping, "PIECE", 7)
    chance = random.Random(7946)
    places = [*EDGES.values(), *((chance.uniform(112.4, 112.7), chance.uniform(32.9, 33.1)) for _ in range(25))]
    put = {await cases.put("dispatched", lon=lon, lat=lat): (lon, lat) for lon, lat in places}
    await cases.put("dispatched", lon=None, lat=None)
    for _ in range(60):
        west, east = (chance.choice((chance.choice(places)[0], chance.uniform(112.4, 112.7))) for _ in range(2))
        south, north = sorted(chance.choice((chance.choice(places)[1], chance.uniform(32.9, 33.1))) for _ in range(2))
        expected = {
            case_id
            for case_id, (lon, lat) in put.items()
            if south <= lat <= north and (west <= lon <= east if west <= east else lon >= west or lon <= east)
        }
        box = f"{west!r},{south!r},{east!r},{north!r}"
        assert (await mapped(world, "supervisor", bbox=box)).keys() == expected, box
    assert len(await mapped(world, "supervisor", bbox="-180,-90,180,90")) == len(places)
    across = await mapped(world, "supervisor", bbox="179,-20,-179,-10")
    assert across.keys() == {case_id for case_id, place in put.items() if place in (EDGES["west"], EDGES["east"])}


@pytest.mark.parametrize(
    "bbox",
    ["1,2,3", "1,2,3,4,5", "a,b,c,d", "112,33,113,32", "181,0,182,1", "0,-91,1,0", "nan,0,1,1", "0,nan,1,1",
     "0,0,inf,1", ",,,", "112;32;113;33"],
)  # fmt: skip
async def test_a_box_that_is_none_is_refused(world: World, bbox: str) -> None:
    answer = await world.as_("supervisor").client.get("/api/cases.geojson", params={"bbox": bbox})
    assert (answer.status_code, answer.json()["code"]) == (422, "bad_bbox")


@pytest.mark.parametrize("asked", [{"state": "nonsense"}, {"since": "2026-11-16T08:00:00"}, {"since": "gestern"}])
async def test_nonsense_is_named(world: World, asked: dict[str, str]) -> None:
    answer = await world.as_("supervisor").client.get("/api/cases.geojson", params=asked)
    assert answer.status_code in (400, 422), answer.text
    assert [error["field"] for error in answer.json()["errors"]] == list(asked)


async def test_more_than_anybody_draws_is_refused(world: World, cases: Cases, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(mapping, "CASES_MOST", 1)
    await cases.put("dispatched")
    assert len(await mapped(world, "supervisor")) == 1
    await cases.put("dispatched")
    answer = await world.as_("supervisor").client.get("/api/cases.geojson")
    assert (answer.status_code, answer.json()["code"]) == (422, "too_many_cases")


async def test_no_case_at_all_is_an_empty_collection(world: World) -> None:
    assert await mapped(world, "supervisor") == {}


@given(st.lists(st.floats(), min_size=0, max_size=7), st.sampled_from([",", ", ", ";"]))
def test_whatever_stands_there_is_a_box_or_refused(numbers: list[float], between: str) -> None:
    try:
        box = read_box(between.join(map(repr, numbers)))
    except Refused as refused:
        assert refused.kind.code == "bad_bbox"  # noqa: PT017 - either is right
        return
    assert len(numbers) in (4, 6)
    assert box.south <= box.north
    assert all(abs(lon) <= 180 for lon in (box.west, box.east))
