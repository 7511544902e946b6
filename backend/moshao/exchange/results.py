"""What became of a platform's cases, as sheets in its folder: each ending once, in the journal's order."""

import asyncio
from collections.abc import Sequence
from datetime import datetime, timedelta
from uuid import UUID
from zoneinfo import ZoneInfo

import msgspec

from moshao.evidence import keys
from moshao.evidence.queries import find_photos
from moshao.evidence.room import Evidence
from moshao.exchange.drawers import Drawers
from moshao.exchange.wording import ON_TIME, OUTCOMES, RESULTS_HEAD, STATES
from moshao.kit import clock, ids
from moshao.kit.db import Database, Reader, Row, Tx, as_time
from moshao.kit.sheets import write_csv
from moshao.upstream.linking import token_for
from moshao.upstream.queries import Upstream

ROWS_MOST = 1000
EXTENSIONS = {"image/jpeg": ".jpg", "image/png": ".png", "image/webp": ".webp", "image/heic": ".heic"}
_ENDINGS = """
SELECT l.seq, l.case_id, l.facts FROM journal_lines l JOIN cases c ON c.id = l.case_id
WHERE l.district_id = ? AND l.seq > ? AND l.kind IN ('closed', 'reported_up', 'cancelled') AND c.upstream_id = ?
ORDER BY l.seq LIMIT ?
"""
_CASE = """
SELECT c.*, u.name AS unit_name, p.name AS handler_name, a.body AS closure
FROM cases c LEFT JOIN units u ON u.id = c.unit_id LEFT JOIN people p ON p.id = c.handled_by
LEFT JOIN acts a ON a.id = c.closure_id WHERE c.id = ?
"""


class _Closure(msgspec.Struct):
    """What the results say of the handler's own words."""

    note: str | None = None


async def write_results(evidence: Evidence, upstream: Upstream, drawers: Drawers, base_url: str) -> int:
    """Write what is due; how many sheets. Killed before it is noted, the same sheet is written over."""
    db, sheets = evidence.db, 0
    before = await db.one("SELECT seq, written_at FROM results_written WHERE upstream_id = ?", upstream.id)
    since, seq = timedelta(minutes=upstream.settings.results_minutes), before["seq"] if before else 0
    if before and before["written_at"] + since > clock.now():
        return 0
    while lines := await db.all(_ENDINGS, upstream.district_id, seq, upstream.id, ROWS_MOST):
        last = lines[-1]["seq"]
        # Upstream is not told its own word again; of a case that ended twice its last end counts.
        told = {line["case_id"]: None for line in lines if "upstream_id" not in msgspec.json.decode(line["facts"])}
        if told:
            rows = [await _row(evidence, upstream, drawers, base_url, case_id) for case_id in told]
            content = write_csv([RESULTS_HEAD, *rows])
            await asyncio.to_thread(drawers.write, f"results-{lines[0]['seq']:09}-{last:09}.csv", content)
            sheets += 1
        await _note(db, upstream.id, last)
        seq = last
    return sheets


async def _row(evidence: Evidence, upstream: Upstream, drawers: Drawers, base_url: str, case_id: UUID) -> list[str]:
    async with evidence.db.reading() as reader:
        case = await reader.one(_CASE, case_id)
        if case is None:
            raise LookupError(f"no case {case_id}")
        photos = await _photos_of(reader, case_id)
    closure = msgspec.json.decode(case["closure"] or "{}", type=_Closure)
    return [
        case["external_case_id"] or "",
        case["case_no"],
        STATES.get(case["state"], case["state"]),
        OUTCOMES.get(case["outcome"] or "", ""),
        case["unit_name"] or "",
        case["handler_name"] or "",
        *(_moment(case[name], upstream.zone) for name in ("dispatched_at", "handled_at", "ended_at", "deadline")),
        ON_TIME[bool(case["on_time"])] if case["on_time"] is not None else "",
        str(case["round"] - 1),
        closure.note or "",
        " ".join([await _address(evidence, upstream, drawers, base_url, case_id, photo) for photo in photos]),
    ]


async def _photos_of(reader: Reader, case_id: UUID) -> Sequence[Row]:
    """Ours, not those that came with the case."""
    return await reader.all(
        "SELECT photo_id, usage, round FROM case_photos WHERE case_id = ? AND act_id IS NOT NULL "
        "AND state <> 'refused' ORDER BY added_at, id",
        case_id,
    )


async def _address(
    evidence: Evidence, upstream: Upstream, drawers: Drawers, base_url: str, case_id: UUID, photo: Row
) -> str:
    """A link that is good for a week; where bytes go along, the file beside the sheet."""
    photo_id = photo["photo_id"]
    if upstream.settings.media == "link":
        return f"{base_url}/api/feedback_photos/{token_for(upstream.link_key, upstream.id, photo_id)}"
    async with evidence.db.reading() as reader:
        found = (await find_photos(reader, [photo_id]))[photo_id]
    if found.state != "held" or found.sha256 is None:
        return ""
    end = EXTENSIONS.get(found.media_type or "", ".bin")
    name = f"photos/{case_id}/{photo['round']}-{photo['usage']}-{photo_id}{end}"
    content = await evidence.blobs.read(keys.original(found.sha256))
    await asyncio.to_thread(drawers.write, name, content)
    return name


async def _note(db: Database, upstream_id: UUID, seq: int) -> None:
    async def work(tx: Tx) -> None:
        await tx.run(
            "INSERT INTO results_written (id, upstream_id, seq, written_at) VALUES (?, ?, ?, ?) "
            "ON CONFLICT (upstream_id) DO UPDATE SET seq = excluded.seq, written_at = excluded.written_at "
            "WHERE results_written.seq < excluded.seq",
            ids.new_id(), upstream_id, seq, clock.now(),
        )  # fmt: skip

    await db.write(work)


def _moment(value: datetime | str | None, zone: ZoneInfo) -> str:
    at = as_time(value)
    return at.astimezone(zone).strftime("%Y-%m-%d %H:%M:%S") if at else ""
