"""What a database itself costs: rows of a kilobyte, by its own driver and nothing of ours."""

import asyncio
import sqlite3
import time
from pathlib import Path

import asyncpg

from tests.databases import POSTGRES

ROW = "x" * 1000
TABLE = "CREATE TABLE IF NOT EXISTS bare (words TEXT)"


async def commits(url: str, folder: Path, count: int, clients: int) -> float:
    """Rows a second, each committed by itself: SQLite one after the other, PostgreSQL by each of the clients."""
    if POSTGRES:
        return await _postgres_commits(url, count, clients)
    return await asyncio.to_thread(_sqlite_rows, folder / "bare.db", count, together=False)


async def batch(url: str, folder: Path, count: int) -> float:
    """Seconds for so many rows one after the other in one transaction."""
    if not POSTGRES:
        return count / await asyncio.to_thread(_sqlite_rows, folder / "bare.db", count, together=True)
    connection = await asyncpg.connect(url)
    try:
        await connection.execute(TABLE)
        begun = time.perf_counter()
        async with connection.transaction():
            for _ in range(count):
                await connection.execute("INSERT INTO bare VALUES ($1)", ROW)
        return time.perf_counter() - begun
    finally:
        await connection.close()


def _sqlite_rows(path: Path, count: int, *, together: bool) -> float:
    connection = sqlite3.connect(path, isolation_level=None)
    connection.execute("PRAGMA journal_mode = WAL")
    connection.execute("PRAGMA synchronous = FULL")
    connection.execute(TABLE)
    begun = time.perf_counter()
    if together:
        connection.execute("BEGIN")
    for _ in range(count):
        connection.execute("INSERT INTO bare VALUES (?)", (ROW,))
    if together:
        connection.execute("COMMIT")
    seconds = time.perf_counter() - begun
    connection.close()
    return count / seconds


async def _postgres_commits(url: str, count: int, clients: int) -> float:
    async with asyncpg.create_pool(url, min_size=clients, max_size=clients) as pool:
        await pool.execute(TABLE)

        async def client() -> None:
            async with pool.acquire() as connection:
                for _ in range(count // clients):
                    await connection.execute("INSERT INTO bare VALUES ($1)", ROW)

        begun = time.perf_counter()
        await asyncio.gather(*(client() for _ in range(clients)))
        return count // clients * clients / (time.perf_counter() - begun)
