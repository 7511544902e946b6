"""What a weekly bulletin must say, from plain SQL and arithmetic of its own: nothing here imports what is tested."""

from datetime import date, datetime, timedelta
from decimal import ROUND_HALF_UP, Decimal
from math import asin, cos, radians, sin, sqrt
from statistics import median
from typing import Any
from uuid import UUID

from tests.api.bulletins.week import DAY, ZONE
from tests.api.figures.plain import DUE, plainly
from tests.world import World

NONE = "–"
KINDS = {"street": "街道（乡镇）", "department": "专业部门"}
Days = tuple[str, str]


class Recount:
    """Of the week from `monday` on, as things stand at `now`."""

    def __init__(self, world: World, monday: date, now: datetime) -> None:
        self.world = world
        self.now = now
        self.days = (str(monday), str(monday + 6 * DAY))
        self.before = (str(monday - 7 * DAY), str(monday - DAY))

    async def tables(self) -> dict[str, list[list[str]]]:
        """Title → rows without the names of the columns."""
        units = await self.world.db.all(
            "SELECT id, name, kind FROM units WHERE parent_id = ?", self.world.cast.units["district"]
        )
        found = {"总体情况": await self._totals(), "每日情况": await self._daily()}
        for kind, name in KINDS.items():
            lines = [await self._unit(unit) for unit in units if unit["kind"] == kind]
            scores = sorted((line["score"] for line in lines), reverse=True)
            before = sorted((line["score_before"] for line in lines if line["score_before"] is not None), reverse=True)
            for line in lines:
                line["rank"] = str(scores.index(line["score"]) + 1)
                old = line["score_before"]
                line["rank_before"] = NONE if old is None else str(before.index(old) + 1)
            lines.sort(key=lambda line: (int(line["rank"]), -line["due"], line["unit"]))
            ranked = ("rank", "unit", "closed_rate", "on_time_rate", "rework_rate", "extension_rate", "score")
            found[f"{name}排名"] = [[str(line[key]) for key in (*ranked, "rank_before")] for line in lines]
            worked = ("unit", "received", "due", "closed", "closed_on_time", "reworked", "extended", "overdue_left")
            found[f"{name}办理情况"] = [[str(line[key]) for key in (*worked, "hours")] for line in lines]
        found["各单位遗留超期"] = await self._overdue(units)
        found["高发问题（前十类）"] = await self._classes()
        found["重复发生地点"] = await self._repeats()
        found["督办案件"] = await self._supervised()
        return {title: rows for title, rows in found.items() if rows}

    async def _of(self, figure: str, days: Days, more: str = "", *args: Any) -> int:
        return await plainly(self.world, figure, days, self.now, more, *args)

    async def _totals(self) -> list[list[str]]:
        rows = []
        now, before = [await self._figures(days) for days in (self.days, self.before)]
        for name, figure in (
            ("受理数", "received"), ("应结案数", "due"), ("结案数", "closed"), ("结案率", "closed/due"),
            ("按期结案数", "closed_on_time"), ("按期结案率", "closed_on_time/due"), ("处置率", "handled/due"),
            ("返工案件数", "reworked"), ("返工率", "reworked/worked_on"), ("延期案件数", "extended"),
            ("延期率", "extended/received"), ("退回次数", "handbacks"),
        ):  # fmt: skip
            part, _, whole = figure.partition("/")
            if whole:
                one, other = percent(now[part], now[whole]), percent(before[part], before[whole])
                differ = NONE if None in (one, other) else points(one - other)  # type: ignore[operator]
                rows.append([name, shown(one), shown(other), differ])
            else:
                rows.append([name, str(now[part]), str(before[part]), plus(now[part] - before[part])])
        hours, hours_before = now["hours"], before["hours"]
        change = f"{hours - hours_before:+.1f}" if hours != hours_before else "0"
        rows.append(["中位处置时长（小时）", f"{hours:.1f}", f"{hours_before:.1f}", change])
        return [*rows, ["遗留超期", str(now["overdue_left"]), NONE, NONE]]

    async def _figures(self, days: Days, more: str = "", *args: Any) -> dict[str, Any]:
        names = ("received", "due", "closed", "closed_on_time", "handled", "reworked", "worked_on", "extended")
        found: dict[str, Any] = {
            name: await self._of(name, days, more, *args) for name in (*names, "handbacks", "overdue_left")
        }
        found["hours"] = await self._hours(days, more, *args)
        return found

    async def _hours(self, days: Days, more: str, *args: Any) -> float | None:
        start, end = midnight(days[0]), midnight(days[1]) + DAY
        due = DUE.replace(":start", "?").replace(":end", "?")
        rows = await self.world.db.all(
            f"SELECT c.dispatched_at, c.handled_at FROM cases c WHERE {due} AND c.handled_at IS NOT NULL "
            f"AND c.district_id = ?{more}",
            start, end, self.world.cast.district_id, *args,
        )  # fmt: skip
        minutes = [(int(row["handled_at"].timestamp()) - int(row["dispatched_at"].timestamp())) // 60 for row in rows]
        return median(minutes) / 60 if minutes else None

    async def _unit(self, unit: dict[str, Any]) -> dict[str, Any]:
        more = " AND c.unit_id IN (SELECT id FROM units WHERE id = ? OR parent_id = ?)"
        args = (unit["id"], unit["id"])
        now, before = [await self._figures(days, more, *args) for days in (self.days, self.before)]
        rates = {
            "closed_rate": percent(now["closed"], now["due"]),
            "on_time_rate": percent(now["closed_on_time"], now["due"]),
            "rework_rate": percent(now["reworked"], now["worked_on"]),
            "extension_rate": percent(now["extended"], now["received"]),
        }
        hours = now.pop("hours")
        return {
            "unit": unit["name"], **now, **{name: shown(value) for name, value in rates.items()},
            "hours": NONE if hours is None else f"{hours:.1f}", "score": score(now), "score_before": score(before),
        }  # fmt: skip

    async def _daily(self) -> list[list[str]]:
        rows = []
        for number in range(7):
            day = date.fromisoformat(self.days[0]) + DAY * number
            one = (str(day), str(day))
            counts = [await self._of(figure, one) for figure in ("received", "due", "closed", "closed_on_time")]
            rows.append([day.strftime("%m-%d"), *map(str, counts), shown(percent(counts[3], counts[1]))])
        return rows

    async def _overdue(self, units: list[dict[str, Any]]) -> list[list[str]]:
        late = await self.world.db.all(
            "SELECT unit_id, deadline FROM cases WHERE deadline < ? AND clock_state = 'running' AND ended_at IS NULL "
            "AND state <> 'shelved' AND flags NOT LIKE '% exempt %'",
            self.now,
        )
        names: dict[UUID | None, str] = {unit["id"]: unit["name"] for unit in units} | {None: "未确定"}
        for row in await self.world.db.all("SELECT id, parent_id FROM units"):
            names.setdefault(row["id"], names.get(row["parent_id"], ""))
        by_unit: dict[str, list[datetime]] = {}
        for row in late:
            by_unit.setdefault(names[row["unit_id"]], []).append(row["deadline"])
        ordered = sorted(by_unit.items(), key=lambda item: (-len(item[1]), min(item[1]), item[0]))
        return [[unit, str(len(times)), min(times).astimezone(ZONE).strftime("%m-%d %H:%M")] for unit, times in ordered]

    async def _classes(self) -> list[list[str]]:
        received = await self._of("received", self.days)
        sql = (
            "SELECT code_set, kind, major, minor, count(*) AS times FROM cases WHERE filed_at >= ? AND filed_at < ? "
            "GROUP BY code_set, kind, major, minor"
        )
        now, before = [
            {
                "|".join(row[key] or "" for key in ("code_set", "kind", "major", "minor")): row["times"]
                for row in await self.world.db.all(sql, midnight(days[0]), midnight(days[1]) + DAY)
            }
            for days in (self.days, self.before)
        ]
        rows = []
        for number, (key, times) in enumerate(sorted(now.items(), key=lambda item: (-item[1], item[0]))[:10], 1):
            _, _, major, minor = key.split("|")
            name = await self.world.db.value(
                "SELECT name_zh FROM case_classes WHERE major = ? AND minor = ? AND kind = 'matter' AND code_set_id IN "
                "(SELECT id FROM code_sets WHERE code = 'GB/T 47678.5-2026')",
                major, minor,
            )  # fmt: skip
            old = before.get(key, 0)
            share = shown(percent(times, received))
            rows.append([str(number), name or "未确定", str(times), share, str(old), plus(times - old)])
        return rows

    async def _repeats(self) -> list[list[str]]:
        """Found by asking of every pair whether it is near, and going on from neighbour to neighbour."""
        end = midnight(self.days[1]) + DAY
        rows = await self.world.db.all(
            "SELECT c.case_no, c.major, c.minor, c.address, c.lon, c.lat, c.filed_at, u.name, u.depth, p.name AS above "
            "FROM cases c LEFT JOIN units u ON u.id = c.unit_id LEFT JOIN units p ON p.id = u.parent_id "
            "WHERE c.filed_at >= ? AND c.filed_at < ? AND c.major IS NOT NULL AND c.lead_case_id IS NULL "
            "AND c.state NOT IN ('cancelled', 'rejected') ORDER BY c.filed_at, c.case_no",
            end - timedelta(days=30), end,
        )  # fmt: skip
        left = set(range(len(rows)))
        groups: list[list[dict[str, Any]]] = []
        while left:
            group, edge = set[int](), {min(left)}
            while edge:
                group |= edge
                left -= edge
                edge = {other for other in left if any(_near(rows[one], rows[other]) for one in edge)}
            groups.append([rows[at] for at in sorted(group)])
        fresh = midnight(self.days[0])
        kept = [found for found in groups if len(found) >= 3 and found[-1]["filed_at"] >= fresh]
        kept.sort(key=lambda found: (-len(found), found[-1]["case_no"]))
        told = []
        for place in kept[:10]:
            last = place[-1]
            name = await self.world.db.value(
                "SELECT name_zh FROM case_classes WHERE major = ? AND minor = ? AND kind = 'matter' AND code_set_id IN "
                "(SELECT id FROM code_sets WHERE code = 'GB/T 47678.5-2026')",
                last["major"], last["minor"],
            )  # fmt: skip
            unit = last["above"] if last["name"] == "菜市口社区" else last["name"]
            numbers = "、".join(row["case_no"] for row in place)
            told.append([name, last["address"], unit or "未确定", str(len(place)), numbers])
        return told

    async def _supervised(self) -> list[list[str]]:
        rows = await self.world.db.all(
            "SELECT c.case_no, c.title, u.name, p.name AS above, r.asked_at, r.reply_by, r.state "
            "FROM case_requests r JOIN cases c ON c.id = r.case_id JOIN units u ON u.id = c.unit_id "
            "LEFT JOIN units p ON p.id = u.parent_id WHERE r.kind = 'supervision' ORDER BY r.asked_at, c.case_no"
        )
        start = midnight(self.days[0])
        return [
            [
                row["case_no"], row["title"] or "未分类",
                row["above"] if row["name"] == "菜市口社区" else row["name"],
                *(row[key].astimezone(ZONE).strftime("%m-%d %H:%M") for key in ("asked_at", "reply_by")),
                "逾期未回复" if row["state"] == "open" else "已回复",
            ]
            for row in rows
            if row["asked_at"] >= start or row["state"] == "open"
        ]  # fmt: skip


def _near(one: dict[str, Any], other: dict[str, Any]) -> bool:
    if (one["major"], one["minor"]) != (other["major"], other["minor"]):
        return False
    south, north = radians(one["lat"]), radians(other["lat"])
    across = radians(other["lon"] - one["lon"])
    half = sin((north - south) / 2) ** 2 + cos(south) * cos(north) * sin(across / 2) ** 2
    return 2 * 6_371_008.8 * asin(sqrt(half)) <= 50


def midnight(day: str) -> datetime:
    return datetime.fromisoformat(f"{day}T00:00:00+08:00")


def percent(part: int, whole: int) -> Decimal | None:
    if not whole:
        return None
    return (Decimal(100) * part / whole).quantize(Decimal("0.01"), ROUND_HALF_UP)


def shown(value: Decimal | None) -> str:
    return NONE if value is None else f"{value}%"


def plus(value: int) -> str:
    return f"{value:+d}" if value else "0"


def points(value: Decimal) -> str:
    return f"{value:+} 个百分点" if value else "0"


def score(counts: dict[str, Any]) -> Decimal | None:
    """40 × closed + 40 × on time + 20 × (1 − rework), of rates as they are printed."""
    if not counts["due"]:
        return None
    closed, on_time = (percent(counts[name], counts["due"]) for name in ("closed", "closed_on_time"))
    rework = percent(counts["reworked"], counts["worked_on"]) or Decimal(0)
    assert closed is not None
    assert on_time is not None
    points = (40 * closed + 40 * on_time + 20 * (100 - rework)) / 100
    return points.quantize(Decimal("0.01"), ROUND_HALF_UP)
