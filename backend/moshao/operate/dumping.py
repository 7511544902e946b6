"""All rows of the database as one stream that either database can be filled from.

Frames of MessagePack in gzip, each with its length before it: `[table, columns, rows]`. Nothing in it tells which
database it came from, so a district on SQLite moves to PostgreSQL by a backup and a restore.
"""

import gzip
from collections.abc import AsyncIterator, Iterator
from datetime import date
from pathlib import Path
from typing import Any, BinaryIO, cast

import msgspec

from moshao.kit.db import Reader
from moshao.kit.schema import tables_of
from moshao.piccolo_app import TABLE_MODULES

ROWS_AT_ONCE = 500
# Enough for text that mostly is ids; a higher one doubles the time.
COMPRESSION = 3
# What says something about running processes and signed-in browsers only: a restored server starts without.
LEFT_OUT = frozenset({"leases", "sessions", "failed_tries", "sync_cursors"})
_DATE = 1

Frame = tuple[str, list[str], list[list[Any]]]


async def dump(reader: Reader, path: Path) -> dict[str, int]:
    """Write every row that `reader`'s snapshot sees; how many of each table."""
    counts = {}
    with gzip.open(path, "wb", compresslevel=COMPRESSION) as file:
        for table in tables_of(TABLE_MODULES):
            name, key = table._meta.tablename, table._meta.primary_key._meta.db_column_name
            if name in LEFT_OUT:
                continue
            counts[name] = 0
            async for rows in _pages(reader, name, key):
                counts[name] += len(rows)
                frame = [name, list(rows[0]), [[_outward(value) for value in row.values()] for row in rows]]
                _write(cast(BinaryIO, file), msgspec.msgpack.encode(frame))
    return counts


def frames(path: Path) -> Iterator[Frame]:
    """Read it again. Raises EOFError, OSError, zlib.error or msgspec.DecodeError where the file is damaged."""
    decoder = msgspec.msgpack.Decoder(Frame, ext_hook=_inward)
    with gzip.open(path, "rb") as file:
        while head := file.read(4):
            yield decoder.decode(file.read(int.from_bytes(head)))


async def _pages(reader: Reader, table: str, key: str) -> AsyncIterator[list[dict[str, Any]]]:
    """By the primary key, so that the last page costs no more than the first."""
    last: Any = None
    while True:
        where, args = (f'WHERE "{key}" > ? ', (last,)) if last is not None else ("", ())
        rows = await reader.all(f'SELECT * FROM {table} {where}ORDER BY "{key}" LIMIT {ROWS_AT_ONCE}', *args)
        if not rows:
            return
        yield rows
        last = rows[-1][key]


def _write(file: BinaryIO, frame: bytes) -> None:
    file.write(len(frame).to_bytes(4))
    file.write(frame)


def _outward(value: Any) -> Any:
    """MessagePack knows all our values but the date."""
    if type(value) is date:
        return msgspec.msgpack.Ext(_DATE, value.isoformat().encode())
    return value


def _inward(code: int, data: memoryview) -> Any:
    if code != _DATE:
        raise msgspec.ValidationError(f"an unknown kind of value: {code}")
    return date.fromisoformat(bytes(data).decode())
