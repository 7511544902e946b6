"""Reading all of a case in one snapshot."""

from typing import Any
from uuid import UUID

import msgspec

from moshao.cases.case import find_case
from moshao.cases.showing import show
from moshao.cases.visibility import standing
from moshao.catalogue.queries import catalogue_of
from moshao.dossier.contents import Contents, Head, JournalLine, NamedPhoto, SignedAct
from moshao.evidence.queries import marks_of
from moshao.journal.chain import COLUMNS, START, fields_of, text_of
from moshao.kit import clock, errors
from moshao.kit.db import Reader, Row
from moshao.people.actor import Actor

_ACTS = """
    SELECT a.id, a.act, a.case_id, a.body, a.signature, a.content, a.verdict, a.done_at, a.heard_at, a.erased_at,
        a.device_id, d.public_key, p.name AS person
    FROM acts a JOIN people p ON p.id = a.person_id LEFT JOIN devices d ON d.id = a.device_id
    WHERE a.case_id = ? OR a.id IN (SELECT act_id FROM journal_lines WHERE case_id = ?)
    ORDER BY a.seq, a.heard_at, a.id
"""
_PHOTOS = """
    SELECT n.photo_id, n.act_id, n.usage, n.round, n.state, n.sha256, h.sha256 AS held_sha256, h.state AS here,
        h.media_type, h.taken_at, h.lon, h.lat, h.accuracy_m
    FROM case_photos n LEFT JOIN photos h ON h.id = n.photo_id WHERE n.case_id = ? ORDER BY n.added_at, n.id
"""
# Whose name and number it was is nobody's evidence.
_LEFT_OUT = ("reporter", "reporter_id")


async def gather(reader: Reader, actor: Actor, case_id: UUID) -> Contents:
    """All of a case that this person may see. Raises `not_found`."""
    case = await find_case(reader, case_id)
    if case is None or (await standing(reader, actor, case)).sight != "see":
        raise errors.not_found()
    catalogue = await catalogue_of(reader, actor.district_id)
    (document,) = await show(reader, [case], actor, clock.now(), catalogue, lines=None)
    shown: dict[str, Any] = msgspec.to_builtins(document)
    for name in _LEFT_OUT:
        shown.pop(name, None)
    head = await reader.one("SELECT seq, digest FROM journal_heads WHERE district_id = ?", actor.district_id)
    assert head is not None
    return Contents(
        case=shown, journal=await _journal(reader, actor.district_id, case_id), acts=await _acts(reader, case_id),
        photos=await _photos(reader, case_id), head=Head(head["seq"], head["digest"]),
        district=await reader.value("SELECT name FROM districts WHERE id = ?", actor.district_id),
    )  # fmt: skip


async def _journal(reader: Reader, district_id: UUID, case_id: UUID) -> list[JournalLine]:
    rows = await reader.all(f"SELECT {COLUMNS} FROM journal_lines WHERE case_id = ? ORDER BY seq", case_id)
    before = await reader.all(
        "SELECT l.seq, l.digest FROM journal_lines l JOIN journal_lines n ON n.district_id = l.district_id "
        "AND n.seq = l.seq + 1 WHERE n.case_id = ? AND l.district_id = ?",
        case_id,
        district_id,
    )
    digests = {row["seq"]: row["digest"] for row in before}
    return [
        JournalLine(
            seq=row["seq"], kind=row["kind"], at=row["at"], act_id=row["act_id"], content=row["content"],
            fields=[None if field is None else text_of(field) for field in fields_of(row)],
            before=digests.get(row["seq"] - 1, START), digest=row["digest"],
        )
        for row in rows
    ]  # fmt: skip


async def _acts(reader: Reader, case_id: UUID) -> list[SignedAct]:
    rows = await reader.all(_ACTS, case_id, case_id)
    return [
        SignedAct(
            id=row["id"], act=row["act"], case_id=row["case_id"], person=row["person"], done_at=row["done_at"],
            heard_at=row["heard_at"], verdict=row["verdict"], content=row["content"], device_id=row["device_id"],
            signature=row["signature"], public_key=row["public_key"], **_body(row),
        )
        for row in rows
    ]  # fmt: skip


def _body(row: Row) -> dict[str, Any]:
    if row["erased_at"] is not None:
        return {"body": "", "without": "erased"}
    if msgspec.json.decode(row["body"]).get("reporter"):
        return {"body": "", "without": "withheld"}
    return {"body": row["body"], "without": ""}


async def _photos(reader: Reader, case_id: UUID) -> list[NamedPhoto]:
    marks = await marks_of(reader, case_id)
    return [
        NamedPhoto(
            photo_id=row["photo_id"], act_id=row["act_id"], usage=row["usage"], round=row["round"],
            state=row["state"], sha256=row["held_sha256"] or row["sha256"], taken_at=row["taken_at"],
            lon=row["lon"], lat=row["lat"], accuracy_m=row["accuracy_m"],
            marks=list(marks.get(row["photo_id"], ())), file=_file(row),
        )
        for row in await reader.all(_PHOTOS, case_id)
    ]  # fmt: skip


def _file(row: Row) -> str | None:
    """Where its bytes lie in the archive."""
    if row["here"] != "held" or row["state"] == "refused":
        return None
    ending = {"image/jpeg": "jpg"}.get(row["media_type"], str(row["media_type"]).rpartition("/")[2])
    return f"photos/{row['held_sha256']}.{ending}"
