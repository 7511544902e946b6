"""Who asks."""

from datetime import datetime
from uuid import UUID

import msgspec

from moshao.people.settings import DistrictSettings

FIELD_ROLES = frozenset({"handler", "inspector", "crew_leader"})
DESK_ROLES = frozenset({"unit_operator", "supervisor", "leader", "admin"})
ROLES = FIELD_ROLES | DESK_ROLES


class Actor(msgspec.Struct, frozen=True, kw_only=True):
    """The person behind a request, as the database had him when the request came in.

    `unit_path` holds the ids of his unit's ancestors and his own unit, top first. `deliver_only`: a session taken
    on a shared phone to send another person's items; it reads nothing. `device_state`: active or replaced, then
    `device_ended_at` says until when what he did counts.
    """

    session_id: UUID
    person_id: UUID
    district_id: UUID
    unit_id: UUID
    unit_path: tuple[UUID, ...]
    unit_name: str = ""
    name: str
    staff_no: str
    role: str
    roster: int
    settings: DistrictSettings
    crew_ids: tuple[UUID, ...] = ()
    device_id: UUID | None = None
    device_key: str | None = None
    device_state: str | None = None
    device_ended_at: datetime | None = None
    deliver_only: bool = False
