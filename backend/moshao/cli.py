"""The installed command. Exit 0: done; 1: refused or faults found; 2: wrong usage."""

import os
from pathlib import Path

import click
import uvicorn
import uvloop

from moshao import __version__
from moshao.kit import log
from moshao.operate.backup import backup
from moshao.operate.cert import cert
from moshao.operate.demo import run_demo
from moshao.operate.device import device
from moshao.operate.doctor import doctor
from moshao.operate.exchange import exchange
from moshao.operate.importing import import_
from moshao.operate.migrate import migrate
from moshao.operate.options import settings_or_exit, with_data
from moshao.operate.person import person
from moshao.operate.push import push
from moshao.operate.restore import restore
from moshao.operate.simulate import Wanted, run_simulation
from moshao.operate.upstream import upstream
from moshao.operate.verify import run_verify, run_verify_file
from moshao.worker import work

STOP_SECONDS = 12
KEEP_ALIVE_SECONDS = 75


@click.group(context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(__version__, prog_name="moshao")
def main() -> None:
    """Moshao 末梢, the field terminal of digital urban management."""


@main.command()
@with_data
@click.option("--host", help="Where to listen; default MOSHAO_HOST or 127.0.0.1.")
@click.option("--port", type=click.IntRange(0, 65535), help="Where to listen; default MOSHAO_PORT or 8000.")
def serve(data: Path | None, host: str | None, port: int | None) -> None:
    """Serve phones, desks and upstream platforms."""
    for name, value in (("MOSHAO_DATA", data), ("MOSHAO_HOST", host), ("MOSHAO_PORT", port)):
        if value is not None:
            os.environ[name] = str(value)
    settings = settings_or_exit()
    settings.data.mkdir(parents=True, exist_ok=True)
    uvicorn.run(
        "moshao.app:from_environment",
        factory=True,
        host=settings.host,
        port=settings.port,
        workers=settings.workers,
        log_config=None,
        server_header=False,
        proxy_headers=False,
        timeout_keep_alive=KEEP_ALIVE_SECONDS,
        timeout_graceful_shutdown=STOP_SECONDS,
    )


@main.command()
@with_data
def worker(data: Path | None) -> None:
    """Do what happens without anybody asking: clocks, feedback, fetching, clearing away. Any number may run."""
    settings = settings_or_exit(data)
    settings.data.mkdir(parents=True, exist_ok=True)
    log.set_up(settings.log_level)
    raise SystemExit(uvloop.run(work(settings)))


@main.command()
@click.option("--port", type=click.IntRange(1, 65535), default=8000, show_default=True)
@click.option("--data", type=click.Path(path_type=Path, file_okay=False), default=Path("data/demo"), show_default=True)
@click.option("--reset", is_flag=True, help="Forget an earlier demo in that directory.")
@click.option("--feedback", metavar="URL", help="Where events for the upstream platform go.")
@click.option("--districts", type=click.IntRange(1, 2), default=1, show_default=True)
def demo(port: int, data: Path, reset: bool, feedback: str | None, districts: int) -> None:
    """Make a demo district and serve it; its people and secrets stand in DATA/demo.json when it is ready."""
    settings = settings_or_exit(data, port)
    raise SystemExit(run_demo(settings, districts=districts, feedback_url=feedback, reset=reset))


@main.command()
@click.option("--data", type=click.Path(path_type=Path, file_okay=False), default=Path("data/demo"), show_default=True)
@click.option("--cases", type=click.IntRange(1), help="How many; default 389, a day, or all of --from.")
@click.option("--speed", type=click.FloatRange(0), default=0, help="Times real time; default as fast as it goes.")
@click.option("--photos", type=click.Path(path_type=Path, exists=True, file_okay=False), help="A folder of JPEGs.")
@click.option("--photos-per-case", type=click.IntRange(0, 20), default=2, show_default=True)
@click.option("--reuse", type=click.FloatRange(0, 1), default=0, help="Share of photos sent again on purpose.")
@click.option("--seed", type=int, default=1, show_default=True)
@click.option("--from", "stream", type=click.Path(path_type=Path, exists=True), help="A CSV of real requests.")
def simulate(
    data: Path,
    cases: int | None,
    speed: float,
    photos: Path | None,
    photos_per_case: int,
    reuse: float,
    seed: int,
    stream: Path | None,
) -> None:
    """Play a district's day against the running demo, through public HTTP alone."""
    wanted = Wanted(
        data=data,
        cases=cases or (None if stream else 389),
        speed=speed,
        photos=photos,
        photos_per_case=photos_per_case,
        reuse=reuse,
        seed=seed,
        stream=stream,
    )
    raise SystemExit(run_simulation(wanted))


@main.command()
@with_data
@click.option("--key", metavar="THUMBPRINT", help="With FILE: the key that must have sealed it.")
@click.argument("file", required=False, type=click.Path(exists=True, dir_okay=False, path_type=Path))
def verify(data: Path | None, key: str | None, file: Path | None) -> None:
    """Read the journal, the acts, the cases and the photos back, and name everything that does not fit.

    With FILE: check a case's file that somebody took away, with nothing else; no database, no network.
    """
    raise SystemExit(run_verify_file(file, key) if file else run_verify(settings_or_exit(data)))


for command in (migrate, import_, upstream, exchange, person, device, backup, restore, doctor, push, cert):
    main.add_command(command)
