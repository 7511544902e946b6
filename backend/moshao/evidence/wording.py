"""The words on stamped copies."""

from datetime import datetime
from zoneinfo import ZoneInfo

from moshao.evidence.attaching import CaseFacts


def stamp_lines(
    facts: CaseFacts, taken_at: datetime | None, held_at: datetime, point: tuple[float, float] | None
) -> list[str]:
    """Time, place, case number, unit and person: each as far as it is known."""
    zone = ZoneInfo(facts.zone)
    when = f"拍摄时间 {_local(taken_at, zone)}" if taken_at else f"收到时间 {_local(held_at, zone)}"
    position = f"{point[0]:.5f}, {point[1]:.5f}" if point else ""
    where = "　".join(part for part in (facts.address, position) if part)
    who = "　".join(part for part in (facts.unit, facts.person) if part)
    lines = [when, f"地点 {where}" if where else "", f"案件编号 {facts.case_no}" if facts.case_no else "", who]
    return [line for line in lines if line]


def _local(at: datetime, zone: ZoneInfo) -> str:
    return at.astimezone(zone).strftime("%Y-%m-%d %H:%M:%S")
