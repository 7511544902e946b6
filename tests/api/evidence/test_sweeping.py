"""What nobody needs any more goes, and nothing else."""

from datetime import timedelta
from pathlib import Path
from uuid import UUID

import pytest

from moshao.evidence.refusals import NOT_ACCEPTABLE, photo_damaged
from moshao.evidence.sweeping import sweep
from moshao.evidence.taking_in import take_in
from moshao.kit import clock, errors, ids
from tests.api.evidence.pictures import jpeg
from tests.api.evidence.sending import Sending, sha256
from tests.world import World, the_app


def store(world: World) -> Path:
    return world.settings.data / "blobs"


async def swept(days: int) -> int:
    with clock.moved(timedelta(days=days)):
        return await sweep(the_app().state.evidence)


async def state(world: World, photo_id: UUID) -> object:
    return await world.db.value("SELECT state FROM photos WHERE id = ?", photo_id)


async def test_uploads_nobody_finished(world: World) -> None:
    left, done = Sending(world.as_("handler"), jpeg(1)), Sending(world.as_("handler"), jpeg(2))
    await left.create(left.content[:100])
    await done.whole()
    assert await swept(29) == 0
    assert (await left.ask()).headers["upload-offset"] == "100"
    assert await swept(31) == 1
    assert await state(world, left.photo_id) == "expired"
    assert not list((store(world) / "drafts").iterdir())
    assert (await left.ask()).status_code == 410
    assert (await done.look()).content == done.content
    assert await swept(31) == 0


async def test_quarantine_is_kept_for_90_days(world: World) -> None:
    bad = Sending(world.as_("handler"), b"no photo")
    await bad.whole()
    assert await swept(89) == 0
    assert (store(world) / "quarantine" / str(bad.photo_id)).read_bytes() == bad.content
    assert await swept(91) == 1
    assert not list((store(world) / "quarantine").iterdir())
    assert (await bad.whole()).json()["code"] == "not_a_photo", "what was said stays said"


async def test_a_server_died_while_deleting(world: World) -> None:
    gone, other = Sending(world.as_("handler"), jpeg(1)), Sending(world.as_("handler"), jpeg(2))
    for photo in (gone, other):
        await photo.whole()
    ended = "UPDATE photos SET state = 'ended', ended_at = ? WHERE id = ?"
    await world.db.write(lambda tx: tx.run(ended, clock.now(), gone.photo_id))
    assert await swept(0) == 1
    names = [path.name for path in (store(world) / "originals").rglob("*") if path.is_file()]
    assert names == [other.said["sha256"]]


async def test_drafts_of_nobody(world: World) -> None:
    photo = Sending(world.as_("handler"), jpeg())
    await photo.whole()
    (store(world) / "drafts" / str(photo.photo_id)).write_bytes(photo.content)
    (store(world) / "drafts" / str(ids.new_id())).write_bytes(b"x")
    assert await swept(0) == 1
    assert await swept(1) == 1
    assert (await photo.look()).content == photo.content


async def test_photos_of_an_upstream(world: World) -> None:
    evidence, content, photo_id = the_app().state.evidence, jpeg(3), ids.new_id()
    district = world.cast.district_id

    async def take(photo_id: UUID, content: bytes, digest: str | None = None) -> str:
        return await take_in(
            evidence, photo_id=photo_id, district_id=district, usage="before", content=content, sha256=digest
        )

    for _ in range(2):
        assert await take(photo_id, content, sha256(content)) == sha256(content)
    assert await state(world, photo_id) == "held"
    with pytest.raises(errors.Refused) as refused:
        await take(photo_id, jpeg(4))
    assert refused.value.kind is photo_damaged
    with pytest.raises(errors.Refused) as refused:
        await take(ids.new_id(), content, "0" * 64)
    assert refused.value.kind is photo_damaged
    with pytest.raises(errors.Refused) as refused:
        await take(ids.new_id(), b"<html>")
    assert refused.value.kind is NOT_ACCEPTABLE["not_a_photo"]
