"""The schedule: when a period is over, its bulletin lies drafted on the supervisor's desk in the morning."""

from datetime import datetime
from uuid import UUID
from zoneinfo import ZoneInfo

from moshao.bulletins.drafting import make_draft
from moshao.bulletins.periods import Span, before, span_of
from moshao.bulletins.schemas import PeriodKind
from moshao.figures.periods import DAY, midnight
from moshao.kit import ids
from moshao.kit.db import Database
from moshao.people.settings import DistrictSettings, read_settings


async def draft_due(db: Database, now: datetime) -> set[UUID]:
    """The districts for which something was drafted. Any number of times: a period has one bulletin."""
    drafted = set()
    for row in await db.all("SELECT id, settings FROM districts"):
        settings = read_settings(row["settings"])
        for kind, span in due(settings, now):
            if await _is_wanted(db, row["id"], kind, span, settings.zone) and await make_draft(
                db, row["id"], ids.new_id(), kind, span, None
            ):
                drafted.add(row["id"])
    return drafted


async def _is_wanted(db: Database, district_id: UUID, kind: PeriodKind, span: Span, zone: str) -> bool:
    """Nothing is drafted twice, nor for a time in which the district had no case yet."""
    began = await db.value(
        "SELECT id FROM cases WHERE district_id = ? AND filed_at < ? LIMIT 1",
        district_id, midnight(span.last + DAY, zone),
    )  # fmt: skip
    there = await db.value(
        "SELECT id FROM bulletins WHERE district_id = ? AND period = ? AND first = ?",
        district_id, kind, str(span.first),
    )  # fmt: skip
    return began is not None and there is None


def due(settings: DistrictSettings, now: datetime) -> list[tuple[PeriodKind, Span]]:
    """What was over when the hour of the schedule last came: the last of each kind alone, however long nobody was
    there."""
    here = now.astimezone(ZoneInfo(settings.zone))
    ended = [(kind, before(kind, span_of(kind, here.date()))) for kind in settings.bulletins.scheduled]
    early = here.hour < settings.bulletins.at_hour
    return [(kind, span) for kind, span in ended if not (early and (here.date() - span.last).days == 1)]
