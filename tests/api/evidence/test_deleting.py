"""DELETE /api/uploads/{id}."""

from pathlib import Path

from moshao.evidence.attaching import CaseFacts, attach
from moshao.kit import ids
from tests.api.evidence.pictures import jpeg
from tests.api.evidence.sending import Sending
from tests.world import World


def files_in(world: World, *folders: str) -> list[Path]:
    root = world.settings.data / "blobs"
    return [path for folder in folders for path in (root / folder).rglob("*") if path.is_file()]


async def test_under_way(world: World) -> None:
    photo = Sending(world.as_("handler"), jpeg())
    await photo.create(photo.content[:100])
    assert (await photo.delete()).status_code == 204
    assert (await photo.ask()).status_code == 410
    assert (await photo.delete()).status_code == 410
    assert files_in(world, "drafts") == []
    assert (await photo.whole()).status_code == 201, "the same photo may come again"


async def test_finished_but_named_by_no_act(world: World) -> None:
    photo = Sending(world.as_("handler"), jpeg())
    await photo.whole()
    await photo.look("thumb")
    assert files_in(world, "originals", "copies")
    assert (await photo.delete()).status_code == 204
    assert (await photo.look()).status_code == 404
    assert files_in(world, "originals", "copies", "drafts", "trash") == []


async def test_what_an_act_names_stays(world: World) -> None:
    photo = Sending(world.as_("handler"), jpeg())
    case_id, act_id = ids.new_id(), ids.new_id()
    named = [(photo.photo_id, photo.said["sha256"])]
    await world.db.write(
        lambda tx: attach(tx, case_id=case_id, act_id=act_id, round=1, photos=named, facts=CaseFacts())
    )
    await photo.create(photo.content[:100])
    answer = await photo.delete()
    assert (answer.status_code, answer.json()["code"]) == (403, "photo_in_use")
    await photo.go_on(100)
    assert (await photo.delete()).status_code == 403
    assert (await photo.look()).content == photo.content


async def test_equal_bytes_of_another_photo_stay(world: World) -> None:
    mine, theirs = Sending(world.as_("handler"), jpeg()), Sending(world.as_("stranger"), jpeg())
    await mine.whole()
    await theirs.whole()
    assert (await mine.delete()).status_code == 204
    assert (await theirs.look()).content == theirs.content
    assert (await theirs.delete()).status_code == 204
    assert files_in(world, "originals") == []
