"""What rings whom, on which way, and what became of it. Facts of the bell live here, not in the journal."""

from piccolo.columns import UUID, BigInt, Boolean, Integer, Text, Timestamptz, Varchar
from piccolo.table import Table


class VapidKey(Table, tablename="vapid_keys"):
    """Who we are to push services (RFC 8292). `private_key` is PEM; `public_key` base64url, as browsers take it.

    Subscriptions go on with the key they were made with, so an old one stays until nobody uses it.
    """

    id = UUID(primary_key=True, default=None)
    private_key = Text()
    public_key = Varchar(length=100)
    made_at = Timestamptz(default=None)
    retired_at = Timestamptz(null=True, default=None)


class PushSubscription(Table, tablename="push_subscriptions"):
    """Where one browser may be rung. It lives as long as the session (or bound phone) that made it is signed in.

    `failures` in a row and `failed_why` the last; `origin` is scheme and host of the endpoint.
    """

    id = UUID(primary_key=True, default=None)
    district_id = UUID(default=None)
    person_id = UUID(default=None)
    session_id = UUID(default=None)
    device_id = UUID(null=True, default=None)
    key_id = UUID(default=None)
    endpoint = Text()
    endpoint_digest = Varchar(length=64)
    origin = Varchar(length=300)
    p256dh = Varchar(length=100)
    auth = Varchar(length=30)
    language = Varchar(length=2, default="zh")
    made_at = Timestamptz(default=None)
    renewed_at = Timestamptz(default=None)
    failures = Integer(default=0)
    failed_why = Varchar(length=200, null=True, default=None)


class BellCursor(Table, tablename="bell_cursors"):
    """How far the bell has read a district's journal; how many notices it has given out there."""

    district_id = UUID(primary_key=True, default=None)
    seq = BigInt(default=0)
    notices = BigInt(default=0)


class Alert(Table, tablename="alerts"):
    """Something somebody must know: it climbs its ladder until a human has heard of it.

    `ladder` case (other people follow) · person (his gateways, then the call list) · none. `state` climbing · heard
    (a receipt) · acted (the case went on) · called (「已电话通知」) · over (nothing to know any more) · unreached (it
    stands on the call list) · held (until a shift begins) · told (no ladder). `person_id` is who has to act, where
    that is one person; `cases`: how many went to him at a handover. `next_step` is due at `next_at`; steps are timed
    from `started_at`, the first ring.
    """

    id = UUID(primary_key=True, default=None)
    district_id = UUID(default=None)
    case_id = UUID(null=True, default=None)
    broadcast_id = UUID(null=True, default=None)
    seq = BigInt(null=True, default=None)
    kind = Varchar(length=40)
    urgency = Varchar(length=10)
    ladder = Varchar(length=8)
    unit_id = UUID(null=True, default=None)
    person_id = UUID(null=True, default=None)
    round = Integer(default=0)
    cases = Integer(default=1)
    state = Varchar(length=10)
    made_at = Timestamptz(default=None)
    started_at = Timestamptz(default=None)
    deadline = Timestamptz(null=True, default=None)
    next_step = Varchar(length=16, null=True, default=None)
    next_at = Timestamptz(null=True, default=None)
    ended_at = Timestamptz(null=True, default=None)


class Ring(Table, tablename="rings"):
    """An alert reached for a person, at this `step` of its ladder; he hears of it by this notice."""

    id = UUID(primary_key=True, default=None)
    alert_id = UUID(default=None)
    notice_id = UUID(default=None)
    person_id = UUID(default=None)
    step = Varchar(length=16)
    at = Timestamptz(default=None)


class Notice(Table, tablename="notices"):
    """What a person is shown as one notification: one ring, or the digest of a burst.

    A digest gathers rings until `due_at`; `state` gathering · out. Those that are out are numbered in their district,
    so that open apps are woken; `due_at` is then when they went out.
    """

    id = UUID(primary_key=True, default=None)
    district_id = UUID(default=None)
    person_id = UUID(default=None)
    case_id = UUID(null=True, default=None)
    kind = Varchar(length=40)
    urgency = Varchar(length=10)
    digest = Boolean(default=False)
    state = Varchar(length=10)
    made_at = Timestamptz(default=None)
    due_at = Timestamptz(default=None)
    number = BigInt(null=True, default=None)
    expires_at = Timestamptz(default=None)


class Delivery(Table, tablename="deliveries"):
    """A notice on one way to one phone. The id is 128 random bits: whoever shows it, received it.

    `channel` app (the open app's live stream) · push · a gateway's kind. `fate` waiting · sent · shown · opened ·
    failed (`why`) · needless (`why`: what it told is over, or its gateway rings for urgent ones alone). While `waiting`
    it is due at `due_at`, and `lease` says which attempt has it until then.
    """

    id = UUID(primary_key=True, default=None)
    district_id = UUID(default=None)
    notice_id = UUID(default=None)
    person_id = UUID(default=None)
    channel = Varchar(length=16)
    subscription_id = UUID(null=True, default=None)
    gateway_id = UUID(null=True, default=None)
    origin = Varchar(length=300, default="")
    urgent = Boolean(default=False)
    fate = Varchar(length=8)
    why = Varchar(length=200, null=True, default=None)
    foreign_id = Varchar(length=200, null=True, default=None)
    tries = Integer(default=0)
    due_at = Timestamptz(null=True, default=None)
    lease = UUID(null=True, default=None)
    made_at = Timestamptz(default=None)
    sent_at = Timestamptz(null=True, default=None)
    shown_at = Timestamptz(null=True, default=None)
    opened_at = Timestamptz(null=True, default=None)
    expires_at = Timestamptz(default=None)


