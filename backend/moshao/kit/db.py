"""The doorkeeper of the database: one writer, cheap reads, durable before it answers.

`write(work)` runs `work(tx)` in one transaction and returns once it is on disk. `work` may run more than
once (a lost serialization race), so it touches nothing but the database. Inside it Piccolo queries may
simply be awaited; outside of it they only read.
"""

from abc import ABC, abstractmethod
from collections.abc import AsyncIterator, Awaitable, Callable, Hashable, Iterable, Sequence
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from contextvars import ContextVar
from datetime import UTC, datetime
from functools import cached_property
from typing import Any, Literal, TypeVar
from uuid import UUID

from piccolo.engine.base import Engine
from piccolo.querystring import QueryString

Row = dict[str, Any]
# SQL and its arguments.
Statement = tuple[str, Sequence[Any]]
T = TypeVar("T")
Dialect = Literal["sqlite", "postgres"]


class Unique(Exception):
    """A unique index refused a row: somebody wrote the same key first."""


class Reader(ABC):
    """What can be asked. SQL carries `?` for each argument, on both databases."""

    dialect: Dialect

    @abstractmethod
    async def all(self, sql: str, *args: Any) -> list[Row]: ...

    async def one(self, sql: str, *args: Any) -> Row | None:
        rows = await self.all(sql, *args)
        return rows[0] if rows else None

    async def value(self, sql: str, *args: Any) -> Any:
        row = await self.one(sql, *args)
        return next(iter(row.values())) if row else None


class Tx(Reader):
    """An open write transaction."""

    @cached_property
    def _read_once(self) -> dict[Hashable, Any]:
        return {}

    async def once(self, key: Hashable, read: Callable[[], Awaitable[T]]) -> T:
        """What `read` gives, asked once in this transaction: for what it reads often and nobody else can change
        meanwhile to its harm. Whoever changes such a thing says `forget`."""
        if key not in self._read_once:
            self._read_once[key] = await read()
        found: T = self._read_once[key]
        return found

    async def ahead(self, *questions: Statement) -> None:
        """Ask now, and all at once, what will be read soon: each of `questions` is then answered once as it was now,
        to whoever reads with the same words and arguments. For what this transaction does not write before that.

        Spares the way to a server of databases; SQLite is asked when it comes to it.
        """

    def forget(self) -> None:
        """What was read once is read again. A part that is undone forgets by itself."""
        self._read_once.clear()

    @abstractmethod
    async def run(self, sql: str, *args: Any) -> int:
        """Execute; the number of rows touched, which is how a conditional update tells who was first."""

    async def together(self, *statements: Statement) -> list[int]:
        """Run statements none of which reads or writes a row that another one writes; rows touched by each.

        A server of databases is asked once for all of them.
        """
        return [await self.run(sql, *args) for sql, args in statements]

    @abstractmethod
    async def many(self, sql: str, rows: Sequence[Sequence[Any]]) -> None: ...

    @abstractmethod
    def savepoint(self) -> AbstractAsyncContextManager[None]:
        """A part that may fail alone: an exception inside undoes the part and goes on up."""

    def for_update(self) -> str:
        """What locks the selected rows until the end of the transaction (SQLite has one writer: nothing)."""
        return "" if self.dialect == "sqlite" else " FOR UPDATE"

    async def insert(self, table: str, row: Row) -> None:
        """Insert one row given as column → value."""
        await self.run(f"INSERT INTO {table} ({', '.join(row)}) VALUES ({marks(len(row))})", *row.values())


Work = Callable[[Tx], Awaitable[T]]


class Database(ABC):
    """An open database. `reading()` gives one snapshot for several reads."""

    dialect: Dialect

    @abstractmethod
    async def write(self, work: Work[T]) -> T: ...

    @abstractmethod
    def reading(self) -> AbstractAsyncContextManager[Reader]: ...

    @abstractmethod
    async def close(self) -> None: ...

    @abstractmethod
    def failed(self) -> str:
        """Why writing has stopped for good (a failed fsync is never retried), or an empty string."""

    async def all(self, sql: str, *args: Any) -> list[Row]:
        async with self.reading() as reader:
            return await reader.all(sql, *args)

    async def one(self, sql: str, *args: Any) -> Row | None:
        async with self.reading() as reader:
            return await reader.one(sql, *args)

    async def value(self, sql: str, *args: Any) -> Any:
        async with self.reading() as reader:
            return await reader.value(sql, *args)


_open: Database | None = None
_inside: ContextVar[Tx | None] = ContextVar("moshao_tx", default=None)


def use(database: Database | None) -> None:
    """Make `database` the one that Piccolo's tables talk to."""
    global _open
    _open = database


@asynccontextmanager
async def inside(tx: Tx) -> AsyncIterator[None]:
    """Piccolo queries in this block run on `tx`. For the engines below."""
    token = _inside.set(tx)
    try:
        yield
    finally:
        _inside.reset(token)


class RoomEngine(Engine[Any]):
    """Piccolo's engine: whatever it wants to run goes through the doorkeeper."""

    __slots__ = ()

    def __init__(self) -> None:
        self.log_queries = self.log_responses = False
        self.query_id = 0
        self.min_version_number = 0

    @property
    def engine_type(self) -> str:  # type: ignore[override]
        return _open.dialect if _open else "sqlite"

    async def run_querystring(self, querystring: QueryString, in_pool: bool = True) -> list[Row]:
        text, args = querystring.compile_string(engine_type="sqlite")
        tx = _inside.get()
        if tx is not None:
            return await tx.all(text, *args)
        return await _required().all(text, *args)

    async def run_ddl(self, ddl: str, in_pool: bool = True) -> list[Row]:
        tx = _inside.get()
        if tx is None:
            raise RuntimeError("tables change inside write() only")
        await tx.run(ddl)
        return []

    @asynccontextmanager
    async def transaction(self, *_: Any, **__: Any) -> AsyncIterator[None]:
        if _inside.get() is None:
            raise RuntimeError("open transactions by write(work)")
        yield

    def atomic(self) -> Any:
        raise RuntimeError("open transactions by write(work)")

    async def batch(self, *_: Any, **__: Any) -> Any:
        raise RuntimeError("read pages by key instead of batches")

    async def get_version(self) -> float:
        return 0

    def get_version_sync(self) -> float:
        return 0

    async def prep_database(self) -> None:
        return None


ENGINE = RoomEngine()


def _required() -> Database:
    if _open is None:
        raise RuntimeError("no database is open")
    return _open


def marks(count: int) -> str:
    """`?, ?, ?` for an IN list or VALUES."""
    return ", ".join("?" * count)


def inserted(table: str, columns: str, rows: Sequence[Sequence[Any]], on_conflict: str = "") -> Statement:
    """One statement that inserts `rows`, at least one and few enough for a statement's arguments."""
    row = f"({marks(len(rows[0]))})"
    sql = f"INSERT INTO {table} ({columns}) VALUES {', '.join([row] * len(rows))} {on_conflict}".rstrip()
    return sql, [value for each in rows for value in each]


def as_id(value: Any) -> UUID:
    """A UUID from what an expression column gives: text on SQLite, UUID on PostgreSQL."""
    return value if isinstance(value, UUID) else UUID(str(value))


def as_time(value: Any) -> datetime | None:
    """An instant from what an expression column (min, max, coalesce) gives: text on SQLite."""
    if value is None or isinstance(value, datetime):
        return value
    return datetime.fromisoformat(str(value)).replace(tzinfo=UTC)


def plain(rows: Iterable[Any]) -> list[Row]:
    """Driver rows as dictionaries."""
    return [dict(row) for row in rows]
