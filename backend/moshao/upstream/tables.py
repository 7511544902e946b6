"""The platforms above: who they are, what they sent, what they are told."""

from piccolo.columns import UUID, BigInt, Boolean, Integer, Text, Timestamptz, Varchar
from piccolo.table import Table


class Upstream(Table, tablename="upstreams"):
    """A platform that sends cases to one district.

    `secrets`: JSON list of `whsec_…`, the first signs what we send, any of them opens what we get.
    `settings`: JSON of `upstream.settings.UpstreamSettings`. `told_seq`: the journal line up to which feedback
    was queued. `link_key`: hex, signs the links to photos; never told.
    """

    id = UUID(primary_key=True, default=None)
    district_id = UUID(default=None)
    name = Varchar(length=60)
    secrets = Text()
    settings = Text(default="{}")
    active = Boolean(default=True)
    told_seq = BigInt(default=0)
    link_key = Varchar(length=64)
    made_at = Timestamptz(default=None)


class IntakeMessage(Table, tablename="intake_messages"):
    """An answered delivery: the same webhook-id with the same bytes gets the same answer."""

    id = UUID(primary_key=True, default=None)
    upstream_id = UUID(default=None)
    webhook_id = Varchar(length=256)
    digest = Varchar(length=64)
    answer = Text()
    heard_at = Timestamptz(default=None)


class IntakeEvent(Table, tablename="intake_events"):
    """An accepted event. `event_key` is the SHA-256 of source and id, `content` that of type and data.

    `verbatim`: the event as it came; that of the event that made the case stands in the case.
    """

    id = UUID(primary_key=True, default=None)
    upstream_id = UUID(default=None)
    event_key = Varchar(length=64)
    type = Varchar(length=40)
    case_id = UUID(default=None)
    version = BigInt()
    content = Varchar(length=64)
    verbatim = Text(null=True, default=None)
    heard_at = Timestamptz(default=None)


class KeptEvent(Table, tablename="kept_events"):
    """What came and could not be used, as it came. `status` refused · stale; `times` it came."""

    id = UUID(primary_key=True, default=None)
    upstream_id = UUID(default=None)
    digest = Varchar(length=64)
    status = Varchar(length=8)
    code = Varchar(length=40)
    detail = Text()
    verbatim = Text()
    times = Integer(default=1)
    first_at = Timestamptz(default=None)
    last_at = Timestamptz(default=None)


class Feedback(Table, tablename="feedback"):
    """An event to be told upstream; its id is the webhook-id of every attempt. `state` waiting · sent.

    `seq` is the journal line it tells: of a case nothing is sent before what has a smaller one. `data` is what
    the event says, its photos as ids: links are minted at each attempt. Tries and waits are those of the case's
    job (kit.jobs, queue `feedback`).
    """

    id = UUID(primary_key=True, default=None)
    upstream_id = UUID(default=None)
    case_id = UUID(default=None)
    seq = BigInt()
    type = Varchar(length=40)
    at = Timestamptz(default=None)
    data = Text()
    state = Varchar(length=8)
    sent_at = Timestamptz(null=True, default=None)


class UpstreamOutage(Table, tablename="upstream_outages"):
    """A window in which nobody answered for a platform; `until_at` null: it goes on."""

    id = UUID(primary_key=True, default=None)
    upstream_id = UUID(default=None)
    from_at = Timestamptz(default=None)
    until_at = Timestamptz(null=True, default=None)
    tries = Integer(default=1)
    error = Text()


INDEXES = [
    "CREATE UNIQUE INDEX upstream_outages_open ON upstream_outages (upstream_id) WHERE until_at IS NULL",
    "CREATE INDEX upstream_outages_from ON upstream_outages (upstream_id, from_at)",
    "CREATE UNIQUE INDEX upstreams_name ON upstreams (name)",
    "CREATE INDEX upstreams_district ON upstreams (district_id)",
    "CREATE UNIQUE INDEX intake_messages_once ON intake_messages (upstream_id, webhook_id, digest)",
    "CREATE INDEX intake_messages_heard ON intake_messages (heard_at)",
    "CREATE UNIQUE INDEX intake_events_once ON intake_events (upstream_id, event_key)",
    "CREATE INDEX intake_events_version ON intake_events (case_id, version)",
    "CREATE UNIQUE INDEX kept_events_once ON kept_events (upstream_id, digest)",
    "CREATE INDEX feedback_waiting ON feedback (upstream_id, at) WHERE state = 'waiting'",
    "CREATE INDEX feedback_sent ON feedback (sent_at)",
    "CREATE UNIQUE INDEX feedback_order ON feedback (upstream_id, case_id, seq)",
]
