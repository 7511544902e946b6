"""Nobody reviews his own work."""

from uuid import UUID

from moshao.cases.case import Case
from moshao.kit import errors
from moshao.kit.errors import Refused

own_closure = errors.refusal("own_closure", 403, "不能审核自己处置的案件，请由他人审核")


def four_eyes_refusal(case: Case, person_id: UUID) -> Refused | None:
    return own_closure() if person_id in (case.handled_by, case.handler_id) else None
