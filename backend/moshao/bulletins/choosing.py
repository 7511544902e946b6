"""Typical cases: which ones show well what was done, and which photos of them."""

from collections import defaultdict
from collections.abc import Collection, Sequence
from datetime import datetime
from uuid import UUID
from zoneinfo import ZoneInfo

import msgspec

from moshao.bulletins import wording
from moshao.bulletins.schemas import Candidate, ChosenCase, PhotoRef, Typical
from moshao.catalogue.queries import catalogue_of
from moshao.figures.periods import Period
from moshao.kit.db import Reader, Row, marks
from moshao.kit.errors import FieldError, bad_field

BEFORE = ("before", "report", "scene", "near", "far")
AFTER = ("after", "check")
CASES_LOOKED_AT = 400
CANDIDATES_MOST = 60
DRAFTED = 3
HOUR_S, MINUTE_S = 3600, 60

_CASES = (
    "SELECT id, case_no, title, address, unit_id, code_set, kind, major, minor, round, on_time, dispatched_at, "
    "handled_at FROM cases WHERE district_id = ? AND state = 'closed' AND ended_at >= ? AND ended_at < ? "
    "AND handled_at IS NOT NULL"
)


async def candidates(reader: Reader, district_id: UUID, period: Period) -> list[Candidate]:
    """Cases closed in the period that have photos of before and after; those without doubts and in time first."""
    sql = f"{_CASES} ORDER BY on_time DESC, ended_at DESC, id LIMIT ?"
    rows = await reader.all(sql, district_id, period.start, period.end, CASES_LOOKED_AT)
    found = await _told(reader, district_id, period, rows)
    return sorted(found, key=lambda one: (one.marked, not one.on_time))[:CANDIDATES_MOST]


def first_choice(found: Sequence[Candidate]) -> list[Typical]:
    """A few without doubts and in time, each of another class."""
    chosen: dict[str, Typical] = {}
    for one in found:
        if not one.marked and one.on_time and len(chosen) < DRAFTED:
            typical = Typical(
                case_id=one.case_id, case_no=one.case_no, words=one.words, before=one.before[0], after=one.after[-1]
            )
            chosen.setdefault(one.class_name, typical)
    return list(chosen.values())


async def chosen_cases(reader: Reader, district_id: UUID, period: Period, asked: Sequence[ChosenCase]) -> list[Typical]:
    """The cases and photos that somebody chose. Raises `bad_field` where one is not among the candidates'."""
    ids = [one.case_id for one in asked]
    rows = []
    if ids:
        sql = f"{_CASES} AND id IN ({marks(len(ids))})"
        rows = await reader.all(sql, district_id, period.start, period.end, *ids)
    known = {one.case_id: one for one in await _told(reader, district_id, period, rows)}
    if len(set(ids)) < len(ids):
        raise _wrong("typical", "twice", "同一个案件选了两次")
    return [_chosen(number, one, known.get(one.case_id)) for number, one in enumerate(asked)]


def _chosen(number: int, asked: ChosenCase, known: Candidate | None) -> Typical:
    before = {photo.photo_id: photo for photo in known.before} if known else {}
    after = {photo.photo_id: photo for photo in known.after} if known else {}
    if known is None or asked.before_photo_id not in before or asked.after_photo_id not in after:
        raise _wrong(f"typical.{number}", "unknown", "没有这个案件或照片，或案件不在本期办结")
    return Typical(
        case_id=known.case_id, case_no=known.case_no, words=asked.words, before=before[asked.before_photo_id],
        after=after[asked.after_photo_id],
    )  # fmt: skip


def _wrong(field: str, code: str, sentence: str) -> Exception:
    return bad_field(sentence, errors=(FieldError(field, code, sentence),))


async def _told(reader: Reader, district_id: UUID, period: Period, rows: Sequence[Row]) -> list[Candidate]:
    photos = await _photos(reader, [row["id"] for row in rows])
    catalogue = await catalogue_of(reader, district_id)
    units = {
        row["id"]: row["name"]
        for row in await reader.all("SELECT id, name FROM units WHERE district_id = ?", district_id)
    }
    found = []
    for row in rows:
        own = photos.get(row["id"], [])
        before = [_ref(one) for one in own if one["usage"] in BEFORE]
        after = [_ref(one) for one in own if one["usage"] in AFTER and one["round"] == row["round"]]
        one = catalogue.find(row["code_set"], row["kind"], row["major"], row["minor"]) if row["major"] else None
        if before and after:
            class_name, unit = one.name_zh if one else wording.NO_NAME, units.get(row["unit_id"], wording.NOT_PLACED)
            found.append(
                Candidate(
                    case_id=row["id"], case_no=row["case_no"], title=row["title"] or class_name, unit=unit,
                    class_name=class_name, on_time=None if row["on_time"] is None else bool(row["on_time"]),
                    marked=any(photo["marks"] != "[]" for photo in own), before=before, after=after,
                    words=_words(row, row["title"] or class_name, unit, period.zone),
                )
            )  # fmt: skip
    return found


async def _photos(reader: Reader, case_ids: Collection[UUID]) -> dict[UUID, list[Row]]:
    found: defaultdict[UUID, list[Row]] = defaultdict(list)
    if case_ids:
        rows = await reader.all(
            "SELECT n.case_id, n.photo_id, n.usage, n.round, p.sha256, p.media_type, coalesce(u.marks, '[]') AS marks "
            "FROM case_photos n JOIN photos p ON p.id = n.photo_id "
            "LEFT JOIN photo_uses u ON u.photo_id = n.photo_id AND u.case_id = n.case_id "
            f"WHERE n.case_id IN ({marks(len(case_ids))}) AND n.state = 'held' AND p.state = 'held' "
            "AND p.media_type LIKE 'image/%' ORDER BY n.added_at, n.id",
            *case_ids,
        )
        for row in rows:
            found[row["case_id"]].append(row)
    return found


def _ref(row: Row) -> PhotoRef:
    return msgspec.convert({name: row[name] for name in ("photo_id", "sha256", "media_type")}, PhotoRef)


def _words(row: Row, title: str, unit: str, zone: str) -> str:
    return wording.TYPICAL_CASE.format(
        title=title, unit=unit, address=row["address"] or wording.NO_ADDRESS,
        dispatched=_moment(row["dispatched_at"], zone), handled=_moment(row["handled_at"], zone),
        taken=_taken(row["dispatched_at"], row["handled_at"]),
    )  # fmt: skip


def _moment(at: datetime | None, zone: str) -> str:
    return at.astimezone(ZoneInfo(zone)).strftime("%-m 月 %-d 日 %H:%M") if at else ""


def _taken(since: datetime | None, until: datetime) -> str:
    seconds = max(0.0, (until - since).total_seconds()) if since else 0.0
    if seconds >= HOUR_S:
        return wording.HOURS_TAKEN.format(hours=f"{seconds / HOUR_S:.1f}")
    return wording.MINUTES_TAKEN.format(minutes=int(seconds // MINUTE_S))
