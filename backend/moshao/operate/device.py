"""`moshao device`: the bound phones, and the end of one."""

from pathlib import Path
from typing import get_args
from uuid import UUID

import click

from moshao.kit.db import Database, Tx
from moshao.operate.installation import carry_out, district_called
from moshao.operate.options import settings_or_exit, with_data, with_district
from moshao.people.ending import Ending, end_device

SQL = """
SELECT x.id, x.state, x.name, x.platform, x.seen_at, x.unsent, p.staff_no, p.name AS person, o.name AS post
FROM devices x LEFT JOIN people p ON p.id = x.person_id LEFT JOIN posts o ON o.id = x.post_id
WHERE x.district_id = ? ORDER BY p.staff_no, x.paired_at, x.id
"""


@click.group()
def device() -> None:
    """Phones: list those that were bound, end one that was lost, replaced or returned."""


@device.command("list")
@with_data
@with_district
@click.option("--person", metavar="STAFF_NO", help="Only his.")
@click.option("--all", "ended", is_flag=True, help="Also those whose time is over.")
def list_devices(data: Path | None, district: str | None, person: str | None, ended: bool) -> None:
    """One line a phone: id, state, whose, what it is, when it was last heard of, what waits on it."""

    async def work(db: Database) -> None:
        for row in await db.all(SQL, await district_called(db, district)):
            if (person in (None, row["staff_no"])) and (ended or row["state"] == "active"):
                whose = f"{row['staff_no']} {row['person']}" if row["staff_no"] else f"post {row['post']}"
                heard = row["seen_at"].isoformat(timespec="seconds") if row["seen_at"] else "never"
                kind = " ".join(filter(None, (row["name"], row["platform"])))
                click.echo(f"{row['id']}  {row['state']:<8}  {whose}  {kind}  heard {heard}  unsent {row['unsent']}")

    carry_out(settings_or_exit(data), work)


@device.command("end")
@with_data
@click.argument("device_id", type=click.UUID)
@click.option("--as", "how", required=True, type=click.Choice(get_args(Ending)))
def end_one(data: Path | None, device_id: UUID, how: Ending) -> None:
    """End the phone DEVICE_ID: lost is cut off and wiped, replaced sends for 14 days more, returned is over."""

    async def work(db: Database) -> None:
        async def end(tx: Tx) -> None:
            row = await tx.one(f"SELECT * FROM devices WHERE id = ?{tx.for_update()}", device_id)
            if row is None:
                raise click.ClickException(f"there is no phone {device_id}")
            await end_device(tx, row, how, None)

        await db.write(end)
        click.echo(how)

    carry_out(settings_or_exit(data), work)
