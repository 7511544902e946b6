"""What may be uploaded, and how the tus headers say it. Pure."""

import base64
import binascii
import re
from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from email.utils import format_datetime
from typing import Any
from uuid import UUID

import msgspec

from moshao.evidence.refusals import bad_upload_header, bad_upload_metadata, upload_too_large
from moshao.kit.errors import FieldError
from moshao.kit.ids import parse_id
from moshao.places.position import fault_in

PHOTO_MOST = 20 * 1024 * 1024
VOICE_MOST = 2 * 1024 * 1024
VOICE_SECONDS_MOST = 60
LIVES_DAYS = 30
QUARANTINE_DAYS = 90
OPEN_MOST = 200
METADATA_MOST = 4096
DIGEST_OCTETS = 32
VERSION = "1.0.0"
EXTENSIONS = "creation,creation-with-upload,checksum,expiration,termination"
USAGES = frozenset({"before", "after", "near", "far", "scene", "check", "verify", "report", "voice"})
SOURCES = frozenset({"camera", "gallery"})
NUMBER = re.compile(r"[-+]?[0-9]{1,9}(\.[0-9]{1,20})?([eE][-+]?[0-9]{1,2})?")
COUNT = re.compile(r"[0-9]{1,15}")


class Creation(msgspec.Struct, frozen=True, kw_only=True):
    """What a phone says before it sends. `metadata` is the header as sent; members nobody asked for stay in it."""

    photo_id: UUID
    sha256: str
    length: int
    usage: str
    metadata: str
    source: str | None = None
    taken_at: datetime | None = None
    lon: float | None = None
    lat: float | None = None
    accuracy_m: float | None = None


def read_creation(headers: Mapping[str, str]) -> Creation:
    """The creation in the headers of a POST. Raises 400 for headers that say nothing, 413 for too large, 422 for what
    they say of the photo."""
    length = read_count(headers, "upload-length")
    header = headers.get("upload-metadata", "")
    said = read_metadata(header)
    faults = [FieldError(name, "missing", "") for name in ("photo_id", "sha256", "usage") if not said.get(name)]
    values: dict[str, Any] = {}
    for name, text in said.items():
        if name in _READERS and text:
            try:
                values[name] = _READERS[name](text)
            except ValueError as fault:
                faults.append(FieldError(name, "invalid", str(fault)))
    if ("lon" in values) != ("lat" in values) or ("lon" in values and fault_in(values["lon"], values["lat"])):
        faults.append(FieldError("lon", "invalid", "lon and lat make no place"))
    if faults:
        raise bad_upload_metadata(errors=tuple(faults))
    if length > (VOICE_MOST if values["usage"] == "voice" else PHOTO_MOST):
        raise upload_too_large()
    if length == 0:
        raise bad_upload_header("Upload-Length is 0")
    values.pop("case_id", None)
    return Creation(length=length, metadata=header, **values)


def read_metadata(header: str) -> dict[str, str]:
    """The members of an Upload-Metadata header. Raises `bad_upload_header`."""
    if len(header) > METADATA_MOST or not header.isascii():
        raise bad_upload_header("Upload-Metadata is too long or not ASCII")
    said: dict[str, str] = {}
    for pair in header.split(",") if header.strip() else ():
        name, _, value = pair.strip().partition(" ")
        if not name or name in said:
            raise bad_upload_header("Upload-Metadata: a key is empty or stands twice")
        try:
            said[name] = base64.b64decode(value.strip(), validate=True).decode()
        except (binascii.Error, UnicodeDecodeError) as fault:
            raise bad_upload_header(f"Upload-Metadata: {name} is no base64 of UTF-8") from fault
    return said


def read_count(headers: Mapping[str, str], name: str) -> int:
    """A header that must be a whole number ≥ 0. Raises `bad_upload_header`."""
    text = headers.get(name, "")
    if not COUNT.fullmatch(text):
        raise bad_upload_header(f"{name} must be a whole number")
    return int(text)


def read_checksum(header: str | None) -> bytes | None:
    """The SHA-256 announced for a request's body, if any. Raises `bad_upload_header`."""
    if header is None:
        return None
    name, _, value = header.strip().partition(" ")
    try:
        digest = base64.b64decode(value.strip(), validate=True)
    except binascii.Error:
        digest = b""
    if name.lower() != "sha256" or len(digest) != DIGEST_OCTETS:
        raise bad_upload_header("Upload-Checksum: sha256 and its base64")
    return digest


def http_date(at: datetime) -> str:
    """RFC 9110, as Upload-Expires wants it."""
    return format_datetime(at.astimezone(UTC), usegmt=True)


def _id(text: str) -> UUID:
    if value := parse_id(text):
        return value
    raise ValueError("must be a UUID")


def _sha256(text: str) -> str:
    if not re.fullmatch(r"[0-9a-f]{64}", text):
        raise ValueError("must be 64 lower-case hex digits")
    return text


def _one_of(words: frozenset[str]) -> Callable[[str], str]:
    def read(text: str) -> str:
        if text not in words:
            raise ValueError(f"must be one of {', '.join(sorted(words))}")
        return text

    return read


def _instant(text: str) -> datetime:
    at = datetime.fromisoformat(text)
    if at.tzinfo is None:
        raise ValueError("must carry an offset")
    return at.astimezone(UTC)


def _number(text: str) -> float:
    if not NUMBER.fullmatch(text):
        raise ValueError("must be a decimal number")
    return float(text)


def _accuracy(text: str) -> float:
    if (value := _number(text)) < 0:
        raise ValueError("must not be negative")
    return value


_READERS: dict[str, Callable[[str], Any]] = {
    "photo_id": _id,
    "sha256": _sha256,
    "usage": _one_of(USAGES),
    "source": _one_of(SOURCES),
    "case_id": _id,
    "taken_at": _instant,
    "lon": _number,
    "lat": _number,
    "accuracy_m": _accuracy,
}
