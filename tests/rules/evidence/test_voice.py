"""How long a voice note is, from its container."""

import random

import pytest
from tests.api.evidence.voices import mp4, ogg, webm

from moshao.evidence.voice import Note, read_note


@pytest.mark.parametrize("seconds", [0.5, 12.0, 59.9, 61.0, 3600.0])
def test_length_by_container(seconds: float) -> None:
    for content, media_type in (
        (ogg(seconds), "audio/ogg"),
        (ogg(seconds, opus=False), "audio/ogg"),
        (webm(seconds), "audio/webm"),
        (webm(seconds, said=False), "audio/webm"),
        (mp4(seconds), "audio/mp4"),
        (mp4(seconds, fragmented=True), "audio/mp4"),
    ):
        note = read_note(content)
        assert note
        assert note.media_type == media_type
        assert note.seconds == pytest.approx(seconds, abs=0.01)


def test_a_length_that_nothing_tells() -> None:
    assert read_note(mp4(0, fragmented=True)) == Note("audio/mp4", None)
    assert read_note(webm(0, said=False)) == Note("audio/webm", None)


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"OggS",
        b"\x1a\x45\xdf\xa3",
        b"\x00\x00\x00\x08ftyp",
        webm(5, track=1),
        webm(5, doc_type=b"matroska"),
        mp4(5, handler=b"vide"),
        ogg(5).replace(b"OpusHead", b"\x80theora"),
        b"ID3\x04 an mp3",
        b"RIFF\x00\x00\x00\x00WAVEfmt ",
    ],
)
def test_no_voice_note(content: bytes) -> None:
    assert read_note(content) is None


def test_damaged_ones_end() -> None:
    dice = random.Random(7)
    for plain in (ogg(20), webm(20), webm(20, said=False), mp4(20), mp4(20, fragmented=True)):
        for _ in range(300):
            content = bytearray(plain[: dice.randrange(len(plain))] if dice.random() < 0.5 else plain)
            for _ in range(dice.randrange(6)):
                if content:
                    content[dice.randrange(len(content))] = dice.randrange(256)
            note = read_note(bytes(content))
            assert note is None or note.seconds is None or note.seconds >= 0
