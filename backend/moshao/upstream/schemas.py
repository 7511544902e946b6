"""What upstream is answered, and what its administrator sees."""

from datetime import datetime
from typing import Any, Literal
from uuid import UUID

import msgspec

from moshao.upstream.resending import Stuck
from moshao.upstream.settings import UpstreamSettings


class CloudEvent(msgspec.Struct, kw_only=True):
    """CloudEvents 1.0. `type`: `moshao.case.<name>`; what `data` holds is told in docs/upstream.md."""

    specversion: Literal["1.0"]
    id: str
    source: str
    type: str
    data: dict[str, Any]
    time: datetime | None = None
    subject: str | None = None


class EventResult(msgspec.Struct, kw_only=True):
    """What became of one event. `warnings`: flags of the case. `detail` names what was left out, or says why."""

    id: str | None
    status: Literal["accepted", "duplicate", "stale", "refused"]
    case_id: UUID | None = None
    code: str | None = None
    detail: str | None = None
    warnings: list[str] = []


class IntakeAnswer(msgspec.Struct):
    """One result for each event, in its order."""

    results: list[EventResult]


class UpstreamBody(msgspec.Struct, kw_only=True, forbid_unknown_fields=True):
    """What is agreed; one that is not active is a stranger, and is told nothing."""

    agreed: UpstreamSettings
    active: bool = True


class UpstreamView(msgspec.Struct, kw_only=True):
    """`secrets`: how many are good at present."""

    id: UUID
    name: str
    active: bool
    agreed: UpstreamSettings
    secrets: int


class UpstreamList(msgspec.Struct):
    upstreams: list[UpstreamView]


class SecretAnswer(msgspec.Struct):
    """`whsec_…`, for the platform's makers; it is not shown again."""

    secret: str


class ResendBody(msgspec.Struct, kw_only=True, forbid_unknown_fields=True):
    case_id: UUID
    told_too: bool = False


class StuckList(msgspec.Struct):
    stuck: list[Stuck]


class KeptEventView(msgspec.Struct, kw_only=True):
    """`verbatim`: the event as it came."""

    id: UUID
    upstream: str
    status: str
    code: str
    detail: str
    verbatim: str
    times: int
    first_at: datetime
    last_at: datetime


class KeptEventList(msgspec.Struct):
    events: list[KeptEventView]
