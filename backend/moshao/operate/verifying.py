"""`moshao verify`: read everything back and name what does not fit. Changes nothing."""

import hashlib
from collections.abc import AsyncIterator
from datetime import datetime
from uuid import UUID

import msgspec

from moshao.cases.schemas import ActAnswer
from moshao.journal.chain import COLUMNS, START, chained, fields_of
from moshao.kit.db import Database, Row, marks
from moshao.people.signing import canonical, verify_detached

PAGE = 2000
ACTS = """
    SELECT a.id, a.act, a.case_id, a.body, a.signature, a.content, a.seq, a.device_id, a.erased_at, d.public_key,
           a.person_id, a.round, a.done_at, a.corrected_at, a.heard_at, a.clock_doubt, a.verdict, a.answer
    FROM acts a LEFT JOIN devices d ON d.id = a.device_id
    WHERE a.district_id = ? AND a.id > ? ORDER BY a.id LIMIT ?
"""
NAMES_NO_CASE = frozenset({"reports", "registrations", "handovers", "suggestions"})
FIRST = UUID(int=0)


class Fault(msgspec.Struct, frozen=True):
    """`what` is the kind of thing, `which` names it, `why` says what is wrong."""

    what: str
    which: str
    why: str


async def verify_journal(db: Database, district_id: UUID) -> AsyncIterator[Fault]:
    """Gapless from 1, each line chained to the one before, the head as the last line says."""
    head = await db.one("SELECT seq, digest FROM journal_heads WHERE district_id = ?", district_id)
    if head is None:
        yield Fault("journal", str(district_id), "the district has no journal")
        return
    at, digest = 0, START
    while rows := await db.all(
        f"SELECT {COLUMNS} FROM journal_lines WHERE district_id = ? AND seq > ? ORDER BY seq LIMIT ?",
        district_id, at, PAGE,
    ):  # fmt: skip
        for row in rows:
            if row["seq"] != at + 1:
                yield Fault("journal", f"line {at + 1}", "is missing")
            digest = chained(digest, fields_of(row))
            if digest != row["digest"]:
                yield Fault("journal", f"line {row['seq']}", "does not fit its digest and the line before")
                digest = row["digest"]
            at = row["seq"]
    if (at, digest) != (head["seq"], head["digest"]):
        yield Fault("journal", f"line {at}", f"is the last, but the head says {head['seq']}")


async def verify_acts(db: Database, district_id: UUID) -> AsyncIterator[Fault]:
    """Each act is what its phone signed and what its journal line sealed."""
    last = FIRST
    while rows := await db.all(ACTS, district_id, last, PAGE):
        sealed = await _sealed(db, district_id, rows)
        for row in rows:
            last = row["id"]
            if why := _act_fault(row, sealed):
                yield Fault("act", f"{row['act']} {row['id']}", why)


async def _sealed(db: Database, district_id: UUID, rows: list[Row]) -> dict[UUID, Row]:
    """The journal's lines, by act."""
    lines = await db.all(
        "SELECT act_id, content, person_id, round, done_at FROM journal_lines "
        f"WHERE district_id = ? AND seq IN ({marks(len(rows))})",
        district_id, *(row["seq"] for row in rows),
    )  # fmt: skip
    return {line["act_id"]: line for line in lines}


def _act_fault(row: Row, sealed: dict[UUID, Row]) -> str | None:
    line = sealed.get(row["id"])
    if line is None:
        return "stands in no journal line"
    if line["content"] != row["content"]:
        return "does not have the digest that the journal sealed"
    counted = row["heard_at"] if row["clock_doubt"] else row["corrected_at"]
    if (line["person_id"], line["round"], line["done_at"]) != (row["person_id"], row["round"], counted):
        return "names another person, round or time than the journal"
    if not _is_answered_so(row):
        return "has an answer that does not fit it"
    if row["erased_at"] is not None:
        return None
    case_id = None if row["act"] in NAMES_NO_CASE else str(row["case_id"])
    try:
        body = msgspec.json.decode(row["body"])
    except msgspec.DecodeError:
        return "has a body that can not be read"
    payload = canonical({"act": row["act"], "act_id": str(row["id"]), "case_id": case_id, "body": body})
    if f"sha256:{hashlib.sha256(payload).hexdigest()}" != row["content"]:
        return "has another body than its digest"
    if _instant(body["done_at"]) != row["done_at"]:
        return "says another time than its body"
    if row["device_id"] is None:
        return None
    if not row["signature"] or not row["public_key"]:
        return "came from a phone and has no signature"
    if not verify_detached(row["public_key"], row["signature"], payload, row["device_id"]):
        return "is not signed by its phone"
    return None


def _is_answered_so(row: Row) -> bool:
    """Whether the kept answer is that of this act: it is given again to whoever repeats the act."""
    try:
        answer = msgspec.json.decode(row["answer"], type=ActAnswer)
    except msgspec.MsgspecError:
        return False
    told = answer.receipt
    return (answer.verdict, answer.case_id, told.case_id, told.act_id, told.seq, told.heard_at) == (
        row["verdict"], row["case_id"], row["case_id"], row["id"], row["seq"], row["heard_at"],
    )  # fmt: skip


def _instant(text: str) -> datetime:
    return datetime.fromisoformat(text)
