"""A case's act names photos: from then on who sees the case sees them, and they are compared with what is known."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

import msgspec

from moshao.evidence.marks import Likeness, Look, Surroundings, bands_of, marks_on
from moshao.evidence.queries import PhotoState, find_photos
from moshao.evidence.quieting import Heard, heard_of
from moshao.kit import clock, ids
from moshao.kit.db import Row, Statement, Tx, inserted, marks

CANDIDATES = 100
_USES = "SELECT id, case_id, round, sha256, facts, marks, quiet_marks FROM photo_uses WHERE photo_id = ?"
_COLUMNS = "id, photo_id, case_id, act_id, round, sha256, facts, marks, quiet_marks, added_at"
_ONCE = "ON CONFLICT (photo_id, case_id) DO NOTHING"
# Photos beside the n-th one of those asked about: `before` ones of the case, or any that may show the same.
_BEFORE = """
SELECT {n} AS n, 'before' AS side, p.id, p.sha256, p.dhash FROM photo_uses u JOIN photos p ON p.id = u.photo_id
WHERE u.case_id = ? AND p.usage = 'before' AND p.state = 'held' AND p.id <> ?
"""
_LIKE = "SELECT {n} AS n, 'like' AS side, id, sha256, dhash FROM photos WHERE district_id = ?"
_SAME_BYTES = _LIKE + " AND sha256 = ? AND state = 'held' LIMIT ?"
_NEAR = _LIKE + " AND band{band} = ? ORDER BY held_at DESC LIMIT ?"


class CaseFacts(msgspec.Struct, frozen=True, kw_only=True):
    """What evidence needs to know of a case, as plain values. `lon`, `lat`: the case's place; `since`: when it was
    given to who acts; `case_no`, `unit`, `person`, `address` go onto stamped copies."""

    lon: float | None = None
    lat: float | None = None
    fence_m: int = 100
    since: datetime | None = None
    zone: str = "Asia/Shanghai"
    case_no: str = ""
    unit: str = ""
    person: str = ""
    address: str = ""


async def attach(
    tx: Tx,
    *,
    case_id: UUID,
    act_id: UUID | None,
    round: int,
    photos: Sequence[tuple[UUID, str | None]],
    facts: CaseFacts,
) -> dict[UUID, list[str]]:
    """Note that an act of the case names `photos` ((id, SHA-256), no hash where upstream sent none), held or still on
    their way; the marks on those that are held. A photo that the case already has stays as it was named first."""
    found = await find_photos(tx, [photo_id for photo_id, _ in photos])
    marked, statement = await attached(
        tx, case_id=case_id, act_id=act_id, round=round, photos=photos, facts=facts, found=found
    )
    await tx.together(statement)
    return marked


async def attached(
    tx: Tx,
    *,
    case_id: UUID,
    act_id: UUID | None,
    round: int,
    photos: Sequence[tuple[UUID, str | None]],
    facts: CaseFacts,
    found: Mapping[UUID, PhotoState],
) -> tuple[dict[UUID, list[str]], Statement]:
    """The same for who has `found` how they stand: the marks, and the statement that notes it all."""
    held = [found[photo_id] for photo_id, sha256 in photos if _is_held(found[photo_id], sha256)]
    marked = await _marks(tx, held, case_id, round, facts)
    text, now = msgspec.json.encode(facts).decode(), clock.now()
    heard = await heard_of(tx, held[0].district_id, marked) if held else {}
    rows = [
        (ids.new_id(), photo_id, case_id, act_id, round, sha256, text, *_words(heard.get(photo_id)), now)
        for photo_id, sha256 in photos
    ]
    return {photo_id: each.loud for photo_id, each in heard.items()}, inserted("photo_uses", _COLUMNS, rows, _ONCE)


def _is_held(photo: PhotoState, sha256: str | None) -> bool:
    return photo.state == "held" and sha256 in (None, photo.sha256)


async def mark(tx: Tx, photo_id: UUID) -> None:
    """Compare a photo that is held now with what each case that uses it says, and with earlier photos."""
    uses = await tx.all(_USES, photo_id)
    if not uses:
        return
    photo = (await find_photos(tx, [photo_id]))[photo_id]
    for use in uses:
        if _is_held(photo, use["sha256"]):
            facts = msgspec.json.decode(use["facts"], type=CaseFacts)
            found = await _marks(tx, [photo], use["case_id"], use["round"], facts)
            words = _words((await heard_of(tx, photo.district_id, found))[photo_id])
            if words != (use["marks"], use["quiet_marks"]):
                await tx.run("UPDATE photo_uses SET marks = ?, quiet_marks = ? WHERE id = ?", *words, use["id"])


def _words(heard: Heard | None) -> tuple[str, str]:
    loud, quiet = (heard.loud, heard.quiet) if heard else ([], [])
    return msgspec.json.encode(loud).decode(), msgspec.json.encode(quiet).decode()


async def _marks(
    tx: Tx, photos: Sequence[PhotoState], case_id: UUID, round: int, facts: CaseFacts
) -> dict[UUID, list[str]]:
    """The marks on each of these photos, which this round of the case has."""
    around = Surroundings(lon=facts.lon, lat=facts.lat, fence_m=facts.fence_m, since=facts.since, zone=facts.zone)
    beside = await _beside(tx, photos, case_id, round)
    marked = {}
    for n, photo in enumerate(photos):
        before: list[Likeness] = [_likeness(row) for row in beside if (row["n"], row["side"]) == (n, "before")]
        before += [_look(other) for other in photos if other.usage == "before" and other is not photo]
        like = [_likeness(row) for row in beside if (row["n"], row["side"]) == (n, "like")]
        marked[photo.id] = marks_on(_look(photo), around, before, like)
    return marked


async def _beside(tx: Tx, photos: Sequence[PhotoState], case_id: UUID, round: int) -> list[Row]:
    """Rows {n, side, sha256, dhash}: what each is compared with, but for what this round of this case has itself."""
    parts: list[str] = []
    args: list[Any] = []
    for n, photo in enumerate(photos):
        parts += [_BEFORE.format(n=n), _SAME_BYTES.format(n=n)]
        args += [case_id, photo.id, photo.district_id, photo.sha256, CANDIDATES]
        for band, value in enumerate(bands_of(photo.dhash)):
            parts.append(_NEAR.format(n=n, band=band))
            args += [photo.district_id, value, CANDIDATES]
    if not parts:
        return []
    every = " UNION ALL ".join(f"SELECT * FROM ({part}) AS part" for part in parts)
    return await tx.all(
        f"SELECT n, side, sha256, dhash FROM ({every}) AS every WHERE side = 'before' "
        f"OR (id NOT IN ({marks(len(photos))}) "
        "AND id NOT IN (SELECT photo_id FROM photo_uses WHERE case_id = ? AND round = ?))",
        *args, *(photo.id for photo in photos), case_id, round,
    )  # fmt: skip


def _likeness(row: Row) -> Likeness:
    return Likeness(sha256=row["sha256"], dhash=row["dhash"])


def _look(photo: PhotoState) -> Look:
    return Look(
        sha256=photo.sha256, dhash=photo.dhash, usage=photo.usage, source=photo.source, brightness=photo.brightness,
        sharpness=photo.sharpness, taken_at=photo.taken_at, lon=photo.lon, lat=photo.lat, accuracy_m=photo.accuracy_m,
        exif=msgspec.json.decode(photo.exif) if photo.exif else {},
    )  # fmt: skip