class Broadcast(Table, tablename="broadcasts"):
    """Words to everybody of a district, unit or role. `after` is the staff_no up to which people have been rung."""

    id = UUID(primary_key=True, default=None)
    district_id = UUID(default=None)
    by_id = UUID(default=None)
    unit_id = UUID(null=True, default=None)
    role = Varchar(length=16, null=True, default=None)
    words = Text()
    emergency = Boolean(default=False)
    made_at = Timestamptz(default=None)
    after = Varchar(length=40, default="")
    done = Boolean(default=False)
    people = Integer(default=0)
    resting = Integer(default=0)


class Call(Table, tablename="alert_calls"):
    """「已电话通知」: somebody called, and whom he reached. It stops the alert."""

    id = UUID(primary_key=True, default=None)
    district_id = UUID(default=None)
    alert_id = UUID(default=None)
    person_id = UUID(default=None)
    by_id = UUID(default=None)
    at = Timestamptz(default=None)


class Gateway(Table, tablename="gateways"):
    """A way beside Web Push. `settings` and `secrets` are JSON as its kind explains them; rung in order of `rank`."""

    id = UUID(primary_key=True, default=None)
    district_id = UUID(default=None)
    kind = Varchar(length=16)
    name = Varchar(length=60)
    settings = Text()
    secrets = Text()
    rank = Integer(default=0)
    active = Boolean(default=True)
    made_at = Timestamptz(default=None)


class GatewayAddress(Table, tablename="gateway_addresses"):
    """What a person is called there (企业微信 userid …). `invalid_at`: it said there is nobody so called."""

    id = UUID(primary_key=True, default=None)
    gateway_id = UUID(default=None)
    person_id = UUID(default=None)
    address = Varchar(length=200)
    invalid_at = Timestamptz(null=True, default=None)


INDEXES = [
    "CREATE INDEX push_subscriptions_person ON push_subscriptions (person_id)",
    "CREATE INDEX push_subscriptions_session ON push_subscriptions (session_id)",
    "CREATE UNIQUE INDEX push_subscriptions_endpoint ON push_subscriptions (endpoint_digest)",
    "CREATE INDEX alerts_due ON alerts (next_at) WHERE next_at IS NOT NULL",
    "CREATE INDEX alerts_case ON alerts (case_id) WHERE case_id IS NOT NULL",
    "CREATE INDEX alerts_broadcast ON alerts (broadcast_id) WHERE broadcast_id IS NOT NULL",
    "CREATE INDEX alerts_unreached ON alerts (district_id) WHERE state = 'unreached'",
    "CREATE INDEX alerts_open ON alerts (state) WHERE state IN ('climbing', 'held', 'unreached')",
    "CREATE INDEX alerts_made ON alerts (made_at)",
    "CREATE UNIQUE INDEX rings_both ON rings (alert_id, person_id, step)",
    "CREATE INDEX rings_notice ON rings (notice_id)",
    "CREATE INDEX rings_at ON rings (at)",
    "CREATE INDEX notices_person ON notices (person_id, due_at)",
    "CREATE INDEX notices_case ON notices (case_id) WHERE case_id IS NOT NULL",
    "CREATE INDEX notices_number ON notices (district_id, number)",
    "CREATE INDEX notices_due ON notices (due_at) WHERE state = 'gathering'",
    "CREATE INDEX notices_made ON notices (made_at)",
    "CREATE INDEX deliveries_notice ON deliveries (notice_id)",
    "CREATE INDEX deliveries_due ON deliveries (urgent, due_at) WHERE fate = 'waiting' AND due_at IS NOT NULL",
    "CREATE INDEX deliveries_person ON deliveries (person_id, made_at)",
    "CREATE INDEX deliveries_made ON deliveries (made_at)",
    "CREATE INDEX deliveries_foreign ON deliveries (gateway_id, foreign_id) WHERE foreign_id IS NOT NULL",
    "CREATE INDEX broadcasts_district ON broadcasts (district_id, made_at)",
    "CREATE INDEX broadcasts_going ON broadcasts (made_at) WHERE NOT done",
    "CREATE INDEX alert_calls_alert ON alert_calls (alert_id)",
    "CREATE INDEX gateways_district ON gateways (district_id, rank)",
    "CREATE UNIQUE INDEX gateway_addresses_both ON gateway_addresses (gateway_id, person_id)",
]
