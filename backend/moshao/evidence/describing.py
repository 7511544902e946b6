"""What /openapi.json tells of uploads: their headers, which no schema of a body can."""

from typing import Any

from moshao.evidence.rules import VERSION
from moshao.evidence.tus import ABOUT, OFFSET_TYPE
from moshao.kit.openapi import Header

_TUS = Header("Tus-Resumable", VERSION, required=True)
_CHECKSUM = Header("Upload-Checksum", "`sha256 <base64>` of this body.")
_STANDS = {
    "Tus-Resumable": VERSION,
    "Upload-Offset": "How many octets are here.",
    "Upload-Expires": "Until when an unfinished upload is kept.",
    "ETag": 'Of a photo that is here whole: "<sha256>".',
}
METADATA = (
    "`key base64`, parted by commas: photo_id and sha256 and usage, case_id, taken_at, lon, lat, accuracy_m, filename, "
    "source (camera or gallery)."
)

ABOUT_UPLOADS: dict[str, Any] = {"sends": {name: f"{value}" for name, value in ABOUT.items()}}
CREATES: dict[str, Any] = {
    "bodies": {OFFSET_TYPE: None},
    "asks": (
        _TUS,
        Header("Upload-Length", "Octets of the whole photo.", required=True),
        Header("Upload-Metadata", METADATA, required=True),
        _CHECKSUM,
    ),
    "sends": {"Location": "The upload's path.", **_STANDS},
}
GOES_ON: dict[str, Any] = {
    "bodies": {OFFSET_TYPE: None},
    "asks": (_TUS, Header("Upload-Offset", "Where this body begins.", required=True), _CHECKSUM),
    "sends": _STANDS,
}
STANDS: dict[str, Any] = {
    "asks": (_TUS,),
    "sends": _STANDS | {"Upload-Length": "Octets of the whole photo.", "Upload-Metadata": "As it was announced."},
}
ENDS: dict[str, Any] = {"asks": (_TUS,)}
OVERRIDES: dict[str, Any] = {
    "bodies": {OFFSET_TYPE: None},
    "asks": (_TUS, Header("X-HTTP-Method-Override", "HEAD, PATCH or DELETE.", required=True)),
    "sends": _STANDS,
}
