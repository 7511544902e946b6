"""A day's dispatches ring at the stub push service and a gateway; what came of it is counted a second time, from what
phones and people did and from the times in the settings alone."""

import random
from collections import Counter
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

import pytest

from moshao.kit import clock
from tests.api.alerts.bell import Bell
from tests.api.alerts.browser import Browser
from tests.api.alerts.fake_gateway import FakeGateway

CASES = 48
APART_S = (90, 900)
BURST = 12
# Seconds from the first ring, as docs/district-settings.md has them.
STEPS = {
    False: {"gateway": 60, "crew_leader": 300, "supervisor": 600, "call_list": 1200},
    True: {"gateway": 20, "crew_leader": 120, "supervisor": 240, "call_list": 480},
}
SHOWN_AFTER_S = 5
ACCEPTED_AFTER_S = (40, 150, 350, 700)


class Dispatch:
    """One case of the day. `stops_s`: when somebody hears of it, None: nobody does; `shows`: by a phone's receipt."""

    def __init__(self, dice: random.Random, at_s: int) -> None:
        self.at_s = at_s
        self.urgent = dice.random() < 0.25
        self.who = dice.choice(["handler", "colleague"])
        self.shows = self.who == "handler" and dice.random() < 0.5
        accepts = dice.choice([None, *ACCEPTED_AFTER_S])
        self.stops_s = SHOWN_AFTER_S if self.shows else accepts
        self.case_id: UUID | None = None

    def instants(self) -> set[int]:
        """When something is due to happen with it."""
        due = [0, *STEPS[self.urgent].values(), *([self.stops_s] if self.stops_s else [])]
        return {self.at_s + each for each in due}

    def climbs_to(self, step: str) -> bool:
        return self.stops_s is None or self.stops_s > STEPS[self.urgent][step]


def a_day(seed: int) -> list[Dispatch]:
    dice, at_s = random.Random(seed), 0
    day = []
    for _ in range(CASES):
        at_s += dice.randint(*APART_S)
        day.append(Dispatch(dice, at_s))
    return day


def told(bell: Bell, browser: Browser) -> set[str]:
    """The cases of which this phone was told, alone or in a digest."""
    named: set[str] = set()
    for said in bell.service.for_browser(browser):
        named |= {*([said["case_id"]] if "case_id" in said else []), *said.get("case_ids", [])}
    return named


async def confirm(bell: Bell, browser: Browser, known: set[str], cases: set[str] | None) -> int:
    """The phone shows what came since, of these cases or of all; how many receipts that made."""
    receipts = 0
    for said in bell.service.for_browser(browser):
        if said["delivery_id"] not in known and (cases is None or said.get("case_id") in cases):
            known.add(said["delivery_id"])
            assert await bell.receipt(said["delivery_id"]) == 204
            receipts += 1
    return receipts


class Clock:
    """Stands still until it is set, so that no machine is too slow for the day. `began_at`: where it stood first."""

    def __init__(self) -> None:
        self.began_at = self.at = clock.now()

    def set(self, seconds: int) -> None:
        self.at = self.began_at + timedelta(seconds=seconds)

    def now(self) -> datetime:
        return self.at


@pytest.fixture
def still(bell: Bell, monkeypatch: pytest.MonkeyPatch) -> Clock:
    """Of the whole system."""
    standing = Clock()
    monkeypatch.setattr(clock, "now", standing.now)
    return standing


@pytest.mark.parametrize("seed", [1, 2])
async def test_a_day_comes_out_as_a_recount_says(
    bell: Bell, still: Clock, fake_gateway: type[FakeGateway], seed: int
) -> None:
    await bell.gateway("handler", "colleague")
    phone, leaders, desks = [await bell.subscribe(who) for who in ("handler", "leader_of_crew", "supervisor")]
    day, receipts, confirmed = a_day(seed), 0, set[str]()
    for at_s in sorted({each for one in day for each in one.instants()}):
        still.set(at_s)
        for one in day:
            if one.at_s == at_s:
                one.case_id = await bell.assign(one.who, urgency="urgent" if one.urgent else "normal")
            elif one.stops_s is None or one.at_s + one.stops_s != at_s:
                continue
            elif one.shows:
                receipts += await confirm(bell, phone, confirmed, {str(one.case_id)})
            else:
                answer = await bell.world.as_(one.who).act(one.case_id, "acceptances")
                assert answer.status_code == 201, answer.text
        await bell.work()

    def cases_of(step: str) -> set[str]:
        return {str(one.case_id) for one in day if one.climbs_to(step)}

    assert told(bell, phone) == {str(one.case_id) for one in day if one.who == "handler"}
    assert Counter(message.case_id for message, _ in fake_gateway.rung) == Counter(
        one.case_id for one in day if one.climbs_to("gateway")
    )
    assert told(bell, leaders) == cases_of("crew_leader")
    assert told(bell, desks) == cases_of("supervisor")
    called = (await bell.world.as_("supervisor").get("/api/call_list")).json()["unreached"]
    # Who accepts late is called no more.
    never = {str(one.case_id) for one in day if one.stops_s is None}
    assert never < cases_of("call_list")
    assert sorted(each["case_id"] for each in called) == sorted(never)
    assert receipts == sum(one.shows for one in day) > 0
    await fates_agree(bell, fake_gateway, receipts)


async def fates_agree(bell: Bell, gateway: type[FakeGateway], receipts: int) -> None:
    """What the desk counts is what left and what was confirmed: nothing failed, nothing is on its way."""
    answer = await bell.world.as_("admin").get("/api/delivery_counts")
    counts = Counter[tuple[str, str]]()
    for row in answer.json()["counts"]:
        counts[row["channel"], row["fate"]] += row["deliveries"]
    assert counts["push", "shown"] == receipts
    assert counts["push", "sent"] == len(bell.service.pushed) - receipts
    assert counts["fake", "sent"] == len(gateway.rung)
    assert {fate for channel, fate in counts if channel != "app"} <= {"sent", "shown", "needless"}


async def test_a_morning_of_many_is_shown_as_few_and_climbs_no_further(
    bell: Bell, fake_gateway: type[FakeGateway]
) -> None:
    await bell.gateway("handler")
    phone, leaders = await bell.subscribe("handler"), await bell.subscribe("leader_of_crew")
    given: list[dict[str, Any]] = [{"case_id": str(await bell.assign())} for _ in range(BURST)]
    confirmed: set[str] = set()
    await bell.work()
    await confirm(bell, phone, confirmed, None)
    await bell.later(minutes=1)
    await confirm(bell, phone, confirmed, None)
    assert [said.get("count", 1) for said in bell.service.for_browser(phone)] == [1, 1, 1, BURST - 3]
    assert told(bell, phone) == {each["case_id"] for each in given}
    await bell.later(hours=1)
    assert (fake_gateway.rung, bell.service.for_browser(leaders)) == ([], [])
    assert {row["state"] for row in await bell.alerts()} == {"heard"}
    await fates_agree(bell, fake_gateway, len(confirmed))
