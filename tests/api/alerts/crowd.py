"""Many people with a browser each, put there at once: what rings them is real, what made them is not asked."""

from datetime import timedelta
from uuid import UUID

from moshao.alerts.keys import current_key
from moshao.alerts.planning import insert_all
from moshao.kit import clock, ids
from moshao.kit.db import Tx
from tests.api.alerts.browser import Browser

AT_ONCE = 500


async def crowd(tx: Tx, district_id: UUID, unit_id: UUID, browser: Browser, origin: str, count: int) -> list[str]:
    """The paths of their endpoints. All have the keys of `browser`, so that one can read what comes to any."""
    now, key = clock.now(), await current_key(tx)
    people, sessions, subscriptions = [], [], []
    for number in range(count):
        person_id, session_id = ids.new_id(), ids.new_id()
        endpoint = f"{origin}/crowd/{number}"
        common = {"district_id": district_id, "created_at": now}
        people.append(
            common | {
                "id": person_id, "unit_id": unit_id, "staff_no": f"c-{number:06}", "name": "群众", "role": "handler",
                "active": True, "roster": 0,
            }
        )  # fmt: skip
        sessions.append(
            common | {
                "id": session_id, "person_id": person_id, "token_digest": ids.digest_of_secret(str(session_id)),
                "deliver_only": False, "expires_at": now + timedelta(days=1),
            }
        )  # fmt: skip
        subscriptions.append(
            {
                "id": ids.new_id(), "district_id": district_id, "person_id": person_id, "session_id": session_id,
                "key_id": key.id, "endpoint": endpoint, "endpoint_digest": ids.digest_of_secret(endpoint),
                "origin": origin, "p256dh": browser.p256dh, "auth": browser.auth, "language": "zh", "made_at": now,
                "renewed_at": now, "failures": 0,
            }
        )  # fmt: skip
    for table, rows in (("people", people), ("sessions", sessions), ("push_subscriptions", subscriptions)):
        for start in range(0, count, AT_ONCE):
            await insert_all(tx, table, rows[start : start + AT_ONCE])
    return [f"/crowd/{number}" for number in range(count)]
