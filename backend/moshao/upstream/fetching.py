"""The photos that events name: fetched from the hosts agreed on, or taken from the store; then evidence's."""

import asyncio
import hashlib
import ipaddress
import logging

import msgspec

from moshao.cases.photo_arriving import photo_arrived
from moshao.evidence import keys
from moshao.evidence.refusals import NOT_ACCEPTABLE
from moshao.evidence.room import Evidence
from moshao.evidence.taking_in import take_in
from moshao.kit import errors, jobs
from moshao.kit.db import Tx
from moshao.kit.job_leases import LEASE_SECONDS, do_held
from moshao.kit.jobs import BackOff, Job
from moshao.kit.outgoing import Outgoing, Unreachable
from moshao.upstream.hosts import host_of, is_allowed
from moshao.upstream.inline import OCTETS_MOST
from moshao.upstream.photos_in import FOREIGN_HOST, QUEUE, PhotoJob
from moshao.upstream.queries import upstream_by_id

log = logging.getLogger(__name__)

AT_ONCE = 4
FETCH_SECONDS = 30.0
# A day of trying; upstream may name a photo before it is there.
PATIENCE = BackOff(first_s=5, most_s=3600, tries=32)
NOT_FETCHED = "not_fetched"
# What trying again can't change.
FINAL = frozenset({*(kind.code for kind in NOT_ACCEPTABLE.values()), "photo_damaged", "upload_too_large"})


class GivenUp(Exception):
    """The photo can't be had; its text is the code for the case."""


async def fetch_photos(evidence: Evidence, outgoing: Outgoing) -> int:
    """Take in what is due; how many were tried. For the worker."""
    due = await jobs.take(evidence.db, QUEUE, most=AT_ONCE * 4, lease_s=LEASE_SECONDS)
    free = asyncio.Semaphore(AT_ONCE)

    async def one(job: Job) -> None:
        async with free:
            await _one(evidence, outgoing, job)

    await do_held(evidence.db, due, one, lease_s=LEASE_SECONDS)
    return len(due)


async def _one(evidence: Evidence, outgoing: Outgoing, job: Job) -> None:
    wanted = msgspec.convert(job.payload, PhotoJob)
    try:
        content = await _content(evidence, outgoing, wanted)
        await take_in(
            evidence, photo_id=wanted.photo_id, district_id=wanted.district_id, usage=wanted.usage, content=content,
            sha256=wanted.sha256,
        )  # fmt: skip
    except GivenUp as final:
        await _give_up(evidence, job, wanted, str(final))
    except Unreachable as fault:
        await _later(evidence, job, wanted, str(fault))
    except errors.Refused as refused:
        if refused.kind.code in FINAL:
            await _give_up(evidence, job, wanted, refused.kind.code)
        else:
            await _later(evidence, job, wanted, refused.kind.code)
    else:
        await evidence.db.write(lambda tx: jobs.finish(tx, job))
        await _clear_away(evidence, wanted)


async def _content(evidence: Evidence, outgoing: Outgoing, wanted: PhotoJob) -> bytes:
    if wanted.key is not None:
        return await _stored(evidence, wanted.key, wanted.sha256 or "")
    url = wanted.url or ""
    upstream = await upstream_by_id(evidence.db, wanted.upstream_id)
    if upstream is None or not is_allowed(url, upstream.settings.photo_hosts):
        raise GivenUp(FOREIGN_HOST)
    # An address of one's own network counts only where it was agreed on as such, not where a name leads there.
    answer = await outgoing.get(url, seconds=FETCH_SECONDS, most=OCTETS_MOST, public_only=not _is_literal(url))
    if answer.status != 200:
        raise Unreachable(f"answered {answer.status}")
    return answer.body


async def _stored(evidence: Evidence, key: str, sha256: str) -> bytes:
    """What came inside the event; equal bytes that came before may have gone over to evidence already."""
    for place in (key, keys.original(sha256)):
        try:
            return await evidence.blobs.read(place)
        except KeyError:
            continue
    raise GivenUp(NOT_FETCHED)


async def _clear_away(evidence: Evidence, taken: PhotoJob) -> None:
    """Evidence has the bytes now; what came inside the event goes, unless another case waits for it."""
    if taken.key is None:
        return

    async def wanted() -> bool:
        row = await evidence.db.one(
            "SELECT id FROM jobs WHERE queue = ? AND payload LIKE ? LIMIT 1", QUEUE, f'%"{taken.key}"%'
        )
        return row is not None

    if not await wanted():
        await evidence.blobs.remove(taken.key, wanted)


async def _later(evidence: Evidence, job: Job, wanted: PhotoJob, fault: str) -> None:
    log.info("photo_not_fetched", extra={"photo_id": str(wanted.photo_id), "tries": job.tries, "fault": fault})
    if job.tries >= PATIENCE.tries:
        await _give_up(evidence, job, wanted, NOT_FETCHED)
    else:
        await evidence.db.write(lambda tx: jobs.put_off(tx, job, fault, PATIENCE))


async def _give_up(evidence: Evidence, job: Job, wanted: PhotoJob, code: str) -> None:
    """The case learns that the photo can't be used; evidence has told it already where it looked at the bytes."""
    digest = wanted.sha256 or hashlib.sha256(b"").hexdigest()

    async def work(tx: Tx) -> None:
        await photo_arrived(tx, wanted.photo_id, digest, "refused", code)
        await jobs.finish(tx, job)

    await evidence.db.write(work)


def _is_literal(url: str) -> bool:
    try:
        ipaddress.ip_address(host_of(url) or "")
    except ValueError:
        return False
    return True
