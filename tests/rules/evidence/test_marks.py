"""What contradicts what."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from moshao.evidence.marks import SIMILAR_BITS, Look, Surroundings, alike, bands_of, exif_instant, marks_on

HERE = (112.5414, 32.9986)
SINCE = datetime(2026, 11, 23, 2, 0, tzinfo=UTC)
AROUND = Surroundings(lon=HERE[0], lat=HERE[1], fence_m=100, since=SINCE)
GOOD = Look(
    sha256="a" * 64, usage="after", source="camera", dhash="db59585ccec8c18f", brightness=130, sharpness=900,
    taken_at=SINCE + timedelta(hours=1), lon=HERE[0], lat=HERE[1], accuracy_m=8,
)  # fmt: skip
OTHER = replace(GOOD, sha256="b" * 64, dhash="0123456789abcdef")


def marks(
    photo: Look, around: Surroundings = AROUND, before: tuple[Look, ...] = (), others: tuple[Look, ...] = ()
) -> list[str]:
    return marks_on(photo, around, before, others)


def test_a_good_photo_has_none() -> None:
    assert marks(GOOD, before=(OTHER,), others=(OTHER,)) == []


def test_nothing_known_contradicts_nothing() -> None:
    assert marks(Look(sha256="a" * 64, usage="after"), Surroundings()) == []


@pytest.mark.parametrize(
    ("changes", "found"),
    [
        ({"lat": HERE[1] + 0.002}, ["far"]),
        ({"lat": HERE[1] + 0.002, "accuracy_m": 200.0}, []),
        ({"lon": None, "lat": None, "exif": {"lon": HERE[0] + 0.01, "lat": HERE[1]}}, ["far"]),
        ({"exif": {"lon": HERE[0] + 0.01, "lat": HERE[1]}}, ["exif_place"]),
        ({"taken_at": SINCE - timedelta(hours=1)}, ["early"]),
        ({"taken_at": SINCE - timedelta(minutes=3)}, []),
        ({"taken_at": SINCE - timedelta(hours=1), "usage": "before"}, []),
        ({"exif": {"time": "2026-11-23T11:00:00"}}, []),
        ({"exif": {"time": "2026-11-23T11:00:00+08:00"}}, []),
        ({"exif": {"time": "2024-05-01T11:00:00"}}, ["exif_time"]),
        ({"taken_at": None, "exif": {"time": "2024-05-01T11:00:00"}}, ["early"]),
        ({"exif": {"time": "nonsense"}}, []),
        ({"brightness": 10, "sharpness": 0}, ["dark"]),
        ({"sharpness": 5}, ["blurred"]),
        ({"exif": {"software": "Adobe Photoshop 24.1"}}, ["edited"]),
        ({"exif": {"software": "HDR-AS300 v1.00"}}, []),
        ({"source": "gallery"}, ["gallery"]),
    ],
)
def test_what_contradicts(changes: dict[str, object], found: list[str]) -> None:
    assert marks(replace(GOOD, **changes)) == found


def test_the_same_again() -> None:
    nearly = replace(GOOD, sha256="c" * 64, dhash="db59585ccec8c18e")
    assert marks(GOOD, others=(OTHER, replace(GOOD, usage="before"))) == ["reused"]
    assert marks(GOOD, others=(nearly,)) == ["similar"]
    assert marks(GOOD, before=(nearly,)) == ["same_as_before"]
    assert marks(GOOD, before=(GOOD,)) == ["same_as_before"]
    assert marks(replace(GOOD, usage="before"), before=(GOOD,)) == []


def test_the_dark_is_like_the_dark() -> None:
    wall = replace(GOOD, dhash="0000000000000001")
    assert not alike(wall, replace(wall, sha256="d" * 64))
    assert bands_of(wall.dhash) == bands_of(None) == ()


@given(st.integers(0, 2**64 - 1), st.sets(st.integers(0, 63), max_size=3))
def test_hashes_three_bits_apart_share_a_band(value: int, flipped: set[int]) -> None:
    other = value
    for bit in flipped:
        other ^= 1 << bit
    bands = bands_of(f"{value:016x}"), bands_of(f"{other:016x}")
    if all(bands):
        assert any(one == two for one, two in zip(*bands, strict=True))


def test_alike_ends_where_it_should() -> None:
    value = int(GOOD.dhash or "", 16)
    for bits in range(8):
        other = replace(GOOD, sha256="e" * 64, dhash=f"{value ^ (1 << bits) - 1:016x}")
        assert alike(GOOD, other) == (bits <= SIMILAR_BITS)


def test_exif_times() -> None:
    assert exif_instant({"time": "2026-11-23T10:00:00"}, "Asia/Shanghai") == SINCE
    assert exif_instant({"time": "2026-11-23T10:00:00+08:00"}, "UTC") == SINCE
    assert exif_instant({}, "UTC") is None
