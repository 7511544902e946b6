"""POST /api/uploads."""

import pytest

from moshao.kit import ids
from tests.api.evidence.pictures import jpeg
from tests.api.evidence.sending import OFFSET_TYPE, Sending, metadata, sha256
from tests.world import World


async def test_one_request_carries_a_whole_photo(world: World) -> None:
    photo = Sending(world.as_("handler"), jpeg())
    answer = await photo.whole()
    assert answer.status_code == 201, answer.text
    assert answer.headers["location"] == f"/api/uploads/{photo.photo_id}"
    assert answer.headers["upload-offset"] == str(len(photo.content))
    assert answer.headers["etag"] == f'"{photo.said["sha256"]}"'
    assert answer.headers["tus-resumable"] == "1.0.0"
    assert answer.content == b""
    assert (await photo.look()).content == photo.content


async def test_announced_without_a_body(world: World) -> None:
    photo = Sending(world.as_("handler"), jpeg())
    answer = await photo.create()
    assert answer.status_code == 201
    assert answer.headers["upload-offset"] == "0"
    assert "etag" not in answer.headers
    assert answer.headers["upload-expires"].endswith("GMT")


async def test_the_same_again_says_where_to_go_on_and_ignores_its_body(world: World) -> None:
    photo = Sending(world.as_("handler"), jpeg())
    await photo.create(photo.content[:1000])
    answer = await photo.create(b"\x00" * 500)
    assert (answer.status_code, answer.headers["upload-offset"]) == (200, "1000")
    assert "etag" not in answer.headers
    await photo.go_on(1000)
    answer = await photo.whole()
    assert (answer.status_code, answer.headers["upload-offset"]) == (200, str(len(photo.content)))
    assert answer.headers["etag"] == f'"{photo.said["sha256"]}"'


async def test_the_same_id_for_other_bytes(world: World) -> None:
    photo = Sending(world.as_("handler"), jpeg(1))
    await photo.create()
    other = Sending(world.as_("handler"), jpeg(2), photo_id=photo.photo_id)
    assert (await other.create()).status_code == 409
    longer = Sending(world.as_("handler"), jpeg(1) + b"x", photo_id=photo.photo_id, sha256=photo.said["sha256"])
    assert (await longer.create()).json()["code"] == "upload_id_taken"


async def test_the_same_id_of_another_person(world: World) -> None:
    photo = Sending(world.as_("handler"), jpeg())
    await photo.whole()
    stranger = Sending(world.as_("stranger"), photo.content, photo_id=photo.photo_id)
    assert (await stranger.whole()).status_code == 409
    assert (await stranger.look()).status_code == 404


async def test_another_version_of_tus(world: World) -> None:
    for headers in ({}, {"Tus-Resumable": "0.2.2"}):
        answer = await world.as_("handler").client.post("/api/uploads", headers=headers)
        assert answer.status_code == 412
        assert answer.headers["tus-version"] == "1.0.0"
        assert answer.json()["code"] == "wrong_tus_version"


async def test_nobody_uploads_without_a_session(world: World) -> None:
    answer = await world.nobody.post("/api/uploads", headers={"Tus-Resumable": "1.0.0"})
    assert answer.status_code == 401


async def test_too_large_is_said_before_a_byte_is_read(world: World) -> None:
    said = metadata(photo_id=str(ids.new_id()), sha256="a" * 64, usage="after")
    headers = {"Tus-Resumable": "1.0.0", "Upload-Metadata": said}
    client = world.as_("handler").client
    answer = await client.post("/api/uploads", headers=headers | {"Upload-Length": str(20 * 1024 * 1024 + 1)})
    assert (answer.status_code, answer.json()["code"]) == (413, "upload_too_large")
    answer = await client.post("/api/uploads", headers=headers | {"Upload-Length": str(20 * 1024 * 1024)})
    assert answer.status_code == 201


async def test_a_voice_note_is_smaller(world: World) -> None:
    said = metadata(photo_id=str(ids.new_id()), sha256="a" * 64, usage="voice")
    headers = {"Tus-Resumable": "1.0.0", "Upload-Metadata": said, "Upload-Length": str(2 * 1024 * 1024 + 1)}
    assert (await world.as_("handler").client.post("/api/uploads", headers=headers)).status_code == 413


async def test_a_body_longer_than_said(world: World) -> None:
    photo = Sending(world.as_("handler"), jpeg())
    answer = await photo.create(photo.content + b"x")
    assert (answer.status_code, answer.json()["code"]) == (413, "longer_than_said")


async def test_a_body_of_another_type(world: World) -> None:
    photo = Sending(world.as_("handler"), jpeg())
    answer = await photo.create(photo.content, Content_Type="multipart/form-data; boundary=x")
    assert answer.status_code == 415


