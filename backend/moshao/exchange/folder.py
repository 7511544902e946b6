"""The folders of platforms above: a sheet put into `in` is taken once it is whole, and its report lies in `out`.

A file is whole when it was renamed from a name that is not read, or has not changed from one look to the next. What
can't be read goes to `bad` with the reason beside it, everything else to `done`.
"""

import asyncio
import hashlib
import logging
from datetime import datetime
from pathlib import Path
from uuid import UUID

import msgspec

from moshao.evidence.room import Evidence
from moshao.exchange.drawers import Drawers, Lying
from moshao.exchange.reporting import as_csv
from moshao.exchange.results import write_results
from moshao.exchange.taking import take_sheet
from moshao.exchange.wording import MOVED_ASIDE
from moshao.kit import clock, errors
from moshao.kit.config import Settings
from moshao.upstream.queries import Upstream, all_upstreams

log = logging.getLogger(__name__)

# How long a file must not have changed, where nobody looked before.
SETTLED_SECONDS = 60.0
SHEET_MOST = 20 * 1024 * 1024

sheet_too_large = errors.refusal("sheet_too_large", 413, "表格太大，最多 20 MB，请分成几份")


class _Seen(msgspec.Struct, frozen=True):
    """A file as it was at the last look. `sha256`: of its bytes, where they were found wrong then."""

    lying: Lying
    sha256: str = ""


class Folders:
    """Those of all platforms, for one process."""

    def __init__(self, evidence: Evidence, settings: Settings) -> None:
        self._evidence = evidence
        self._settings = settings
        self._seen: dict[Path, _Seen] = {}

    async def look(self, name: str | None = None) -> set[UUID]:
        """Take what is whole, write what results are due; the districts that got cases."""
        if self._settings.exchange is None:
            return set()
        districts = set()
        for upstream in await all_upstreams(self._evidence.db):
            if upstream.active and upstream.settings.folder and name in (None, upstream.name):
                drawers = Drawers(self._settings.exchange / upstream.name)
                await asyncio.to_thread(drawers.make)
                if await self._take_in(upstream, drawers):
                    districts.add(upstream.district_id)
                await write_results(self._evidence, upstream, drawers, self._settings.base_url)
        return districts

    async def _take_in(self, upstream: Upstream, drawers: Drawers) -> int:
        lying = await asyncio.to_thread(drawers.lying)
        present = {one.path for one in lying}
        self._seen = {
            path: seen for path, seen in self._seen.items() if path in present or path.parent != drawers.incoming
        }
        taken = 0
        for one in lying:
            if self._is_whole(one):
                taken += await self._take(upstream, drawers, one)
            else:
                self._seen[one.path] = _Seen(one)
        return taken

    def _is_whole(self, one: Lying) -> bool:
        before = self._seen.get(one.path)
        if before is not None and before.lying == one:
            return True
        return clock.now().timestamp() - one.changed_ns / 1e9 >= SETTLED_SECONDS

    async def _take(self, upstream: Upstream, drawers: Drawers, one: Lying) -> int:
        name, at = one.path.name, clock.now().astimezone(upstream.zone)
        content = b""
        try:
            if one.size > SHEET_MOST:
                raise sheet_too_large()
            content = await asyncio.to_thread(one.path.read_bytes)
            report = await take_sheet(
                self._evidence.db, self._evidence.blobs, upstream, name, content, origin="folder", by=None
            )
        except errors.Refused as refused:
            await self._put_aside(drawers, one, hashlib.sha256(content).hexdigest(), refused, at)
            return 0
        except FileNotFoundError:
            return 0
        await asyncio.to_thread(drawers.write, _report_name(name, content), as_csv(report))
        await asyncio.to_thread(drawers.move, one.path, drawers.done, at)
        self._seen.pop(one.path, None)
        log.info("sheet_taken", extra={"upstream": upstream.name, "new": report.new, "refused": report.refused})
        return report.new + report.changed

    async def _put_aside(
        self, drawers: Drawers, one: Lying, sha256: str, refused: errors.Refused, at: datetime
    ) -> None:
        """Some programs give a file its size before its content: it is looked at twice before it counts as bad."""
        before = self._seen.get(one.path)
        if before is None or before.sha256 != sha256:
            self._seen[one.path] = _Seen(one, sha256)
            return
        why = f"{refused.kind.title}（{refused.detail}）" if refused.detail else refused.kind.title
        said = MOVED_ASIDE.format(name=one.path.name, at=at.strftime("%Y-%m-%d %H:%M:%S"), why=why)
        await asyncio.to_thread(drawers.move, one.path, drawers.bad, at, said)
        self._seen.pop(one.path, None)
        log.warning("sheet_put_aside", extra={"upstream": drawers.root.name, "code": refused.kind.code})


def _report_name(name: str, content: bytes) -> str:
    return f"{name}-{hashlib.sha256(content).hexdigest()[:8]}.report.csv"
