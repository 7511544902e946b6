"""Failed tries at signing in: few per account and address, more per address; who succeeds never counts."""

import asyncio
import ipaddress
import math
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import timedelta
from typing import NoReturn
from weakref import WeakValueDictionary

from moshao.kit import clock, errors, ids
from moshao.kit.db import Tx
from moshao.kit.kept import Asked
from moshao.people.origins import Connection

WINDOW = timedelta(minutes=15)
PER_ACCOUNT_MOST = 10
PER_ADDRESS_MOST = 100
# One household or office has a whole /64 of IPv6.
IPV6_PREFIX = 64

too_many_tries = errors.refusal("too_many_tries", 429, "尝试次数太多，请稍后再试", retry=True)


_doors: WeakValueDictionary[tuple[str, str], asyncio.Lock] = WeakValueDictionary()


@asynccontextmanager
async def trying(reader: Asked, account: str, address: str) -> AsyncIterator[None]:
    """One try after the other: of many sent at once, each finds what became of those before it.

    Raises `too_many_tries` with Retry-After. Another process has a door of its own, so where a success is recorded
    `check_tries` is asked again.
    """
    door = _doors.setdefault((account, address), asyncio.Lock())
    async with door:
        await check_tries(reader, account, address)
        yield


async def check_tries(reader: Asked, account: str, address: str) -> None:
    """Raises `too_many_tries` with Retry-After."""
    await _check(reader, "account = ? AND address = ?", (account, address), PER_ACCOUNT_MOST)
    await _check(reader, "address = ?", (address,), PER_ADDRESS_MOST)


async def record_failure(tx: Tx, account: str, address: str) -> None:
    """Count one failed try. Raises `too_many_tries` where there were enough before it."""
    await check_tries(tx, account, address)
    row = {"id": ids.new_id(), "account": account, "address": address, "at": clock.now()}
    await tx.insert("failed_tries", row)


def address_of(connection: Connection) -> str:
    """Who calls, as the limits count him."""
    host = connection.client.host if connection.client else ""
    try:
        address = ipaddress.ip_address(host)
    except ValueError:
        return host[:64]
    if address.version == 4:
        return str(address)
    return str(ipaddress.ip_network((address, IPV6_PREFIX), strict=False))


async def _check(reader: Asked, where: str, args: tuple[str, ...], most: int) -> None:
    """The try that is `most` back decides: once it leaves the window, there is room for another."""
    since = clock.now() - WINDOW
    rows = await reader.all(
        f"SELECT at FROM failed_tries WHERE {where} AND at > ? ORDER BY at DESC LIMIT 1 OFFSET {most - 1}", *args, since
    )
    if rows:
        _refuse(rows[0]["at"] - since)


def _refuse(wait: timedelta) -> NoReturn:
    raise too_many_tries(headers={"Retry-After": str(max(1, math.ceil(wait.total_seconds())))})
