"""After a simulation: ask the server again for everything it acknowledged."""

import asyncio
import hashlib
from collections import Counter
from collections.abc import Sequence
from typing import Any

import msgspec

from moshao.operate.simulated_web import Refusal
from moshao.operate.simulating import Acknowledged, Played, Simulation

AT_ONCE = 8
# What each act leaves in the journal, exactly once. (A signature is also left by assigning.)
LEAVES = {
    "acceptances": "accepted", "closures": "handled", "unit_reviews": "unit_passed", "handbacks": "handed_back",
    "checks": "checked",
}  # fmt: skip
LEAVES_BY_VERDICT = {"rework": "reworked", "close": "closed", "check": "check_asked"}


class Recount(msgspec.Struct):
    """`said`: what was lost or stands twice, and every case that does not stand as it should."""

    lost: int = 0
    doubled: int = 0
    said: list[str] = []

    def note_lost(self, count: int, what: str) -> None:
        if count > 0:
            self.lost += count
            self.said.append(f"lost: {what}")

    def note_doubled(self, count: int, what: str) -> None:
        if count > 0:
            self.doubled += count
            self.said.append(f"doubled: {what}")

    def note(self, what: str) -> None:
        self.said.append(what)


async def recount(simulation: Simulation) -> Recount:
    """Every case once, in its state; every act on record once; every photo back, byte for byte."""
    found = Recount()
    listed = Counter(case["external_case_id"] for case in await simulation.desk.whole_list())
    places = asyncio.Semaphore(AT_ONCE)

    async def one(played: Played) -> None:
        async with places:
            if not played.case_id:
                found.note(f"{played.external_id}: {played.fault}")
                return
            found.note_lost(1 - listed[played.external_id], f"{played.external_id} is not in the desk's list")
            found.note_doubled(listed[played.external_id] - 1, f"{played.external_id} stands twice in the desk's list")
            try:
                await _recount_case(simulation, played, found)
            except Refusal as refused:
                found.note_lost(1, f"{played.external_id}: {refused}")

    async with asyncio.TaskGroup() as group:
        for played in simulation.cases:
            group.create_task(one(played))
    return found


async def _recount_case(simulation: Simulation, played: Played, found: Recount) -> None:
    case = await simulation.desk.case(played.case_id)
    played.on_time = case["on_time"]
    if played.fault or case["state"] != played.state:
        found.note(f"{case['case_no']}: is {case['state']}, should be {played.state} {played.fault}".rstrip())
    for done in played.acts:
        again = await done.phone.act(played.case_id, done.act, done.act_id, done.body)
        found.note_lost(again.status != 200, f"{case['case_no']}: {done.act} {done.act_id} was not on record")
        if again.status == 200 and again.body != done.answer:
            found.note(f"{case['case_no']}: {done.act} {done.act_id} is answered otherwise than the first time")
    _recount_lines(case, played.acts, found)
    await _recount_photos(simulation, case, played, found)


def _recount_lines(case: dict[str, Any], acts: Sequence[Acknowledged], found: Recount) -> None:
    lines = Counter(line["kind"] for line in case["journal"])
    expected = Counter(LEAVES.get(done.act) or LEAVES_BY_VERDICT.get(done.body.get("verdict", "")) for done in acts)
    for kind in (*LEAVES.values(), *LEAVES_BY_VERDICT.values()):
        found.note_lost(expected[kind] - lines[kind], f"{case['case_no']}: {kind} is missing from the journal")
        found.note_doubled(lines[kind] - expected[kind], f"{case['case_no']}: {kind} stands twice in the journal")


async def _recount_photos(simulation: Simulation, case: dict[str, Any], played: Played, found: Recount) -> None:
    held = Counter(photo["id"] for photo in case["photos"] if not photo["missing"])
    for photo_id, sha256 in played.photos.items():
        found.note_lost(1 - held[photo_id], f"{case['case_no']}: photo {photo_id}")
        found.note_doubled(held[photo_id] - 1, f"{case['case_no']}: photo {photo_id}")
        if held[photo_id]:
            same = hashlib.sha256(await simulation.desk.photo(photo_id)).hexdigest() == sha256
            found.note_lost(not same, f"{case['case_no']}: photo {photo_id} has other bytes")
    strangers = set(held) - set(played.photos)
    found.note_doubled(len(strangers), f"{case['case_no']}: photos nobody sent: {', '.join(sorted(strangers))}")