@pytest.mark.parametrize(
    ("headers", "status"),
    [
        ({}, 400),
        ({"Upload-Length": "-1"}, 400),
        ({"Upload-Length": "ten"}, 400),
        ({"Upload-Length": "0"}, 400),
        ({"Upload-Defer-Length": "1"}, 400),
        ({"Upload-Length": "10", "Upload-Metadata": "photo_id !!!"}, 400),
        ({"Upload-Length": "10", "Upload-Metadata": "a YQ==,a YQ=="}, 400),
        ({"Upload-Length": "10", "Upload-Metadata": metadata(filename="x" * 5000)}, 400),
        ({"Upload-Length": "10", "Upload-Checksum": "md5 YQ=="}, 400),
    ],
)
async def test_headers_that_say_nothing(world: World, headers: dict[str, str], status: int) -> None:
    said = metadata(photo_id=str(ids.new_id()), sha256="a" * 64, usage="after")
    everything = {"Tus-Resumable": "1.0.0", "Upload-Metadata": said} | headers
    answer = await world.as_("handler").client.post("/api/uploads", headers=everything)
    assert (answer.status_code, answer.json()["code"]) == (status, "bad_upload_header")


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("photo_id", ""),
        ("photo_id", "17"),
        ("sha256", "A" * 64),
        ("sha256", "a" * 63),
        ("usage", "selfie"),
        ("case_id", "17"),
        ("taken_at", "yesterday"),
        ("taken_at", "2026-11-23T10:00:00"),
        ("accuracy_m", "-1"),
        ("lon", "two hundred"),
        ("source", "internet"),
    ],
)
async def test_what_the_metadata_may_not_say(world: World, field: str, value: str) -> None:
    photo = Sending(world.as_("handler"), jpeg())
    photo.said[field] = value
    answer = await photo.create()
    assert (answer.status_code, answer.json()["code"]) == (422, "bad_upload_metadata")
    assert field in [error["field"] for error in answer.json()["errors"]]


async def test_places_and_what_nobody_asked_for(world: World) -> None:
    one_sided = Sending(world.as_("handler"), jpeg(), lon="112.5")
    assert (await one_sided.create()).status_code == 422
    said = {
        "lon": "112.54140000000001", "lat": "32.9986", "accuracy_m": "8", "filetype": "image/jpeg",
        "taken_at": "2026-11-23T10:00:00+08:00", "filename": "../../照片.jpg", "source": "camera",
    }  # fmt: skip
    photo = Sending(world.as_("handler"), jpeg(), case_id=str(ids.new_id()))
    photo.said |= said
    assert (await photo.whole()).status_code == 201
    kept = (await photo.ask()).headers["upload-metadata"]
    assert kept == metadata(**photo.said)


async def test_a_phone_has_only_so_many_under_way(world: World) -> None:
    content = jpeg()
    for _ in range(200):
        assert (await Sending(world.as_("handler"), content).create()).status_code == 201
    answer = await Sending(world.as_("handler"), content).create()
    assert (answer.status_code, answer.json()["code"], answer.json()["retry"]) == (429, "too_many_uploads", True)
    assert int(answer.headers["retry-after"]) > 0
    assert (await Sending(world.as_("colleague"), content).create()).status_code == 201


async def test_equal_bytes_under_two_ids_lie_once_and_both_answer(world: World) -> None:
    first, second = (Sending(world.as_(who), jpeg()) for who in ("handler", "stranger"))
    assert [(await each.whole()).status_code for each in (first, second)] == [201, 201]
    assert (await first.look()).content == (await second.look()).content == first.content
    kept = list((world.settings.data / "blobs" / "originals").rglob("*"))
    assert [path.name for path in kept if path.is_file()] == [sha256(first.content)]


async def test_options_are_open(world: World) -> None:
    for path in ("/api/uploads", f"/api/uploads/{ids.new_id()}"):
        answer = await world.nobody.options(path)
        assert answer.status_code == 204
        assert answer.headers["tus-version"] == "1.0.0"
        assert answer.headers["tus-max-size"] == str(20 * 1024 * 1024)
        assert answer.headers["tus-checksum-algorithm"] == "sha256"
        extensions = answer.headers["tus-extension"].split(",")
        assert extensions == ["creation", "creation-with-upload", "checksum", "expiration", "termination"]


async def test_multipart_is_no_way_in(world: World) -> None:
    photo = Sending(world.as_("handler"), jpeg())
    files = {"file": ("photo.jpg", photo.content, "image/jpeg")}
    headers = photo.headers(Upload_Length=str(len(photo.content)), Upload_Metadata=metadata(**photo.said))
    answer = await photo.phone.client.post("/api/uploads", files=files, headers=headers)
    assert answer.status_code in (413, 415)
    assert OFFSET_TYPE not in answer.request.headers["content-type"]
