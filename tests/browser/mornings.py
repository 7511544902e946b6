"""What lies on the phones when a walk through their screens begins."""

from datetime import timedelta
from typing import Any

from moshao.kit import clock
from moshao.operate.demo_file import Member
from tests.browser.street import Street

# What lies in the list, most pressing first: how long is left, and members of `dispatched`.
CASES: tuple[tuple[timedelta, dict[str, Any]], ...] = (
    (-timedelta(minutes=35), {
        "title": "道路破损", "minor": "013", "address": "工农路 86 号门前人行道",
        "description": "人行道地砖缺失约 2 平方米，影响通行", "photos": [],
        "location": {"type": "Point", "coordinates": (112.5392, 32.9971)},
    }),
    (timedelta(minutes=52), {
        "address": "中州路与仲景路交叉口东北角", "urgency": "urgent",
        "location": {"type": "Point", "coordinates": (112.5417, 32.9988)},
    }),
    (timedelta(hours=5), {
        "title": "非机动车乱停放", "major": "09", "minor": "010", "address": "人民路公交站",
        "location": {"type": "Point", "coordinates": (112.5441, 33.0012)},
    }),
    (timedelta(days=1, hours=3), {
        "title": "非法小广告", "major": "07", "minor": "001", "address": "光武路 12 号",
        "location": {"type": "Point", "coordinates": (112.5530, 33.0040)},
    }),
)  # fmt: skip


async def a_morning(street: Street) -> tuple[Member, list[str]]:
    """A handler and his cases, in the order of CASES; the first has no photo yet, the second is urged."""
    unit = street.unit()
    handler: Member | None = None
    given: list[str] = []
    for left, data in CASES:
        deadline = (clock.now() + left).isoformat()
        case = await street.dispatch(unit, deadline=deadline, **data)
        # The others of the unit have their turn before it is his again.
        while handler is not None and street.handler_of(case) != handler:
            case = await street.dispatch(unit, deadline=deadline, **data)
        handler = street.handler_of(case)
        given.append(case["id"])
    assert handler is not None
    await street.tell("urged", given[1], opinion="群众再次来电，请尽快处置")
    return handler, given


async def an_inspectors_task(street: Street) -> dict[str, Any]:
    """A case that was handled, on which upstream wants an inspector's word; as it then is."""
    case = await street.dispatch(street.unit())
    await street.handle(case)
    await street.tell("check_requested", case["id"], opinion="请现场核查")
    return await street.case(case["id"])


async def a_leaders_morning(street: Street, unit_code: str) -> Member:
    """The crew leader of a unit with two cases to assign and one to review, besides those in hand."""
    for title in ("店外经营", "占道经营"):
        await street.take_back((await street.dispatch(unit_code, title=title, major="09", minor="005"))["id"])
    await street.handle(await street.dispatch(unit_code))
    return street.leader_of(unit_code)
