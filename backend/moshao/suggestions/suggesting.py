"""Somebody says what is wrong, what would help, or what he complains about. An act that names no case."""

from typing import Any

import msgspec

from moshao.cases.acting import ActKind, Doing, Done
from moshao.cases.schemas import ActBody
from moshao.evidence.attaching import CaseFacts, attach
from moshao.journal.appending import Line, append
from moshao.kit.db import Row, Tx
from moshao.kit.errors import FieldError, bad_field
from moshao.suggestions.kinds import KINDS
from moshao.suggestions.schemas import AppState, SuggestionKind


class SuggestionBody(ActBody, kw_only=True):
    """Words (`note`), photos or a voice note, whichever there is. `app` where he agreed to tell."""

    suggestion_kind: SuggestionKind
    app: AppState | None = None


async def suggest(tx: Tx, doing: Doing[SuggestionBody]) -> Done:
    """Raises `bad_field` where nothing was said."""
    body, actor = doing.body, doing.actor
    if not (body.note or "").strip() and not body.photos:
        raise bad_field("note", errors=(FieldError("note", "missing", "请说一句、写一句或拍一张照片"),))
    photos = list(doing.photos.named.items())
    row: Row = {
        "id": doing.act_id, "district_id": actor.district_id, "person_id": actor.person_id,
        "kind": body.suggestion_kind, "words": body.note, "photos": _text([photo_id for photo_id, _ in photos]),
        "app": _text(body.app) if body.app else None, "made_at": doing.at, "heard_at": doing.heard_at,
    }  # fmt: skip
    await tx.insert("suggestions", row)
    if photos:
        facts = CaseFacts(person=actor.name, zone=actor.settings.zone)
        await attach(tx, case_id=doing.act_id, act_id=doing.act_id, round=1, photos=photos, facts=facts)
    line = Line(
        kind=KINDS.known("suggested"), act_id=doing.act_id, person_id=actor.person_id, unit_id=actor.unit_id,
        done_at=doing.at, facts={"suggestion_id": doing.act_id, "suggestion_kind": body.suggestion_kind},
        content=doing.content,
    )  # fmt: skip
    return Done(seq=await append(tx, actor.district_id, [line]))


def _text(value: Any) -> str:
    return msgspec.json.encode(value).decode()


SUGGESTIONS = ActKind("suggestions", SuggestionBody, suggest, names_case=False)
