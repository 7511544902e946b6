"""Reads about upstreams."""

from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

import msgspec

from moshao.kit.db import Database, Reader, Row
from moshao.people.settings import DistrictSettings
from moshao.people.settings import read_settings as read_district_settings
from moshao.upstream.settings import UpstreamSettings, read_settings

_SQL = """
SELECT u.id, u.district_id, u.name, u.secrets, u.settings, u.active, u.told_seq, u.link_key,
       d.settings AS district_settings
FROM upstreams u JOIN districts d ON d.id = u.district_id
"""


class Upstream(msgspec.Struct, frozen=True, kw_only=True):
    """A platform as it stands: `secrets` newest first, `zone` of its district."""

    id: UUID
    district_id: UUID
    name: str
    secrets: tuple[str, ...]
    settings: UpstreamSettings
    district: DistrictSettings
    active: bool
    told_seq: int
    link_key: str

    @property
    def zone(self) -> ZoneInfo:
        return ZoneInfo(self.district.zone)


async def find_upstream(reader: Reader | Database, name: str) -> Upstream | None:
    row = await reader.one(f"{_SQL} WHERE u.name = ?", name)
    return _upstream_of(row) if row else None


async def upstream_by_id(reader: Reader | Database, upstream_id: UUID) -> Upstream | None:
    row = await reader.one(f"{_SQL} WHERE u.id = ?", upstream_id)
    return _upstream_of(row) if row else None


async def all_upstreams(reader: Reader | Database) -> list[Upstream]:
    """Every upstream of the installation, by name."""
    return [_upstream_of(row) for row in await reader.all(f"{_SQL} ORDER BY u.name")]


async def kept_events(reader: Reader | Database, district_id: UUID, most: int = 200) -> list[Row]:
    """What upstreams of the district sent in vain, the latest first."""
    return await reader.all(
        "SELECT k.id, u.name AS upstream, k.status, k.code, k.detail, k.verbatim, k.times, k.first_at, k.last_at "
        "FROM kept_events k JOIN upstreams u ON u.id = k.upstream_id "
        "WHERE u.district_id = ? ORDER BY k.last_at DESC LIMIT ?",
        district_id, most,
    )  # fmt: skip


def _upstream_of(row: dict[str, Any]) -> Upstream:
    return Upstream(
        id=row["id"],
        district_id=row["district_id"],
        name=row["name"],
        secrets=msgspec.json.decode(row["secrets"], type=tuple[str, ...]),
        settings=read_settings(row["settings"]),
        district=read_district_settings(row["district_settings"]),
        active=bool(row["active"]),
        told_seq=row["told_seq"],
        link_key=row["link_key"],
    )
