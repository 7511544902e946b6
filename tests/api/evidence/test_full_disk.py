"""A disk that is full, and one that breaks: said clearly, nothing acknowledged that is not there, all well after."""

import errno
from types import SimpleNamespace
from unittest import mock

import pytest

from tests.api.evidence.faults import faulty
from tests.api.evidence.pictures import jpeg
from tests.api.evidence.sending import Sending
from tests.world import World


async def test_full_in_the_middle_then_space_again(world: World) -> None:
    photo = Sending(world.as_("handler"), jpeg())
    with faulty(world.settings.data / "blobs") as disk:
        disk.room = 10_000
        answer = await photo.whole()
        assert (answer.status_code, answer.json()["code"], answer.json()["retry"]) == (507, "storage_full", True)
        assert (await photo.ask()).headers["upload-offset"] == "10000"
        assert (await photo.go_on(10_000)).status_code == 507
        me = await world.as_("handler").get("/api/me")
        assert me.status_code == 200
    assert (await photo.go_on(10_000)).headers["etag"]
    assert (await photo.look()).content == photo.content


@pytest.mark.parametrize("name", ["fsync", "link"])
async def test_full_when_it_is_to_be_kept(world: World, name: str) -> None:
    photo = Sending(world.as_("handler"), jpeg())
    with faulty(world.settings.data / "blobs") as disk:
        disk.broken[name] = errno.ENOSPC
        assert (await photo.whole()).status_code == 507
        assert (await photo.look()).status_code == 404
    at = int((await photo.ask()).headers["upload-offset"])
    assert at == (0 if name == "fsync" else len(photo.content)), "what an fsync refused is not to be trusted"
    if at == 0:
        assert (await photo.go_on(0)).status_code == 204
    assert (await photo.look()).content == photo.content


async def test_photos_stop_before_the_database_has_no_room(world: World) -> None:
    photo = Sending(world.as_("handler"), jpeg())
    await photo.create(photo.content[:1000])
    nearly_full = SimpleNamespace(f_bavail=60_000, f_blocks=100_000_000, f_frsize=4096)
    with mock.patch("os.statvfs", return_value=nearly_full):
        assert (await photo.go_on(1000)).json()["code"] == "storage_full"
        other = Sending(world.as_("handler"), jpeg(2))
        assert (await other.whole()).status_code == 507
    assert (await photo.go_on(1000)).status_code == 204


async def test_photos_are_shown_from_a_full_disk(world: World) -> None:
    photo = Sending(world.as_("handler"), jpeg())
    await photo.whole()
    full = SimpleNamespace(f_bavail=0, f_blocks=100_000_000, f_frsize=4096)
    with mock.patch("os.statvfs", return_value=full):
        assert (await photo.look("stamped")).status_code == 200
        assert (await photo.look("thumb")).status_code == 200


async def test_a_failed_fsync_ends_the_writing(world: World) -> None:
    held = Sending(world.as_("handler"), jpeg(1))
    await held.whole()
    photo = Sending(world.as_("handler"), jpeg(2))
    with faulty(world.settings.data / "blobs") as disk:
        disk.broken["fsync"] = errno.EIO
        answer = await photo.whole()
        assert (answer.status_code, answer.json()["code"]) == (503, "storage_failed")
    assert (await photo.whole()).headers.get("etag") is None
    assert (await photo.go_on(0)).json()["code"] == "storage_failed", "asked again, a disk that lost data says fine"
    assert (await world.nobody.get("/readyz")).status_code == 503
    assert (await held.look()).content == held.content


async def test_no_hard_links(world: World) -> None:
    photo = Sending(world.as_("handler"), jpeg())
    with faulty(world.settings.data / "blobs") as disk:
        disk.broken["link"] = errno.EPERM
        assert (await photo.whole()).status_code == 201
    assert (await photo.look()).content == photo.content
