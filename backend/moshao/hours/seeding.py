"""The preset calendars and the national holidays, from the seeds. Runs at every upgrade; edits stay."""

import csv
from importlib.resources import files
from io import StringIO
from itertools import groupby
from typing import Any

import msgspec

from moshao.hours.queries import SUBJECT, calendar_of
from moshao.kit.db import Row, Tx
from moshao.kit.ids import new_id
from moshao.kit.kept import touch

SEEDS = files("moshao") / "seeds" / "calendar"


async def seed_calendars(tx: Tx) -> None:
    """Add what is missing. A year whose notice has come out replaces the guesses made for it before."""
    for preset in _presets():
        if not await tx.value("SELECT 1 FROM calendars WHERE district_id IS NULL AND code = ?", preset["code"]):
            await tx.insert("calendars", {"id": new_id(), "district_id": None} | preset)
    for year, days in groupby(_days(), key=lambda row: str(row["day"])[:4]):
        await _seed_year(tx, year, list(days))
    await touch(tx, SUBJECT, None)


async def _seed_year(tx: Tx, year: str, days: list[Row]) -> None:
    common = "FROM holiday_days WHERE district_id IS NULL AND day BETWEEN ? AND ?"
    span = (f"{year}-01-01", f"{year}-12-31")
    if all(row["confirmed"] for row in days):
        await tx.run(f"DELETE {common} AND confirmed = ?", *span, False)
    elif await tx.value(f"SELECT 1 {common}", *span):
        return
    known = {row["day"] for row in await tx.all(f"SELECT day {common}", *span)}
    for row in days:
        if row["day"] not in known:
            await tx.insert("holiday_days", {"id": new_id(), "district_id": None} | row)


def _presets() -> list[Row]:
    presets: list[dict[str, Any]] = msgspec.json.decode((SEEDS / "calendars.json").read_bytes())
    rows = [preset | {"periods": msgspec.json.encode(preset["periods"]).decode()} for preset in presets]
    for row in rows:
        calendar_of(row)
    return rows


def _days() -> list[Row]:
    text = (SEEDS / "holidays.csv").read_text("utf-8")
    return [row | {"confirmed": row["confirmed"] == "1"} for row in csv.DictReader(StringIO(text))]
