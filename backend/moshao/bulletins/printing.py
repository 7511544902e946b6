"""A bulletin as a file: DOCX to go on writing in, PDF to hand out, XLSX to go on counting with."""

import asyncio
import hashlib
from collections.abc import Mapping
from pathlib import Path
from typing import Any, Literal, get_args
from uuid import UUID

from moshao.bulletins import wording
from moshao.bulletins.kept import Kept, find, written
from moshao.bulletins.schemas import Document, PhotoRef
from moshao.bulletins.showing import document_of
from moshao.bulletins.templates import bytes_of, key_of, template_of
from moshao.bulletins.writing_docx import as_docx
from moshao.bulletins.writing_xlsx import as_xlsx
from moshao.evidence.copying import SCREEN, copy_of
from moshao.evidence.room import Evidence, Held
from moshao.kit.db import Tx
from moshao.kit.errors import Refused
from moshao.kit.typesetting import typeset

Format = Literal["docx", "pdf", "xlsx"]
FORMATS: tuple[Format, ...] = get_args(Format)
MEDIA_TYPES: dict[Format, str] = {
    "docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    "pdf": "application/pdf",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
}
TEMPLATE = Path(__file__).with_name("bulletin.typ")
Pictures = Mapping[UUID, bytes]


async def as_file(evidence: Evidence, kept: Kept, wanted: Format) -> bytes:
    """Of a published one always the same bytes: those it was first written as lie in the store."""
    if kept.state != "published":
        return await _write(evidence, kept, wanted)
    if wanted not in kept.files:
        await archive(evidence, kept, wanted)
        async with evidence.db.reading() as reader:
            kept = await find(reader, kept.district_id, kept.id)
    return await bytes_of(evidence, kept.files[wanted])


async def archive(evidence: Evidence, kept: Kept, wanted: Format) -> None:
    """Write a published bulletin and keep the bytes; whoever was first counts."""
    content = await _write(evidence, kept, wanted)
    sha256 = hashlib.sha256(content).hexdigest()
    await evidence.blobs.put(key_of(sha256), content)

    async def work(tx: Tx) -> None:
        # Held, so that two formats written at once do not lose each other.
        await tx.one(f"SELECT id FROM bulletins WHERE id = ?{tx.for_update()}", kept.id)
        now = await find(tx, kept.district_id, kept.id)
        if wanted not in now.files:
            await tx.run("UPDATE bulletins SET files = ? WHERE id = ?", written(now.files | {wanted: sha256}), kept.id)

    await evidence.db.write(work)


async def _write(evidence: Evidence, kept: Kept, wanted: Format) -> bytes:
    document = document_of(kept)
    if wanted == "xlsx":
        return await asyncio.to_thread(as_xlsx, document)
    pictures = await _pictures(evidence, document)
    if wanted == "pdf":
        return await typeset(TEMPLATE, _said(document, pictures), {_name(one): pictures[one] for one in pictures})
    template = await template_of(evidence, kept.district_id)
    return await asyncio.to_thread(as_docx, document, pictures, template)


async def _pictures(evidence: Evidence, document: Document) -> Pictures:
    """A photo that is gone by now, or cannot be shown, leaves its place empty."""
    found = {}
    for photo in (one for case in document.typical for one in (case.before, case.after)):
        try:
            found[photo.photo_id] = await copy_of(evidence, _held(photo), SCREEN)
        except Refused:
            continue
    return found


def _held(photo: PhotoRef) -> Held:
    return Held(photo.sha256, photo.media_type, photo.photo_id)


def _name(photo_id: UUID) -> str:
    return f"{photo_id}.jpg"


def _said(document: Document, pictures: Pictures) -> dict[str, Any]:
    """What the typesetter reads."""

    def name(photo: PhotoRef) -> str | None:
        return _name(photo.photo_id) if photo.photo_id in pictures else None

    return {
        "document": document,
        "typical": [
            {"case_no": one.case_no, "words": one.words, "before": name(one.before), "after": name(one.after)}
            for one in document.typical
        ],
        "words": {
            "page": wording.PAGE_OF, "before": wording.BEFORE_PHOTO, "after": wording.AFTER_PHOTO,
            "no_photo": wording.NO_PHOTO,
        },
    }  # fmt: skip
