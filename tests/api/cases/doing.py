"""An act over HTTP in one line."""

from typing import Any
from uuid import UUID

from tests.api.cases.making import Cases


async def act(cases: Cases, who: str, word: str, case_id: UUID, **members: Any) -> tuple[int, str]:
    """Its status, and the code where it was refused."""
    answer = await cases.world.as_(who).act(case_id, word, **members)
    return answer.status_code, answer.json().get("code", "")


async def request_of(cases: Cases, case_id: UUID) -> dict[str, Any]:
    """The last request about a case."""
    row = await cases.world.db.one(
        "SELECT * FROM case_requests WHERE case_id = ? ORDER BY asked_at DESC, id DESC", case_id
    )
    assert row is not None
    return row
