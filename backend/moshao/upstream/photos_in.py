"""The photos an event names go on record with the case; their bytes come by the worker."""

from uuid import UUID

import msgspec

from moshao.cases.case import Case
from moshao.evidence.attaching import CaseFacts, attach
from moshao.kit import ids, jobs
from moshao.kit.db import Tx
from moshao.upstream.hosts import is_allowed
from moshao.upstream.inline import Held, name_of
from moshao.upstream.intake import Intake
from moshao.upstream.news import PhotoNews

QUEUE = "upstream_photos"
DIFFERS = "bytes_differ"
NO_PHOTO = "no_photo"
FOREIGN_HOST = "host_not_allowed"


class PhotoJob(msgspec.Struct, frozen=True, kw_only=True):
    """What the worker has to do: fetch from `url`, or take what lies under `key`."""

    upstream_id: UUID
    district_id: UUID
    photo_id: UUID
    usage: str
    sha256: str | None
    url: str | None = None
    key: str | None = None


class Judged(msgspec.Struct, frozen=True):
    """A photo of an event: `held` where its bytes came with it, `fault` where it can't be one."""

    photo: PhotoNews
    held: Held | None
    fault: str | None

    @property
    def sha256(self) -> str | None:
        return self.held.sha256 if self.held else self.photo.sha256


def judge(intake: Intake, photos: tuple[PhotoNews, ...]) -> list[Judged]:
    """What can be said of them before any is fetched or decoded."""
    judged = []
    for photo in photos:
        held = intake.inline.get(name_of(photo.content)) if photo.content else None
        judged.append(Judged(photo, held, _fault(intake, photo, held)))
    return judged


async def name_photos(tx: Tx, intake: Intake, case: Case, photos: list[Judged]) -> None:
    """Put them on record with the case, and ask for their bytes. Those the case has already stay as they are."""
    good: list[tuple[UUID, str | None]] = []
    for photo in photos:
        if await _is_there(tx, case, photo):
            continue
        photo_id = ids.new_id()
        await tx.insert(
            "case_photos",
            {
                "id": ids.new_id(), "case_id": case.id, "photo_id": photo_id, "act_id": None,
                "sha256": photo.sha256, "usage": photo.photo.usage, "round": case.round,
                "state": "refused" if photo.fault else "missing", "code": photo.fault,
                "source_url": photo.photo.url, "added_at": intake.heard_at,
            },
        )  # fmt: skip
        if photo.fault is None:
            good.append((photo_id, photo.sha256))
            await _ask(tx, intake, case, photo, photo_id)
    if good:
        facts = await _facts(tx, intake, case)
        await attach(tx, case_id=case.id, act_id=None, round=case.round, photos=good, facts=facts)


async def _is_there(tx: Tx, case: Case, photo: Judged) -> bool:
    row = await tx.one(
        "SELECT id FROM case_photos WHERE case_id = ? AND act_id IS NULL AND (sha256 = ? OR source_url = ?) LIMIT 1",
        case.id, photo.sha256, photo.photo.url,
    )  # fmt: skip
    return row is not None


def _fault(intake: Intake, photo: PhotoNews, held: Held | None) -> str | None:
    if held is not None:
        if photo.sha256 not in (None, held.sha256):
            return DIFFERS
        return None if held.looks_good else NO_PHOTO
    return None if is_allowed(photo.url or "", intake.upstream.settings.photo_hosts) else FOREIGN_HOST


async def _ask(tx: Tx, intake: Intake, case: Case, photo: Judged, photo_id: UUID) -> None:
    job = PhotoJob(
        upstream_id=intake.upstream.id, district_id=case.district_id, photo_id=photo_id, usage=photo.photo.usage,
        sha256=photo.sha256, url=photo.photo.url, key=photo.held.key if photo.held else None,
    )  # fmt: skip
    await jobs.ask(tx, QUEUE, str(photo_id), msgspec.to_builtins(job))


async def _facts(tx: Tx, intake: Intake, case: Case) -> CaseFacts:
    name = await tx.value("SELECT name FROM units WHERE id = ?", case.unit_id) if case.unit_id else ""
    district = intake.upstream.district
    return CaseFacts(
        lon=case.lon, lat=case.lat, fence_m=district.fence_m, zone=district.zone, case_no=case.case_no,
        unit=name or "", person=intake.upstream.name, address=case.address or "",
    )  # fmt: skip
