"""A district's own letterhead: a DOCX in which a bulletin is written instead of ours."""

import asyncio
import hashlib
import logging
import zipfile
from io import BytesIO
from typing import Any
from uuid import UUID

from docx import Document as open_docx
from docx.opc.constants import RELATIONSHIP_TYPE

from moshao.bulletins.kinds import KINDS
from moshao.bulletins.schemas import TemplateView
from moshao.evidence.room import Evidence
from moshao.journal.appending import Line, append
from moshao.kit import clock, errors
from moshao.kit.db import Reader, Tx
from moshao.people.actor import Actor

log = logging.getLogger(__name__)

OCTETS_MOST = 1024 * 1024 - 1
# A DOCX is a zip: a small one may unpack to anything.
UNPACKED_MOST = 32 * 1024 * 1024
FILES_MOST = 500

bad_template = errors.refusal("bad_template", 422, "模板无法使用：请上传 1 MB 以内的 DOCX 文档，不含宏和外部链接")


def key_of(sha256: str) -> str:
    """Where a letterhead or a published file lies."""
    return f"bulletins/{sha256[:2]}/{sha256}"


async def bytes_of(evidence: Evidence, sha256: str) -> bytes:
    """What was kept. Raises `storage_failed` where it is gone, with a line in the log for whoever has a backup."""
    try:
        return await evidence.blobs.read(key_of(sha256))
    except KeyError as missing:
        log.error("bulletin_file_missing", extra={"sha256": sha256})
        raise errors.storage_failed("a bulletin's file is missing") from missing


async def template_of(evidence: Evidence, district_id: UUID) -> bytes | None:
    """The district's letterhead; None: ours."""
    sha256 = await evidence.db.value("SELECT sha256 FROM bulletin_templates WHERE district_id = ?", district_id)
    return None if sha256 is None else await bytes_of(evidence, sha256)


async def show_template(reader: Reader, actor: Actor) -> TemplateView:
    row = await reader.one(
        "SELECT t.sha256, t.put_at, p.name FROM bulletin_templates t LEFT JOIN people p ON p.id = t.put_by "
        "WHERE t.district_id = ?",
        actor.district_id,
    )
    return TemplateView(sha256=row["sha256"], put_at=row["put_at"], put_by=row["name"]) if row else TemplateView()


async def put_template(evidence: Evidence, actor: Actor, content: bytes) -> None:
    """From the next file on. Raises `bad_template`; what is published stays as it was written."""
    await asyncio.to_thread(_check, content)
    sha256 = hashlib.sha256(content).hexdigest()
    await evidence.blobs.put(key_of(sha256), content)
    row = {"district_id": actor.district_id, "sha256": sha256, "put_at": clock.now(), "put_by": actor.person_id}

    async def work(tx: Tx) -> None:
        await tx.run("DELETE FROM bulletin_templates WHERE district_id = ?", actor.district_id)
        await tx.insert("bulletin_templates", row)
        await _tell(tx, actor, sha256)

    await evidence.db.write(work)


async def drop_template(evidence: Evidence, actor: Actor) -> None:
    """Ours again."""

    async def work(tx: Tx) -> None:
        if await tx.run("DELETE FROM bulletin_templates WHERE district_id = ?", actor.district_id):
            await _tell(tx, actor, None)

    await evidence.db.write(work)


async def _tell(tx: Tx, actor: Actor, sha256: str | None) -> None:
    kind = KINDS.known("bulletin_template_changed")
    line = Line(kind=kind, person_id=actor.person_id, unit_id=actor.unit_id, facts={"digest": sha256})
    await append(tx, actor.district_id, [line])


def _check(content: bytes) -> None:
    if not 0 < len(content) <= OCTETS_MOST:
        raise bad_template("too large")
    try:
        with zipfile.ZipFile(BytesIO(content)) as packed:
            files = packed.infolist()
            if len(files) > FILES_MOST or sum(one.file_size for one in files) > UNPACKED_MOST:
                raise bad_template("unpacks to too much")
        paper: Any = open_docx(BytesIO(content))
        parts = list(paper.part.package.iter_parts())
        relations = [relation for part in (paper.part.package, *parts) for relation in part.rels.values()]
    except errors.Refused:
        raise
    except Exception as fault:  # whatever a broken document makes the parser trip over
        raise bad_template("no DOCX") from fault
    # Whoever opens a bulletin must not fetch anything from elsewhere by it, nor run what is in it.
    if any(one.is_external and one.reltype != RELATIONSHIP_TYPE.HYPERLINK for one in relations):
        raise bad_template("names something outside of itself")
    if any("vba" in str(part.partname).lower() or "activex" in str(part.partname).lower() for part in parts):
        raise bad_template("has macros")
