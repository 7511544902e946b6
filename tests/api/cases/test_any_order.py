"""Whatever anybody does in whatever order: no illegal state, no act done twice, no line missing (Hypothesis)."""

from datetime import timedelta
from typing import Any, ClassVar, cast
from uuid import UUID

import pytest
from hypothesis import HealthCheck, Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    Bundle,
    RuleBasedStateMachine,
    consumes,
    invariant,
    precondition,
    rule,
    run_state_machine_as_test,
)

from moshao.cases.case import Case, find_case, lock_case
from moshao.cases.filing import ClockFrom, put_on_record
from moshao.cases.moving import Step
from moshao.cases.rules import WAYS, state_refusal
from moshao.cases.ticking import tick
from moshao.cases.visibility import standing
from moshao.hours.limits import Limit
from moshao.kit import clock, ids
from moshao.kit.db import Tx
from moshao.people.actor import Actor
from tests.api.cases.ground import PEOPLE, Ground
from tests.api.cases.legal import faults_around
from tests.api.cases.making import GARBAGE, PLACE
from tests.api.cases.taking import do
from tests.api.cases.test_above import EVENTS
from tests.phone import PLACE as HERE
from tests.verifying import faults_of_rows

ACTS = sorted(
    set(WAYS)
    - {"filings", "dispatches", "rulings", "reopenings", "reports", "registrations", "handovers", "suggestions"}
)
REASON = {"reason": "理由"}
ONWARD = {"assignments", "acceptances", "closures", "unit_reviews", "reviews", "checks", "verifications"}
# Who did which act to which case, under which name, with what.
Told = tuple[str, str, int, UUID, dict[str, Any]]


