"""What stands in the file. Whoever wants to check one without this program reads docs/dossier.md."""

from datetime import datetime
from typing import Any, Literal
from uuid import UUID

import msgspec

FORMAT = 1
MANIFEST, SEAL = "manifest.json", "manifest.jws"
CASE, JOURNAL, ACTS, PHOTOS, PAGE = "case.json", "journal.json", "acts.json", "photos.json", "卷宗.html"


class Head(msgspec.Struct, frozen=True):
    """How far the district's journal had come."""

    seq: int
    digest: str


class Manifest(msgspec.Struct, frozen=True, kw_only=True):
    """`files`: SHA-256 of every other file but the seal. `key`: the JWK that sealed it, `kid` its id."""

    format: int
    case_id: UUID
    case_no: str
    district: str
    installation: str
    made_at: datetime
    made_by: str
    journal: Head
    key: dict[str, str]
    files: dict[str, str]


class JournalLine(msgspec.Struct, frozen=True, kw_only=True):
    """`digest` is SHA-256 of `before` (the digest of line seq - 1) and `fields`, joined by U+001F, null as U+0000."""

    seq: int
    kind: str
    at: datetime
    act_id: UUID | None
    content: str | None
    fields: list[str | None]
    before: str
    digest: str


class SignedAct(msgspec.Struct, frozen=True, kw_only=True):
    """`body` is what was said, in RFC 8785 form. `without`: why it is empty; erased on request, or withheld since it
    names the reporter. `public_key`: the phone's JWK."""

    id: UUID
    act: str
    case_id: UUID | None
    person: str
    done_at: datetime
    heard_at: datetime
    verdict: str
    body: str
    content: str
    without: Literal["", "erased", "withheld"]
    device_id: UUID | None
    signature: str | None
    public_key: str | None


class NamedPhoto(msgspec.Struct, frozen=True, kw_only=True):
    """A photo that an act or the platform above named. `file` is absent where its bytes are not here."""

    photo_id: UUID
    act_id: UUID | None
    usage: str
    round: int
    state: str
    sha256: str | None
    taken_at: datetime | None
    lon: float | None
    lat: float | None
    accuracy_m: float | None
    marks: list[str]
    file: str | None


class Contents(msgspec.Struct, frozen=True, kw_only=True):
    """Everything but the bytes of the photos. `case` is the document as the desk has it, nothing of the reporter."""

    case: dict[str, Any]
    journal: list[JournalLine]
    acts: list[SignedAct]
    photos: list[NamedPhoto]
    head: Head
    district: str
