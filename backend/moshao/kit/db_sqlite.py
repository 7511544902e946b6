"""SQLite: WAL, FULL, one writing task with group commit.

Statements run right here on the event loop: each takes microseconds and a hop to a thread costs ten times
that. What waits (the lock held by another process, the fsync of a commit) goes to a thread. While one commit
is on its way to disk the next transactions queue up, and all of them share the following fsync.
"""

import asyncio
import contextlib
import random
import sqlite3
import time
from collections.abc import AsyncIterator, Coroutine, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextvars import Context, copy_context
from pathlib import Path
from typing import Any

from moshao.kit import errors
from moshao.kit.db import Database, Reader, Row, T, Tx, Unique, Work, inside
from moshao.kit.db_sqlite_connecting import connect

READERS = 8
BATCH_MOST = 64
BATCH_SECONDS = 0.02
LOCK_SECONDS = 20.0
DONE_FOR_GOOD = ("disk i/o error", "malformed", "readonly database")


class SqliteReader(Reader):
    """Reads on one connection."""

    dialect = "sqlite"

    def __init__(self, connection: sqlite3.Connection) -> None:
        self.connection = connection

    async def all(self, sql: str, *args: Any) -> list[Row]:
        return _rows(self.connection.execute(sql, args))


def _rows(cursor: sqlite3.Cursor) -> list[Row]:
    names = [column[0] for column in cursor.description or ()]
    return [dict(zip(names, values, strict=True)) for values in cursor]


class SqliteTx(SqliteReader, Tx):
    """A transaction on the writing connection, inside the savepoint that the writing task holds."""

    _depth = 0

    async def all(self, sql: str, *args: Any) -> list[Row]:
        try:
            return _rows(self.connection.execute(sql, args))
        except sqlite3.IntegrityError as broken:
            raise _told(broken) from broken

    async def run(self, sql: str, *args: Any) -> int:
        try:
            return self.connection.execute(sql, args).rowcount
        except sqlite3.IntegrityError as broken:
            raise _told(broken) from broken

    async def many(self, sql: str, rows: Sequence[Sequence[Any]]) -> None:
        try:
            self.connection.executemany(sql, rows)
        except sqlite3.IntegrityError as broken:
            raise _told(broken) from broken

    @contextlib.asynccontextmanager
    async def savepoint(self) -> AsyncIterator[None]:
        self._depth += 1
        name = f"part_{self._depth}"
        self.connection.execute(f"SAVEPOINT {name}")
        try:
            yield
        except BaseException:
            self.forget()
            if self.connection.in_transaction:
                self.connection.execute(f"ROLLBACK TO {name}")
                self.connection.execute(f"RELEASE {name}")
            raise
        else:
            self.connection.execute(f"RELEASE {name}")
        finally:
            self._depth -= 1


def _told(broken: sqlite3.IntegrityError) -> Exception:
    return Unique(str(broken)) if "UNIQUE" in str(broken) else broken


class _Order:
    """One write asked for: runs in the context of who asked, answers when it is on disk."""

    __slots__ = ("answer", "context", "outcome", "work")

    def __init__(self, work: Work[Any], answer: "asyncio.Future[Any]") -> None:
        self.work = work
        self.answer = answer
        self.context: Context = copy_context()
        self.outcome: Any = None


