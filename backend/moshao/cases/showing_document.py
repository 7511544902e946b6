"""The document of one case, out of what was read for many. Pure."""

from collections.abc import Mapping
from datetime import datetime
from uuid import UUID

import msgspec

from moshao.cases.case import Case
from moshao.cases.clocks import DutyTime
from moshao.cases.schemas_shown import (
    Allowed,
    CaseDocument,
    ClosingCondition,
    MergedCase,
    Named,
    ShownPhoto,
    ShownPhotoNeed,
    ShownPhotoRule,
    ShownReporter,
    ShownRequest,
    ShownSource,
    ShownUnit,
)
from moshao.cases.scopes import helpers_of
from moshao.cases.showing_clock import shown_clock
from moshao.cases.showing_history import History, named, shown_lines, shown_reasons
from moshao.catalogue.rules import CaseClass, Catalogue
from moshao.kit.db import Row
from moshao.people.naming import UnitName
from moshao.places.geojson import Point


class Around(msgspec.Struct, frozen=True, kw_only=True):
    """What was read beside the cases, by case or by id."""

    history: History
    photos: Mapping[UUID, list[Row]]
    requests: Mapping[UUID, list[Row]]
    merged: Mapping[UUID, list[Row]]
    marks: Mapping[tuple[UUID, UUID], tuple[str, ...]]
    people: Mapping[UUID, str]
    units: Mapping[UUID, UnitName]
    crews: Mapping[UUID, str]

    def unit_names(self) -> dict[UUID, str]:
        return {unit_id: unit.name for unit_id, unit in self.units.items()}


def document(
    case: Case,
    around: Around,
    unit_names: Mapping[UUID, str],
    now: datetime,
    duty: DutyTime,
    catalogue: Catalogue,
) -> CaseDocument:
    found = catalogue.find(case.code_set, case.kind, case.major, case.minor)
    photos = around.photos.get(case.id, [])
    return CaseDocument(
        id=case.id,
        seq=case.changed_seq,
        case_no=case.case_no,
        external_case_id=case.external_case_id,
        source=ShownSource(case.source_code, case.source_name, case.source_no),
        state=case.state,
        round=case.round,
        flags=case.flags.split(),
        urgency=case.urgency,
        code_set=case.code_set,
        kind=case.kind,
        major=case.major,
        minor=case.minor,
        major_name=found.major_zh if found else None,
        minor_name=found.name_zh if found else None,
        condition=case.condition,
        title=case.title,
        description=case.description,
        address=case.address,
        location=point_of(case.lon, case.lat),
        grid_code=case.grid_code,
        component_code=case.component_code,
        reporter=_reporter(case),
        reporter_id=case.reporter_id,
        deadline=case.deadline,
        handback_deadline=case.handback_deadline,
        reply_due_at=case.reply_due_at,
        contact_required=case.contact_required,
        allow=Allowed(case.allow_handback and not case.ruled, case.allow_extension),
        clock=shown_clock(case, now, duty),
        closing_condition=f"「{found.name_zh}」已消除，现场恢复正常" if found else None,
        closing_condition_is=_closing_condition(found),
        photo_rule=_photo_rule(catalogue, found),
        unit=_unit(case.unit_id, around.units),
        turn_unit=_unit(case.turn_unit_id, around.units),
        handler=named(case.handler_id, around.people),
        crew=Named(case.crew_id, around.crews.get(case.crew_id, "")) if case.crew_id else None,
        inspector=named(case.inspector_id, around.people),
        helpers=[Named(helper, around.people.get(helper, "")) for helper in helpers_of(case)],
        lead_case_id=case.lead_case_id,
        merged=[
            MergedCase(row["id"], row["case_no"], row["state"], row["deadline"])
            for row in around.merged.get(case.id, ())
        ],
        outcome=case.outcome,
        reported_at=case.reported_at,
        dispatched_at=case.dispatched_at,
        handled_at=case.handled_at,
        ended_at=case.ended_at,
        on_time=case.on_time,
        shelved_until=case.shelved_until,
        extensions=case.extensions,
        photos=[_photo(row, around) for row in photos],
        requests=[_request(row, around.people) for row in around.requests.get(case.id, ())],
        reasons=shown_reasons(case.id, around.history, around.people, photos),
        journal=shown_lines(case.id, around.history, around.people, unit_names),
    )


def point_of(lon: float | None, lat: float | None) -> Point | None:
    """GeoJSON of a place."""
    return None if lon is None or lat is None else Point(type="Point", coordinates=[lon, lat])


def masked_name(name: str) -> str:
    """张三丰 → 张**."""
    return f"{name[:1]}**"


def masked_phone(phone: str) -> str:
    """13812341234 → 138****1234; what is too short to hide anything in is hidden whole."""
    return f"{phone[:3]}****{phone[-4:]}" if len(phone) >= 11 else "****"


def _reporter(case: Case) -> ShownReporter | None:
    if not case.reporter_name and not case.reporter_phone:
        return None
    return ShownReporter(
        masked_name(case.reporter_name) if case.reporter_name else None,
        masked_phone(case.reporter_phone) if case.reporter_phone else None,
    )


def _closing_condition(found: CaseClass | None) -> ClosingCondition | None:
    return ClosingCondition(code="class_gone", class_zh=found.name_zh, class_en=found.name_en) if found else None


def _photo_rule(catalogue: Catalogue, found: CaseClass | None) -> ShownPhotoRule:
    rule = catalogue.photo_rule_for(found)
    return ShownPhotoRule(
        after_min=rule.after_min,
        before_min=rule.before_min,
        outcomes={name: ShownPhotoNeed(need.after, need.before) for name, need in rule.outcomes.items()},
        asked=rule.asked_zh,
        why=rule.why_zh,
    )


def _unit(unit_id: UUID | None, units: Mapping[UUID, UnitName]) -> ShownUnit | None:
    unit = units.get(unit_id) if unit_id else None
    return ShownUnit(unit.id, unit.name, unit.phone) if unit else None


def _photo(row: Row, around: Around) -> ShownPhoto:
    return ShownPhoto(
        id=row["photo_id"],
        sha256=row["sha256"],
        usage=row["usage"],
        round=row["round"],
        act_id=row["act_id"],
        missing=row["state"] == "missing",
        refused=row["code"] if row["state"] == "refused" else None,
        marks=list(around.marks.get((row["case_id"], row["photo_id"]), ())),
    )


def _request(row: Row, people: Mapping[UUID, str]) -> ShownRequest:
    return ShownRequest(
        id=row["id"],
        kind=row["kind"],
        state=row["state"],
        by=named(row["person_id"], people),
        reason=row["reason"],
        detail=msgspec.json.decode(row["detail"], type=dict),
        until=row["until"],
        reply_by=row["reply_by"],
        asked_at=row["asked_at"],
        decided_at=row["decided_at"],
        decided_by=named(row["decided_by"], people),
        decision_reason=row["decision_reason"],
    )
