"""GET /api/photos/{id}."""

import io

import pytest
from PIL import Image

from moshao.evidence.attaching import CaseFacts, attach
from moshao.kit import ids
from tests.api.evidence.pictures import exif, heic, jpeg, png, webp, with_place_and_time
from tests.api.evidence.sending import Sending
from tests.world import World


def opened(content: bytes) -> Image.Image:
    image = Image.open(io.BytesIO(content))
    image.load()
    return image


async def test_sizes(world: World) -> None:
    photo = Sending(world.as_("handler"), jpeg(size=(1600, 1200)))
    await photo.whole()
    thumb, screen, original = [await photo.look(size) for size in ("thumb", "screen", "original")]
    assert (thumb.headers["content-type"], opened(thumb.content).size) == ("image/webp", (320, 240))
    assert (screen.headers["content-type"], opened(screen.content).size) == ("image/jpeg", (1280, 960))
    assert (original.headers["content-type"], original.content) == ("image/jpeg", photo.content)
    assert (await photo.phone.get(f"/api/photos/{photo.photo_id}")).content == screen.content
    assert (await photo.phone.get(f"/api/photos/{photo.photo_id}?size=huge")).status_code in (400, 422)


async def test_nothing_is_enlarged(world: World) -> None:
    photo = Sending(world.as_("handler"), jpeg(size=(100, 60)))
    await photo.whole()
    for size in ("thumb", "screen"):
        assert opened((await photo.look(size)).content).size == (100, 60)


@pytest.mark.parametrize("make", [jpeg, png, webp, heic])
async def test_every_kind(world: World, make: object) -> None:
    photo = Sending(world.as_("handler"), make())  # type: ignore[operator]
    assert (await photo.whole()).status_code == 201
    assert (await photo.look("original")).headers["content-type"] == f"image/{make.__name__}"  # type: ignore[attr-defined]
    assert opened((await photo.look("screen")).content).format == "JPEG"
    assert opened((await photo.look("thumb")).content).format == "WEBP"


async def test_copies_are_upright_and_say_nothing_of_the_person(world: World) -> None:
    block = with_place_and_time(112.5414, 32.9986, "2026:11:23 10:00:00")
    block[0x0112] = 6
    photo = Sending(world.as_("handler"), jpeg(size=(800, 600), exif=block, comment=b"mine"))
    await photo.whole()
    for size in ("thumb", "screen"):
        copy = opened((await photo.look(size)).content)
        assert copy.height > copy.width
        assert not copy.getexif()
        assert not {"comment", "exif", "icc_profile", "xmp"} & set(copy.info)
    row = await world.db.one("SELECT width, height, exif FROM photos WHERE id = ?", photo.photo_id)
    assert row
    assert (row["width"], row["height"]) == (600, 800)
    assert '"lon":112.5414' in row["exif"]
    assert opened((await photo.look("original")).content).getexif()[0x0112] == 6


async def test_how_it_may_be_kept_and_used(world: World) -> None:
    photo = Sending(world.as_("handler"), jpeg())
    await photo.whole()
    for size in ("thumb", "screen", "stamped", "original"):
        answer = await photo.look(size)
        assert answer.headers["cache-control"] == "private, max-age=31536000, immutable"
        assert answer.headers["x-content-type-options"] == "nosniff"
        assert answer.headers["content-security-policy"].startswith("sandbox")
        etag = answer.headers["etag"]
        same = await photo.look(size, If_None_Match=f'"other", W/{etag}')
        assert (same.status_code, same.content, same.headers["etag"]) == (304, b"", etag)
        assert (await photo.look(size, If_None_Match='"other"')).status_code == 200
    etags = {(await photo.look(size)).headers["etag"] for size in ("thumb", "screen", "stamped", "original")}
    assert len(etags) == 4


async def test_stamped_with_what_is_known(world: World) -> None:
    photo = Sending(world.as_("handler"), jpeg(size=(1600, 1200)), taken_at="2026-11-23T02:00:00Z")
    await photo.whole()
    before = await photo.look("stamped")
    facts = CaseFacts(case_no="宛城〔2026〕00017", unit="东关街道", person="老张", address="建设路与仲景路口")
    named = [(photo.photo_id, photo.said["sha256"])]
    await world.db.write(
        lambda tx: attach(tx, case_id=ids.new_id(), act_id=ids.new_id(), round=1, photos=named, facts=facts)
    )
    plain, stamped = opened((await photo.look("screen")).content), opened(before.content)
    assert stamped.size == plain.size == (1280, 960)
    foot, top = (0, 900, 1280, 960), (0, 0, 1280, 700)
    assert stamped.crop(foot).tobytes() != plain.crop(foot).tobytes()
    darker = [sum(image.convert("L").crop(foot).histogram()[:80]) for image in (stamped, plain)]
    assert darker[0] > darker[1]
    assert abs(sum(stamped.crop(top).convert("L").tobytes()) - sum(plain.crop(top).convert("L").tobytes())) < 1e6


async def test_who_may_see_it(world: World) -> None:
    photo = Sending(world.as_("handler"), jpeg())
    await photo.create(photo.content[:100])
    assert (await photo.look()).status_code == 404
    await photo.go_on(100)
    assert (await photo.look()).status_code == 200
    for who in ("colleague", "stranger", "supervisor", "admin", "neighbour"):
        seen = await world.as_(who).get(f"/api/photos/{photo.photo_id}")
        missing = await world.as_(who).get(f"/api/photos/{ids.new_id()}")
        assert seen.status_code == missing.status_code == 404
        assert seen.json() == missing.json()
    assert (await world.nobody.get(f"/api/photos/{photo.photo_id}")).status_code == 401


async def test_parts_of_an_original(world: World) -> None:
    photo = Sending(world.as_("handler"), jpeg())
    await photo.whole()
    size = len(photo.content)
    for header, start, stop in (("bytes=0-99", 0, 100), ("bytes=100-", 100, size), ("bytes=-50", size - 50, size)):
        answer = await photo.look(Range=header)
        assert (answer.status_code, answer.content) == (206, photo.content[start:stop])
        assert answer.headers["content-range"] == f"bytes {start}-{stop - 1}/{size}"
    for header in (f"bytes={size}-", "bytes=5-2", "bytes=-0", "bytes=-", "lines=1-2", "bytes=0-1,5-6"):
        assert (await photo.look(Range=header)).content == photo.content


async def test_a_copy_asked_for_before_it_is_there(world: World) -> None:
    photos = [Sending(world.as_("handler"), jpeg(seed, (1600, 1200), exif=exif(make="x"))) for seed in range(4)]
    for photo in photos:
        await photo.whole()
    for photo in reversed(photos):
        assert opened((await photo.look("thumb")).content).size == (320, 240)
