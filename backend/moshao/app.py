"""The door: one list of routers, one of error handlers, what opens and closes with the server."""

import asyncio
import os
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from pathlib import Path
from typing import Any
from uuid import UUID

from litestar import Litestar, Router
from litestar.datastructures import State
from litestar.di import Provide
from litestar.openapi import OpenAPIConfig

from moshao import __version__
from moshao.alerts import endpoints as alerts
from moshao.alerts.gateway_room import GatewayRoom
from moshao.alerts.keys import ensure_key
from moshao.alerts.queries import notices_out, rung_between
from moshao.bulletins import endpoints as bulletins
from moshao.cases import endpoints as cases
from moshao.cases.photo_arriving import photo_arrived
from moshao.cases.visibility import may_see
from moshao.catalogue.endpoints import get_catalogue
from moshao.certificates import endpoints as certificates
from moshao.dispatch import endpoints as dispatch
from moshao.dossier import endpoints as dossier
from moshao.evidence import endpoints as evidence
from moshao.evidence.opening import open_evidence
from moshao.exchange import endpoints as exchange
from moshao.figures import endpoints as figures
from moshao.kit import log
from moshao.kit.asgi import Surroundings
from moshao.kit.assets import page_handlers
from moshao.kit.blob_stores import open_blobs
from moshao.kit.config import Settings, load
from moshao.kit.databases import open_database
from moshao.kit.db import Reader
from moshao.kit.health import router as health
from moshao.kit.metrics import Counted
from moshao.kit.migrating import migrate
from moshao.kit.openapi import serve_openapi
from moshao.kit.outgoing import open_outgoing
from moshao.kit.problems import HANDLERS
from moshao.kit.pulse import Pulse
from moshao.kit.relaying import relaying
from moshao.kit.stopping import noticing
from moshao.kit.strict_json import StrictRequest
from moshao.people import endpoints as people
from moshao.people.actor import Actor
from moshao.people.asking import SessionMiddleware
from moshao.people.guards import any_session, requires
from moshao.places.endpoints import get_grids, put_grids
from moshao.places.tile_endpoints import get_tile
from moshao.review import endpoints as review
from moshao.review import map_endpoints as maps
from moshao.review import mark_endpoints as marks
from moshao.suggestions import endpoints as suggestions
from moshao.suggestions.listing import may_see as sees_suggestion
from moshao.sync import endpoints as sync
from moshao.sync.streams import Bells, Streams
from moshao.upstream import endpoints as upstream

BODY_MOST = 1024 * 1024


def routers() -> list[Router]:
    """Every router of every room. Rooms below `people` know no roles: who may use them is said here."""
    shown = Router("/", guards=[any_session], route_handlers=[get_catalogue, get_grids, get_tile])
    kept = Router("/", guards=[requires("admin")], route_handlers=[put_grids])
    return [
        health,
        certificates.router,
        shown,
        kept,
        people.router,
        cases.router,
        dispatch.router,
        evidence.router,
        review.router,
        maps.router,
        marks.router,
        figures.router,
        bulletins.router,
        sync.router,
        upstream.router,
        exchange.router,
        alerts.router,
        dossier.router,
        suggestions.router,
    ]


def web_folder() -> Path:
    """The built phone app: inside the wheel, else pwa/dist of the checkout."""
    inside = Path(__file__).parent / "web"
    return inside if inside.is_dir() else Path(__file__).parents[2] / "pwa" / "dist"


# The live stream tells of rings; neither room knows the other.
BELLS = Bells(given=notices_out, rung=rung_between)
# What handlers may ask for by name; `opened` puts it into the app's state.
PROVIDED = ("db", "blobs", "evidence", "settings", "pulse", "stopping", "streams", "gateways")


def create_app(settings: Settings) -> Litestar:
    """The web application. Database and photo store open with it and close with it."""

    @asynccontextmanager
    async def lifespan(app: Litestar) -> AsyncIterator[None]:
        async with opened(app.state):
            yield

    state = State({"settings": settings})

    def from_state(name: str) -> Provide:
        def provide() -> Any:
            return state[name]

        return Provide(provide, sync_to_thread=False)

    return Litestar(
        route_handlers=[*routers(), serve_openapi, *page_handlers(web_folder())],
        exception_handlers=HANDLERS,
        dependencies={name: from_state(name) for name in PROVIDED},
        state=state,
        lifespan=[lifespan],
        openapi_config=OpenAPIConfig(
            title="Moshao 末梢",
            version=__version__,
            use_handler_docstrings=True,
            # The whole document is /openapi.json; Litestar's own half of it stays out of sight.
            openapi_router=Router("/schema", route_handlers=[], include_in_schema=False),
        ),
        request_class=StrictRequest,
        request_max_body_size=BODY_MOST,
        logging_config=None,
        middleware=[SessionMiddleware],
    )


@asynccontextmanager
async def opened(state: State) -> AsyncIterator[None]:
    """Everything a running app stands on, by `state.settings`; opened in order, closed in reverse."""
    settings: Settings = state.settings
    state.pulse, state.stopping = Pulse(), asyncio.Event()
    async with AsyncExitStack() as stack:
        state.db = db = await open_database(settings.database_url)
        stack.push_async_callback(db.close)
        await migrate(db)
        await ensure_key(db)
        state.blobs = blobs = open_blobs(settings.blobs_url)
        stack.push_async_callback(blobs.close)
        children = settings.pixel_children
        state.evidence = await stack.enter_async_context(
            open_evidence(db, blobs, pixel_children=children, on_photo=photo_arrived, may_see=sees_now)
        )
        outgoing = await stack.enter_async_context(open_outgoing(settings.test_connect))
        state.gateways = GatewayRoom(db, outgoing, settings)
        await stack.enter_async_context(relaying(db, state.pulse))
        state.streams = Streams(db, BELLS, state.pulse, state.stopping)
        stack.callback(state.stopping.set)
        stack.enter_context(noticing(state.stopping))
        yield


async def sees_now(reader: Reader, actor: Actor, case_id: UUID) -> bool:
    """Whether he may see the case, or the suggestion, now: its photos are then his to see."""
    return await may_see(reader, actor, case_id) == "see" or await sees_suggestion(reader, actor, case_id)


def asgi(settings: Settings) -> Surroundings:
    """What the web server runs."""
    return Surroundings(Counted(create_app(settings)), settings)


def from_environment() -> Surroundings:
    """The application of one web process, set up by `MOSHAO_*`."""
    settings = load(os.environ)
    log.set_up(settings.log_level)
    return asgi(settings)
