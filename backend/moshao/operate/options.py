"""What the commands share on the command line: where the data is, which district is meant."""

import os
from pathlib import Path

import click

from moshao.kit.config import BadSetting, Settings, load


def settings_or_exit(data: Path | None = None, port: int | None = None) -> Settings:
    """The settings of the environment, what was said on the command line before it; a bad one ends the command."""
    environ = dict(os.environ)
    if data is not None:
        environ["MOSHAO_DATA"] = str(data)
    if port is not None:
        environ["MOSHAO_PORT"] = str(port)
    try:
        return load(environ)
    except BadSetting as bad:
        raise click.UsageError(str(bad)) from bad


with_data = click.option(
    "--data",
    type=click.Path(path_type=Path, file_okay=False),
    help="The data directory (MOSHAO_DATA, ./data).",
)
with_district = click.option("--district", metavar="CODE", help="Which district; needed where there are several.")
