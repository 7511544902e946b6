"""The acts that place a case, and the rules that place it by themselves."""

from typing import Any

from litestar import Router

from moshao.cases.act_routes import act_handler
from moshao.cases.acting import ActKind
from moshao.cases.reviewing import reviews
from moshao.dispatch import rule_endpoints
from moshao.dispatch.dispatching import DISPATCHES, RULINGS
from moshao.dispatch.filing import FILINGS
from moshao.dispatch.handing_over import HANDOVERS
from moshao.dispatch.inspecting import name_inspector
from moshao.dispatch.registering import REGISTRATIONS
from moshao.dispatch.reopening import REOPENINGS
from moshao.dispatch.reporting import REPORTS

KINDS: tuple[ActKind[Any], ...] = (
    FILINGS, DISPATCHES, RULINGS, REOPENINGS, REPORTS, REGISTRATIONS, HANDOVERS, reviews(name_inspector),
)  # fmt: skip

router = Router("/", route_handlers=[*(act_handler(kind) for kind in KINDS), *rule_endpoints.HANDLERS])
