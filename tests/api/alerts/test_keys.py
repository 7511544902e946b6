"""The key by which push services know us: one for all who start at once, changed without losing a phone."""

import asyncio

from moshao.alerts.forgetting import forget_old
from moshao.alerts.keys import all_keys, current_key, ensure_key, rotate
from moshao.kit.db import Database
from tests.api.alerts.bell import Bell
from tests.api.alerts.push_service import claims_of


async def test_all_who_start_at_once_have_one_key(database: Database) -> None:
    await asyncio.gather(*(ensure_key(database) for _ in range(10)))
    assert len(await all_keys(database)) == 1
    before = await current_key(database)
    await ensure_key(database)
    assert await current_key(database) == before


async def test_a_browser_rings_under_the_key_it_subscribed_with(bell: Bell) -> None:
    old = await current_key(bell.world.db)
    await bell.subscribe("handler")
    new = await bell.world.db.write(lambda tx: rotate(tx, drop_old=False))
    await bell.subscribe("colleague")
    for who in ("handler", "colleague"):
        await bell.assign(who)
        await bell.work()
    assert [claims_of(each)[1] for each in bell.service.pushed] == [old.pair.public_key, new.pair.public_key]
    await forget_old(bell.world.db)
    assert len(await all_keys(bell.world.db)) == 2, "somebody still uses the old one"
    await bell.subscribe("handler")
    await forget_old(bell.world.db)
    assert set(await all_keys(bell.world.db)) == {new.id}


async def test_a_key_that_others_saw_rings_no_more(bell: Bell) -> None:
    await bell.subscribe("handler")
    await bell.world.db.write(lambda tx: rotate(tx, drop_old=True))
    await bell.assign()
    await bell.work()
    assert bell.service.pushed == []
    assert len(await all_keys(bell.world.db)) == 1
