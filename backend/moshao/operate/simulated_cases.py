"""The cases of a simulated day: a district's rhythm with made-up texts, or a real stream of requests replayed."""

import csv
import gzip
import io
import random
from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import msgspec

from moshao.kit import clock

# Share of a day's cases by hour from 07:00, measured on 141,179 requests of a real city (see seeds/README.md).
HOURS_FROM = 7
HOUR_SHARES = (0.057, 0.115, 0.150, 0.112, 0.108, 0.075, 0.090, 0.077, 0.087, 0.070, 0.036, 0.018, 0.006)
MATTERS = (
    ("06", "010", "暴露垃圾"), ("06", "011", "积存垃圾渣土"), ("06", "012", "道路不洁"), ("06", "013", "道路破损"),
    ("06", "036", "乱堆杂物"), ("07", "001", "非法小广告"), ("09", "005", "店外经营"), ("09", "006", "占道经营"),
    ("09", "010", "非机动车乱停放"), ("06", "017", "绿地脏乱"),
)  # fmt: skip
STREETS = ("人民路", "建设路", "工农路", "中州路", "仲景路", "光武路", "独山大道", "张衡路")
# From Boston's streets to Wancheng's: a third of the spread around another centre; 2 % fall outside, as they do.
BOSTON = (-71.07, 42.36)
WANCHENG = (112.56, 33.0)
SPREAD = 0.35
WEEKS = timedelta(days=364)


class Arrival(msgspec.Struct, frozen=True):
    """`after_s`: seconds after the first arrival; `data`: of the `dispatched` event."""

    after_s: float
    data: dict[str, Any]


def made_up(count: int, seed: int, units: Sequence[str], run: str) -> list[Arrival]:
    """`count` cases of one day, spread over the district as its units are. `run` keeps their numbers apart."""
    chance = random.Random(seed)
    hours = chance.choices(range(len(HOUR_SHARES)), HOUR_SHARES, k=count)
    times = sorted((hour + chance.random()) * 3600 for hour in hours)
    return [_made_up(number, after, times[0], chance, units, run) for number, after in enumerate(times, 1)]


def _made_up(number: int, after: float, first: float, chance: random.Random, units: Sequence[str], run: str) -> Arrival:
    major, minor, name = chance.choice(MATTERS)
    street = chance.choice(STREETS)
    lon = WANCHENG[0] + chance.gauss(0, 0.012)
    lat = WANCHENG[1] + chance.gauss(0, 0.010)
    data = {
        "external_case_id": f"{run}-{number:06}",
        "version": 1,
        "case_no": f"{run}-{number:06}",
        "kind": "matter",
        "major": major,
        "minor": minor,
        "title": name,
        "description": f"{street}{chance.randint(1, 300)}号附近{name}（演示数据）",
        "address": f"{street}{chance.randint(1, 300)}号",
        "location": {"type": "Point", "coordinates": [round(lon, 6), round(lat, 6)]},
        "source": {"code": "inspector", "name": "监督员上报"},
        "reported_at": clock.now().isoformat(),
        "unit_code": chance.choice(units),
    }
    return Arrival(after - first, data)


def replayed(path: Path, count: int | None, run: str) -> Iterator[Arrival]:
    """The requests of a CSV (id, category, opened, lat, lon …; .gz too) in order, moved to this district.

    Times keep their weekdays (shifted by whole weeks); places are mapped around the district's centre, and what
    has none arrives without one, as dirty as it was.
    """
    text = gzip.decompress(path.read_bytes()).decode() if path.suffix == ".gz" else path.read_text()
    first: datetime | None = None
    for number, row in enumerate(csv.DictReader(io.StringIO(text)), 1):
        if count is not None and number > count:
            return
        opened = datetime.strptime(row["opened"], "%Y-%m-%dT%H:%M:%S%z")
        first = first or opened
        yield Arrival((opened - first).total_seconds(), _replayed(row, opened, run))


def _replayed(row: dict[str, str], opened: datetime, run: str) -> dict[str, Any]:
    major, minor, name = MATTERS[sum(row["category"].encode()) % len(MATTERS)]
    data: dict[str, Any] = {
        "external_case_id": f"{run}-{row['id']}",
        "version": 1,
        "kind": "matter",
        "major": major,
        "minor": minor,
        "description": f"{name}（演示数据，按真实时间重放：{row['category']}）",
        "reported_at": _this_year(opened).isoformat(),
    }
    if row.get("lon") and row.get("lat"):
        lon = WANCHENG[0] + (float(row["lon"]) - BOSTON[0]) * SPREAD
        lat = WANCHENG[1] + (float(row["lat"]) - BOSTON[1]) * SPREAD
        data["location"] = {"type": "Point", "coordinates": [round(lon, 6), round(lat, 6)]}
    return data


def _this_year(opened: datetime) -> datetime:
    """The same weekday and hour, at most a year ago."""
    return opened + WEEKS * ((clock.now() - opened) // WEEKS)
