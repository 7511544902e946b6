"""What a phone says of a photo before it sends it."""

import base64
from datetime import UTC, datetime

import pytest
from tests.api.evidence.sending import metadata

from moshao.evidence.refusals import bad_upload_header
from moshao.evidence.rules import http_date, read_checksum, read_count, read_creation, read_metadata
from moshao.kit import ids
from moshao.kit.errors import Refused


def test_everything_said() -> None:
    photo_id = ids.new_id()
    said = metadata(
        photo_id=str(photo_id), sha256="a" * 64, usage="scene", case_id=str(ids.new_id()), filename="井盖.jpg",
        taken_at="2026-11-23T10:00:00+08:00", lon="112.5414", lat="32.9986", accuracy_m="1.25e1", source="camera",
    )  # fmt: skip
    creation = read_creation({"upload-length": "1000", "upload-metadata": said})
    assert creation.photo_id == photo_id
    assert creation.taken_at == datetime(2026, 11, 23, 2, 0, tzinfo=UTC)
    assert (creation.lon, creation.lat, creation.accuracy_m) == (112.5414, 32.9986, 12.5)
    assert (creation.usage, creation.source, creation.length) == ("scene", "camera", 1000)
    assert creation.metadata == said


def test_metadata_as_clients_write_it() -> None:
    assert read_metadata("") == {}
    assert read_metadata("is_confidential") == {"is_confidential": ""}
    assert read_metadata("a YQ==, b Yg==") == {"a": "a", "b": "b"}


@pytest.mark.parametrize("header", ["a YQ", "a Y Q==", ",", "a YQ==,a YQ==", "a /w==", "照片 YQ==", "a " + "Y" * 5000])
def test_metadata_nobody_can_read(header: str) -> None:
    with pytest.raises(Refused) as refused:
        read_metadata(header)
    assert refused.value.kind is bad_upload_header


@pytest.mark.parametrize("text", ["", "-1", "1.5", "1e3", " 1", "٣", "9" * 16])
def test_counts(text: str) -> None:
    with pytest.raises(Refused):
        read_count({"upload-offset": text}, "upload-offset")


def test_checksums() -> None:
    digest = bytes(range(32))
    encoded = base64.b64encode(digest).decode()
    assert read_checksum(None) is None
    assert read_checksum(f"sha256 {encoded}") == digest
    for header in ("", "sha256", f"sha1 {encoded}", "sha256 YQ==", f"sha256 {encoded}!", encoded):
        with pytest.raises(Refused):
            read_checksum(header)


def test_dates_of_http() -> None:
    assert http_date(datetime(2026, 11, 23, 10, 0, tzinfo=UTC)) == "Mon, 23 Nov 2026 10:00:00 GMT"
