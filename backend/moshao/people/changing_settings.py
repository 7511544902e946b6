"""What a district decides for itself, changed by its admin."""

from uuid import UUID

import msgspec

from moshao.hours.queries import hours_of
from moshao.kit import errors
from moshao.kit.db import Tx
from moshao.kit.kept import Asked
from moshao.people.actor import Actor
from moshao.people.calendar_schemas import check_zone
from moshao.people.keeping import tell, wrong
from moshao.people.roster_schemas import SettingsView
from moshao.people.schemas import Named
from moshao.people.settings import DistrictSettings, read_settings


async def show_settings(asked: Asked, district_id: UUID) -> SettingsView:
    row = await asked.one("SELECT id, code, name, settings FROM districts WHERE id = ?", district_id)
    if row is None:
        raise errors.not_found()
    district = Named(id=row["id"], name=row["name"])
    return SettingsView(district=district, code=row["code"], settings=read_settings(row["settings"]))


async def change_settings(tx: Tx, actor: Actor, settings: DistrictSettings) -> None:
    """Raises `bad_field` for a zone or a calendar that does not exist."""
    check_zone(settings.zone)
    hours = await hours_of(tx, actor.district_id)
    if hours.calendars and settings.calendar not in hours.calendars:
        raise wrong("calendar", "unknown", "没有这个工作日历")
    before = (await show_settings(tx, actor.district_id)).settings
    names = DistrictSettings.__struct_fields__
    changed = [name for name in names if getattr(before, name) != getattr(settings, name)]
    if changed:
        text = msgspec.json.encode(settings).decode()
        await tx.run("UPDATE districts SET settings = ? WHERE id = ?", text, actor.district_id)
        tx.forget()
        await tell(tx, actor.district_id, "settings_changed", actor, members=changed)
