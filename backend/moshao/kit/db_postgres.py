"""PostgreSQL through an asyncpg pool; lost serialization races and deadlocks are run again."""

import asyncio
import contextlib
import random
import re
from collections.abc import AsyncIterator, Callable, Sequence
from functools import lru_cache
from itertools import islice
from typing import Any

import asyncpg
import msgspec

from moshao.kit import errors
from moshao.kit.db import Database, Reader, Row, Statement, T, Tx, Unique, Work, inside, plain

TRIES = 8
POOL_MOST = 16
# Who writes may wait for another one's lock; half of the pool stays for those who read.
WRITERS_MOST = POOL_MOST // 2
STATEMENTS_KEPT = 500
RELISTEN_SECONDS = 1.0
SETTINGS = {
    "application_name": "moshao",
    "timezone": "UTC",
    "idle_in_transaction_session_timeout": "20s",
    "statement_timeout": "60s",
}
LOST_RACE = (asyncpg.SerializationError, asyncpg.DeadlockDetectedError)
UNREACHABLE = (
    asyncpg.PostgresConnectionError,
    asyncpg.InterfaceError,
    asyncpg.CannotConnectNowError,
    asyncpg.AdminShutdownError,
    asyncpg.CrashShutdownError,
    asyncpg.TooManyConnectionsError,
    asyncpg.IdleInTransactionSessionTimeoutError,
    OSError,
    TimeoutError,
)


# A list of two or more, or one argument. No statement of ours has a question mark in a literal.
_MARKS = re.compile(r"(NOT )?\bIN \((\?(?:, \?)+)\)|\?")


class _Posed(msgspec.Struct, frozen=True):
    """A statement as the server takes it: `$1, $2` for `?`, and a list as one argument, so that lists of every length
    are one statement to be prepared. `sizes`: how many of ours each of its arguments holds; empty: each holds one."""

    sql: str
    sizes: tuple[int, ...]

    def args(self, ours: Sequence[Any]) -> Sequence[Any]:
        if not self.sizes:
            return ours
        left = iter(ours)
        return [next(left) if size == 1 else list(islice(left, size)) for size in self.sizes]


@lru_cache(maxsize=4096)
def posed(sql: str) -> _Posed:
    sizes: list[int] = []

    def mark(found: re.Match[str]) -> str:
        sizes.append(found[0].count("?"))
        if found[2] is None:
            return f"${len(sizes)}"
        return f"{'<> ALL' if found[1] else '= ANY'}(${len(sizes)})"

    text = _MARKS.sub(mark, sql)
    return _Posed(text, tuple(sizes) if max(sizes, default=1) > 1 else ())


class PostgresReader(Reader):
    """Reads on one connection."""

    dialect = "postgres"

    def __init__(self, connection: Any) -> None:
        self.connection = connection

    async def all(self, sql: str, *args: Any) -> list[Row]:
        ask = posed(sql)
        return plain(await self.connection.fetch(ask.sql, *ask.args(args)))


class PostgresTx(PostgresReader, Tx):
    """An open transaction."""

    def __init__(self, connection: Any) -> None:
        super().__init__(connection)
        self._answers: dict[tuple[str, tuple[Any, ...]], list[Row]] = {}

    async def ahead(self, *questions: Statement) -> None:
        names = [await self._names(sql) for sql, _ in questions]
        ask = posed(_asked_at_once(*(sql for sql, _ in questions)))
        found = await self.connection.fetchrow(ask.sql, *ask.args([arg for _, args in questions for arg in args]))
        for (sql, args), columns, rows in zip(questions, names, found.values(), strict=True):
            self._answers[sql, tuple(args)] = [dict(zip(columns, row, strict=True)) for row in rows]

    async def _names(self, sql: str) -> tuple[str, ...]:
        """The columns that a question is answered with: the server is asked once in the life of a process."""
        if sql not in _columns:
            statement = await self.connection.prepare(posed(sql).sql)
            _columns[sql] = tuple(each.name for each in statement.get_attributes())
        return _columns[sql]

    def forget(self) -> None:
        super().forget()
        self._answers.clear()

    async def all(self, sql: str, *args: Any) -> list[Row]:
        if self._answers and (answer := self._answers.pop((sql, args), None)) is not None:
            return answer
        try:
            return await super().all(sql, *args)
        except asyncpg.UniqueViolationError as broken:
            raise Unique(str(broken)) from broken

    async def run(self, sql: str, *args: Any) -> int:
        ask = posed(sql)
        try:
            status: str = await self.connection.execute(ask.sql, *ask.args(args))
        except asyncpg.UniqueViolationError as broken:
            raise Unique(str(broken)) from broken
        count = status.rpartition(" ")[2]
        return int(count) if count.isdigit() else 0

    async def together(self, *statements: Statement) -> list[int]:
        if len(statements) == 1:
            return [await self.run(statements[0][0], *statements[0][1])]
        row = await self.one(_joined(*(sql for sql, _ in statements)), *(arg for _, args in statements for arg in args))
        return list(row.values()) if row else []

    async def many(self, sql: str, rows: Sequence[Sequence[Any]]) -> None:
        ask = posed(sql)
        try:
            if len(rows) == 1:
                await self.connection.execute(ask.sql, *ask.args(rows[0]))  # executemany asks the server more often
            else:
                await self.connection.executemany(ask.sql, [ask.args(row) for row in rows])
        except asyncpg.UniqueViolationError as broken:
            raise Unique(str(broken)) from broken

    @contextlib.asynccontextmanager
    async def savepoint(self) -> AsyncIterator[None]:
        try:
            async with self.connection.transaction():
                yield
        except BaseException:
            self.forget()
            raise


