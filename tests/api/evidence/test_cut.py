"""Connections that break, and writers that meet."""

from tests.api.evidence.pictures import jpeg
from tests.api.evidence.sending import Sending
from tests.api.evidence.sockets import patching, until_offset
from tests.api.sync.live import on_a_socket
from tests.world import World

HALF = 150_000


def a_large_photo(world: World) -> Sending:
    return Sending(world.as_("handler"), jpeg(size=(1600, 1200), quality=95))


async def test_a_cut_keeps_every_octet(world: World) -> None:
    photo = a_large_photo(world)
    await photo.create()
    async with on_a_socket(world) as port:
        for at, upto in ((0, 1), (1, 70_000), (70_000, HALF)):
            async with patching(port, photo, at) as wire:
                await wire.send(photo.content[at:upto])
                await until_offset(world.settings.data, photo, upto)
                wire.reset()
            assert (await photo.ask()).headers["upload-offset"] == str(upto)
    answer = await photo.go_on(HALF)
    assert answer.headers["etag"] == f'"{photo.said["sha256"]}"'
    assert (await photo.look()).content == photo.content


async def test_a_new_writer_cuts_off_a_silent_one(world: World) -> None:
    photo = a_large_photo(world)
    await photo.create()
    async with on_a_socket(world) as port, patching(port, photo, 0) as dead:
        await dead.send(photo.content[:HALF])
        await until_offset(world.settings.data, photo, HALF)
        assert (await photo.go_on(HALF, photo.content[HALF : HALF + 10])).status_code == 204
        await dead.send(b"\x00" * 5000)
        status, headers = await dead.answer()
        assert status == 409
        assert headers["tus-resumable"] == "1.0.0"
        assert (await photo.ask()).headers["upload-offset"] == str(HALF + 10)
        assert (await photo.go_on(HALF + 10)).headers["etag"]
    assert (await photo.look()).content == photo.content


async def test_asking_where_to_go_on_stops_the_one_before(world: World) -> None:
    """A client that asks and then goes on never meets an offset that has moved meanwhile."""
    photo = a_large_photo(world)
    await photo.create()
    async with on_a_socket(world) as port, patching(port, photo, 0) as dead:
        await dead.send(photo.content[:HALF])
        await until_offset(world.settings.data, photo, HALF)
        assert (await photo.ask()).headers["upload-offset"] == str(HALF)
        await dead.send(photo.content[HALF : HALF + 5000])
        assert (await dead.answer())[0] == 409
        assert (await photo.go_on(HALF)).status_code == 204
    assert (await photo.look()).content == photo.content


async def test_a_wrong_guess_stops_the_one_before(world: World) -> None:
    """Whoever comes with a stale offset learns one that no longer moves."""
    photo = a_large_photo(world)
    await photo.create()
    async with on_a_socket(world) as port, patching(port, photo, 0) as dead:
        await dead.send(photo.content[:HALF])
        await until_offset(world.settings.data, photo, HALF)
        answer = await photo.go_on(10, b"x")
        assert (answer.status_code, answer.headers["upload-offset"]) == (409, str(HALF))
        await dead.send(photo.content[HALF : HALF + 5000])
        assert (await dead.answer())[0] == 409
        assert (await photo.go_on(HALF)).status_code == 204


async def test_the_old_writer_had_the_rest_on_its_way(world: World) -> None:
    photo = a_large_photo(world)
    await photo.create()
    async with on_a_socket(world) as port, patching(port, photo, 0) as old:
        await old.send(photo.content[:HALF])
        await until_offset(world.settings.data, photo, HALF)
        assert (await photo.go_on(HALF)).status_code == 204
        await old.send(photo.content[HALF:])
        status, _ = await old.answer()
        assert status == 409
    assert (await photo.ask()).headers["etag"]
    assert (await photo.look()).content == photo.content


async def test_deleted_under_a_writer(world: World) -> None:
    photo = a_large_photo(world)
    await photo.create()
    async with on_a_socket(world) as port, patching(port, photo, 0) as wire:
        await wire.send(photo.content[:HALF])
        await until_offset(world.settings.data, photo, HALF)
        assert (await photo.delete()).status_code == 204
        await wire.send(photo.content[HALF:])
        status, _ = await wire.answer()
        assert status == 410
    assert (await photo.ask()).status_code == 410
    assert (await photo.whole()).status_code == 201


async def test_gone_at_the_very_end(world: World) -> None:
    """Every octet came, the answer found nobody: the photo is held all the same."""
    photo = a_large_photo(world)
    await photo.create()
    async with on_a_socket(world) as port, patching(port, photo, 0) as wire:
        await wire.send(photo.content)
        await until_offset(world.settings.data, photo, len(photo.content))
        wire.reset()
    assert (await photo.ask()).headers["etag"] == f'"{photo.said["sha256"]}"'


async def test_sent_and_gone_in_one_go(world: World) -> None:
    """What a phone had got out before it went counts, though nobody waited for it."""
    photo = a_large_photo(world)
    await photo.create()
    async with on_a_socket(world) as port:
        async with patching(port, photo, 0) as wire:
            await wire.send(photo.content[:HALF])
        await until_offset(world.settings.data, photo, HALF)
    assert (await photo.go_on(HALF)).headers["etag"]
