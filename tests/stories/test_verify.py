"""`moshao verify`: clean where nothing was touched, and whoever changes one byte is named."""

from collections.abc import Awaitable, Callable
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest

from moshao.cases.case import lock_case
from moshao.cases.moving import Step, move
from moshao.cases.sealed_rows import verbatim_of
from moshao.evidence.keys import original
from moshao.kit import ids
from moshao.kit.db import Tx
from moshao.operate.verify import faults_in
from tests.stories.day import Day
from tests.verifying import faults_of_rows

Tamper = Callable[[Tx, UUID], Awaitable[int]]


def change(sql: str) -> Tamper:
    """Run this on one row; `?` is the case."""

    async def tamper(tx: Tx, case_id: UUID) -> int:
        return await tx.run(sql, *[case_id] * sql.count("?"))

    return tamper


ROWS: dict[str, tuple[Tamper, str]] = {
    "a fact in the journal": (
        change("UPDATE journal_lines SET facts = '{}' WHERE case_id = ? AND kind = 'handled'"),
        "does not fit its digest and the line before",
    ),
    "who stands in the journal": (
        change("UPDATE journal_lines SET person_id = id WHERE case_id = ? AND kind = 'handled'"),
        "does not fit its digest and the line before",
    ),
    "a line that is gone": (
        change("DELETE FROM journal_lines WHERE case_id = ? AND kind = 'assigned'"),
        "is missing",
    ),
    "the last line, gone": (
        change("DELETE FROM journal_lines WHERE case_id = ? AND kind = 'handled'"),
        "is the last, but the head says",
    ),
    "what an act says": (
        change("UPDATE acts SET body = replace(body, 'fixed', 'fixeD') WHERE case_id = ? AND act = 'closures'"),
        "has another body than its digest",
    ),
    "who signed an act": (
        change("UPDATE acts SET signature = NULL WHERE case_id = ? AND act = 'closures'"),
        "came from a phone and has no signature",
    ),
    "an act with the digest of another": (
        change("UPDATE acts SET content = 'sha256:0' WHERE case_id = ? AND act = 'closures'"),
        "does not have the digest that the journal sealed",
    ),
    "the state of a case": (
        change("UPDATE cases SET state = 'closed' WHERE id = ?"),
        "is closed, the journal says handled",
    ),
    "a photo that is called another's": (
        change("UPDATE case_photos SET sha256 = 'ffff' WHERE case_id = ?"),
        "has another digest than the act signed",
    ),
    "a photo that nobody holds": (
        change("UPDATE photos SET state = 'ended' WHERE id IN (SELECT photo_id FROM case_photos WHERE case_id = ?)"),
        "stands in a case and is ended",
    ),
}


# Where the row stands in no digest: the line that holds it, and the moment the worker looks again.
NOT_SEALED = {"next_at"}


async def told(day: Day) -> UUID:
    """A case from above with words and requests of all kinds; its id."""
    case_id = await day.dispatched(reporter={"name": "刘女士", "phone": "13800000000"}, description="路口堆着垃圾")
    await day.told("supervised", case_id, opinion="三天内办结", by="市平台")
    await day.act("leader_of_crew", case_id, "assignments", person_id=day.id_of("handler"))
    await day.act("handler", case_id, "notes", note="门口的路正在修")
    asked = await day.act("handler", case_id, "extensions", reason="下雨")
    await day.act("leader_of_crew", case_id, "extension_decisions", request_id=asked["act_id"], verdict="forward")
    await day.act(
        "supervisor", case_id, "extension_decisions", request_id=asked["act_id"], verdict="grant", reason="雨大"
    )
    await day.act("handler", case_id, "handbacks", reason="not_our_area", words="在河对岸")
    return UUID(case_id)


def other(value: Any) -> Any:
    """Another value of the same kind, as near as one byte."""
    if isinstance(value, bool):
        return not value
    if isinstance(value, int | float):
        return value + 1
    if isinstance(value, datetime):
        return value + timedelta(microseconds=1)
    if isinstance(value, UUID):
        return UUID(int=value.int ^ 1)
    return chr(ord(value[0]) ^ 1) + value[1:] if value else "x"


