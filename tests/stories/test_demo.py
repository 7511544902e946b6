"""The demo as whoever plays with it meets it: started, simulated, verified, ended, started again."""

import signal
import socket
from collections.abc import AsyncIterator
from importlib.resources import files
from pathlib import Path
from typing import Any

import httpx
import msgspec
import pytest

from tests.commands import Command, free_port, run, running
from tests.databases import fresh_url
from tests.phone import new_key, public_part
from tests.results import keep

STOPS_WITHIN_SECONDS = 15


class Demo:
    """Where a demo lives: a data directory, a database, a port."""

    def __init__(self, data: Path, database_url: str) -> None:
        self.data = data
        self.port = free_port()
        self.settings = {"database_url": database_url}

    def command(self, *args: str) -> Any:
        return running("demo", "--data", self.data, "--port", str(self.port), *args, settings=self.settings)

    async def simulate(self, *args: str) -> tuple[int, str]:
        return await run("simulate", "--data", self.data, *args, settings=self.settings, seconds=3000)

    async def verify(self) -> tuple[int, str]:
        return await run("verify", "--data", self.data, settings=self.settings)

    def file(self) -> dict[str, Any]:
        document: dict[str, Any] = msgspec.json.decode((self.data / "demo.json").read_bytes())
        return document


@pytest.fixture
async def demo(tmp_path: Path) -> AsyncIterator[Demo]:
    async with fresh_url(tmp_path / "demo") as url:
        yield Demo(tmp_path / "demo", url)


def seconds_in(said: str) -> float:
    """How long a simulation took."""
    return next(float(line.split()[1]) for line in said.splitlines() if line.startswith("seconds"))


async def stop(command: Command, number: signal.Signals) -> None:
    command.process.send_signal(number)
    assert await command.ends(STOPS_WITHIN_SECONDS) == 0, command.said


async def pair_everybody(demo: dict[str, Any]) -> None:
    """Somebody else has played with the demo and used each person's first code."""
    async with httpx.AsyncClient(base_url=demo["base_url"], trust_env=False) as client:
        for person in demo["people"]:
            told = {"staff_no": person["staff_no"], "code": person["pairing_codes"][0]}
            paired = await client.post("/api/pairings", json=told | {"public_key": public_part(new_key())})
            assert paired.status_code == 201


async def test_a_day_in_the_demo_loses_nothing_and_doubles_nothing(demo: Demo) -> None:
    async with demo.command() as command:
        await command.says("is ready")
        assert (demo.data / "demo.json").stat().st_mode & 0o777 == 0o600
        before = demo.file()
        await pair_everybody(before)
        code, said = await demo.simulate("--cases", "200", "--photos-per-case", "2")
        assert code == 0, said
        assert said.splitlines()[-2:] == ["lost 0", "doubled 0"]
        assert "cases by state\n  closed             200\n\n" in said
        assert await demo.verify() == (0, "clean")
        await stop(command, signal.SIGTERM)
    async with demo.command() as again:
        await again.says("is ready")
        assert demo.file() == before
        code, said = await demo.simulate("--cases", "5", "--photos-per-case", "0", "--speed", "100000")
        assert code == 0, said
        await stop(again, signal.SIGINT)
    assert await demo.verify() == (0, "clean")


@pytest.mark.long
async def test_a_whole_day_within_three_minutes(demo: Demo) -> None:
    async with demo.command() as command:
        await command.says("is ready")
        code, said = await demo.simulate("--cases", "389", "--photos-per-case", "4")
        assert code == 0, said
        keep("a day of 389 cases and 1,560 photos replayed", f"{seconds_in(said):.1f} s")
        assert seconds_in(said) <= 180
        assert await demo.verify() == (0, "clean")


@pytest.mark.long
@pytest.mark.timeout(3600)
async def test_a_whole_week_of_a_real_city(demo: Demo) -> None:
    week = files("moshao") / "seeds" / "load" / "boston311_2018-01-08_week.csv.gz"
    async with demo.command() as command:
        await command.says("is ready")
        code, said = await demo.simulate("--from", str(week), "--photos-per-case", "1")
        assert code == 0, said
        keep("a week of 4,684 cases replayed", f"{seconds_in(said):.1f} s, lost 0, doubled 0")
        assert await demo.verify() == (0, "clean")


async def test_a_taken_port_is_told_in_a_sentence(tmp_path: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as other:
        port = other.getsockname()[1]
        code, said = await run("demo", "--data", tmp_path, "--port", str(port))
    assert code == 1
    assert said == f"Error: port {port} of 127.0.0.1 can not be had (Address already in use): " + (
        "end what uses it, or choose another one with --port"
    )


async def test_a_demo_dies_whole_and_starts_again(demo: Demo) -> None:
    """Killed with all it started; what was made of it is found again, with two districts this time."""
    async with demo.command() as command:
        await command.says("is ready")
        people = demo.file()["people"]
    async with demo.command("--districts", "2", "--feedback", "http://127.0.0.1:1/events") as again:
        await again.says("is ready")
        assert demo.file()["people"] == people
        assert demo.file()["other"].keys() >= {"base_url", "district", "upstream", "people"}


async def test_reset_forgets_a_demo_and_nothing_else(tmp_path: Path) -> None:
    (tmp_path / "moshao.db").write_text("somebody's district")
    code, said = await run("demo", "--data", tmp_path, "--port", str(free_port()), "--reset")
    assert (code, said.splitlines()[-1]) == (
        1,
        f"Error: {tmp_path} holds a district that no demo made: choose another directory with --data",
    )
    (tmp_path / "demo-made.json").write_text("[]")
    (tmp_path / "notes.txt").write_text("mine")
    async with running("demo", "--data", tmp_path, "--port", str(free_port()), "--reset") as command:
        await command.says("is ready")
    assert (tmp_path / "notes.txt").read_text() == "mine"


async def test_a_bad_setting_ends_the_demo_with_its_name(tmp_path: Path) -> None:
    code, said = await run("demo", "--data", tmp_path, settings={"log_level": "loud"})
    assert code == 2
    assert "MOSHAO_LOG_LEVEL: debug, info, warning or error" in said
