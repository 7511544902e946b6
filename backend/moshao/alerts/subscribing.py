"""A browser says where it can be rung; it is forgotten with its sign-in, or when the push service says it is gone."""

from typing import Annotated, Literal
from urllib.parse import urlsplit
from uuid import UUID

import msgspec
from msgspec import Meta

from moshao.alerts import webpush
from moshao.alerts.hosts import URL_MOST, origin_of
from moshao.alerts.keys import current_key
from moshao.kit import clock, errors, ids
from moshao.kit.db import Row, Tx
from moshao.people.actor import Actor
from moshao.people.sessions import ringable_among

PER_PERSON_MOST = 10
Base64 = Annotated[str, Meta(min_length=1, max_length=100, pattern=r"^[0-9A-Za-z_-]+={0,2}$")]

push_host_unknown = errors.refusal("push_host_unknown", 422, "这个浏览器的推送服务不在允许的名单里，请用别的方式提醒")
push_key_old = errors.refusal("push_key_old", 409, "推送密钥已更换，请重新打开提醒")


class SubscriptionKeys(msgspec.Struct, forbid_unknown_fields=True):
    p256dh: Base64
    auth: Base64


class SubscriptionBody(msgspec.Struct, kw_only=True, forbid_unknown_fields=True):
    """As `PushSubscription.toJSON()` has it. `application_server_key`: the key it was made with, if the page knows it;
    `language`: what its notifications are written in."""

    endpoint: Annotated[str, Meta(min_length=1, max_length=URL_MOST)]
    keys: SubscriptionKeys
    application_server_key: Base64 | None = None
    language: Literal["zh", "en"] = "zh"


async def subscribe(
    tx: Tx, actor: Actor, subscription_id: UUID, body: SubscriptionBody, hosts: tuple[str, ...]
) -> bool:
    """Whether it is new. The endpoint belongs to who subscribed it last; the eleventh takes the place of the oldest.

    Raises `push_host_unknown`, `push_key_old`, `bad_field`; `not_found` where another has this id in another browser.
    """
    # One page asks twice at once now and then: on PostgreSQL both would delete, and the second insert fail.
    await tx.one("SELECT id FROM people WHERE id = ?" + tx.for_update(), actor.person_id)
    key = await current_key(tx)
    if body.application_server_key not in (None, key.pair.public_key):
        raise push_key_old()
    row = _checked(actor, body, hosts) | {"id": subscription_id, "key_id": key.id}
    known = await tx.one("SELECT * FROM push_subscriptions WHERE id = ?" + tx.for_update(), subscription_id)
    if known is not None and known["person_id"] != actor.person_id:
        if not await _is_same_browser(tx, actor, known, row["endpoint_digest"]):
            raise errors.not_found()
        known = None
    await tx.run(
        "DELETE FROM push_subscriptions WHERE id = ? OR endpoint_digest = ? OR session_id = ?",
        subscription_id, row["endpoint_digest"], actor.session_id,
    )  # fmt: skip
    await tx.insert("push_subscriptions", row | ({"made_at": known["made_at"]} if known else {}))
    await _keep_newest(tx, actor.person_id)
    return known is None


async def _is_same_browser(tx: Tx, actor: Actor, known: Row, endpoint_digest: str) -> bool:
    """Whether this is the browser that another was at before: its page keeps one id, whoever is signed in there."""
    if known["endpoint_digest"] == endpoint_digest or (actor.device_id and known["device_id"] == actor.device_id):
        return True
    return not await ringable_among(tx, [known["session_id"]])


async def unsubscribe(tx: Tx, actor: Actor, subscription_id: UUID) -> None:
    """Ring this browser no more."""
    await tx.run("DELETE FROM push_subscriptions WHERE id = ? AND person_id = ?", subscription_id, actor.person_id)


def _checked(actor: Actor, body: SubscriptionBody, hosts: tuple[str, ...]) -> Row:
    origin = origin_of(body.endpoint, hosts)
    if origin is None:
        raise push_host_unknown(detail=_host_in(body.endpoint))
    if not webpush.are_keys(body.keys.p256dh, body.keys.auth):
        raise errors.bad_field("keys", errors=(errors.FieldError("keys", "bad_key", "no keys of a subscription"),))
    now = clock.now()
    return {
        "district_id": actor.district_id, "person_id": actor.person_id, "session_id": actor.session_id,
        "device_id": actor.device_id, "endpoint": body.endpoint,
        "endpoint_digest": ids.digest_of_secret(body.endpoint), "origin": origin,
        "p256dh": body.keys.p256dh.rstrip("="), "auth": body.keys.auth.rstrip("="), "language": body.language,
        "made_at": now, "renewed_at": now, "failures": 0,
    }  # fmt: skip


async def _keep_newest(tx: Tx, person_id: UUID) -> None:
    await tx.run(
        "DELETE FROM push_subscriptions WHERE person_id = ? AND id NOT IN "
        "(SELECT id FROM push_subscriptions WHERE person_id = ? ORDER BY renewed_at DESC, id DESC LIMIT ?)",
        person_id, person_id, PER_PERSON_MOST,
    )  # fmt: skip


def _host_in(endpoint: str) -> str:
    """What to tell who keeps MOSHAO_PUSH_HOSTS; never the whole address, which is a secret."""
    try:
        return (urlsplit(endpoint).hostname or "")[:100]
    except ValueError:
        return ""
