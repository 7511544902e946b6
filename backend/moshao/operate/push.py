"""`moshao push`: the key by which push services know us, and a test ring."""

import asyncio
from pathlib import Path
from uuid import UUID

import click

from moshao.alerts.keys import all_keys, current_key, rotate
from moshao.alerts.trying import RingTestView, how_it_went, try_bell
from moshao.kit import clock, ids
from moshao.kit.db import Database
from moshao.operate.installation import carry_out
from moshao.operate.options import settings_or_exit, with_data

WAIT_SECONDS = 15.0
LOOK_SECONDS = 0.5


@click.group()
def push() -> None:
    """The bell: its keys, and whether it rings."""


@push.command()
@with_data
def keys(data: Path | None) -> None:
    """One line a key, the present one first: since when, and how many browsers subscribed with it."""

    async def work(db: Database) -> None:
        now = await current_key(db)
        for row in await db.all(
            "SELECT k.id, k.public_key, k.made_at, count(s.id) AS browsers FROM vapid_keys k "
            "LEFT JOIN push_subscriptions s ON s.key_id = k.id "
            "GROUP BY k.id, k.public_key, k.made_at ORDER BY k.made_at DESC"
        ):
            state = "present" if row["id"] == now.id else "old"
            made = row["made_at"].isoformat(timespec="seconds")
            click.echo(f"{row['public_key']}  {state:<7}  made {made}  browsers {row['browsers']}")

    carry_out(settings_or_exit(data), work)


@push.command("rotate")
@with_data
@click.option(
    "--drop-old", is_flag=True, help="The old key was seen by others: what was subscribed with it rings no more."
)
def rotate_key(data: Path | None, drop_old: bool) -> None:
    """Make a new key. Phones take it when they next open the app, and ring under the old one until then."""

    async def work(db: Database) -> None:
        made = await db.write(lambda tx: rotate(tx, drop_old=drop_old))
        click.echo(made.pair.public_key)
        left = len(await all_keys(db)) - 1
        click.echo(f"{left} older kept until nobody uses them" if left else "no older key is left")

    carry_out(settings_or_exit(data), work)


@push.command()
@with_data
@click.argument("staff_no")
@click.option("--gateways", is_flag=True, help="By the gateways too.")
def test(data: Path | None, staff_no: str, gateways: bool) -> None:
    """Ring the phones of STAFF_NO and say what became of it on each way. Exit code 1: on none did it leave."""

    async def work(db: Database) -> int:
        person = await db.one("SELECT id, district_id FROM people WHERE staff_no = ? AND active", staff_no)
        if person is None:
            raise click.ClickException(f"there is nobody with staff number {staff_no}")
        ring_id = ids.new_id()
        await db.write(lambda tx: try_bell(tx, person["district_id"], person["id"], ring_id, gateways=gateways))
        view = await _settled(db, person["id"], ring_id)
        for way in view.ways:
            click.echo(f"{way.channel:<10} {way.fate:<8} {way.phone or ''} {way.why or ''}".rstrip())
        return 0 if any(way.fate in ("sent", "shown", "opened") for way in view.ways) else 1

    raise SystemExit(carry_out(settings_or_exit(data), work))


async def _settled(db: Database, person_id: UUID, ring_id: UUID) -> RingTestView:
    """What became of it, once every way has an answer; a worker has to run."""
    until = clock.monotonic() + WAIT_SECONDS
    while True:
        async with db.reading() as reader:
            view = await how_it_went(reader, person_id, None, ring_id)
        if all(way.fate != "waiting" for way in view.ways if way.channel != "app") or clock.monotonic() > until:
            return view
        await asyncio.sleep(LOOK_SECONDS)