class SqliteDatabase(Database):
    """One file. Call `await open_sqlite(path)`."""

    dialect = "sqlite"

    def __init__(self, path: Path) -> None:
        self.path = path
        self._writer = connect(path)
        self._readers = [self._reader() for _ in range(READERS)]
        self._free = asyncio.Semaphore(READERS)
        self._orders: asyncio.Queue[_Order] = asyncio.Queue()
        self._thread = ThreadPoolExecutor(1, thread_name_prefix="sqlite-commit")
        self._failed = ""
        self._task = asyncio.create_task(self._serve(), name="sqlite-writer")

    def _reader(self) -> sqlite3.Connection:
        connection = connect(self.path)
        connection.execute("PRAGMA query_only = ON")
        return connection

    def failed(self) -> str:
        return self._failed

    async def write(self, work: Work[T]) -> T:
        if self._failed:
            raise errors.storage_failed(self._failed)
        if self._task.done():
            raise errors.stopping()
        order = _Order(work, asyncio.get_running_loop().create_future())
        self._orders.put_nowait(order)
        # A caller that gives up does not undo what the writing task may be committing with others.
        result: T = await asyncio.shield(order.answer)
        return result

    @contextlib.asynccontextmanager
    async def reading(self) -> AsyncIterator[Reader]:
        async with self._free:
            connection = self._readers.pop()
            try:
                connection.execute("BEGIN")
                yield SqliteReader(connection)
            finally:
                if connection.in_transaction:
                    connection.execute("COMMIT")
                self._readers.append(connection)

    async def all(self, sql: str, *args: Any) -> list[Row]:
        async with self._free:
            return _rows(self._readers[-1].execute(sql, args))

    async def one(self, sql: str, *args: Any) -> Row | None:
        rows = await self.all(sql, *args)
        return rows[0] if rows else None

    async def value(self, sql: str, *args: Any) -> Any:
        row = await self.one(sql, *args)
        return next(iter(row.values())) if row else None

    async def close(self) -> None:
        self._task.cancel()
        with contextlib.suppress(asyncio.CancelledError):
            await self._task
        self._thread.shutdown()
        for connection in (*self._readers, self._writer):
            connection.close()

    async def _serve(self) -> None:
        batch: list[_Order] = []
        try:
            while True:
                order = await self._orders.get()
                batch = [order]
                await self._one_batch(batch)
                # Another process may be waiting for the lock; it polls, so leave it a moment.
                await asyncio.sleep(0.001 if len(batch) >= BATCH_MOST else 0)
        finally:
            while not self._orders.empty():
                batch.append(self._orders.get_nowait())
            for left in batch:
                if not left.answer.done():
                    left.answer.set_exception(errors.stopping())

    async def _one_batch(self, batch: list[_Order]) -> None:
        try:
            await self._begin()
            self._run_orders(batch)
            await self._in_thread("COMMIT")
        except BaseException as fault:
            told = self._take_down(fault)
            for order in batch:
                if not order.answer.done():
                    order.answer.set_exception(told)
            if not isinstance(fault, Exception):
                raise
        else:
            for order in batch:
                if not order.answer.done():
                    order.answer.set_result(order.outcome)

    def _run_orders(self, batch: list[_Order]) -> None:
        """Run the first order and those that queued up meanwhile; a failing one leaves the others untouched."""
        until = time.monotonic() + BATCH_SECONDS
        at = 0
        while at < len(batch):
            order = batch[at]
            at += 1
            try:
                order.outcome = order.context.run(self._run_one, order.work)
            except Exception as fault:
                if not self._writer.in_transaction:
                    raise
                order.answer.set_exception(fault)
            if at < BATCH_MOST and time.monotonic() < until and not self._orders.empty():
                batch.append(self._orders.get_nowait())

    def _run_one(self, work: Work[Any]) -> Any:
        """Run `work` to its end without leaving the event loop's turn: nothing else may touch the connection."""
        running: Coroutine[Any, Any, Any] = self._in_savepoint(work)
        try:
            running.send(None)
        except StopIteration as done:
            return done.value
        running.close()
        raise RuntimeError("a transaction waits for nothing but its database")

    async def _in_savepoint(self, work: Work[T]) -> T:
        tx = SqliteTx(self._writer)
        async with inside(tx), tx.savepoint():
            return await work(tx)

    async def _begin(self) -> None:
        try:
            self._writer.execute("BEGIN IMMEDIATE")
        except sqlite3.OperationalError as busy:
            if "locked" not in str(busy):
                raise
            await asyncio.get_running_loop().run_in_executor(self._thread, self._wait_for_lock)

    def _wait_for_lock(self) -> None:
        """Another process writes. Poll finely: SQLite's own busy handler backs off so far that it starves."""
        until = time.monotonic() + LOCK_SECONDS
        while True:
            try:
                self._writer.execute("BEGIN IMMEDIATE")
                return
            except sqlite3.OperationalError as busy:
                if "locked" not in str(busy) or time.monotonic() > until:
                    raise
            time.sleep(random.uniform(0.0003, 0.002))

    async def _in_thread(self, sql: str) -> None:
        commit = asyncio.get_running_loop().run_in_executor(self._thread, self._writer.execute, sql)
        try:
            await asyncio.shield(commit)
        except asyncio.CancelledError:
            await commit  # closing: what is half way to disk is finished first
            raise

    def _take_down(self, fault: BaseException) -> Exception:
        if self._writer.in_transaction:
            with contextlib.suppress(sqlite3.Error):
                self._writer.execute("ROLLBACK")
        text = str(fault).lower()
        if isinstance(fault, sqlite3.OperationalError | sqlite3.DatabaseError):
            if "full" in text:
                return errors.storage_full()
            if any(sign in text for sign in DONE_FOR_GOOD):
                self._failed = text
            return errors.storage_failed(text)
        return fault if isinstance(fault, Exception) else errors.stopping()


async def open_sqlite(path: Path) -> SqliteDatabase:
    """Open (and create) the database file at `path`."""
    path.parent.mkdir(parents=True, exist_ok=True)
    return SqliteDatabase(path)
