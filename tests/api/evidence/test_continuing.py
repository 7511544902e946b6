"""PATCH and HEAD of /api/uploads/{id}."""

from collections.abc import AsyncIterator
from datetime import timedelta

import pytest

from moshao.kit import clock, ids
from tests.api.evidence.pictures import jpeg
from tests.api.evidence.sending import Sending, checksum
from tests.world import World


async def test_in_three_parts(world: World) -> None:
    photo = Sending(world.as_("handler"), jpeg())
    await photo.create()
    first = await photo.go_on(0, photo.content[:4000])
    assert (first.status_code, first.headers["upload-offset"]) == (204, "4000")
    assert "etag" not in first.headers
    assert first.headers["upload-expires"]
    second = await photo.go_on(4000, photo.content[4000:9000])
    assert second.headers["upload-offset"] == "9000"
    last = await photo.go_on(9000)
    assert (last.status_code, last.headers["upload-offset"]) == (204, str(len(photo.content)))
    assert last.headers["etag"] == f'"{photo.said["sha256"]}"'
    assert (await photo.look()).content == photo.content


async def test_head_says_where_to_go_on(world: World) -> None:
    photo = Sending(world.as_("handler"), jpeg())
    await photo.create(photo.content[:5000])
    answer = await photo.ask()
    assert answer.status_code == 200
    assert answer.headers["cache-control"] == "no-store"
    assert answer.headers["upload-offset"] == "5000"
    assert answer.headers["upload-length"] == str(len(photo.content))
    assert "etag" not in answer.headers
    await photo.go_on(5000)
    answer = await photo.ask()
    assert answer.headers["upload-offset"] == answer.headers["upload-length"]
    assert answer.headers["etag"] == f'"{photo.said["sha256"]}"'


async def test_a_wrong_offset(world: World) -> None:
    photo = Sending(world.as_("handler"), jpeg())
    await photo.create(photo.content[:5000])
    for at in (0, 4999, 5001, len(photo.content), len(photo.content) + 1):
        answer = await photo.go_on(at, photo.content[at : at + 10])
        assert (answer.status_code, answer.json()["code"]) == (409, "wrong_offset")
        assert answer.headers["upload-offset"] == "5000"
    assert (await photo.ask()).headers["upload-offset"] == "5000"


async def test_the_answer_to_the_last_part_was_lost(world: World) -> None:
    photo = Sending(world.as_("handler"), jpeg())
    await photo.whole()
    again = await photo.go_on(4000)
    assert (again.status_code, again.headers["upload-offset"]) == (409, str(len(photo.content)))
    at_end = await photo.go_on(len(photo.content), b"")
    assert at_end.status_code == 204
    assert at_end.headers["etag"] == f'"{photo.said["sha256"]}"'


async def test_a_chunk_damaged_on_its_way(world: World) -> None:
    photo = Sending(world.as_("handler"), jpeg())
    await photo.create(photo.content[:1000])
    answer = await photo.go_on(1000, photo.content[1000:5000], Upload_Checksum=checksum(b"other"))
    assert (answer.status_code, answer.json()["code"]) == (460, "chunk_damaged")
    assert (await photo.ask()).headers["upload-offset"] == "1000"
    part = photo.content[1000:5000]
    assert (await photo.go_on(1000, part, Upload_Checksum=checksum(part))).headers["upload-offset"] == "5000"
    rest = photo.content[5000:]
    assert (await photo.go_on(5000, rest, Upload_Checksum=checksum(b""))).status_code == 460
    assert (await photo.go_on(5000, rest, Upload_Checksum=checksum(rest))).status_code == 204


async def test_the_whole_was_damaged(world: World) -> None:
    photo = Sending(world.as_("handler"), jpeg())
    wrong = bytes(255 - octet for octet in photo.content)
    answer = await photo.create(wrong)
    assert (answer.status_code, answer.json()["code"], answer.json()["retry"]) == (460, "photo_damaged", True)
    assert answer.headers["upload-offset"] == "0"
    assert (await photo.ask()).headers["upload-offset"] == "0"
    assert (await photo.go_on(0)).status_code == 204
    assert (await photo.look()).content == photo.content


@pytest.mark.parametrize(
    ("headers", "status"),
    [
        ({"Content_Type": "application/json"}, 415),
        ({"Content_Type": ""}, 415),
        ({"Upload_Offset": ""}, 400),
        ({"Upload_Offset": "-5"}, 400),
        ({"Upload_Checksum": "sha256 short"}, 400),
        ({"Upload_Checksum": "crc32 YQ=="}, 400),
        ({"Tus_Resumable": "2.0.0"}, 412),
    ],
)
async def test_headers_of_a_part(world: World, headers: dict[str, str], status: int) -> None:
    photo = Sending(world.as_("handler"), jpeg())
    await photo.create()
    answer = await photo.go_on(0, **headers)
    assert answer.status_code == status
    assert (await photo.ask()).headers["upload-offset"] == "0"


