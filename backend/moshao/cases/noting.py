"""Notes, photos and voice added at any time; and whether the caller was reached."""

from typing import Literal

from moshao.cases.acting import ActKind, Doing, Done
from moshao.cases.moving import move
from moshao.cases.persons import wrong
from moshao.cases.schemas import ActBody
from moshao.kit.db import Tx


class Note(ActBody):
    """Words, photos or a voice note: at least one of them."""


class Contact(ActBody, kw_only=True):
    result: Literal["talked", "tried", "refused"]


async def add_note(tx: Tx, doing: Doing[Note]) -> Done:
    if not doing.body.note and not doing.body.photos:
        raise wrong("note", "missing", "请填写内容，或附上照片、录音")
    step = doing.step("noted", said=doing.remark(doing.body.note), photos=len(doing.body.photos))
    return Done(case=await move(tx, doing.case, step))


async def tell_contact(tx: Tx, doing: Doing[Contact]) -> Done:
    step = doing.step("contacted", said=doing.remark(doing.body.note), result=doing.body.result)
    return Done(case=await move(tx, doing.case, step))


NOTES = ActKind("notes", Note, add_note, evidence=True)
CONTACTS = ActKind("contacts", Contact, tell_contact)
