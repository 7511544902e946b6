"""Photos that come with a case: inside the event, or by an address of a host that was agreed on."""

import base64
import hashlib
from collections.abc import AsyncIterator
from datetime import timedelta
from typing import Any

import pytest

from moshao.kit import clock
from moshao.kit.db import Row
from moshao.kit.outgoing import Unreachable, is_public, open_outgoing
from moshao.upstream import fetching, inline
from moshao.upstream.making import change_settings
from moshao.upstream.settings import UpstreamSettings
from tests.api.evidence.pictures import jpeg, png
from tests.api.upstream.conftest import Opened
from tests.api.upstream.ear import Ear, listening, working
from tests.api.upstream.platform import Platform
from tests.world import the_app

HOST = "photos.city.example"


@pytest.fixture
async def ear() -> AsyncIterator[Ear]:
    async with listening() as made:
        yield made


async def photos_of(city: Platform, case: Row) -> list[Row]:
    return await city.world.db.all(
        "SELECT photo_id, sha256, usage, state, code FROM case_photos WHERE case_id = ? ORDER BY added_at, id",
        case["id"],
    )


async def shown(city: Platform, case: Row) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = (await city.world.as_("supervisor").case(case["id"]))["photos"]
    return found


def encoded(content: bytes) -> str:
    return base64.b64encode(content).decode()


async def fetched(city: Platform, ear: Ear) -> int:
    async with working(city, [(HOST, f"127.0.0.1:{ear.port}")]) as worker:
        return await worker.fetch()


# inside the event


async def test_inside_the_event(city: Platform) -> None:
    content = jpeg(1)
    photos = [{"content_base64": encoded(content), "usage": "near", "sha256": hashlib.sha256(content).hexdigest()}]
    (result,) = await city.send(city.new_case(photos=photos))
    assert result["warnings"] == []
    case = await city.row(result["case_id"])
    assert encoded(content) not in case["verbatim"]
    async with working(city) as worker:
        assert await worker.fetch() == 1
    (photo,) = await shown(city, case)
    assert (photo["usage"], photo["missing"]) == ("near", False)
    original = await city.world.as_("handler").get(f"/api/photos/{photo['id']}?size=original")
    assert original.content == content
    blobs = the_app().state.blobs
    assert [key async for key in blobs.keys("upstream/")] == []


async def test_the_same_bytes_in_two_cases(city: Platform) -> None:
    photos = [{"content_base64": encoded(jpeg(1))}]
    first = await city.dispatched(photos=photos)
    async with working(city) as worker:
        await worker.fetch()
        second = await city.dispatched(photos=photos)
        third = await city.dispatched(photos=photos)
        await worker.fetch()
    for case in (first, second, third):
        assert [photo["missing"] for photo in await shown(city, case)] == [False]


@pytest.mark.parametrize(
    ("photo", "code"),
    [
        ({"content_base64": "%%% no base64 %%%"}, "no_photo"),
        ({"content_base64": encoded(b"GIF89a, not a photo")}, "no_photo"),
        ({"content_base64": encoded(jpeg(1)), "sha256": "0" * 64}, "bytes_differ"),
    ],
)
async def test_seen_at_once_to_be_no_photo(city: Platform, photo: dict[str, Any], code: str) -> None:
    (result,) = await city.send(city.new_case(photos=[photo, {"content_base64": encoded(png(2))}]))
    assert result["warnings"] == ["bad_photo"]
    case = await city.row(result["case_id"])
    assert case["state"] == "assigned"
    bad, good = await photos_of(city, case)
    assert (bad["state"], bad["code"], good["state"]) == ("refused", code, "missing")
    kept = [key async for key in the_app().state.blobs.keys("upstream/")]
    assert len(kept) == 2


async def test_found_to_be_no_photo_later(city: Platform) -> None:
    case = await city.dispatched(photos=[{"content_base64": encoded(jpeg(1)[:200])}])
    async with working(city) as worker:
        await worker.fetch()
        assert await worker.fetch() == 0
    (photo,) = await photos_of(city, case)
    assert (photo["state"], photo["usage"]) == ("refused", "before")
    assert "bad_photo" in (await city.row(case["id"]))["flags"]


async def test_an_amendment_brings_only_what_is_new(city: Platform) -> None:
    photos = [{"content_base64": encoded(jpeg(1))}]
    case = await city.dispatched(photos=photos)
    await city.told("amended", case, photos=[*photos, {"content_base64": encoded(jpeg(2))}])
    assert len(await photos_of(city, case)) == 2


async def test_decoding_needs_no_more_than_the_text(city: Platform) -> None:
    assert not inline.is_likely_photo(b"\xff\xd8\xff" + bytes(inline.OCTETS_MOST))
    assert inline.is_likely_photo(b"\0\0\0\x18ftypheic")


# by their address


