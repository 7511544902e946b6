"""`moshao exchange`: sheets of platforms above, by hand what the worker does with their folders."""

import asyncio
from datetime import UTC, datetime
from pathlib import Path

import click

from moshao.cases.photo_arriving import photo_arrived
from moshao.evidence.opening import open_evidence
from moshao.exchange.books import find_book
from moshao.exchange.folder import Folders
from moshao.exchange.reconciling import Period, reconcile_by_query, reconcile_sheet
from moshao.exchange.reporting import as_csv, in_words
from moshao.exchange.scheduling import LOOKS_BACK
from moshao.exchange.taking import take_sheet
from moshao.kit import clock
from moshao.kit.blob_stores import open_blobs
from moshao.kit.db import Database
from moshao.kit.outgoing import open_outgoing
from moshao.operate.installation import carry_out
from moshao.operate.options import settings_or_exit, with_data
from moshao.upstream.making import no_such_upstream
from moshao.upstream.queries import find_upstream

file_to_read = click.argument("file", type=click.Path(path_type=Path, exists=True, dir_okay=False))


@click.group()
def exchange() -> None:
    """Sheets of platforms above: take one, look into the folders, compare books."""


@exchange.command("take")
@with_data
@click.argument("name")
@file_to_read
@click.option("--report", type=click.Path(path_type=Path, dir_okay=False), help="Where the report goes, as CSV.")
def take(data: Path | None, name: str, file: Path, report: Path | None) -> None:
    """Take the cases of the upstream NAME from FILE, CSV or XLSX. Exit 1: rows were refused. Nothing doubles."""
    settings = settings_or_exit(data)

    async def work(db: Database) -> int:
        upstream = await find_upstream(db, name)
        if upstream is None:
            raise no_such_upstream(name)
        blobs = open_blobs(settings.blobs_url)
        try:
            content = file.read_bytes()
            done = await take_sheet(db, blobs, upstream, file.name, content, origin="command", by=None)
        finally:
            await blobs.close()
        for row in done.rows:
            if row.status == "refused":
                click.echo(f"{row.line}: {row.key} {row.detail} [{row.code}]", err=True)
        if report is not None:
            await asyncio.to_thread(report.write_bytes, as_csv(done))
        click.echo(in_words(done))
        return 1 if done.refused else 0

    raise SystemExit(carry_out(settings, work))


@exchange.command("reconcile")
@with_data
@click.argument("name")
@click.option(
    "--sheet", type=click.Path(path_type=Path, exists=True, dir_okay=False), help="Its book; else it is asked."
)
@click.option(
    "--from", "from_at", type=click.DateTime(), help="Cases dispatched from then on, UTC; asked: a month ago."
)
@click.option("--until", "until_at", type=click.DateTime(), help="And before that, UTC.")
def reconcile(
    data: Path | None, name: str, sheet: Path | None, from_at: datetime | None, until_at: datetime | None
) -> None:
    """Lay the book of the upstream NAME beside ours and show what differs. Exit 1: something does."""
    settings = settings_or_exit(data)
    period = Period(*(at.replace(tzinfo=UTC) if at else None for at in (from_at, until_at)))

    async def work(db: Database) -> int:
        upstream = await find_upstream(db, name)
        if upstream is None:
            raise no_such_upstream(name)
        if sheet is not None:
            made = await reconcile_sheet(db, upstream, sheet.name, sheet.read_bytes(), period, None)
        else:
            month = Period(from_at=clock.now() - LOOKS_BACK, until_at=clock.now())
            asked = period if period.from_at or period.until_at else month
            async with open_outgoing(settings.test_connect) as outgoing:
                made = await reconcile_by_query(db, outgoing, upstream, asked, None)
        book = await find_book(db, upstream.district_id, made)
        for line in book.lines:
            click.echo(f"{line.kind} {line.external_case_id} here: {line.ours or '-'} there: {line.theirs or '-'}")
        shown = book.reconciliation
        click.echo(f"{shown.theirs} there, {shown.ours} here, {shown.agree} agree, {shown.differences} differences")
        return 1 if book.lines else 0

    raise SystemExit(carry_out(settings, work))


@exchange.command("look")
@with_data
@click.option("--upstream", "name", help="Only into this one's folder.")
def look(data: Path | None, name: str | None) -> None:
    """Look once into the folders under MOSHAO_EXCHANGE: take sheets a minute old, write results that are due."""
    settings = settings_or_exit(data)
    if settings.exchange is None:
        raise click.UsageError("MOSHAO_EXCHANGE names no directory")

    async def work(db: Database) -> None:
        blobs = open_blobs(settings.blobs_url)
        try:
            async with open_evidence(db, blobs, pixel_children=1, on_photo=photo_arrived) as evidence:
                await Folders(evidence, settings).look(name)
        finally:
            await blobs.close()

    carry_out(settings, work)
