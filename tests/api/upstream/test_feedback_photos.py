"""Photos that go along with what upstream is told: by link, or byte for byte."""

import base64
import hashlib
from datetime import timedelta

from moshao.kit import clock, ids
from tests.api.evidence.pictures import jpeg
from tests.api.upstream.ear import Ear, a_day, agree, working
from tests.api.upstream.platform import Platform


async def test_links_open_the_photos_of_its_own_cases_for_a_week(city: Platform, ear: Ear) -> None:
    await agree(city, ear)
    await a_day(city)
    async with working(city) as worker:
        await worker.tell()
    (photo,) = ear.heard[3][1]["data"]["photos"]
    assert (photo["usage"], photo["sha256"]) == ("after", photo["sha256"].lower())
    url = photo["url"]
    shown = await city.world.nobody.get(url)
    assert (shown.status_code, shown.headers["content-type"], shown.content) == (200, "image/jpeg", jpeg(1))
    token = url.rpartition("/")[2]
    forged = token[:-6] + ("AAAAA=" if token.endswith("=") else "AAAAAA")
    for wrong in (forged, token[:20], "x", f"{token[:10]}é"):
        assert (await city.world.nobody.get(f"/api/feedback_photos/{wrong}")).status_code == 404
    with clock.moved(timedelta(days=8)):
        assert (await city.world.nobody.get(url)).status_code == 404


async def test_bytes_go_along_once_they_are_here(city: Platform, ear: Ear) -> None:
    await agree(city, ear, media="inline_base64")
    case, phone = await city.dispatched(), city.world.as_("handler")
    photo_id = ids.new_id()
    content = jpeg(2)
    photo = {"photo_id": str(photo_id), "sha256": hashlib.sha256(content).hexdigest()}
    closed = await phone.act(case["id"], "closures", outcome="fixed", photos=[photo], no_photo_reason="ok")
    assert closed.status_code == 201
    async with working(city) as worker:
        await worker.tell()
        assert "handled" not in ear.types
        await phone.upload(content, photo_id=photo_id)
        with clock.moved(timedelta(minutes=1)):
            await worker.tell()
    (sent,) = ear.heard[-1][1]["data"]["photos"]
    assert ear.types[-1] == "handled"
    assert base64.b64decode(sent["content_base64"]) == content


async def test_photos_are_put_where_upstream_wants_them(city: Platform, ear: Ear) -> None:
    await agree(city, ear, media="upload", upload_url=f"http://127.0.0.1:{ear.port}/photos/")
    await a_day(city)
    ear.takes = 503
    async with working(city) as worker:
        await worker.tell()
        assert "handled" not in ear.types
        ear.takes = 201
        with clock.moved(timedelta(minutes=1)):
            await worker.tell()
    (photo,) = ear.heard[ear.types.index("handled")][1]["data"]["photos"]
    assert photo["url"] == f"http://127.0.0.1:{ear.port}/photos/{photo['id']}"
    assert set(ear.put) == {(f"/photos/{photo['id']}", "image/jpeg", jpeg(1))}


async def test_a_photo_that_never_comes_holds_up_nothing_for_ever(city: Platform, ear: Ear) -> None:
    await agree(city, ear, media="inline_base64")
    case = await city.dispatched()
    photo = {"photo_id": str(ids.new_id()), "sha256": "a" * 64}
    await city.world.as_("handler").act(case["id"], "closures", outcome="fixed", photos=[photo], no_photo_reason="ok")
    async with working(city) as worker:
        await worker.tell()
        with clock.moved(timedelta(days=1, minutes=1)):
            await worker.tell()
    assert ear.types[-1] == "handled"
    assert ear.heard[-1][1]["data"]["photos"] == [{"id": photo["photo_id"], "sha256": "a" * 64, "usage": "after"}]
