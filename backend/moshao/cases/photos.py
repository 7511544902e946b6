"""The photos an act names: which are held, which are still on their way, which were refused."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

import msgspec

from moshao.cases.case import Case
from moshao.cases.schemas import NamedPhoto
from moshao.evidence.attaching import CaseFacts, attached
from moshao.evidence.queries import PhotoState, find_photos
from moshao.kit import ids
from moshao.kit.db import Reader, Statement, Tx, inserted
from moshao.kit.errors import FieldError, bad_field

# What a photo still on its way is taken for, until it says so itself.
EXPECTED = {"closures": "after", "checks": "check", "verifications": "verify", "reports": "report"}
SHOWS_IT_BEFORE = ("before", "report", "near", "far", "scene", "verify")
DIFFERS = "bytes_differ"
_SHOWN_BEFORE = (
    f"SELECT 1 AS one FROM case_photos WHERE case_id = ? AND usage IN ({', '.join(map(repr, SHOWS_IT_BEFORE))}) "
    "AND state <> 'refused' AND (act_id IS NULL OR act_id <> ?) LIMIT 1"
)
_COLUMNS = "id, case_id, photo_id, act_id, sha256, usage, round, state, code, added_at"


class NamedPhotos(msgspec.Struct, frozen=True, kw_only=True):
    """`named`: id → SHA-256 as the act says, `found`: as they are. `usages`: of those held. `refused`: id → code."""

    named: dict[UUID, str] = {}
    found: dict[UUID, PhotoState] = {}
    held: dict[UUID, str] = {}
    missing: list[UUID] = []
    refused: dict[UUID, str] = {}
    usages: dict[UUID, str] = {}

    def count(self, usage: str) -> int:
        return sum(1 for each in self.usages.values() if each == usage)


NO_PHOTOS = NamedPhotos()


async def look_up(reader: Reader, person_id: UUID, photos: Sequence[NamedPhoto]) -> NamedPhotos:
    """How the photos named by this person's act stand now.

    Bytes that differ never count as that photo, and another person's photo is none of his: it stays missing.
    """
    if not photos:
        return NO_PHOTOS
    named = {photo.photo_id: photo.sha256 for photo in photos}
    if len(named) != len(photos):
        raise bad_field("photos", errors=(FieldError("photos", "named_twice", "同一张照片出现了两次"),))
    states = await find_photos(reader, list(named))
    found = NamedPhotos(named=named, found=states, held={}, missing=[], refused={}, usages={})
    for photo_id, state in states.items():
        if state.state == "missing" or state.person_id != person_id:
            found.missing.append(photo_id)
        elif state.sha256 != named[photo_id]:
            found.refused[photo_id] = DIFFERS
        elif state.state == "refused":
            found.refused[photo_id] = state.code or "refused"
        else:
            found.held[photo_id] = named[photo_id]
            found.usages[photo_id] = state.usage
    return found


async def on_record(
    tx: Tx, case: Case, act: str, act_id: UUID, photos: NamedPhotos, facts: CaseFacts, at: datetime
) -> list[Statement]:
    """What remembers which act named which photo, and tells the evidence whose they are: to be run `together`."""
    if not photos.named:
        return []
    rows = [
        (
            ids.new_id(), case.id, photo_id, act_id, sha256, photos.usages.get(photo_id) or EXPECTED.get(act, "scene"),
            case.round, _state(photos, photo_id), photos.refused.get(photo_id), at,
        )
        for photo_id, sha256 in photos.named.items()
    ]  # fmt: skip
    named = inserted("case_photos", _COLUMNS, rows, "ON CONFLICT (case_id, photo_id) DO NOTHING")
    _, compared = await attached(
        tx, case_id=case.id, act_id=act_id, round=case.round, photos=list(photos.named.items()), facts=facts,
        found=photos.found,
    )  # fmt: skip
    return [named, compared]


async def shown_before(reader: Reader, case_id: UUID, but_for: UUID) -> bool:
    """Whether the case has a photo from before the work, or one is on its way, `but_for` those of this act."""
    sql, args = shown_before_asked(case_id, but_for)
    return await reader.one(sql, *args) is not None


def shown_before_asked(case_id: UUID, but_for: UUID) -> Statement:
    """What `shown_before` asks."""
    return _SHOWN_BEFORE, (case_id, but_for)


async def missing_of(reader: Reader, act_id: UUID | None) -> list[UUID]:
    """The photos that an act named and that are not there yet."""
    if act_id is None:
        return []
    rows = await reader.all("SELECT photo_id FROM case_photos WHERE act_id = ? AND state = 'missing'", act_id)
    return [row["photo_id"] for row in rows]


def _state(photos: NamedPhotos, photo_id: UUID) -> str:
    if photo_id in photos.held:
        return "held"
    return "refused" if photo_id in photos.refused else "missing"
