"""What crosses the wire of suggestions."""

from datetime import datetime
from typing import Annotated, Literal
from uuid import UUID

import msgspec
from msgspec import Meta

from moshao.cases.schemas import Strict

SuggestionKind = Literal["fault", "idea", "complaint"]
State = Literal["open", "answered"]

ANSWER_MOST = 1000


class AppFinding(Strict):
    """One line of a phone's self-check."""

    topic: Annotated[str, Meta(min_length=1, max_length=40)]
    state: Literal["good", "poor", "bad"]
    detail: Annotated[str, Meta(max_length=200)] = ""


class AppState(Strict):
    """The app's build, and what it found out about its phone: sent only where its person agreed."""

    version: Annotated[str, Meta(max_length=40)]
    findings: Annotated[list[AppFinding], Meta(max_length=20)] = []


class AnswerBody(Strict):
    words: Annotated[str, Meta(min_length=1, max_length=ANSWER_MOST)]


class SuggestionPhoto(msgspec.Struct, kw_only=True):
    """`audio` where it is a voice note; `missing` while it is on its way, and where it turned out to be
    none."""

    id: UUID
    audio: bool
    missing: bool


class MySuggestion(msgspec.Struct, kw_only=True):
    """As who made it sees it. `seen_at`: since when the answer counts as read."""

    id: UUID
    kind: SuggestionKind
    words: str | None
    made_at: datetime
    state: State
    answer: str | None
    answered_at: datetime | None
    seen_at: datetime | None
    photos: list[SuggestionPhoto]


class MySuggestions(msgspec.Struct):
    suggestions: list[MySuggestion]


class Writer(msgspec.Struct, kw_only=True):
    id: UUID
    name: str
    role: str
    unit: str


class SuggestionView(MySuggestion, kw_only=True):
    """As an admin sees it."""

    by: Writer
    app: AppState | None
    answered_by: str | None


class SuggestionPage(msgspec.Struct, kw_only=True):
    """The newest first. `open`: how many wait for an answer, `next`: the id to go on `after`."""

    suggestions: list[SuggestionView]
    open: int
    next: UUID | None
