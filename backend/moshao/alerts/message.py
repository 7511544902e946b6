"""What a notification says, whichever way it goes. The JSON of a Web Push payload is this struct (docs/bell.md)."""

from datetime import datetime
from typing import Literal
from uuid import UUID

import msgspec

Urgency = Literal["normal", "urgent", "emergency"]
Action = Literal["accept", "navigate"]
Language = Literal["zh", "en"]


class Message(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """A notification. Nothing in it is about who reported.

    `tag`: a later one with the same tag takes its place. `url`: path in the app. `count`: how many a digest stands
    for, `case_ids` some of them. `location`: (lon, lat) in WGS-84, to navigate to.
    """

    delivery_id: UUID
    kind: str
    title: str
    body: str
    tag: str
    url: str
    urgency: Urgency
    at: datetime
    case_id: UUID | None = None
    deadline: datetime | None = None
    actions: tuple[Action, ...] = ()
    location: tuple[float, float] | None = None
    count: int = 1
    case_ids: tuple[UUID, ...] = ()
    language: Language = "zh"
