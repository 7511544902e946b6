"""`moshao import`: a district and what it brings along: units, people, areas, classes, holidays. Nothing doubles."""

from collections.abc import Iterable
from functools import partial
from pathlib import Path
from typing import get_args

import click

from moshao.catalogue.changing import import_classes
from moshao.catalogue.sheets import read_classes
from moshao.kit.db import Database, Tx
from moshao.kit.sheets import read_sheet
from moshao.operate.installation import carry_out, district_called
from moshao.operate.migrate import seed_common
from moshao.operate.options import settings_or_exit, with_data, with_district
from moshao.people.importing import import_roster
from moshao.people.importing_holidays import import_holidays
from moshao.people.importing_rows import ImportReport
from moshao.people.importing_units import import_units
from moshao.people.keeping_calendars import keep_year
from moshao.people.making import make_district, make_shift, make_unit
from moshao.places.areas import AreaKind
from moshao.places.datum import Datum
from moshao.places.grids import read_grids
from moshao.places.importing import import_grids

# What a roster's column 班次 may name from the first day; more through the desk. Minutes from midnight.
FIRST_SHIFTS = {"全天": (0, 1440), "白班": (450, 1170)}
PIVOT = "GB/T 47678.5-2026"

file_to_read = click.argument("file", type=click.Path(path_type=Path, exists=True, dir_okay=False))


@click.group("import")
def import_() -> None:
    """Bring in a district, units, people, areas, classes, holidays.

    What fits is kept, every fault is named (exit code 1).
    """


@import_.command("district")
@with_data
@click.argument("code")
@click.argument("name")
def bring_district(data: Path | None, code: str, name: str) -> None:
    """Make the district CODE NAME (411302 宛城区): its desk under the same code, the shifts 全天 and 白班."""

    async def work(db: Database) -> None:
        async def make(tx: Tx) -> None:
            district_id = await make_district(tx, code=code, name=name)
            await make_unit(tx, district_id, code=code, name=f"{name}数字化城市管理中心", kind="district")
            for called, minutes in FIRST_SHIFTS.items():
                await make_shift(tx, district_id, name=called, minutes=minutes)

        await seed_common(db)
        await db.write(make)
        click.echo(f"made {code} {name}")

    carry_out(settings_or_exit(data), work)


@import_.command("units")
@with_data
@with_district
@file_to_read
def bring_units(data: Path | None, district: str | None, file: Path) -> None:
    """Units from a CSV or XLSX sheet: 单位编码, 名称, 类型, 上级编码, 街道编码, 电话."""

    async def work(db: Database) -> int:
        rows = read_sheet(file.read_bytes())
        return _told(await import_units(db, await district_called(db, district), rows, None))

    raise SystemExit(carry_out(settings_or_exit(data), work))


@import_.command("roster")
@with_data
@with_district
@click.option("--dry-run", is_flag=True, help="Only say what would become of each row.")
@file_to_read
def bring_roster(data: Path | None, district: str | None, dry_run: bool, file: Path) -> None:
    """People and duties from a CSV or XLSX sheet: 工号, 姓名, 角色, 单位编码, 电话, 岗位, 班次, 网格, 类别, 备勤."""

    async def work(db: Database) -> int:
        rows = read_sheet(file.read_bytes())
        return _told(await import_roster(db, await district_called(db, district), rows, None, keep=not dry_run))

    raise SystemExit(carry_out(settings_or_exit(data), work))


@import_.command("grids")
@with_data
@with_district
@click.option("--kind", type=click.Choice(get_args(AreaKind)), default="unit", show_default=True)
@click.option("--datum", type=click.Choice(get_args(Datum)), default="wgs84", show_default=True)
@file_to_read
def bring_grids(data: Path | None, district: str | None, kind: AreaKind, datum: Datum, file: Path) -> None:
    """Areas from a GeoJSON FeatureCollection; --kind is that of features that do not say theirs."""

    async def work(db: Database) -> int:
        district_id = await district_called(db, district)
        areas, faults = read_grids(file.read_bytes(), kind, datum)
        done = await db.write(lambda tx: import_grids(tx, district_id, areas))
        named = [f"feature {each.feature} {each.area_code}: {each.detail} [{each.code}]" for each in faults]
        refused = len({each.feature for each in faults})
        return _end(named, new=done.added, changed=done.changed, same=done.unchanged, refused=refused)

    raise SystemExit(carry_out(settings_or_exit(data), work))


@import_.command("classes")
@with_data
@with_district
@click.option("--code-set", required=True, help="A common set: only limits count. Any other: a set of the district.")
@click.option("--maps-to", default=PIVOT, show_default=True, help="The set that the column maps_to speaks of.")
@file_to_read
def bring_classes(data: Path | None, district: str | None, code_set: str, maps_to: str, file: Path) -> None:
    """Classes and limits from a sheet: kind, major, minor, name_zh, limits (`2uh 4wh 1wd 1ud`) and more."""

    async def work(db: Database) -> int:
        district_id = await district_called(db, district)
        lines, faults = read_classes(read_sheet(file.read_bytes()))
        kept = await db.write(lambda tx: import_classes(tx, district_id, code_set, lines, maps_to))
        named = [f"line {each.line} {each.column}: {each.detail}" for each in faults]
        return _end(named, kept=kept, refused=len({each.line for each in faults}))

    raise SystemExit(carry_out(settings_or_exit(data), work))


@import_.command("holidays")
@with_data
@with_district
@click.option(
    "--confirm", type=int, multiple=True, metavar="YEAR", help="With these the table says what the notice says."
)
@file_to_read
def bring_holidays(data: Path | None, district: str | None, confirm: tuple[int, ...], file: Path) -> None:
    """Holidays and make-up days from a CSV or XLSX sheet: 日期 (2027-01-01), 类型 (放假, 上班), 名称.

    A year is confirmed only where every row of the sheet was kept.
    """

    async def work(db: Database) -> int:
        rows = read_sheet(file.read_bytes())
        district_id = await district_called(db, district)
        code = _told(await import_holidays(db, district_id, rows, None))
        for year in () if code else confirm:
            await db.write(partial(keep_year, district_id=district_id, year=year, by=None, confirmed=True))
            click.echo(f"{year} is confirmed")
        return code

    raise SystemExit(carry_out(settings_or_exit(data), work))


def _told(report: ImportReport) -> int:
    faults = [
        f"line {row.line} {row.column}: {row.detail} [{row.code}]" for row in report.rows if row.status == "refused"
    ]
    return _end(faults, new=report.new, changed=report.changed, same=report.same, refused=report.refused)


def _end(faults: Iterable[str], **counts: int) -> int:
    """Say every fault, then the counts; the exit code."""
    for fault in faults:
        click.echo(fault)
    click.echo("  ".join(f"{name} {count}" for name, count in counts.items()))
    return 1 if counts["refused"] else 0