async def test_more_than_was_said(world: World) -> None:
    photo = Sending(world.as_("handler"), jpeg())
    await photo.create(photo.content[:1000])
    answer = await photo.go_on(1000, photo.content[1000:] + b"more")
    assert (answer.status_code, answer.json()["code"]) == (413, "longer_than_said")
    assert (await photo.ask()).headers["upload-offset"] == "1000"

    async def pieces() -> AsyncIterator[bytes]:
        yield photo.content[1000:]
        yield b"more"

    answer = await photo.go_on(1000, pieces())
    assert (answer.status_code, answer.json()["code"]) == (413, "longer_than_said")
    assert (await photo.ask()).headers["etag"], "what was said is all there, and it is whole"


async def test_without_a_length(world: World) -> None:
    photo = Sending(world.as_("handler"), jpeg())
    await photo.create()

    async def pieces() -> AsyncIterator[bytes]:
        for at in range(0, len(photo.content), 7000):
            yield photo.content[at : at + 7000]

    assert (await photo.go_on(0, pieces())).headers["etag"]


async def test_unknown_or_anothers(world: World) -> None:
    nothing = Sending(world.as_("handler"), jpeg())
    assert [(await each).status_code for each in (nothing.ask(), nothing.go_on(0), nothing.delete())] == [404] * 3
    photo = Sending(world.as_("handler"), jpeg())
    await photo.create(photo.content[:100])
    for who in ("colleague", "supervisor", "neighbour"):
        other = Sending(world.as_(who), photo.content, photo_id=photo.photo_id)
        assert [(await each).status_code for each in (other.ask(), other.go_on(100), other.delete())] == [404] * 3
    no_id = await world.as_("handler").client.head("/api/uploads/17", headers=photo.headers())
    assert no_id.status_code == 404


async def test_expired_and_created_again(world: World) -> None:
    photo = Sending(world.as_("handler"), jpeg())
    await photo.create(photo.content[:3000])
    lives = await world.db.value("SELECT expires_at FROM photos WHERE id = ?", photo.photo_id)
    assert timedelta(days=29) < lives - clock.now() <= timedelta(days=30)
    await world.db.write(
        lambda tx: tx.run("UPDATE photos SET expires_at = ? WHERE id = ?", clock.now(), photo.photo_id)
    )
    assert (await photo.ask()).status_code == 410
    assert (await photo.go_on(3000)).json()["code"] == "upload_gone"
    assert (await photo.delete()).status_code == 410
    again = await photo.create()
    assert (again.status_code, again.headers["upload-offset"]) == (201, "0")
    assert (await photo.go_on(0)).status_code == 204


async def test_a_finished_one_never_expires(world: World) -> None:
    photo = Sending(world.as_("handler"), jpeg())
    await photo.whole()
    with clock.moved(timedelta(days=4000)):
        row = await world.db.one("SELECT state, expires_at FROM photos WHERE id = ?", photo.photo_id)
    assert row == {"state": "held", "expires_at": None}


async def test_by_post_alone(world: World) -> None:
    photo = Sending(world.as_("handler"), jpeg())
    await photo.create()
    client = photo.phone.client

    async def post(method: str, body: bytes = b"", **more: str) -> tuple[int, str | None]:
        headers = photo.headers(X_HTTP_Method_Override=method, **more)
        answer = await client.post(photo.url, content=body, headers=headers)
        return answer.status_code, answer.headers.get("upload-offset")

    typed = {"Content_Type": "application/offset+octet-stream"}
    assert await post("PATCH", photo.content[:50], Upload_Offset="0", **typed) == (204, "50")
    assert await post("HEAD") == (200, "50")
    assert await post("DELETE") == (204, None)
    assert await post("GET") == (405, None)
    assert await post("HEAD") == (410, None)


async def test_a_shared_phone_delivers_for_another(world: World) -> None:
    phone = world.as_("handler")
    await world.db.write(
        lambda tx: tx.run("UPDATE sessions SET deliver_only = ? WHERE person_id = ?", True, phone.person_id)
    )
    photo = Sending(phone, jpeg())
    assert (await photo.create(photo.content[:100])).status_code == 201
    assert (await photo.ask()).headers["upload-offset"] == "100"
    assert (await photo.go_on(100)).status_code == 204
    assert (await photo.look()).status_code == 403
    assert await world.db.value("SELECT person_id FROM photos WHERE id = ?", photo.photo_id) == phone.person_id


async def test_a_field_role_without_a_phone_of_its_own(world: World) -> None:
    phone = world.as_("handler")
    await world.db.write(lambda tx: tx.run("UPDATE sessions SET device_id = NULL WHERE person_id = ?", phone.person_id))
    assert (await Sending(phone, jpeg()).whole()).json()["code"] == "device_needed"
    assert (await Sending(world.as_("operator"), jpeg(), photo_id=ids.new_id()).whole()).status_code == 201