class AnyOrder(RuleBasedStateMachine):
    """Two cases, everybody, every act, words from above, time."""

    ground: ClassVar[Ground]
    done = Bundle("done")

    def __init__(self) -> None:
        super().__init__()
        self.cases = [self._run(self._put()) for _ in range(2)]
        self.later = timedelta()

    def _run(self, work: Any) -> Any:
        return self.ground.runner.run(work)

    async def _put(self) -> UUID:
        columns = GARBAGE | {"unit_id": self.ground.cast.units["street"], "dispatched_at": clock.now()}
        columns |= {"lon": PLACE[0], "lat": PLACE[1], "upstream_id": ids.new_id(), "external_case_id": "1"}

        async def work(tx: Tx) -> Case:
            return await put_on_record(
                tx, self.ground.cast.district_id, state="dispatched", step=Step(kind="dispatched"), columns=columns,
                clock_from=ClockFrom(at=clock.now(), limit=Limit(2, "urgent_hour")),
            )  # fmt: skip

        return (await self.ground.db.write(work)).id

    async def _case(self, at: int) -> Case:
        found = await find_case(cast(Any, self.ground.db), self.cases[at])
        assert found is not None
        return found

    @rule(target=done, who=st.sampled_from(PEOPLE), act=st.sampled_from(ACTS), at=st.integers(0, 1), data=st.data())
    def somebody_tries(self, who: str, act: str, at: int, data: st.DataObject) -> Told:
        return self._somebody_acts(who, act, at, data)

    @rule(target=done, at=st.integers(0, 1), data=st.data())
    def somebody_does_what_fits(self, at: int, data: st.DataObject) -> Told:
        who, act = data.draw(st.sampled_from(self._run(self._fitting(at))))
        return self._somebody_acts(who, act, at, data)

    @rule(target=done, at=st.integers(0, 1), data=st.data())
    def the_work_goes_on(self, at: int, data: st.DataObject) -> Told:
        onward = [pair for pair in self._run(self._fitting(at)) if pair[1] in ONWARD]
        who, act = data.draw(st.sampled_from(onward or [("supervisor", "notes")]))
        return self._somebody_acts(who, act, at, data)

    async def _fitting(self, at: int) -> list[tuple[str, str]]:
        """Who may do what to the case as it stands."""
        case = await self._case(at)
        pairs = []
        for who, actor in self.ground.actors.items():
            stands = await standing(cast(Any, self.ground.db), actor, case)
            pairs += [(who, act) for act in ACTS if state_refusal(act, case, actor.role, stands.relations) is None]
        return pairs

    def _somebody_acts(self, who: str, act: str, at: int, data: st.DataObject) -> Told:
        before = self._run(self._case(at))
        actor, act_id = self.ground.actors[who], ids.new_id()
        members = self._run(self._members(act, at, data))
        with clock.moved(self.later):
            stands = self._run(standing(cast(Any, self.ground.db), actor, before))
            members["done_at"] = clock.now().isoformat()
            answer = self._run(self._do(who, act, at, act_id, members))
        after = self._run(self._case(at))
        self._check_answer(act, actor, stands.relations, before, after, answer)
        return who, act, at, act_id, members

    async def _do(self, who: str, act: str, at: int, act_id: UUID, members: dict[str, Any]) -> tuple[int, str]:
        phone = self.ground.phones.get(who)
        actor = self.ground.actors[who]
        return await do(self.ground.db, actor, act, self.cases[at], phone=phone, act_id=act_id, **members)

    def _check_answer(
        self, act: str, actor: Actor, relations: frozenset[str], before: Case, after: Case, answer: tuple[int, str]
    ) -> None:
        status, code = answer
        assert status in (201, 202, 403, 404, 409, 422), answer
        if status == 201:
            ways = [way for way in WAYS[act] if actor.role in way.roles and before.state in way.states]
            assert any(way.relations & relations for way in ways), f"{actor.role} did {act} from {before.state}"
            assert after.changed_seq > before.changed_seq
        elif status == 202:
            assert (after.state, after.round) == (before.state, before.round)
        else:
            assert after == before, f"{answer} and yet it changed"
            assert code

    async def _members(self, act: str, at: int, data: st.DataObject) -> dict[str, Any]:
        """What the act needs, right more often than wrong."""
        person = str(self.ground.cast.people[data.draw(st.sampled_from(["handler", "colleague"]))].person_id)
        inspector = str(self.ground.cast.people["inspector"].person_id)
        request = await self.ground.db.value(
            "SELECT id FROM case_requests WHERE case_id = ? ORDER BY asked_at DESC LIMIT 1", self.cases[at]
        )
        verdicts = {
            "unit_reviews": ["pass", "back"],
            "reviews": ["close", "rework", "check"],
            "checks": ["pass", "fail", "unable"],
            "verifications": ["pass"],
        }
        members: dict[str, Any] = {}
        if act in verdicts:
            members = REASON | {"verdict": data.draw(st.sampled_from(verdicts[act]))}
        if act == "reviews":
            members["person_id"] = inspector
        if act in ("assignments", "transfers"):
            to_crew = data.draw(st.booleans())
            members = {"crew_id": str(self.ground.cast.crew_id)} if to_crew else {"person_id": person}
        if act == "closures":
            outcome = data.draw(st.sampled_from(["fixed", "fixed", "interim", "not_found"]))
            members = {"outcome": outcome, "no_photo_reason": "other", "place": HERE}
            if data.draw(st.booleans()):
                members["on_behalf_of"] = person
        if act.endswith("_decisions"):
            verdict = data.draw(st.sampled_from(["forward", "grant", "refuse"]))
            members = {"request_id": str(request or ids.new_id()), "verdict": verdict}
        if act in ("extensions", "cancellations", "shelvings"):
            members = dict(REASON)
        if act in ("handbacks", "upstream_handbacks"):
            members = {"reason": "not_our_unit"}
        if act == "shelvings":
            members["until"] = (clock.now() + self.later + timedelta(days=3)).isoformat()
        if act == "appeals":
            members = REASON | {"appeal_kind": data.draw(st.sampled_from(["overdue", "weather"]))}
        if act in ("urgings", "supervisions", "supervision_replies"):
            members = {"opinion": "意见"}
        if act == "merges":
            members = {"lead_case_id": str(self.cases[1 - at])}
        if act == "notes":
            members = {"note": "记一笔"}
        if act == "contacts":
            members = {"result": "talked"}
        if act == "undoings":
            last = await self.ground.db.value(
                "SELECT id FROM acts WHERE case_id = ? ORDER BY seq DESC LIMIT 1", self.cases[at]
            )
            members = {"undoes": str(last or ids.new_id())}
        return members

    @rule(last=consumes(done))
    def the_same_comes_again(self, last: Told) -> None:
        who, act, at, act_id, members = last
        known = self._run(self.ground.db.one("SELECT id FROM acts WHERE id = ?", act_id))
        if known is None:
            return
        before = self._run(self._case(at))
        status, _ = self._run(self._do(who, act, at, act_id, members))
        assert status == 200
        assert self._run(self._case(at)) == before

    @rule(event=st.sampled_from(sorted(EVENTS)), at=st.integers(0, 1))
    def upstream_speaks(self, event: str, at: int) -> None:
        async def work(tx: Tx) -> Case:
            case = await lock_case(tx, self.cases[at])
            assert case is not None
            return await EVENTS[event](tx, case)

        with clock.moved(self.later):
            self._run(self.ground.db.write(work))

    @precondition(lambda self: self.later < timedelta(days=20))
    @rule(hours=st.sampled_from([1, 2, 30, 100]))
    def time_passes(self, hours: int) -> None:
        self.later += timedelta(hours=hours)
        for case_id in self.cases:
            self._run(self._tick(case_id))

    async def _tick(self, case_id: UUID) -> None:
        async def work(tx: Tx) -> None:
            case = await lock_case(tx, case_id)
            assert case is not None
            if case.next_at is not None and case.next_at <= clock.now():
                await tick(tx, case, clock.now())

        with clock.moved(self.later):
            await self.ground.db.write(work)

    @invariant()
    def everything_is_legal(self) -> None:
        for at in (0, 1):
            case = self._run(self._case(at))
            faults = self._run(faults_around(cast(Any, self.ground.db), case))
            assert not faults, f"{faults} in {case.state}"


@pytest.fixture(scope="module")
def ground() -> Any:
    AnyOrder.ground = Ground()
    yield AnyOrder.ground
    AnyOrder.ground.close()


def _run_for(examples: int, steps: int, **more: Any) -> None:
    """Without shrinking: minutes for a story that is read as well as it was found."""
    phases = [Phase.explicit, Phase.reuse, Phase.generate]
    run_state_machine_as_test(
        AnyOrder,
        settings=settings(
            max_examples=examples,
            stateful_step_count=steps,
            phases=phases,
            suppress_health_check=list(HealthCheck),
            **more,
        ),
    )


def test_no_order_of_acts_makes_an_illegal_state(ground: Ground) -> None:
    _run_for(40, 40)
    assert ground.runner.run(faults_of_rows(ground.db, ground.cast.district_id)) == []


@pytest.mark.long
@pytest.mark.timeout(3000)
def test_no_long_order_of_acts_makes_an_illegal_state(ground: Ground) -> None:
    _run_for(2000, 60, derandomize=False)
