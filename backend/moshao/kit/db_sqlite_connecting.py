"""How a SQLite file is opened, and how its values become Python's."""

import sqlite3
from datetime import datetime
from pathlib import Path
from uuid import UUID

import piccolo.engine.sqlite  # noqa: F401 - registers its converters, before ours

# Piccolo registers how each type goes in and comes out. These come out at every request, and plainly: its own
# converters look at the type of each value and make integers by way of Decimal, at several times the cost.
sqlite3.register_converter("UUID", lambda value: UUID(value.decode()))
sqlite3.register_converter("TIMESTAMPTZ", lambda value: datetime.fromisoformat(value.decode()))
sqlite3.register_converter("BOOLEAN", lambda value: value == b"1")
sqlite3.register_converter("INTEGER", int)


def connect(path: Path) -> sqlite3.Connection:
    """A connection with our pragmas; times and UUIDs come back as Python values."""
    connection = sqlite3.connect(
        path,
        isolation_level=None,
        detect_types=sqlite3.PARSE_DECLTYPES,
        check_same_thread=False,
        cached_statements=512,
        timeout=0,
    )
    for pragma in (
        "busy_timeout = 2000",
        "journal_mode = WAL",
        "synchronous = FULL",
        "foreign_keys = ON",
        "busy_timeout = 0",
        "cache_size = -16000",
        "wal_autocheckpoint = 2000",
    ):
        connection.execute(f"PRAGMA {pragma}")
    return connection
