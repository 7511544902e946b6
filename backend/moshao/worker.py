"""`moshao worker`: whatever happens without anybody asking. Many workers may run; each task has one at a time."""

import asyncio
import logging
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from uuid import UUID

from moshao.alerts.broadcasting import go_on
from moshao.alerts.climbing import climb
from moshao.alerts.digesting import show_digests
from moshao.alerts.forgetting import forget_old as forget_old_rings
from moshao.alerts.forgetting import forget_signed_out
from moshao.alerts.gateway_asking import ask_who_has_read
from moshao.alerts.keys import ensure_key
from moshao.alerts.lanes import AT_ONCE as RINGS_AT_ONCE
from moshao.alerts.reading import read_journals
from moshao.alerts.sending import Ringer
from moshao.bulletins.scheduling import draft_due
from moshao.cases.due import tick_due
from moshao.cases.photo_arriving import photo_arrived
from moshao.cases.unit_moving import follow_moved_units
from moshao.dispatch.resting import hand_over_for_absent
from moshao.evidence.opening import open_evidence
from moshao.evidence.room import Evidence
from moshao.evidence.sweeping import sweep
from moshao.exchange.folder import Folders
from moshao.exchange.scheduling import reconcile_due
from moshao.figures.keeping import keep_days
from moshao.journal.queries import all_heads
from moshao.kit import clock
from moshao.kit.blob_stores import open_blobs
from moshao.kit.config import Settings
from moshao.kit.databases import open_database
from moshao.kit.leases import Leases
from moshao.kit.migrating import migrate
from moshao.kit.outgoing import Outgoing, open_outgoing
from moshao.kit.pulse import Pulse
from moshao.kit.relaying import relaying
from moshao.kit.standing_tasks import StandingTasks, Task
from moshao.kit.stopping import noticing
from moshao.operate.backup_schedule import back_up_when_due
from moshao.people.sessions import forget_old as forget_old_sessions
from moshao.sync.remembering import forget_old as forget_old_cursors
from moshao.upstream.answering import forget_old_answers
from moshao.upstream.fetching import fetch_photos
from moshao.upstream.queueing import queue_feedback
from moshao.upstream.telling import Teller, forget_sent

log = logging.getLogger(__name__)

HOUR_S = 3600.0
# Between two lots of a broadcast: push services take them no faster, and others ask the database meanwhile.
BREATH_S = 0.1


class Tools:
    """What tasks work with. `heads`: how far the journals had come when this process last looked."""

    def __init__(
        self,
        settings: Settings,
        evidence: Evidence,
        outgoing: Outgoing,
        ringing: Outgoing,
        pulse: Pulse,
        stopping: asyncio.Event,
    ) -> None:
        self.settings = settings
        self.db = evidence.db
        self.evidence = evidence
        self.outgoing = outgoing
        self.teller = Teller(evidence, outgoing, settings)
        # A pool of its own: push services that hang hold up neither feedback nor photos.
        self.ringer = Ringer(evidence.db, ringing, settings, stopping)
        self.folders = Folders(evidence, settings)
        self.pulse = pulse
        self.stopping = stopping
        self.heads: dict[UUID, int] = {}

    def wake(self) -> None:
        """Let every task look that waits for news."""
        for district_id in self.heads:
            self.pulse.feel(district_id)


async def watch_journals(tools: Tools) -> int:
    """Feel what other processes wrote, where nothing carries their beats here; end where the disk failed."""
    if tools.db.failed():
        tools.stopping.set()
    heads = await all_heads(tools.db)
    for district_id, seq in heads.items():
        if tools.heads.get(district_id) != seq:
            tools.pulse.feel(district_id)
    tools.heads = heads
    return 0


async def run_clocks(tools: Tools) -> int:
    """Half time, nearly late, late, back from the shelf."""
    districts = await tick_due(tools.db, clock.now())
    for district_id in districts:
        tools.pulse.beat(district_id)
    return len(districts)


async def begin_absences(tools: Tools) -> int:
    """The open cases of who is away from now on go to whoever stands in."""
    districts = await hand_over_for_absent(tools.db, clock.now())
    for district_id in districts:
        tools.pulse.beat(district_id)
    return len(districts)


async def follow_units(tools: Tools) -> int:
    """The open cases of units that were put elsewhere in the tree."""
    moved = await follow_moved_units(tools.db)
    if moved:
        tools.wake()
    return moved


async def queue_for_upstreams(tools: Tools) -> int:
    """What the journal has for the platforms above."""
    queued = await queue_feedback(tools.db)
    if queued:
        tools.wake()
    return queued


async def tell_upstreams(tools: Tools) -> int:
    """Send what is queued for them."""
    return await tools.teller.send_feedback()


async def ring_the_bell(tools: Tools) -> int:
    """Who must know what, how far each alert has climbed, which digest is due."""
    db = tools.db
    spoken_to = await go_on(db)
    districts = await read_journals(db) | await climb(db) | await show_digests(db) | spoken_to
    for district_id in districts:
        tools.pulse.beat(district_id)
    if spoken_to:
        await asyncio.sleep(BREATH_S)
    return len(districts)


