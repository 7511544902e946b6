"""From deliveries to what they say: written when they leave, so that it is true then."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from moshao.alerts.digesting import ENDED
from moshao.alerts.message import Action, Language, Message
from moshao.alerts.rules import GIVEN, ON_THE_STREET, TURNS
from moshao.alerts.wording import Said, body_of, place_to_show, title_of
from moshao.cases.case import Case
from moshao.cases.listing import cases_of
from moshao.catalogue.queries import catalogue_of
from moshao.kit import clock
from moshao.kit.db import Reader, Row, marks
from moshao.people.queries import find_people, settings_of

CASES_NAMED = 20
# Where a notification about no case leads.
PAGES = {"suggestion_answered": "/#/suggestions"}
DIGEST = {"kind": "digest", "step": "first", "urgency": "normal"}
_ALERTS = """
SELECT r.notice_id, r.step, a.id, a.case_id, a.broadcast_id, a.kind, a.urgency, a.person_id, a.state, a.cases, a.made_at
FROM rings r JOIN alerts a ON a.id = r.alert_id WHERE r.notice_id IN """


class Composer:
    """Reads once for many deliveries."""

    def __init__(self, reader: Reader, deliveries: Sequence[Row]) -> None:
        """`deliveries`: rows of `deliveries`."""
        self.reader = reader
        self.deliveries = deliveries
        self.now = clock.now()
        self.rings: dict[UUID, list[Row]] = {}
        self.cases: dict[UUID, Case] = {}
        self.words: dict[UUID, str] = {}
        self.names: dict[UUID, str] = {}
        self.zones: dict[UUID, ZoneInfo] = {}
        self._classes: dict[tuple[UUID, str], str] = {}

    async def load(self) -> None:
        for row in await _among(self.reader, _ALERTS, {row["notice_id"] for row in self.deliveries}):
            self.rings.setdefault(row["notice_id"], []).append(row)
        alerts = [row for rings in self.rings.values() for row in rings]
        self.cases = await cases_of(self.reader, sorted({row["case_id"] for row in alerts if row["case_id"]}))
        broadcasts = {row["broadcast_id"] for row in alerts if row["broadcast_id"]}
        for row in await _among(self.reader, "SELECT id, words FROM broadcasts WHERE id IN ", broadcasts):
            self.words[row["id"]] = row["words"]
        silent = {row["person_id"] for row in alerts if row["person_id"] and row["step"] != "first"}
        self.names = {each.id: each.name for each in (await find_people(self.reader, sorted(silent))).values()}
        for district_id in {row["district_id"] for row in self.deliveries}:
            self.zones[district_id] = ZoneInfo((await settings_of(self.reader, district_id)).zone)
            catalogue = await catalogue_of(self.reader, district_id)
            for case in self.cases.values():
                found = catalogue.find(case.code_set, case.kind, case.major, case.minor)
                if found is not None and case.district_id == district_id:
                    self._classes[case.id, "zh"], self._classes[case.id, "en"] = found.name_zh, found.name_en

    def is_over(self, delivery: Row) -> bool:
        """Whether everything it would tell has been done or taken back."""
        return all(ring["state"] in ENDED for ring in self.rings.get(delivery["notice_id"], ()))

    def message(self, delivery: Row, language: Language) -> Message:
        """What this delivery says."""
        rings = self.rings[delivery["notice_id"]]
        live = [ring for ring in rings if ring["state"] not in ENDED] or rings
        return self._one(delivery, live[0], language) if len(live) == 1 else self._digest(delivery, live, language)

    def _one(self, delivery: Row, ring: Row, language: Language) -> Message:
        case = self.cases.get(ring["case_id"])
        said = self._said(delivery, ring, case, language, count=ring["cases"])
        return Message(
            delivery_id=delivery["id"], kind=ring["kind"], title=title_of(said), body=body_of(said),
            tag=_tag(ring), url=_page(ring, case), urgency=ring["urgency"], at=ring["made_at"],
            case_id=ring["case_id"], deadline=case.deadline if case else None, location=_location(case),
            actions=tuple(_actions(case, delivery["person_id"])) if case else (), language=language, count=said.count,
        )  # fmt: skip

    def _digest(self, delivery: Row, rings: Sequence[Row], language: Language) -> Message:
        cases = {ring["case_id"]: self.cases[ring["case_id"]] for ring in rings if ring["case_id"] in self.cases}
        nearest = sorted(cases.values(), key=lambda case: (case.deadline is None, case.deadline, case.id))
        first = nearest[0] if nearest else None
        said = self._said(delivery, DIGEST, first, language, count=len(cases) or len(rings))
        return Message(
            delivery_id=delivery["id"], kind="digest", title=title_of(said), body=body_of(said), tag="digest", url="/",
            urgency="normal", at=max(ring["made_at"] for ring in rings), count=said.count,
            case_ids=tuple(case.id for case in nearest[:CASES_NAMED]), language=language,
            deadline=first.deadline if first else None,
        )  # fmt: skip

    def _said(
        self, delivery: Row, ring: Mapping[str, Any], case: Case | None, language: Language, count: int = 1
    ) -> Said:
        zone = self.zones[delivery["district_id"]]
        climbed = ring["step"] != "first"
        return Said(
            kind=ring["kind"], language=language, at=self.now.astimezone(zone), count=count,
            class_name=self._classes.get((case.id, language), "") if case else "",
            place=place_to_show(case.address, case.reporter_name) if case else "",
            deadline=_local(case.deadline if case else None, zone), urgent=ring["urgency"] != "normal",
            unanswered=climbed, silent=self.names.get(ring["person_id"], "") if climbed else "",
            words=self.words.get(ring["broadcast_id"], "") if ring["kind"] == "broadcast" else "",
        )  # fmt: skip


async def _among(reader: Reader, sql: str, wanted: Iterable[UUID]) -> list[Row]:
    named = sorted(wanted)
    return await reader.all(f"{sql}({marks(len(named))})", *named) if named else []


def _actions(case: Case, person_id: UUID) -> Iterable[Action]:
    if case.state == "assigned" and case.handler_id in (None, person_id):
        yield "accept"
    if case.state in GIVEN | ON_THE_STREET and TURNS[case.state] != "unit" and case.lon is not None:
        yield "navigate"


def _location(case: Case | None) -> tuple[float, float] | None:
    return (case.lon, case.lat) if case and case.lon is not None and case.lat is not None else None


def _tag(ring: Row) -> str:
    if ring["case_id"]:
        return f"case-{ring['case_id']}"
    return f"broadcast-{ring['broadcast_id']}" if ring["broadcast_id"] else str(ring["kind"])


def _page(ring: Row, case: Case | None) -> str:
    return f"/c/{case.id}" if case else PAGES.get(ring["kind"], "/")


def _local(at: datetime | None, zone: ZoneInfo) -> datetime | None:
    return at.astimezone(zone) if at else None
