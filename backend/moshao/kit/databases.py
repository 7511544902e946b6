"""Which database a URL means."""

from pathlib import Path

from moshao.kit.db import Database, use
from moshao.kit.db_postgres import open_postgres
from moshao.kit.db_sqlite import open_sqlite


async def open_database(url: str) -> Database:
    """Open `sqlite:///relative.db`, `sqlite:////absolute.db` or `postgres://…`, and give it to the tables."""
    database: Database
    if url.startswith("sqlite:///"):
        database = await open_sqlite(Path(url.removeprefix("sqlite:///")))
    elif url.startswith(("postgres://", "postgresql://")):
        database = await open_postgres(url)
    else:
        raise ValueError("a database URL starts with sqlite:/// or postgres://")
    use(database)
    return database
