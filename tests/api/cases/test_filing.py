"""Putting a case on record: its number, its clock, its lists."""

from zoneinfo import ZoneInfo

from moshao.cases.case import Case
from moshao.cases.filing import put_on_record
from moshao.cases.giving import give_to_unit
from moshao.cases.moving import Step
from moshao.kit import clock
from moshao.kit.db import Tx
from tests.api.cases.making import Cases


async def file(cases: Cases, case_no: str | None = None) -> Case:
    return await cases.world.db.write(
        lambda tx: put_on_record(
            tx, cases.cast.district_id, state="received", step=Step(kind="received"), columns={}, case_no=case_no
        )
    )


async def test_numbers_run_by_day(cases: Cases) -> None:
    today = clock.now().astimezone(ZoneInfo("Asia/Shanghai")).strftime("%Y%m%d")
    assert [(await file(cases)).case_no for _ in range(2)] == [f"{today}-0001", f"{today}-0002"]


async def test_upstreams_number_is_kept_unless_another_case_has_it(cases: Cases) -> None:
    assert (await file(cases, "宛城〔2026〕17号")).case_no == "宛城〔2026〕17号"
    assert (await file(cases, "宛城〔2026〕17号")).case_no.endswith("-0001")


async def test_the_clock_starts_with_the_first_unit(cases: Cases) -> None:
    case = await file(cases)
    assert (case.clock_state, case.deadline) == ("stopped", None)
    await cases.change(case.id, limit_value=2, limit_unit="urgent_hour")

    async def give(tx: Tx) -> Case:
        now = await cases.now(case.id)
        return await give_to_unit(tx, now, cases.cast.units["street"], at=clock.now(), step=Step(kind="dispatched"))

    after = await cases.world.db.write(give)
    assert (after.state, after.clock_state, after.clock_started_at) == ("dispatched", "running", after.dispatched_at)
