"""`moshao demo`: make the demo district once, serve it with its worker, say where it is."""

import asyncio
import os
import shutil
import socket
from pathlib import Path

import click
import msgspec

from moshao.kit.config import Settings
from moshao.kit.databases import open_database
from moshao.kit.db import Database
from moshao.kit.migrating import migrate
from moshao.operate.demo_district import (
    DistrictMade,
    has_districts,
    make_demo_district,
    send_feedback_to,
)
from moshao.operate.demo_file import DemoFile, DemoUpstream, read_demo, write_private
from moshao.operate.migrate import seed_common
from moshao.operate.processes import Processes, is_ready

READY_SECONDS = 120
# Written empty before anything is made: where it lies, the demo made what lies beside it, whatever became of it.
MADE = "demo-made.json"
LEFT = (MADE, "demo.json", "simulated-phones.json", "moshao.db", "moshao.db-wal", "moshao.db-shm", "blobs")


def run_demo(settings: Settings, *, districts: int, feedback_url: str | None, reset: bool) -> int:
    """Serve until a signal comes or a process ends; the exit code."""
    data, demo_json = settings.data, settings.data / "demo.json"
    _check_port(settings)
    if reset:
        _forget(data)
    data.mkdir(parents=True, exist_ok=True)
    demo_json.unlink(missing_ok=True)
    with Processes() as processes:
        demo = asyncio.run(prepare(settings, districts, feedback_url))
        environ = {**os.environ, "MOSHAO_DATA": str(data), "MOSHAO_PORT": str(settings.port)}
        for command in ("serve", "worker"):
            processes.start(command, environ)
        if not processes.wait_until(lambda: is_ready(settings), READY_SECONDS):
            raise click.ClickException("the demo did not start; what its processes said stands above")
        write_private(demo_json, msgspec.json.format(msgspec.json.encode(demo), indent=1))
        _say(demo, demo_json)
        click.echo(processes.wait_for_one_to_end(), err=True)
        return 1


def _check_port(settings: Settings) -> None:
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((settings.host, settings.port))
        except OSError as fault:
            raise click.ClickException(
                f"port {settings.port} of {settings.host} can not be had ({fault.strerror}): "
                "end what uses it, or choose another one with --port"
            ) from fault


def _forget(data: Path) -> None:
    """Only what a demo made is deleted: a district without its mark is somebody's work."""
    _check_ours(data)
    for path in (data / name for name in LEFT):
        if path.is_dir():
            shutil.rmtree(path)
        else:
            path.unlink(missing_ok=True)


def _check_ours(data: Path) -> None:
    if (data / "moshao.db").exists() and not (data / MADE).exists():
        raise click.ClickException(f"{data} holds a district that no demo made: choose another directory with --data")


async def prepare(settings: Settings, districts: int, feedback_url: str | None) -> DemoFile:
    """The demo's districts, made on the first start and found again later."""
    mark = settings.data / MADE
    _check_ours(settings.data)
    made = msgspec.json.decode(mark.read_bytes(), type=list[DistrictMade]) if mark.exists() else []
    if not made:
        _forget(settings.data)  # a demo killed while it was made: nobody knows its secrets
        write_private(mark, b"[]")
    database = await open_database(settings.database_url)
    try:
        await migrate(database)
        await _make_missing(database, made, districts)
        write_private(mark, msgspec.json.encode(made))
        if feedback_url is not None:
            for district in made:
                await send_feedback_to(database, district.upstream_name, feedback_url)
    finally:
        await database.close()
    shown = [_shown(settings.base_url, district) for district in made[:districts]]
    return msgspec.structs.replace(shown[0], other=shown[1] if len(shown) > 1 else None)


async def _make_missing(database: Database, made: list[DistrictMade], districts: int) -> None:
    if not made:
        if await has_districts(database):
            raise click.ClickException("this database has districts already: name an empty one, or none, for a demo")
        click.echo("making the demo district …")
        await seed_common(database)
    for number in range(len(made) + 1, districts + 1):
        made.append(await make_demo_district(database, number))


def _shown(base_url: str, made: DistrictMade) -> DemoFile:
    events_url = f"{base_url}/api/upstream/{made.upstream_name}/events"
    upstream = DemoUpstream(made.upstream_name, made.upstream_secret, events_url)
    return DemoFile(base_url, made.name, made.district_id, upstream, made.people)


def _say(demo: DemoFile, demo_json: Path) -> None:
    click.echo(f"\n末梢 Moshao is ready: {demo.base_url}   (everybody's sign-in: {demo_json})")
    for role in ("handler", "crew_leader", "inspector", "supervisor"):
        member = next(one for one in demo.people if one.role == role)
        click.echo(f"  {role:<12} {member.staff_no}  {member.pairing_codes[0]}  {member.password}  {member.name}")
    click.echo("Ctrl-C stops it.\n")


def find_demo(data: Path) -> DemoFile:
    """demo.json of a running demo. Raises ClickException in words for people."""
    try:
        return read_demo(data)
    except (OSError, msgspec.MsgspecError) as fault:
        raise click.ClickException(f"no running demo in {data}: {fault}") from fault
