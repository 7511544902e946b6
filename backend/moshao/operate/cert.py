"""`moshao cert`: TLS where no public certificate can be had."""

from pathlib import Path
from urllib.parse import urlsplit

import click

from moshao.certificates.kept import OtherHosts, hosts_served, keep
from moshao.certificates.making import fingerprint
from moshao.certificates.page import plain_address
from moshao.kit import clock
from moshao.operate.options import settings_or_exit, with_data


@click.command()
@with_data
@click.option(
    "--also",
    multiple=True,
    metavar="HOST",
    help="Another name or address the server is reached by; without any, those of the last time.",
)
@click.option("--name", default="末梢 Moshao", show_default=True, help="What phones call the authority.")
@click.option("--new-authority", is_flag=True, help="Begin anew: every phone must install it again.")
def cert(data: Path | None, also: tuple[str, ...], name: str, new_authority: bool) -> None:
    """Make an authority and a certificate for the host of MOSHAO_BASE_URL, or renew what ends soon.

    Run it again at any time, by a timer too: what is good stays. The TLS server in front must then read the files anew.
    """
    settings = settings_or_exit(data)
    host = urlsplit(settings.base_url).hostname or ""
    if not settings.base_url.startswith("https://"):
        raise click.ClickException("MOSHAO_BASE_URL must be https://NAME: phones get what that name shows them")
    # A timer names no further host; what was named once stays.
    others = also or (() if new_authority else hosts_served(settings.data))
    try:
        kept = keep(settings.data, name, list(dict.fromkeys([host, *others])), clock.now(), new_authority=new_authority)
    except OtherHosts as fault:
        raise click.ClickException(
            f"the authority phones trust may not sign for {fault}; --new-authority makes another, which every phone "
            "must then install"
        ) from fault
    left = (kept.server.parsed.not_valid_after_utc - clock.now()).days
    click.echo(f"made: {', '.join(kept.made) or 'nothing, all is good'}")
    click.echo(f"for the TLS server   {kept.folder / 'server.crt'}  {kept.folder / 'server.key'}  ({left} days left)")
    click.echo(f"for the phones       {plain_address(settings.base_url)}")
    click.echo(f"fingerprint          {fingerprint(kept.authority.parsed)}")
