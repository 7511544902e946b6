"""Every route of this room."""

from litestar import Router

from moshao.people import calendar_endpoints, device_endpoints, duty_endpoints, roster_endpoints, signin_endpoints

ROUTES = (signin_endpoints, device_endpoints, roster_endpoints, duty_endpoints, calendar_endpoints)

router = Router("/", route_handlers=[handler for routes in ROUTES for handler in routes.HANDLERS])
