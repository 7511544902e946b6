"""What somebody said with a step: reasons, opinions, words. They live beside the journal, so they can be erased."""

from datetime import datetime
from uuid import UUID

import msgspec

from moshao.cases.case import Case
from moshao.cases.sealed_rows import seal_of_words
from moshao.journal.seals import SALT_OCTETS
from moshao.kit import ids
from moshao.kit.db import Row, Tx


class Remark(msgspec.Struct, frozen=True, kw_only=True):
    """`code`: a reason from a list. `said_by`: who, where upstream named him by words. `kind`: what it belongs to,
    where that is not the kind of its line."""

    at: datetime
    words: str | None = None
    code: str | None = None
    said_by: str | None = None
    kind: str | None = None


def remark(
    at: datetime,
    words: str | None = None,
    code: str | None = None,
    *,
    said_by: str | None = None,
    kind: str | None = None,
) -> Remark | None:
    """None where nothing was said."""
    if words is None and code is None:
        return None
    return Remark(at=at, words=words, code=code, said_by=said_by, kind=kind)


async def put_words(
    tx: Tx, case: Case, kind: str, said: Remark, act_id: UUID | None, person_id: UUID | None
) -> dict[str, str]:
    """Keep the words of the journal line `kind` about `case` in its present round; their digest by id."""
    row: Row = {
        "id": ids.new_id(), "case_id": case.id, "act_id": act_id, "kind": said.kind or kind, "round": case.round,
        "person_id": person_id, "said_by": said.said_by, "code": said.code, "words": said.words, "at": said.at,
        "salt": ids.new_secret(SALT_OCTETS),
    }  # fmt: skip
    await tx.insert("case_words", row)
    return {str(row["id"]): seal_of_words(row)}
