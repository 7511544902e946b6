"""A district of some size, put on record directly, as the acts would have."""

from collections.abc import Callable
from pathlib import Path
from typing import Any, cast
from uuid import UUID

import msgspec

from moshao.cases.case import Case
from moshao.cases.filing import ClockFrom, put_on_record
from moshao.cases.moving import Step
from moshao.catalogue.seeding import seed_catalogue
from moshao.hours.limits import Limit
from moshao.hours.seeding import seed_calendars
from moshao.kit import clock, ids
from moshao.kit.databases import open_database
from moshao.kit.db import Database, Row, Tx
from moshao.kit.migrating import migrate
from moshao.people.making import (
    make_device,
    make_district,
    make_duty,
    make_person,
    make_session,
    make_shift,
    make_unit,
)
from tests.bench.load import http
from tests.phone import Phone, new_key, public_part, rfc3339

POINT = (112.5414, 32.9986)
GARBAGE = {"code_set": "GB/T 47678.5-2026", "kind": "matter", "major": "06", "minor": "010"}
AT_ONCE = 500


class Handler(msgspec.Struct, frozen=True):
    """A handler with a bound phone, on duty for one grid; `phone` signs as he does."""

    person_id: UUID
    unit_id: UUID
    grid_code: str
    token: str
    phone: Phone


class Town:
    """One district of 18 streets with so many handlers."""

    def __init__(self, database: Database, district_id: UUID, handlers: list[Handler], supervisor: str) -> None:
        self.db = database
        self.district_id = district_id
        self.handlers = handlers
        self.supervisor = supervisor

    async def put(self, count: int, handler_of: Callable[[int], Handler], **columns: Any) -> list[tuple[Case, Handler]]:
        """So many cases in progress with a photo from upstream, the n-th with `handler_of(n)`."""
        made: list[tuple[Case, Handler]] = []
        for start in range(0, count, AT_ONCE):
            part = [handler_of(number) for number in range(start, min(start + AT_ONCE, count))]

            async def work(tx: Tx, part: list[Handler] = part) -> list[Case]:
                cases = [await self._put(tx, handler, columns) for handler in part]
                rows = [(ids.new_id(), case.id, ids.new_id(), "before", "held", case.created_at) for case in cases]
                await tx.many(
                    "INSERT INTO case_photos (id, case_id, photo_id, usage, state, added_at) VALUES (?, ?, ?, ?, ?, ?)",
                    rows,
                )
                return cases

            made += zip(await self.db.write(work), part, strict=True)
        return made

    async def _put(self, tx: Tx, handler: Handler, columns: Row) -> Case:
        now = clock.now()
        row = {
            "unit_id": handler.unit_id, "handler_id": handler.person_id, "dispatched_at": now, "signed_at": now,
            "assigned_at": now, "accepted_at": now, "lon": POINT[0], "lat": POINT[1], "description": "路边堆放垃圾",
            "grid_code": handler.grid_code, "address": "仲景路与建设路口东北角", "title": "暴露垃圾",
        }  # fmt: skip
        return await put_on_record(
            tx, self.district_id, state="in_progress", step=Step(kind="dispatched", unit_id=handler.unit_id),
            clock_from=ClockFrom(at=now, limit=Limit(2, "urgent_hour")), columns=GARBAGE | row | columns,
        )  # fmt: skip

    async def photos(self, handlers: list[Handler]) -> list[dict[str, str]]:
        """One held photo of each, as an act names it: rows alone, no bytes."""
        now = clock.now()
        named = [{"photo_id": str(ids.new_id()), "sha256": ids.digest_of_secret(ids.new_secret())} for _ in handlers]
        rows = []
        for photo, handler in zip(named, handlers, strict=True):
            dhash = photo["sha256"][:16]
            bands = [int(dhash[at : at + 4], 16) for at in range(0, 16, 4)]
            rows.append(
                (
                    UUID(photo["photo_id"]), self.district_id, handler.person_id, photo["sha256"], 400_000, "after",
                    "", now, POINT[0], POINT[1], 8.0, "held", now, now, "image/jpeg", 1600, 1200, dhash, *bands, 120,
                    800,
                )
            )  # fmt: skip
        await self.db.write(
            lambda tx: tx.many(
                "INSERT INTO photos (id, district_id, person_id, sha256, length, usage, metadata, taken_at, lon, lat, "
                "accuracy_m, state, created_at, held_at, media_type, width, height, dhash, band0, band1, band2, band3, "
                f"brightness, sharpness) VALUES ({', '.join('?' * 24)})",
                rows,
            )
        )
        return named


def closure(case: Case, handler: Handler, photo: dict[str, str]) -> bytes:
    """The signed closure of a case, as his phone sends it."""
    now = rfc3339(clock.now())
    place = {
        "location": {"type": "Point", "coordinates": list(POINT)}, "accuracy_m": 8.0, "fixed_at": now,
        "datum": "wgs84",
    }  # fmt: skip
    body = {
        "done_at": now, "place": place, "clock": {"offset_s": 0.0, "age_s": 60.0}, "photos": [photo],
        "outcome": "fixed",
    }  # fmt: skip
    return act(handler, case.id, "closures", body)


def act(handler: Handler, case_id: UUID, word: str, body: dict[str, Any]) -> bytes:
    """A signed act as bytes on the wire."""
    act_id = ids.new_id()
    return http(
        "PUT", f"/api/cases/{case_id}/{word}/{act_id}", handler.token, msgspec.json.encode(body),
        Content_Type="application/json", Device_Time=rfc3339(clock.now()),
        Act_Signature=handler.phone.sign(word, act_id, case_id, body),
    )  # fmt: skip


async def a_town(url: str, folder: Path, handlers: int) -> Town:
    """A town on the database `url`; close its `db` before others open it for long."""
    folder.mkdir(parents=True, exist_ok=True)
    database = await open_database(url)
    await migrate(database)
    return await database.write(lambda tx: _make(tx, database, handlers))


async def _make(tx: Tx, database: Database, count: int) -> Town:
    await seed_calendars(tx)
    await seed_catalogue(tx)
    district_id = await make_district(tx, code="411302", name="宛城区")
    centre = await make_unit(tx, district_id, code="411302", name="宛城区二级平台", kind="district")
    streets = [
        await make_unit(tx, district_id, code=f"4113020{number:02}", name=f"第{number}街道", parent_id=centre)
        for number in range(18)
    ]
    hours = await make_shift(tx, district_id, name="全天")
    handlers = []
    for number in range(count):
        unit_id = streets[number % len(streets)]
        person_id = await make_person(tx, unit_id, staff_no=f"h-{number:05}", name=f"处置员{number}", role="handler")
        grid_code = f"4113020{number % len(streets):02}{number:06}"
        await make_duty(tx, unit_id, person_id, hours, grids=(grid_code,))
        key = new_key()
        device_id = await make_device(tx, person_id, public_part(key))
        token = await make_session(tx, person_id, device_id=device_id)
        phone = Phone(cast(Any, None), person_id, key=key, device_id=device_id)  # it signs, and calls nobody
        handlers.append(Handler(person_id, unit_id, grid_code, token, phone))
    supervisor = await make_person(tx, centre, staff_no="s-1", name="周督查", role="supervisor")
    return Town(database, district_id, handlers, await make_session(tx, supervisor))
