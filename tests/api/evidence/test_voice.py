"""Voice notes travel the same way."""

import pytest

from tests.api.evidence.pictures import jpeg
from tests.api.evidence.sending import Sending
from tests.api.evidence.voices import mp4, ogg, webm
from tests.world import World


@pytest.mark.parametrize(
    ("content", "media_type"),
    [
        (ogg(12), "audio/ogg"),
        (webm(59.5, said=False), "audio/webm"),
        (mp4(30), "audio/mp4"),
        (mp4(0, fragmented=True), "audio/mp4"),
    ],
)
async def test_kept_and_played(world: World, content: bytes, media_type: str) -> None:
    note = Sending(world.as_("handler"), content, usage="voice")
    assert (await note.whole()).status_code == 201
    answer = await note.look()
    assert (answer.headers["content-type"], answer.content) == (media_type, content)
    part = await note.look(Range="bytes=0-1")
    assert (part.status_code, part.content) == (206, content[:2])
    for size in ("thumb", "screen", "stamped"):
        assert (await note.look(size)).status_code == 404


@pytest.mark.parametrize(
    ("content", "usage", "code"),
    [
        (ogg(61), "voice", "voice_too_long"),
        (webm(3600, said=False), "voice", "voice_too_long"),
        (webm(5, track=1), "voice", "not_a_voice_note"),
        (mp4(5, handler=b"vide"), "voice", "not_a_voice_note"),
        (jpeg(), "voice", "not_a_voice_note"),
        (b"ID3\x04 an mp3", "voice", "not_a_voice_note"),
        (b"OggS", "voice", "not_a_voice_note"),
        (ogg(5), "after", "not_a_photo"),
        (mp4(5), "before", "not_a_photo"),
    ],
)
async def test_not_kept(world: World, content: bytes, usage: str, code: str) -> None:
    note = Sending(world.as_("handler"), content, usage=usage)
    answer = await note.whole()
    assert (answer.status_code, answer.json()["code"]) == (422, code)
    assert (await note.ask()).status_code == 422
