"""What the screen of figures asks for."""

import asyncio
from datetime import date
from typing import Annotated, Any

from litestar import Request, Response, Router, get
from litestar.di import NamedDependency
from litestar.params import FromQuery, QueryParameter

from moshao.figures.counting import count
from moshao.figures.measures import MEASURES, RATES
from moshao.figures.opening import open_figure
from moshao.figures.periods import Period
from moshao.figures.printing import as_csv, as_xlsx
from moshao.figures.schemas import By, CountedCases, Definition, Figure, FiguresAnswer
from moshao.figures.sight import sight_of
from moshao.figures.wording import DEFINITIONS_VERSION, SAYINGS
from moshao.kit import clock, errors
from moshao.kit.db import Database
from moshao.people.actor import Actor
from moshao.people.guards import requires
from moshao.people.queries import settings_of

Asking = Request[Actor, Any, Any]

DAYS_MOST = 400
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"

bad_period = errors.refusal("bad_period", 422, "统计期不对：第一天不能晚于最后一天，最长 400 天")

First = Annotated[date, QueryParameter(name="from", description="The first day, in the district's zone.")]
Last = Annotated[date, QueryParameter(name="to", description="The last day, itself included.")]
readers = [requires("unit_operator", "supervisor", "leader")]


@get("/api/figures", operation_id="get_figures", guards=readers)
async def get_figures(
    request: Asking, db: NamedDependency[Database], first: First, last: Last, by: FromQuery[By] = "unit"
) -> FiguresAnswer:
    """Counts and rates of a period, of the district or of one's unit and below, each with its definition."""
    return await _figures(db, request.user, first, last, by)


@get("/api/figures/cases", operation_id="get_figure_cases", guards=readers)
async def get_figure_cases(
    request: Asking,
    db: NamedDependency[Database],
    first: First,
    last: Last,
    figure: FromQuery[Figure],
    by: FromQuery[By] = "unit",
    row: FromQuery[str | None] = None,
) -> CountedCases:
    """The cases behind a number: of the row with that `id`, or of the total."""
    _check(first, last)
    async with db.reading() as reader:
        zone = (await settings_of(reader, request.user.district_id)).zone
        return await open_figure(
            reader, sight_of(request.user), Period(first, last, zone, clock.now()), figure, by, row
        )


@get("/api/figures.xlsx", operation_id="get_figures_xlsx", guards=readers, opt={"media": {200: XLSX}})
async def get_figures_xlsx(
    request: Asking, db: NamedDependency[Database], first: First, last: Last, by: FromQuery[By] = "unit"
) -> Response[bytes]:
    """The same as a workbook; a second page holds the definitions."""
    answer = await _figures(db, request.user, first, last, by)
    async with db.reading() as reader:
        zone = (await settings_of(reader, request.user.district_id)).zone
    return _file(await asyncio.to_thread(as_xlsx, answer, zone), XLSX, f"figures-{first}-{last}.xlsx")


@get("/api/figures.csv", operation_id="get_figures_csv", guards=readers, opt={"media": {200: "text/csv"}})
async def get_figures_csv(
    request: Asking, db: NamedDependency[Database], first: First, last: Last, by: FromQuery[By] = "unit"
) -> Response[bytes]:
    """The same as CSV in UTF-8."""
    return _file(as_csv(await _figures(db, request.user, first, last, by)), "text/csv", f"figures-{first}-{last}.csv")


async def _figures(db: Database, actor: Actor, first: date, last: date, by: By) -> FiguresAnswer:
    _check(first, last)
    now = clock.now()
    async with db.reading() as reader:
        zone = (await settings_of(reader, actor.district_id)).zone
        total, rows = await count(reader, sight_of(actor), Period(first, last, zone, now), by)
    return FiguresAnswer(
        from_=first,
        to=last,
        as_of=now,
        by=by,
        total=total,
        rows=rows,
        definitions_version=DEFINITIONS_VERSION,
        definitions=[_definition(name, first, last, by) for name in SAYINGS],
    )


def _definition(name: str, first: date, last: date, by: By) -> Definition:
    saying = SAYINGS[name]
    numerator, denominator = RATES.get(name, (None, None))
    cases = None if name not in MEASURES else f"/api/figures/cases?from={first}&to={last}&by={by}&figure={name}"
    return Definition(
        figure=name, numerator=numerator, denominator=denominator, cases=cases, name_zh=saying.zh, name_en=saying.en,
        says_zh=saying.says_zh, says_en=saying.says_en,
    )  # fmt: skip


def _check(first: date, last: date) -> None:
    if not 0 <= (last - first).days < DAYS_MOST:
        raise bad_period()


def _file(content: bytes, media_type: str, name: str) -> Response[bytes]:
    return Response(content, media_type=media_type, headers={"content-disposition": f'attachment; filename="{name}"'})


router = Router("/", route_handlers=[get_figures, get_figure_cases, get_figures_xlsx, get_figures_csv])
