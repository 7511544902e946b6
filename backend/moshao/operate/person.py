"""`moshao person`: somebody on the roster, his password, a code for his phone. For the first admin, and emergencies."""

import secrets
from datetime import timedelta
from pathlib import Path

import click

from moshao.kit import clock
from moshao.kit.db import Database, Reader, Row
from moshao.operate.installation import carry_out, district_called
from moshao.operate.options import settings_or_exit, with_data, with_district
from moshao.people.actor import ROLES
from moshao.people.changing_passwords import set_password
from moshao.people.making import make_pairing_code, make_person
from moshao.people.pairing import CODE_MINUTES
from moshao.people.passwords import check_password, hashed

PASSWORD_BYTES = 9
DAYS_MOST = 30

with_ask = click.option("--ask", is_flag=True, help="Ask for the password instead of making one.")


@click.group()
def person() -> None:
    """People: put somebody on the roster, give him a password, a code for his phone."""


@person.command("make")
@with_data
@with_district
@click.option("--staff-no", required=True, help="工号, unique in the installation.")
@click.option("--name", required=True)
@click.option("--role", required=True, type=click.Choice(sorted(ROLES)))
@click.option("--unit", required=True, metavar="CODE", help="单位编码 of his unit.")
@click.option("--phone")
@with_ask
def make_one(
    data: Path | None,
    district: str | None,
    staff_no: str,
    name: str,
    role: str,
    unit: str,
    phone: str | None,
    ask: bool,
) -> None:
    """Put somebody on the roster and say his password, which is shown this once."""
    password = _password(ask)

    async def work(db: Database) -> None:
        district_id = await district_called(db, district)
        unit_id = await db.value("SELECT id FROM units WHERE district_id = ? AND code = ?", district_id, unit)
        if unit_id is None:
            raise click.ClickException(f"there is no unit {unit}")
        check_password(password, staff_no)
        made = await hashed(password)
        person_id = await db.write(
            lambda tx: make_person(
                tx, unit_id, staff_no=staff_no, name=name, role=role, phone=phone, password_hash=made
            )
        )
        click.echo(f"{person_id}  {staff_no}  {name}  {role}")

    carry_out(settings_or_exit(data), work)
    _say(password, ask)


@person.command("password")
@with_data
@click.argument("staff_no")
@with_ask
def give_password(data: Path | None, staff_no: str, ask: bool) -> None:
    """Give the person STAFF_NO another password; he is signed out everywhere."""
    password = _password(ask)

    async def work(db: Database) -> None:
        await set_password(db, await person_called(db, staff_no), password, None)

    carry_out(settings_or_exit(data), work)
    _say(password, ask)


@person.command("pairing-code")
@with_data
@click.argument("staff_no")
@click.option("--days", type=click.IntRange(1, DAYS_MOST), help=f"How long it is good; default {CODE_MINUTES} minutes.")
def give_pairing_code(data: Path | None, staff_no: str, days: int | None) -> None:
    """A code by which the person STAFF_NO binds his phone."""
    lasts = timedelta(days=days) if days else timedelta(minutes=CODE_MINUTES)

    async def work(db: Database) -> None:
        his = await person_called(db, staff_no)
        code = await db.write(lambda tx: make_pairing_code(tx, his["id"], expires_in=lasts))
        click.echo(f"{code}  until {(clock.now() + lasts).isoformat(timespec='seconds')}")

    carry_out(settings_or_exit(data), work)


async def person_called(reader: Reader | Database, staff_no: str) -> Row:
    """Who has this 工号 and has not left: `id`, `district_id`, `staff_no`. Raises ClickException."""
    row = await reader.one("SELECT id, district_id, staff_no FROM people WHERE staff_no = ? AND active", staff_no)
    if row is None:
        raise click.ClickException(f"there is nobody with the number {staff_no}")
    return row


def _password(ask: bool) -> str:
    if ask:
        answer: str = click.prompt("password", hide_input=True, confirmation_prompt=True)
        return answer
    return secrets.token_urlsafe(PASSWORD_BYTES)


def _say(password: str, ask: bool) -> None:
    if not ask:
        click.echo(f"password {password}")