async def send_rings(tools: Tools) -> int:
    """Web Push and gateways."""
    return await tools.ringer.send_due()


async def ask_gateways(tools: Tools) -> int:
    """Who has read what, of gateways that tell only when asked."""
    await ask_who_has_read(tools.db, tools.ringer.gateways)
    return 0


async def fetch_upstream_photos(tools: Tools) -> int:
    """The photos that cases from above name."""
    return await fetch_photos(tools.evidence, tools.outgoing)


async def exchange_sheets(tools: Tools) -> int:
    """Sheets that lie in the folders of platforms above, and the results for them."""
    districts = await tools.folders.look()
    for district_id in districts:
        tools.pulse.beat(district_id)
    return 0


async def reconcile_books(tools: Tools) -> int:
    """The daily comparison with platforms that can be asked."""
    await reconcile_due(tools.db, tools.outgoing)
    return 0


async def sweep_photos(tools: Tools) -> int:
    """Uploads nobody finished, deleted photos, old quarantine."""
    return await sweep(tools.evidence)


async def forget_traces(tools: Tools) -> int:
    """Sessions, proofs, failed tries and cursors that say nothing any more."""
    await tools.db.write(forget_old_sessions)
    await tools.db.write(forget_old_cursors)
    await forget_old_answers(tools.db)
    await forget_sent(tools.db)
    await forget_old_rings(tools.db)
    await forget_signed_out(tools.db)
    return 0


async def draft_bulletins(tools: Tools) -> int:
    """The bulletins of weeks, months and quarters that are over."""
    districts = await draft_due(tools.db, clock.now())
    for district_id in districts:
        tools.pulse.beat(district_id)
    return len(districts)


async def keep_figures(tools: Tools) -> int:
    """Days of cases, counted before anybody asks."""
    return await keep_days(tools.db, clock.now())


async def take_backup(tools: Tools) -> int:
    """The night's backup, where the settings say where to."""
    await back_up_when_due(tools.db, tools.settings)
    return 0


TASKS: list[Task[Tools]] = [
    Task(name="journals", period_s=0.2, run=watch_journals, shared=True),
    Task(name="clocks", period_s=1, run=run_clocks),
    Task(name="moved_units", period_s=1, run=follow_units, woken=True),
    Task(name="absences", period_s=2, run=begin_absences),
    Task(name="bell", period_s=1, run=ring_the_bell, woken=True),
    Task(name="rings", period_s=1, run=send_rings, woken=True),
    Task(name="read_rings", period_s=20, run=ask_gateways),
    Task(name="feedback_queue", period_s=1, run=queue_for_upstreams, woken=True),
    Task(name="feedback", period_s=1, run=tell_upstreams, woken=True),
    Task(name="upstream_photos", period_s=1, run=fetch_upstream_photos, woken=True),
    Task(name="exchange", period_s=5, run=exchange_sheets),
    Task(name="reconciliations", period_s=300, run=reconcile_books),
    Task(name="photo_sweep", period_s=600, run=sweep_photos),
    Task(name="bulletins", period_s=300, run=draft_bulletins),
    Task(name="figures", period_s=60, run=keep_figures),
    Task(name="backup", period_s=300, run=take_backup),
    Task(name="traces", period_s=HOUR_S, run=forget_traces),
]


async def work(settings: Settings) -> int:
    """Until SIGTERM or SIGINT; ends within 15 seconds, what was begun finished or left to the next worker.

    The exit code: 1 where the database can't be written any more.
    """
    stopping = asyncio.Event()
    with noticing(stopping):
        return await work_until(settings, stopping)


async def work_until(settings: Settings, stopping: asyncio.Event) -> int:
    """The same until `stopping` is set."""
    async with _opened(settings, stopping) as tools:
        log.info("worker_started", extra={"tasks": [task.name for task in TASKS]})
        await StandingTasks(TASKS, tools, Leases(tools.db), tools.pulse, stopping).run()
        failed = tools.db.failed()
        log.info("worker_stopped", extra={"failed": failed})
    return 1 if failed else 0


@asynccontextmanager
async def _opened(settings: Settings, stopping: asyncio.Event) -> AsyncIterator[Tools]:
    pulse = Pulse()
    async with AsyncExitStack() as stack:
        db = await open_database(settings.database_url)
        stack.push_async_callback(db.close)
        await migrate(db)
        await ensure_key(db)
        blobs = open_blobs(settings.blobs_url)
        stack.push_async_callback(blobs.close)
        await stack.enter_async_context(relaying(db, pulse))
        evidence = await stack.enter_async_context(open_evidence(db, blobs, pixel_children=1, on_photo=photo_arrived))
        outgoing = await stack.enter_async_context(open_outgoing(settings.test_connect))
        ringing = await stack.enter_async_context(open_outgoing(settings.test_connect, RINGS_AT_ONCE))
        yield Tools(settings, evidence, outgoing, ringing, pulse, stopping)