@lru_cache(maxsize=1024)
def _joined(*statements: str) -> str:
    """One statement that does all of them and answers how many rows each touched."""
    parts = ", ".join(f"part{n} AS ({sql} RETURNING 1)" for n, sql in enumerate(statements))
    counts = ", ".join(f"(SELECT count(*) FROM part{n}) AS count{n}" for n in range(len(statements)))
    return f"WITH {parts} SELECT {counts}"


# Of questions asked ahead. They are few: each stands in the code.
_columns: dict[str, tuple[str, ...]] = {}


@lru_cache(maxsize=1024)
def _asked_at_once(*questions: str) -> str:
    """One row with the rows of each question; they are asked in order."""
    parts = (f"ARRAY(SELECT ROW(part.*) FROM ({sql}) AS part) AS part{n}" for n, sql in enumerate(questions))
    return f"SELECT {', '.join(parts)}"


class PostgresDatabase(Database):
    """A pool on one server. Call `await open_postgres(url)`."""

    dialect = "postgres"

    def __init__(self, pool: "asyncpg.Pool[Any]", url: str) -> None:
        self._pool = pool
        self._url = url
        self._writers = asyncio.Semaphore(WRITERS_MOST)

    def failed(self) -> str:
        return ""

    async def write(self, work: Work[T]) -> T:
        for left in reversed(range(TRIES)):
            try:
                return await self._once(work)
            except LOST_RACE:
                if not left:
                    raise
                await asyncio.sleep(random.uniform(0.002, 0.02) * (TRIES - left))
            except asyncpg.DiskFullError as full:
                raise errors.storage_full() from full
            except UNREACHABLE as gone:
                raise errors.storage_failed(type(gone).__name__) from gone
        raise AssertionError("unreachable")

    async def _once(self, work: Work[T]) -> T:
        async with self._writers, self._pool.acquire(timeout=10) as connection, connection.transaction():
            tx = PostgresTx(connection)
            async with inside(tx):
                return await work(tx)

    @contextlib.asynccontextmanager
    async def reading(self) -> AsyncIterator[Reader]:
        try:
            async with (
                self._pool.acquire(timeout=10) as connection,
                connection.transaction(isolation="repeatable_read", readonly=True),
            ):
                yield PostgresReader(connection)
        except UNREACHABLE as gone:
            raise errors.storage_failed(type(gone).__name__) from gone

    async def all(self, sql: str, *args: Any) -> list[Row]:
        try:
            ask = posed(sql)
            return plain(await self._pool.fetch(ask.sql, *ask.args(args)))
        except UNREACHABLE as gone:
            raise errors.storage_failed(type(gone).__name__) from gone

    async def one(self, sql: str, *args: Any) -> Row | None:
        rows = await self.all(sql, *args)
        return rows[0] if rows else None

    async def value(self, sql: str, *args: Any) -> Any:
        row = await self.one(sql, *args)
        return next(iter(row.values())) if row else None

    async def notify(self, channel: str, text: str) -> None:
        """Tell whoever listens. Outside of any transaction: a commit that notifies makes all others wait."""
        await self.value("SELECT pg_notify(?, ?)", channel, text)

    async def listen(self, channel: str, heard: Callable[[str], None]) -> None:
        """Call `heard` with every notice on `channel`, on a connection of its own, opened again whenever it ends.

        Runs until cancelled.
        """
        while True:
            with contextlib.suppress(*UNREACHABLE):
                await self._listen_once(channel, heard)
            await asyncio.sleep(RELISTEN_SECONDS)

    async def _listen_once(self, channel: str, heard: Callable[[str], None]) -> None:
        connection = await asyncpg.connect(self._url, server_settings=SETTINGS, timeout=10)
        try:
            ended = asyncio.Event()
            connection.add_termination_listener(lambda _: ended.set())
            await connection.add_listener(channel, lambda _connection, _pid, _channel, text: heard(text))
            await ended.wait()
        finally:
            connection.terminate()

    async def close(self) -> None:
        try:
            await asyncio.wait_for(self._pool.close(), 10)
        except TimeoutError:
            self._pool.terminate()


async def open_postgres(url: str) -> PostgresDatabase:
    """Connect to `postgres://user@host/name`."""
    pool = await asyncpg.create_pool(
        url,
        min_size=2,
        max_size=POOL_MOST,
        server_settings=SETTINGS,
        command_timeout=60,
        statement_cache_size=STATEMENTS_KEPT,
        reset=_left_as_found,
    )
    return PostgresDatabase(pool, url)


async def _left_as_found(_: Any) -> None:
    """Nothing is set on a connection but inside transactions, so none has to be set right after each use."""