async def test_fetched_from_the_agreed_host(city_of: Opened, ear: Ear) -> None:
    async with city_of(photo_hosts=(HOST,)) as city:
        ear.files = {"/files/1.jpg": (200, jpeg(1))}
        case = await city.dispatched(
            photos=[{"url": "https://elsewhere.example/1.jpg"}, {"url": f"http://{HOST}/files/1.jpg"}]
        )
        assert await fetched(city, ear) == 1
        foreign, photo = await photos_of(city, case)
        assert (foreign["code"], photo["state"]) == ("host_not_allowed", "held")
        assert ear.asked == ["/files/1.jpg"]
        original = await city.world.as_("handler").get(f"/api/photos/{photo['photo_id']}?size=original")
        assert original.content == jpeg(1)


async def test_not_there_yet(city_of: Opened, ear: Ear) -> None:
    async with city_of(photo_hosts=(HOST,)) as city:
        case = await city.dispatched(photos=[{"url": f"http://{HOST}/files/1.jpg"}])
        await fetched(city, ear)
        assert await fetched(city, ear) == 0
        ear.files = {"/files/1.jpg": (200, jpeg(1))}
        with clock.moved(timedelta(minutes=1)):
            await fetched(city, ear)
        assert [photo["state"] for photo in await photos_of(city, case)] == ["held"]


@pytest.mark.parametrize(
    ("answer", "members", "code"),
    [
        ((302, b""), {}, "not_fetched"),
        ((200, b"<html>login</html>"), {}, "not_a_photo"),
        ((200, jpeg(1)), {"sha256": "0" * 64}, "photo_damaged"),
        ((200, jpeg(1) + bytes(2_000)), {}, "not_fetched"),
    ],
)
async def test_what_was_fetched_in_vain(
    city_of: Opened,
    ear: Ear,
    monkeypatch: pytest.MonkeyPatch,
    answer: tuple[int, bytes],
    members: dict[str, str],
    code: str,
) -> None:
    monkeypatch.setattr(fetching, "OCTETS_MOST", len(jpeg(1)))
    async with city_of(photo_hosts=(HOST,)) as city:
        ear.files = {"/files/1.jpg": answer, "/files/elsewhere": (200, jpeg(1))}
        case = await city.dispatched(photos=[{"url": f"http://{HOST}/files/1.jpg", **members}])
        for hours in range(fetching.PATIENCE.tries):
            with clock.moved(timedelta(hours=2 * hours)):
                await fetched(city, ear)
        (photo,) = await photos_of(city, case)
        assert (photo["state"], photo["code"]) == ("refused", code)
        assert "bad_photo" in (await city.row(case["id"]))["flags"]
        assert set(ear.asked) == {"/files/1.jpg"}
        assert await city.world.db.value("SELECT count(*) FROM jobs") == 0


async def test_a_host_that_was_dropped_meanwhile(city_of: Opened, ear: Ear) -> None:
    async with city_of(photo_hosts=(HOST,)) as city:
        case = await city.dispatched(photos=[{"url": f"http://{HOST}/files/1.jpg"}])
        await city.world.db.write(lambda tx: change_settings(tx, "city", UpstreamSettings()))
        await fetched(city, ear)
        assert [photo["code"] for photo in await photos_of(city, case)] == ["host_not_allowed"]
        assert ear.asked == []


@pytest.mark.parametrize("host", ["localhost", "2130706433"])
async def test_a_name_never_leads_into_our_own_network(city_of: Opened, ear: Ear, host: str) -> None:
    async with city_of(photo_hosts=(host,)) as city:
        ear.files = {"/files/1.jpg": (200, jpeg(1))}
        await city.dispatched(photos=[{"url": f"http://{host}:{ear.port}/files/1.jpg"}])
        await fetched(city, ear)
        assert ear.asked == []


async def test_an_address_that_was_agreed_on_as_such(city_of: Opened, ear: Ear) -> None:
    async with city_of(photo_hosts=("127.0.0.1",)) as city:
        ear.files = {"/files/1.jpg": (200, jpeg(1))}
        await city.dispatched(photos=[{"url": f"http://127.0.0.1:{ear.port}/files/1.jpg"}])
        await fetched(city, ear)
        assert ear.asked == ["/files/1.jpg"]


async def test_a_literal_is_no_public_address(ear: Ear) -> None:
    async with open_outgoing([]) as outgoing:
        for host in (f"127.0.0.1:{ear.port}", "[::1]", "169.254.169.254", "[::ffff:127.0.0.1]"):
            with pytest.raises(Unreachable, match="no public address"):
                await outgoing.get(f"http://{host}/", seconds=1, most=10, public_only=True)
    assert ear.asked == []


@pytest.mark.parametrize(
    ("address", "public"),
    [
        ("8.8.8.8", True), ("2606:4700::1111", True), ("10.0.0.1", False), ("192.168.1.1", False), ("127.0.0.1", False),
        ("169.254.169.254", False), ("100.64.0.1", False), ("0.0.0.0", False), ("224.0.0.1", False), ("::1", False),
        ("fe80::1%eth0", False), ("::ffff:10.0.0.1", False), ("2002:7f00:1::", False), ("name", False),
    ],
)  # fmt: skip
def test_public_addresses(address: str, public: bool) -> None:
    assert is_public(address) is public
