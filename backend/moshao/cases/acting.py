"""What an act is, what it is given when it is done, and what it answers. `taking` is the way in."""

from collections.abc import Awaitable, Callable, Sequence
from datetime import datetime
from typing import Any, Generic, TypeVar
from uuid import UUID

import msgspec

from moshao.cases.act_times import Times
from moshao.cases.case import Case
from moshao.cases.moving import Step
from moshao.cases.photos import NamedPhotos
from moshao.cases.saying import Remark, remark
from moshao.cases.schemas import ActBody
from moshao.cases.visibility import Standing
from moshao.kit.db import Statement, Tx
from moshao.people.actor import Actor

B = TypeVar("B", bound=ActBody)


class Call(msgspec.Struct, frozen=True, kw_only=True):
    """An act as it came over the wire. No `case_id`: its URL names none."""

    actor: Actor
    act_id: UUID
    case_id: UUID | None
    body: bytes
    signature: str | None
    device_time: datetime | None
    heard_at: datetime


class Doing(msgspec.Struct, Generic[B], kw_only=True):
    """An act that passed every check and is about to be done. `given`: the case its URL names, locked.

    `unwritten`: what puts its photos on record, not run yet; it goes with the `steps` that are left to `taking`.
    """

    act: str
    act_id: UUID
    actor: Actor
    standing: Standing
    body: B
    content: str
    times: Times
    heard_at: datetime
    photos: NamedPhotos
    given: Case | None
    unwritten: list[Statement] = []

    async def write_photos(self, tx: Tx) -> None:
        """For whoever reads about the photos of the case, this act's among them."""
        if self.unwritten:
            await tx.together(*self.unwritten)
            self.unwritten = []

    @property
    def case(self) -> Case:
        if self.given is None:
            raise LookupError("this act names no case")
        return self.given

    @property
    def at(self) -> datetime:
        """When it was done, as clocks and figures count it."""
        return self.times.counts

    def remark(self, words: str | None = None, code: str | None = None, *, kind: str | None = None) -> Remark | None:
        """What was said with this act, for its step; None where nothing was."""
        return remark(self.at, words, code, kind=kind)

    def step(
        self,
        kind: str,
        changes: dict[str, Any] | None = None,
        *,
        said: Remark | None = None,
        requests: tuple[UUID, ...] = (),
        **facts: Any,
    ) -> Step:
        """A step of this act: `facts` hold ids, codes, numbers and times, never words; those are `said`."""
        return Step(
            kind=kind, changes=changes or {}, act_id=self.act_id, person_id=self.actor.person_id, done_at=self.at,
            facts=facts, content=self.content, said=said, requests=requests,
        )  # fmt: skip


class Done(msgspec.Struct, frozen=True, kw_only=True):
    """What an act led to: the case after it; `before`: columns as they were, where the act may be undone.
    `handed`: what became of many cases at once, where there is no one case. `steps`: the last thing the act does,
    left to `taking`, which puts the act on record with it; `case` is as it was before them. `seq`: the last line of an
    act that is about no case."""

    case: Case | None = None
    steps: tuple[Step, ...] = ()
    on_behalf_of: UUID | None = None
    before: dict[str, Any] | None = None
    handed: "Handed | None" = None
    seq: int = 0


class Handed(msgspec.Struct, frozen=True, kw_only=True):
    """The cases that went over from one person to others, those that did not, and the last line about it."""

    cases: tuple[UUID, ...] = ()
    left: tuple[UUID, ...] = ()
    seq: int


def nothing_more(_call: Call, _case: Case) -> Sequence[Statement]:
    return ()


class ActKind(msgspec.Struct, Generic[B], frozen=True):
    """One word of the URL. `evidence`: kept where it comes too late. `names_case`: its URL does, else the act
    makes one or moves many. `asks`: what `perform` will ask about the case first, for `Tx.ahead`. Photos of a case
    that is there already are on record when it is performed; with `photos_last` it sees to that itself.
    """

    word: str
    body: type[B]
    perform: Callable[[Tx, Doing[B]], Awaitable[Done]]
    evidence: bool = False
    names_case: bool = True
    photos_last: bool = False
    asks: Callable[[Call, Case], Sequence[Statement]] = nothing_more


class Outcome(msgspec.Struct, frozen=True):
    """The answer as bytes, so that a repeat gets the same ones."""

    status: int
    body: bytes