@pytest.mark.parametrize(("table", "key"), [("cases", "id"), ("case_words", "case_id"), ("case_requests", "case_id")])
async def test_one_byte_of_any_column_is_found(day: Day, table: str, key: str) -> None:
    db, case_id = day.world.db, await told(day)
    district_id = day.world.cast.district_id
    assert await faults_of_rows(db, district_id) == []
    rows, passed = await db.all(f"SELECT * FROM {table} WHERE {key} = ?", case_id), []
    assert rows
    for row in rows:
        for name in row.keys() - {"id", *NOT_SEALED}:
            if row[name] is None or name == key:
                continue
            now = other(row[name])
            sql = f"UPDATE {table} SET {name} = ? WHERE id = ?"
            await db.write(lambda tx, sql=sql, now=now, row=row: tx.run(sql, now, row["id"]))  # type: ignore[misc]
            if not await faults_of_rows(db, district_id):
                passed.append(name)
            before = row[name]
            await db.write(lambda tx, sql=sql, it=before, row=row: tx.run(sql, it, row["id"]))  # type: ignore[misc]
    assert passed == []
    assert await faults_of_rows(db, district_id) == []


@pytest.mark.parametrize("table", ["case_words", "case_requests"])
async def test_a_row_that_is_gone_or_slipped_in_is_found(day: Day, table: str) -> None:
    db, case_id = day.world.db, await told(day)
    district_id = day.world.cast.district_id
    (row, *_) = await db.all(f"SELECT * FROM {table} WHERE case_id = ? ORDER BY id", case_id)
    await db.write(lambda tx: tx.insert(table, row | {"id": ids.new_id()}))
    assert any("does not have the digest that the journal sealed" in fault for fault in await faults(day))
    await db.write(lambda tx: tx.run(f"DELETE FROM {table} WHERE case_id = ?", case_id))
    assert any(fault.endswith("is gone") for fault in await faults_of_rows(db, district_id))


async def test_a_text_is_erased_on_record_and_verify_stays_clean(day: Day) -> None:
    """What privacy asks for: the words, their salt and what the case says of the caller go; the chain stays."""
    db, case_id = day.world.db, await told(day)

    async def erase(tx: Tx) -> None:
        case = await lock_case(tx, case_id)
        assert case is not None
        rows = await tx.all("DELETE FROM case_words WHERE case_id = ? RETURNING id", case_id)
        texts = dict.fromkeys(("description", "reporter_name", "reporter_phone"))
        await tx.run("UPDATE cases SET verbatim = NULL WHERE id = ?", case_id)
        gone = (*(str(row["id"]) for row in rows), verbatim_of(case_id))
        await move(tx, case, Step(kind="amended", changes=texts | {"salt": ids.new_secret(16)}, gone=gone))

    assert "13800000000" in str(await db.one("SELECT * FROM cases WHERE id = ?", case_id))
    await db.write(erase)
    assert await faults(day) == []


async def faults(day: Day) -> list[str]:
    """What verifying says of the district as it stands."""
    found = faults_in(day.world.db, day.world.app.app.state.blobs, day.world.cast.district_id)
    return [f"{fault.what} {fault.which} {fault.why}" async for fault in found]


async def closed(day: Day) -> dict[str, Any]:
    """A case that is handed in with a photo; the photo as the act named it."""
    case_id = await day.dispatched()
    await day.act("leader_of_crew", case_id, "assignments", person_id=day.id_of("handler"))
    photos = [await day.photo("handler", "before"), await day.photo("handler", "after")]
    await day.act("handler", case_id, "closures", outcome="fixed", photos=photos)
    return {"case_id": UUID(case_id), "sha256": photos[1]["sha256"]}


async def test_untouched_is_clean(day: Day) -> None:
    await closed(day)
    assert await faults(day) == []


@pytest.mark.parametrize("what", ROWS)
async def test_a_changed_row_is_named(day: Day, what: str) -> None:
    tamper, why = ROWS[what]
    case_id = (await closed(day))["case_id"]
    assert await day.world.db.write(lambda tx: tamper(tx, case_id)) > 0
    assert any(why in fault for fault in await faults(day))


@pytest.mark.parametrize(
    ("bytes_now", "why"),
    [
        (lambda before: before[:-1] + b"\x00", "has other bytes than the phone sealed"),
        (lambda before: before[:-1], "octets, should have"),
        (lambda _: None, "is not in the store"),
    ],
)
async def test_a_changed_photo_is_named(day: Day, bytes_now: Any, why: str) -> None:
    sha256 = (await closed(day))["sha256"]
    path = Path(day.world.settings.blobs_url.removeprefix("file://")) / original(sha256)
    now = bytes_now(path.read_bytes())
    path.unlink()
    if now is not None:
        path.write_bytes(now)
    assert [fault for fault in await faults(day) if why in fault] == await faults(day) != []
