"""`moshao upstream`: the platforms above, what is agreed with them, their secrets."""

from pathlib import Path
from typing import Any, get_args

import click
import msgspec

from moshao.kit.config import Settings
from moshao.kit.db import Database, Tx
from moshao.operate.installation import carry_out, district_called
from moshao.operate.options import settings_or_exit, with_data, with_district
from moshao.places.datum import Datum
from moshao.upstream.making import change_settings, drop_old_secrets, make_upstream, no_such_upstream, rotate_secret
from moshao.upstream.making import switch as switch_upstream
from moshao.upstream.queries import Upstream, all_upstreams, find_upstream
from moshao.upstream.settings import UpstreamSettings

AGREED = (
    click.option("--closing-authority", type=click.Choice(["district", "upstream"]), help="Who closes a case."),
    click.option("--decisions", type=click.Choice(["here", "there"]), help="Who grants extension, shelving, handback."),
    click.option("--media", type=click.Choice(["link", "inline_base64", "upload"]), help="How it gets our photos."),
    click.option("--datum", type=click.Choice(get_args(Datum)), help="Of its coordinates where they name none."),
    click.option("--photo-host", "photo_hosts", multiple=True, help="A host its photos are fetched from; repeatable."),
    click.option("--upload-url", metavar="URL", help="Where photos are put with --media upload."),
    click.option("--feedback-url", metavar="URL", help="Where our events go; empty: nowhere."),
)


def with_agreed(command: Any) -> Any:
    """The options that say what is agreed."""
    for option in reversed(AGREED):
        command = option(command)
    return command


@click.group()
def upstream() -> None:
    """Platforms above: list, make and settle them, give them new secrets."""


@upstream.command("list")
@with_data
def list_upstreams(data: Path | None) -> None:
    """Every one of the installation and what is agreed with it."""

    async def work(db: Database) -> None:
        codes = {row["id"]: row["code"] for row in await db.all("SELECT id, code FROM districts")}
        for one in await all_upstreams(db):
            click.echo(f"{one.name}  district {codes[one.district_id]}  {_shown(one)}")

    carry_out(settings_or_exit(data), work)


@upstream.command("make")
@with_data
@with_district
@click.argument("name")
@with_agreed
def make_one(data: Path | None, district: str | None, name: str, **agreed: Any) -> None:
    """Put the upstream NAME on record and say its secret, which is shown this once."""
    settings = settings_or_exit(data)

    async def work(db: Database) -> None:
        district_id = await district_called(db, district)
        wanted = changed(UpstreamSettings(), agreed)
        _say_secret(settings, name, await db.write(lambda tx: make_upstream(tx, district_id, name, wanted)))

    carry_out(settings, work)


@upstream.command("settings")
@with_data
@click.argument("name")
@with_agreed
@click.option("--no-photo-hosts", is_flag=True, help="Fetch its photos from nowhere.")
@click.option("--on/--off", "active", default=None, help="Off: it is a stranger, and is told nothing.")
def settle(data: Path | None, name: str, no_photo_hosts: bool, active: bool | None, **agreed: Any) -> None:
    """Change what is agreed with NAME, in what is said here, and show all of it."""

    async def work(db: Database) -> None:
        async def change(tx: Tx) -> Upstream:
            one = await _called(tx, name)
            before = msgspec.structs.replace(one.settings, photo_hosts=()) if no_photo_hosts else one.settings
            if (wanted := changed(before, agreed)) != one.settings:
                await change_settings(tx, name, wanted)
            if active not in (None, one.active):
                await switch_upstream(tx, name, active=bool(active))
            return await _called(tx, name)

        click.echo(_shown(await db.write(change)))

    carry_out(settings_or_exit(data), work)


@upstream.command("rotate")
@with_data
@click.argument("name")
@click.option("--drop-old", is_flag=True, help="Make none: end the old secrets, once NAME uses the newest.")
def rotate(data: Path | None, name: str, drop_old: bool) -> None:
    """Give NAME a new secret, shown this once; the one before stays good until --drop-old or the next one."""
    settings = settings_or_exit(data)

    async def work(db: Database) -> None:
        if drop_old:
            await db.write(lambda tx: drop_old_secrets(tx, name))
            click.echo("one secret is good")
        else:
            _say_secret(settings, name, await db.write(lambda tx: rotate_secret(tx, name)))

    carry_out(settings, work)


def changed(settings: UpstreamSettings, agreed: dict[str, Any]) -> UpstreamSettings:
    """The settings with what was said; an empty address means none."""
    said = {name: value or None for name, value in agreed.items() if value not in (None, ())}
    return msgspec.structs.replace(settings, **said)


async def _called(tx: Tx, name: str) -> Upstream:
    found = await find_upstream(tx, name)
    if found is None:
        raise no_such_upstream(name)
    return found


def _shown(one: Upstream) -> str:
    agreed = {"active": one.active, "secrets": len(one.secrets), **msgspec.to_builtins(one.settings)}
    return msgspec.json.encode(agreed).decode()


def _say_secret(settings: Settings, name: str, secret: str) -> None:
    click.echo(f"events_url {settings.base_url}/api/upstream/{name}/events")
    click.echo(f"secret {secret}")
