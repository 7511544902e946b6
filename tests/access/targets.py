"""What requests of the matrix are aimed at: everything belongs to 东关街道, the case to 老张 alone."""

from collections.abc import Iterator
from datetime import date, timedelta
from itertools import count
from uuid import UUID

from moshao.bulletins.counting import TOTALS
from moshao.bulletins.kept import written
from moshao.bulletins.schemas import Contents, TotalLine
from moshao.certificates.kept import keep
from moshao.dispatch.changing import keep_rule
from moshao.dispatch.schemas import RuleBody
from moshao.exchange.reconciling import Period, reconcile_sheet
from moshao.exchange.taking import take_sheet
from moshao.hours.calendars import Calendar
from moshao.hours.changing import save_calendar, set_holiday
from moshao.kit import clock, ids
from moshao.kit.db import Row, Tx
from moshao.people.making import (
    make_absence,
    make_crew,
    make_device,
    make_duty,
    make_person,
    make_post,
    make_shift,
)
from moshao.upstream.queries import find_upstream
from tests.api.cases.making import Cases
from tests.api.evidence.pictures import jpeg
from tests.phone import new_key, public_part
from tests.world import World, the_app

Targets = dict[str, str]
# What in a URL is a word and no id.
WORDS = {"name": "nowhere", "receipt": "shown", "mark": "far", "code": "none", "day": "2028-05-02", "year": "1900"}
DAYS: Iterator[date] = (date(2030, 1, 1) + timedelta(days=each) for each in count())


async def make_targets(world: World) -> Targets:
    """A fresh one of each kind, so that no request meets what another has left; by the name in the URL."""
    case_id = await Cases(world).put("assigned")
    keep(world.settings.data, "ours", ["cg.example.cn"], clock.now())
    return {
        **await world.db.write(lambda tx: _working_time(tx, world)),
        **await world.db.write(lambda tx: _roster(tx, world)),
        **await world.db.write(lambda tx: _upload(tx, world)),
        **await world.db.write(lambda tx: _suggestion(tx, world)),
        **await world.db.write(lambda tx: _bell(tx, world)),
        **await world.db.write(lambda tx: _bulletin(tx, world)),
        **await _sheet(world),
        "case_id": str(case_id),
        "act_id": str(ids.new_id()),
        "desk_id": str(ids.new_id()),
        "unit_id": str(world.cast.units["street"]),
        "parent_id": str(world.cast.units["district"]),
        "name": "city",
        "photo_id": str(ids.new_id()),
        "subscription_id": str(ids.new_id()),
        "delivery_id": str(ids.new_id()),
        "receipt": "shown",
        "mark": "far",
        "year": "2027",
        "token": "no-such-token",
        "staff_no": ids.new_secret(6),
        **dict.fromkeys("zxy", "0"),
    }


def make_absent(targets: Targets) -> Targets:
    """The same names, and nothing there."""
    return {name: WORDS.get(name, str(ids.new_id())) for name in targets}


async def _roster(tx: Tx, world: World) -> Targets:
    cast, now = world.cast, clock.now()
    unit_id = cast.units["street"]
    person_id = await make_person(tx, unit_id, staff_no=ids.new_secret(6), name="老吴", role="handler")
    shift_id = await make_shift(tx, cast.district_id, name="早班")
    rule = RuleBody(priority=10, unit_id=unit_id, grids=["*"], classes=["component:"])
    rule_id = ids.new_id()
    await keep_rule(tx, cast.district_id, rule_id, rule, None)
    made: dict[str, UUID] = {
        "person_id": person_id,
        "shift_id": await make_shift(tx, cast.district_id, name="中班"),
        "post_id": await make_post(tx, unit_id, name="菜市口岗"),
        "duty_id": await make_duty(tx, unit_id, person_id, shift_id),
        "absence_id": await make_absence(tx, person_id, now, now + timedelta(days=1)),
        "crew_id": await make_crew(tx, unit_id, name="二班", people=[person_id]),
        "device_id": await make_device(tx, world.id_of("handler"), public_part(new_key())),
        "rule_id": rule_id,
    }
    return {name: str(value) for name, value in made.items()}


async def _working_time(tx: Tx, world: World) -> Targets:
    """The district's own calendar of nights, and its word on a day."""
    code, day = ids.new_id().hex, next(DAYS)
    night = Calendar(
        id=code, name="夜班", name_en="Night", periods=((0, 360),), weekdays=(1, 2, 3, 4, 5),
        holidays_excluded=False, makeup_days_included=False, hours_per_work_day=6,
    )  # fmt: skip
    await save_calendar(tx, world.cast.district_id, night)
    await set_holiday(tx, world.cast.district_id, day, "work", "调休", confirmed=False)
    return {"code": code, "day": day.isoformat()}


