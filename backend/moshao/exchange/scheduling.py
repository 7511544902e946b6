"""The books of platforms that can be asked are compared once a day, at the hour agreed on."""

import logging
from datetime import time, timedelta

from moshao.exchange.reconciling import Period, reconcile_by_query
from moshao.kit import clock, errors
from moshao.kit.db import Database
from moshao.kit.outgoing import Outgoing
from moshao.upstream.queries import all_upstreams

log = logging.getLogger(__name__)

# What was dispatched in the last month may still differ.
LOOKS_BACK = timedelta(days=31)


async def reconcile_due(db: Database, outgoing: Outgoing) -> int:
    """How many were asked. Who does not answer is asked again at the next look."""
    done = 0
    for upstream in await all_upstreams(db):
        settings = upstream.settings
        if not (upstream.active and settings.query_url and settings.reconcile_at):
            continue
        now = clock.now().astimezone(upstream.zone)
        due = now.replace(hour=0, minute=0, second=0, microsecond=0)
        at = time.fromisoformat(settings.reconcile_at)
        due += timedelta(hours=at.hour, minutes=at.minute)
        if now < due:
            continue
        since = await db.one(
            "SELECT id FROM reconciliations WHERE upstream_id = ? AND origin = 'query' AND made_at >= ? LIMIT 1",
            upstream.id, due,
        )  # fmt: skip
        if since is None:
            try:
                await reconcile_by_query(db, outgoing, upstream, Period(now - LOOKS_BACK, now), None)
                done += 1
            except errors.Refused as refused:
                log.warning("not_reconciled", extra={"upstream": upstream.name, "code": refused.kind.code})
    return done
