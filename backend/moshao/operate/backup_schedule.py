"""The worker's own backup, every night, by the very command that people use."""

import asyncio
import contextlib
import logging
import os
import sys
from datetime import datetime, time, timedelta
from zoneinfo import ZoneInfo

from moshao.kit import clock
from moshao.kit.config import Settings
from moshao.kit.db import Database
from moshao.operate.backup_runs import last

log = logging.getLogger(__name__)

ZONE = ZoneInfo("Asia/Shanghai")
# A full disk does not get better by trying every minute.
AGAIN_AFTER = timedelta(minutes=30)
# A day, and time for a long one.
OVERDUE_AFTER = timedelta(hours=26)


async def back_up_when_due(db: Database, settings: Settings) -> bool:
    """Whether a backup was tried."""
    if settings.backup_to is None:
        return False
    now = clock.now()
    good, tried = await last(db, "backup"), await last(db, "backup", ok_only=False)
    if good is not None and now - good > OVERDUE_AFTER:
        log.error("backup_overdue", extra={"last": good.isoformat()})
    if not is_due(now, settings.backup_at, good, tried):
        return False
    await _run(settings)
    return True


def is_due(now: datetime, at: str, good: datetime | None, tried: datetime | None) -> bool:
    """Whether none was good since the last time the clock in China showed `at`, and none was tried just now."""
    if tried is not None and now - tried < AGAIN_AFTER:
        return False
    here = now.astimezone(ZONE)
    moment = datetime.combine(here, time.fromisoformat(at), ZONE)
    if moment > here:
        moment -= timedelta(days=1)
    return good is None or good < moment


async def _run(settings: Settings) -> None:
    # A process of its own: what takes minutes must not hold up the clocks of the cases.
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-m", "moshao", "backup",
        env=_environ(settings), stdout=asyncio.subprocess.PIPE, stderr=asyncio.subprocess.STDOUT,
    )  # fmt: skip
    try:
        said, _ = await process.communicate()
    except asyncio.CancelledError:
        with contextlib.suppress(ProcessLookupError):
            process.kill()
        raise
    words = said.decode(errors="replace").strip()[-500:]
    if process.returncode:
        log.error("backup_failed", extra={"code": process.returncode, "words": words})
    else:
        log.info("backup_taken", extra={"words": words})


def _environ(settings: Settings) -> dict[str, str]:
    """As this process was started; what its command line said counts, too."""
    said = {
        "MOSHAO_DATA": str(settings.data),
        "MOSHAO_DATABASE_URL": settings.database_url,
        "MOSHAO_BLOBS_URL": settings.blobs_url,
    }
    return {name: value for name, value in os.environ.items() if name.removesuffix("_FILE") not in said} | said
