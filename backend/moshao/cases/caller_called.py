"""Where upstream asks for it, nothing passes or closes before somebody has called the person who reported."""

from collections.abc import Sequence

from moshao.cases.case import Case
from moshao.cases.members import members_of
from moshao.kit import errors
from moshao.kit.db import Reader, marks

contact_missing = errors.refusal("contact_missing", 409, "上级要求联系来电人，请先联系并登记结果")


async def check_caller_called(reader: Reader, case: Case) -> None:
    """Raises `contact_missing`, for the case or one merged under it. A call that nobody answered is one, too."""
    if uncalled := await _uncalled(reader, case):
        raise contact_missing("、".join(each.case_no for each in uncalled))


async def is_caller_called(reader: Reader, case: Case) -> bool:
    """Whether nobody has to be called (any more)."""
    return not await _uncalled(reader, case)


async def _uncalled(reader: Reader, lead: Case) -> Sequence[Case]:
    wanted = [case for case in (lead, *await members_of(reader, lead)) if case.contact_required]
    if not wanted:
        return []
    rows = await reader.all(
        f"SELECT DISTINCT case_id FROM journal_lines WHERE kind = 'contacted' AND case_id IN ({marks(len(wanted))})",
        *(case.id for case in wanted),
    )
    called = {row["case_id"] for row in rows}
    return [case for case in wanted if case.id not in called]