async def _upload(tx: Tx, world: World) -> Targets:
    """A photo that 老张 is sending."""
    now, upload_id = clock.now(), ids.new_id()
    row: Row = {
        "id": upload_id, "district_id": world.cast.district_id, "person_id": world.id_of("handler"),
        "sha256": ids.digest_of_secret(str(upload_id)), "length": 9, "usage": "after", "state": "receiving",
        "created_at": now, "expires_at": now + timedelta(days=1),
    }  # fmt: skip
    await tx.insert("photos", row)
    return {"upload_id": str(upload_id)}


async def _bell(tx: Tx, world: World) -> Targets:
    """An alert that nobody heard, 老张's test ring, his crew leader's broadcast, a gateway of no kind there is."""
    cast, now = world.cast, clock.now()
    unit_id, handler, leader = cast.units["street"], world.id_of("handler"), world.id_of("leader_of_crew")
    common = {"district_id": cast.district_id, "urgency": "urgent", "ladder": "none", "made_at": now, "started_at": now}
    made = {name: ids.new_id() for name in ("alert_id", "ring_id", "broadcast_id", "gateway_id", "call_id")}
    alert = common | {"id": made["alert_id"], "kind": "urged", "state": "unreached", "unit_id": unit_id}
    await tx.insert("alerts", alert | {"person_id": handler})
    test = common | {"id": made["ring_id"], "kind": "test", "state": "told", "person_id": handler}
    await tx.insert("alerts", test)
    await tx.insert(
        "broadcasts",
        {
            "id": made["broadcast_id"], "district_id": cast.district_id, "by_id": leader, "unit_id": unit_id,
            "words": "集合", "made_at": now,
        },
    )  # fmt: skip
    await tx.insert(
        "gateways",
        {
            "id": made["gateway_id"], "district_id": cast.district_id, "kind": "none", "name": "短信", "settings": "{}",
            "secrets": "{}", "made_at": now,
        },
    )  # fmt: skip
    return {name: str(value) for name, value in made.items()}


async def _sheet(world: World) -> Targets:
    """A sheet of cases that came to the district."""
    upstream = await find_upstream(world.db, "city")
    assert upstream is not None
    content = f"案件编号,案件状态\n{ids.new_secret(6)},处置中".encode()
    report = await take_sheet(world.db, the_app().state.blobs, upstream, "a.csv", content, origin="command", by=None)
    missing = f"案件编号\n{ids.new_secret(6)}".encode()
    made = await reconcile_sheet(world.db, upstream, "b.csv", missing, Period(), None)
    line_id = await world.db.value("SELECT id FROM reconciled_lines WHERE reconciliation_id = ?", made)
    return {"file_id": str(report.file_id), "reconciliation_id": str(made), "line_id": str(line_id)}


async def _bulletin(tx: Tx, world: World) -> Targets:
    """A draft about nothing, of a day that no other has."""
    now, bulletin_id = clock.now(), ids.new_id()
    day = next(DAYS)
    contents = Contents(
        district="宛城区", issuer="中心", zone="Asia/Shanghai", first=day, last=day, first_before=day, last_before=day,
        counted_at=now, definitions_version=1, totals=[TotalLine(figure=name, now=0, before=0) for name in TOTALS],
        groups=[], score="", overdue=[], classes=[], days=[], repeats=[], supervised=[], corrections=[], stated=[],
    )  # fmt: skip
    row: Row = {
        "id": bulletin_id, "district_id": world.cast.district_id, "period": "day", "first": str(day), "last": str(day),
        "contents": written(contents), "counted_at": now, "made_at": now, "changed_at": now,
    }  # fmt: skip
    await tx.insert("bulletins", row)
    return {"bulletin_id": str(bulletin_id)}


async def _suggestion(tx: Tx, world: World) -> Targets:
    """What 老张 suggested."""
    now, suggestion_id = clock.now(), ids.new_id()
    row: Row = {
        "id": suggestion_id, "district_id": world.cast.district_id, "person_id": world.id_of("handler"), "kind": "idea",
        "words": "按街道看", "made_at": now, "heard_at": now,
    }  # fmt: skip
    await tx.insert("suggestions", row)
    return {"suggestion_id": str(suggestion_id)}


async def with_photo(world: World, targets: Targets) -> Targets:
    """The same, with a photo in the case."""
    handler = world.as_("handler")
    photo = await handler.upload(jpeg())
    noted = await handler.act(targets["case_id"], "notes", photos=[photo])
    assert noted.status_code == 201, noted.text
    return targets | {"photo_id": photo["photo_id"]}
