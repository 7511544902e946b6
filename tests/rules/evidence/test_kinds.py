"""What a file is, and whether looking at it is sure to be cheap."""

import pytest
from tests.api.evidence import pictures
from tests.api.evidence.voices import mp4, ogg, webm

from moshao.evidence.kinds import has_too_many_pixels, is_quick, kind_of, size_in


@pytest.mark.parametrize(
    ("content", "kind"),
    [
        (pictures.jpeg(size=(64, 48)), "jpeg"),
        (pictures.png(size=(64, 48)), "png"),
        (pictures.webp(size=(64, 48)), "webp"),
        (pictures.heic(size=(64, 64)), "heic"),
        (ogg(1), "voice"),
        (webm(1), "voice"),
        (mp4(1), "voice"),
        (b"GIF89a", None),
        (b"", None),
        (b"\x00\x00\x00\x18ftyphevc", "voice"),
        (b"RIFF\x00\x00\x00\x00AVI ", None),
    ],
)
def test_kind(content: bytes, kind: str | None) -> None:
    assert kind_of(content) == kind


@pytest.mark.parametrize("size", [(640, 480), (1, 1), (300, 5000)])
def test_size(size: tuple[int, int]) -> None:
    for kind, content in (
        ("jpeg", pictures.jpeg(size=size)),
        ("jpeg", pictures.jpeg(size=size, progressive=True)),
        ("png", pictures.png(size=size)),
        ("webp", pictures.webp(size=size)),
        ("webp", pictures.webp(size=size, lossless=True)),
        ("webp", pictures.webp(size=size, exif=pictures.exif(make="x"))),
    ):
        assert size_in(kind, content) == size  # type: ignore[arg-type]


def test_cheap_and_costly() -> None:
    assert is_quick("jpeg", pictures.jpeg(size=(4000, 3000)))
    assert is_quick("jpeg", pictures.jpeg(size=(1600, 1200), progressive=True))
    assert not is_quick("jpeg", pictures.jpeg(size=(4000, 3000), progressive=True))
    assert is_quick("webp", pictures.webp(size=(1600, 1200)))
    assert not is_quick("webp", pictures.webp_of(4000, 3000))
    assert not is_quick("png", pictures.png_of(4000, 3000))
    assert not is_quick("heic", pictures.heic())
    assert is_quick("voice", ogg(1))
    assert not is_quick("jpeg", b"\xff\xd8\xff\xe1\xff\xff"), "a head that does not reach the frame"


def test_too_many_pixels() -> None:
    assert has_too_many_pixels("webp", pictures.webp_of(16384, 16384))
    assert has_too_many_pixels("png", pictures.png_of(8001, 8000))
    assert not has_too_many_pixels("png", pictures.png_of(8000, 8000))
    assert not has_too_many_pixels("heic", pictures.heic()), "its child will say"


def test_heads_of_any_length_are_read() -> None:
    for content in (pictures.jpeg(), pictures.png(), pictures.webp(), pictures.heic(), pictures.webp_of(4, 4)):
        for length in range(64):
            head = content[:length]
            kind = kind_of(head)
            if kind:
                is_quick(kind, head)
                has_too_many_pixels(kind, head)
