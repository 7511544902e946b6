"""What the phone is told."""

from uuid import UUID

import msgspec
from msgspec import UNSET, UnsetType

from moshao.cases.schemas_shown import CaseDocument
from moshao.places.geojson import Point


class Nearby(msgspec.Struct, frozen=True, kw_only=True):
    """An open case of the reporter's grids that is not his."""

    id: UUID
    kind: str | None
    major: str | None
    minor: str | None
    location: Point | None
    state: str


class Changes(msgspec.Struct, frozen=True, kw_only=True):
    """A page of the journal. Apply `gone` first (cases and nearby ones that are his no more), then `cases`, then
    `nearby`; keep `seq` for the next `after`, and ask on while there is `more`.

    `reset`: forget all cases and begin at 0. `roster` and `until` may be sent back as they are (with `epoch`): the
    server then needs no memory of this client.
    """

    epoch: str
    seq: int
    more: bool
    reset: bool
    roster: int
    until: int
    cases: list[CaseDocument] = []
    gone: list[UUID] = []
    nearby: list[Nearby] | UnsetType = UNSET


class Page(msgspec.Struct, frozen=True, kw_only=True):
    """`Changes` with its cases encoded already, since their size decides where the page ends, and with what is nearby
    as it was encoded for everybody."""

    epoch: str
    seq: int
    more: bool
    reset: bool
    roster: int
    until: int
    cases: list[msgspec.Raw] = []
    gone: list[UUID] = []
    nearby: list[msgspec.Raw] | UnsetType = UNSET
