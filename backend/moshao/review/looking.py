"""A case as whoever judges it needs it: beside the case itself, who did what where and when, and by which photos."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

import msgspec

from moshao.cases.case import Case
from moshao.cases.schemas_shown import Named
from moshao.cases.showing import show
from moshao.catalogue.queries import catalogue_of
from moshao.dispatch.inspecting import name_inspector
from moshao.evidence.marks import Likeness, alike, bands_of
from moshao.kit.db import Reader, Row, marks
from moshao.people.actor import Actor
from moshao.people.naming import names_of
from moshao.places.datum import to_wgs84
from moshao.places.distance import metres_nearby
from moshao.places.position import fault_in
from moshao.review.schemas import Earlier, Look, PhotoFacts, ReviewDocument, SeenPlace

LOOKS = ("closures", "checks", "verifications", "reports", "registrations")
EARLIER_MOST = 3
ALIKE = frozenset({"reused", "similar", "same_as_before"})

_ACTS = f"""
SELECT id, case_id, act, person_id, on_behalf_of, body, verdict, round, done_at, corrected_at, heard_at, clock_doubt
FROM acts WHERE case_id IN ({{ids}}) AND act IN ({marks(len(LOOKS))}) ORDER BY heard_at
"""
_PHOTOS = """
SELECT u.case_id, u.marks, p.id, p.sha256, p.dhash, p.taken_at, p.held_at, p.lon, p.lat, p.accuracy_m, p.source,
       p.width, p.height, p.length
FROM photo_uses u JOIN photos p ON p.id = u.photo_id WHERE u.case_id IN ({ids}) AND p.state = 'held'
"""
_EARLIER = """
SELECT p.id, p.sha256, p.dhash, p.held_at, u.case_id, c.case_no FROM photos p
JOIN photo_uses u ON u.photo_id = p.id JOIN cases c ON c.id = u.case_id
WHERE p.district_id = ? AND p.state = 'held' AND p.id <> ? AND p.held_at <= ? AND ({which}) ORDER BY p.held_at LIMIT 100
"""


class _Said(msgspec.Struct):
    """Of an act's body what a judge wants to know; a body erased for privacy says nothing."""

    place: dict[str, Any] | None = None
    no_place_reason: str | None = None
    off_site_reason: str | None = None
    no_photo_reason: str | None = None
    outcome: str | None = None
    verdict: str | None = None
    reason: str | None = None
    note: str | None = None


async def look_at(reader: Reader, cases: Sequence[Case], viewer: Actor, now: datetime) -> list[ReviewDocument]:
    """The documents of `cases`, in order; the viewer sees them all."""
    if not cases:
        return []
    case_ids = [case.id for case in cases]
    whole = await show(reader, cases, viewer, now, await catalogue_of(reader, viewer.district_id), lines=None)
    acts = await reader.all(_ACTS.format(ids=marks(len(case_ids))), *case_ids, *LOOKS)
    photos = await reader.all(_PHOTOS.format(ids=marks(len(case_ids))), *case_ids)
    inspectors = {case.id: await name_inspector(reader, case) for case in cases} if viewer.role == "supervisor" else {}
    people = await names_of(reader, _people(acts) | {one for one in inspectors.values() if one})
    looks, facts = _by_case(acts), _by_case(photos)
    return [
        ReviewDocument(
            case=document,
            looks=[_look(act, case, people) for act in looks[case.id]],
            photos=[await _facts(reader, photo, case) for photo in facts[case.id]],
            inspector=_named(inspectors.get(case.id), people),
        )
        for case, document in zip(cases, whole, strict=True)
    ]


def _people(acts: Sequence[Row]) -> set[UUID]:
    named = {act[column] for act in acts for column in ("person_id", "on_behalf_of")}
    return {person for person in named if person is not None}


def _by_case(rows: Sequence[Row]) -> Mapping[UUID, list[Row]]:
    found: dict[UUID, list[Row]] = defaultdict(list)
    for row in rows:
        found[row["case_id"]].append(row)
    return found


def _look(act: Row, case: Case, people: Mapping[UUID, str]) -> Look:
    said = msgspec.json.decode(act["body"], type=_Said) if act["body"] else _Said()
    return Look(
        act_id=act["id"],
        act=act["act"],
        round=act["round"],
        kept=act["verdict"] == "kept",
        by=_named(act["person_id"], people),
        on_behalf_of=_named(act["on_behalf_of"], people),
        done_at=act["done_at"],
        counts_at=act["heard_at"] if act["clock_doubt"] else act["corrected_at"],
        heard_at=act["heard_at"],
        clock_doubt=bool(act["clock_doubt"]),
        place=_place_said(said.place, case),
        no_place_reason=said.no_place_reason,
        off_site_reason=said.off_site_reason,
        no_photo_reason=said.no_photo_reason,
        outcome=said.outcome,
        verdict=said.verdict,
        reason=said.reason,
        note=said.note,
    )


def _place_said(place: dict[str, Any] | None, case: Case) -> SeenPlace | None:
    if place is None:
        return None
    lon, lat = place["location"]["coordinates"][:2]
    if fault_in(lon, lat) is not None:
        return None
    lon, lat = to_wgs84(lon, lat, place.get("datum") or "wgs84")
    return _seen(lon, lat, place.get("accuracy_m"), case)


def _seen(lon: float, lat: float, accuracy_m: float | None, case: Case) -> SeenPlace:
    off = None if case.lon is None or case.lat is None else round(metres_nearby(lon, lat, case.lon, case.lat))
    return SeenPlace(lon=lon, lat=lat, accuracy_m=accuracy_m, distance_m=off)


async def _facts(reader: Reader, photo: Row, case: Case) -> PhotoFacts:
    has_place = photo["lon"] is not None and photo["lat"] is not None
    marked = set(msgspec.json.decode(photo["marks"], type=list[str]))
    return PhotoFacts(
        id=photo["id"],
        taken_at=photo["taken_at"],
        held_at=photo["held_at"],
        place=_seen(photo["lon"], photo["lat"], photo["accuracy_m"], case) if has_place else None,
        source=photo["source"],
        width=photo["width"],
        height=photo["height"],
        length=photo["length"],
        earlier=await _earlier(reader, photo, case) if marked & ALIKE else [],
    )


async def _earlier(reader: Reader, photo: Row, case: Case) -> list[Earlier]:
    """The first photos that show the same: which mark they explain is theirs to say."""
    bands = bands_of(photo["dhash"])
    which = " OR ".join(["p.sha256 = ?", *(f"p.band{number} = ?" for number in range(len(bands)))])
    rows = await reader.all(
        _EARLIER.format(which=which), case.district_id, photo["id"], photo["held_at"], photo["sha256"], *bands
    )
    same = [row for row in rows if row["sha256"] == photo["sha256"] or _alike(row, photo)]
    return [
        Earlier(photo_id=row["id"], case_id=row["case_id"], case_no=row["case_no"], held_at=row["held_at"])
        for row in same[:EARLIER_MOST]
    ]


def _alike(one: Row, other: Row) -> bool:
    return alike(*(Likeness(sha256=row["sha256"], dhash=row["dhash"]) for row in (one, other)))


def _named(found: UUID | None, names: Mapping[UUID, str]) -> Named | None:
    return Named(found, names.get(found, "")) if found else None
