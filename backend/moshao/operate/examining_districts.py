"""The installation from inside, as a doctor looks at it: workers, stuck work, upstreams, calendars, backups."""

from collections.abc import AsyncIterator
from datetime import date, timedelta

from moshao.hours.queries import hours_of
from moshao.kit import clock, jobs, leases
from moshao.kit.config import Settings
from moshao.kit.db import Database, Row
from moshao.operate.backup_runs import last
from moshao.operate.backup_schedule import OVERDUE_AFTER
from moshao.operate.finding import Finding, bad, ok, warn
from moshao.upstream.resending import stuck_feedback

# How far apart two clocks may be before proofs and deadlines suffer.
CLOCK_SECONDS = 2.0
DRILL_DAYS = 100
# China's State Council names a year's holidays in November of the year before.
NEXT_YEAR_MONTH = 12


async def installation_found(db: Database, settings: Settings) -> AsyncIterator[Finding]:
    """What all districts share."""
    async for found in _database(db):
        yield found
    async for found in _worker(db):
        yield found
    async for found in _backups(db, settings):
        yield found
    districts = await db.all("SELECT id, code, name FROM districts ORDER BY code")
    if not districts:
        yield bad("districts", "there is none", "`moshao import district CODE NAME`, or `moshao demo`")
    for district in districts:
        async for found in _district(db, district):
            yield found


async def _database(db: Database) -> AsyncIterator[Finding]:
    if db.dialect == "sqlite":
        yield ok("database", f"SQLite {await db.value('SELECT sqlite_version() AS version')}")
        return
    yield ok("database", f"PostgreSQL {await db.value('SHOW server_version')}")
    apart = abs((await db.value("SELECT clock_timestamp() AS now") - clock.now()).total_seconds())
    if apart > CLOCK_SECONDS:
        yield bad("clock", f"the database's clock is {apart:.0f} s from this machine's", "keep both by NTP")


async def _worker(db: Database) -> AsyncIterator[Finding]:
    now = clock.now()
    standing = await leases.standing(db)
    if not any(row["holder"] is not None and row["until"] > now for row in standing):
        yield bad("worker", "none runs: no clock runs out, no bell rings, nobody above is told", "`moshao worker`")
    else:
        yield ok("worker", "running")
    for row in standing:
        if row["failures"]:
            yield bad("worker", f"{row['name']} has failed {row['failures']} times: {row['error']}", "see its log")
    for row in await jobs.counts(db):
        if row["dead"]:
            yield warn("jobs", f"{row['jobs']} in {row['queue']} were given up", "see the log, then send them again")


async def _backups(db: Database, settings: Settings) -> AsyncIterator[Finding]:
    if settings.backup_to is None:
        yield bad("backup", "nobody takes one", "MOSHAO_BACKUP_TO=… (docs/backup.md)")
        return
    good, drill, now = await last(db, "backup"), await last(db, "drill"), clock.now()
    if good is None or now - good > OVERDUE_AFTER:
        yield bad(
            "backup", f"the last good one is of {good or 'never'}", "`moshao backup`, and see why it did not work"
        )
    else:
        yield ok("backup", f"the last is of {good:%Y-%m-%d %H:%M} UTC")
    if drill is None or now - drill > timedelta(days=DRILL_DAYS):
        yield warn("backup", "restoring was not rehearsed of late", "`moshao restore --drill`")


async def _district(db: Database, district: Row) -> AsyncIterator[Finding]:
    about = district["name"]
    stuck = await stuck_feedback(db, district["id"])
    if stuck:
        names = ", ".join(sorted({each.upstream for each in stuck}))
        yield bad(
            about,
            f"{len(stuck)} cases wait to be told to {names}",
            "they go by themselves once it answers",
        )
    async for found in _calendar(db, district):
        yield found
    for what, sql, cure in _NEEDED:
        if not await db.value(sql, district["id"]):
            yield warn(about, what, cure)


_NEEDED = (
    ("it has no grids: cases go by the nearest street", "SELECT count(*) FROM grids WHERE district_id = ?",
     "`moshao import grids FILE`"),
    ("nobody handles cases there", "SELECT count(*) FROM people WHERE district_id = ? AND role = 'handler' AND active",
     "`moshao import roster FILE`"),
    ("nobody reviews there", "SELECT count(*) FROM people WHERE district_id = ? AND role = 'supervisor' AND active",
     "`moshao person make --role supervisor`"),
    ("no phone is paired", "SELECT count(*) FROM devices WHERE district_id = ?",
     "`moshao person pairing-code STAFF_NO`"),
)  # fmt: skip


async def _calendar(db: Database, district: Row) -> AsyncIterator[Finding]:
    hours = await hours_of(db, district["id"])
    today = clock.now().date()
    years = [today.year] + ([today.year + 1] if today.month >= NEXT_YEAR_MONTH else [])
    for year in years:
        if not hours.holidays.confirmed_between(date(year, 1, 1), date(year, 12, 31)):
            yield warn(
                district["name"], f"the holidays of {year} are not confirmed: deadlines across them may be wrong",
                f"`moshao import holidays FILE --confirm {year}`, or its admin confirms it (docs/calendars.md)",
            )  # fmt: skip
