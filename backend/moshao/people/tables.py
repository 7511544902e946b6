"""五定: who works where, on which phone, at which hours, for which grids and classes."""

from piccolo.columns import UUID, BigInt, Boolean, Integer, Text, Timestamptz, Varchar
from piccolo.table import Table


class District(Table, tablename="districts"):
    """One district sees only itself. `settings` is the JSON of `people.settings.DistrictSettings`."""

    id = UUID(primary_key=True, default=None)
    code = Varchar(length=12)
    name = Varchar(length=60)
    settings = Text()
    created_at = Timestamptz(default=None)


class Unit(Table, tablename="units"):
    """A node of the tree 二级 → 三级 → 社区/中队. `path` is its ancestors' ids and its own, joined by '/'."""

    id = UUID(primary_key=True, default=None)
    district_id = UUID(default=None)
    parent_id = UUID(null=True, default=None)
    path = Varchar(length=230)
    depth = Integer()
    code = Varchar(length=30)
    name = Varchar(length=60)
    kind = Varchar(length=12)
    street_code = Varchar(length=12, null=True, default=None)
    phone = Varchar(length=30, null=True, default=None)
    active = Boolean(default=True)


class Person(Table, tablename="people"):
    """`roster` rises with each change of role, unit or duty: a phone that saw another one starts again."""

    id = UUID(primary_key=True, default=None)
    district_id = UUID(default=None)
    unit_id = UUID(default=None)
    staff_no = Varchar(length=40)
    name = Varchar(length=60)
    role = Varchar(length=16)
    phone = Varchar(length=30, null=True, default=None)
    password_hash = Text(null=True, default=None)
    pin_hash = Text(null=True, default=None)
    active = Boolean(default=True)
    roster = BigInt(default=0)
    created_at = Timestamptz(default=None)


class Crew(Table, tablename="crews"):
    id = UUID(primary_key=True, default=None)
    district_id = UUID(default=None)
    unit_id = UUID(default=None)
    name = Varchar(length=60)


class CrewMember(Table, tablename="crew_members"):
    id = UUID(primary_key=True, default=None)
    crew_id = UUID(default=None)
    person_id = UUID(default=None)


class Post(Table, tablename="posts"):
    """岗. `shared` = one phone serves whoever stands at the post, by PIN."""

    id = UUID(primary_key=True, default=None)
    district_id = UUID(default=None)
    unit_id = UUID(default=None)
    name = Varchar(length=60)
    shared = Boolean(default=False)


class Shift(Table, tablename="shifts"):
    """Hours of a day, minutes from midnight in the district's zone; `until` past 1440 ends tomorrow.

    `weekdays`: the days it begins on, `1` Monday to `7` Sunday ("1234567"). `holidays`: as_usual · off (free days
    off, make-up workdays on) · only.
    """

    id = UUID(primary_key=True, default=None)
    district_id = UUID(default=None)
    name = Varchar(length=60)
    from_minute = Integer()
    until_minute = Integer()
    weekdays = Varchar(length=7)
    holidays = Varchar(length=8, default="as_usual")


class Duty(Table, tablename="duties"):
    """责: this person at this post answers, in these hours, for these grids and classes.

    `grids`: JSON list of grid or street codes, `["*"]` = everywhere in the unit's area; `classes`: JSON list of
    `kind:major[minor]` prefixes or `["*"]`; `level` 0 on duty, 1 and 2 on call, 3 leader on call. `from_day` and
    `until_day` (inclusive) bound it to some dates: overtime, the roster of a holiday.
    """

    id = UUID(primary_key=True, default=None)
    district_id = UUID(default=None)
    unit_id = UUID(default=None)
    post_id = UUID(null=True, default=None)
    person_id = UUID(default=None)
    shift_id = UUID(default=None)
    grids = Text()
    classes = Text()
    level = Integer(default=0)
    from_day = Varchar(length=10, null=True, default=None)
    until_day = Varchar(length=10, null=True, default=None)


class Absence(Table, tablename="absences"):
    """请假, with who stands in (替班). `hand_over`: when it begins, his open cases go to whoever stands in; they went
    at `handed_over_at`."""

    id = UUID(primary_key=True, default=None)
    district_id = UUID(default=None)
    person_id = UUID(default=None)
    from_at = Timestamptz(default=None)
    until_at = Timestamptz(default=None)
    kind = Varchar(length=20)
    stand_in_id = UUID(null=True, default=None)
    hand_over = Boolean(default=False)
    handed_over_at = Timestamptz(null=True, default=None)


class Device(Table, tablename="devices"):
    """机. `state` active · replaced (may deliver 14 days more) · lost · returned. A post's phone has no person.

    `renewable`: somebody signed in here and did not sign out, so the key alone may renew his session. `signed_in_id`:
    who it is, on a post's phone; for everybody else the key only delivers.
    `unsent`, `oldest_unsent_at`, `app_version` as it last said; `findings`: JSON of its last self-check, `checked_at`.
    """

    id = UUID(primary_key=True, default=None)
    district_id = UUID(default=None)
    person_id = UUID(null=True, default=None)
    post_id = UUID(null=True, default=None)
    public_key = Text()
    thumbprint = Varchar(length=64)
    name = Varchar(length=80)
    platform = Varchar(length=80)
    state = Varchar(length=10, default="active")
    paired_at = Timestamptz(default=None)
    ended_at = Timestamptz(null=True, default=None)
    renewable = Boolean(default=False)
    signed_in_id = UUID(null=True, default=None)
    unsent = Integer(default=0)
    oldest_unsent_at = Timestamptz(null=True, default=None)
    app_version = Varchar(length=40, null=True, default=None)
    findings = Text(default="[]")
    checked_at = Timestamptz(null=True, default=None)
    seen_at = Timestamptz(null=True, default=None)


class Pairing(Table, tablename="pairings"):
    """A code that lets one phone in; bound to the first key that used it. No `expires_at`: for ever (demo)."""

    id = UUID(primary_key=True, default=None)
    district_id = UUID(default=None)
    person_id = UUID(default=None)
    post_id = UUID(null=True, default=None)
    code_digest = Varchar(length=64)
    expires_at = Timestamptz(null=True, default=None)
    thumbprint = Varchar(length=64, null=True, default=None)
    device_id = UUID(null=True, default=None)
    made_by = UUID(null=True, default=None)
    made_at = Timestamptz(default=None)


class Session(Table, tablename="sessions"):
    id = UUID(primary_key=True, default=None)
    district_id = UUID(default=None)
    person_id = UUID(default=None)
    device_id = UUID(null=True, default=None)
    token_digest = Varchar(length=64)
    deliver_only = Boolean(default=False)
    created_at = Timestamptz(default=None)
    expires_at = Timestamptz(default=None)
    ended_at = Timestamptz(null=True, default=None)


class UsedProof(Table, tablename="used_proofs"):
    """A renewal proof counts once."""

    id = UUID(primary_key=True, default=None)
    device_id = UUID(default=None)
    jti = Varchar(length=80)
    until = Timestamptz(default=None)


class FailedTry(Table, tablename="failed_tries"):
    """Failed sign-ins; successes never count."""

    id = UUID(primary_key=True, default=None)
    account = Varchar(length=64)
    address = Varchar(length=64)
    at = Timestamptz(default=None)


class QuarantinedAct(Table, tablename="quarantined_acts"):
    """An act that came from a phone called lost: never done, kept for a supervisor to look at. `body` as it came."""

    id = UUID(primary_key=True, default=None)
    district_id = UUID(default=None)
    device_id = UUID(default=None)
    person_id = UUID(default=None)
    path = Varchar(length=200)
    signature = Text(null=True, default=None)
    device_time = Varchar(length=64, null=True, default=None)
    body = Text()
    heard_at = Timestamptz(default=None)


INDEXES = [
    "CREATE UNIQUE INDEX districts_code ON districts (code)",
    "CREATE UNIQUE INDEX units_code ON units (district_id, code)",
    "CREATE UNIQUE INDEX people_staff_no ON people (staff_no)",
    "CREATE INDEX people_unit ON people (unit_id)",
    "CREATE INDEX crews_unit ON crews (unit_id)",
    "CREATE UNIQUE INDEX crew_members_both ON crew_members (crew_id, person_id)",
    "CREATE INDEX crew_members_person ON crew_members (person_id)",
    "CREATE INDEX posts_unit ON posts (unit_id)",
    "CREATE INDEX shifts_district ON shifts (district_id)",
    "CREATE INDEX duties_unit ON duties (unit_id)",
    "CREATE INDEX duties_person ON duties (person_id)",
    "CREATE INDEX duties_post ON duties (post_id)",
    "CREATE INDEX duties_shift ON duties (shift_id)",
    "CREATE INDEX absences_person ON absences (person_id, until_at)",
    "CREATE INDEX absences_district ON absences (district_id, until_at)",
    "CREATE INDEX absences_stand_in ON absences (stand_in_id, until_at)",
    "CREATE INDEX absences_to_hand_over ON absences (from_at) WHERE hand_over AND handed_over_at IS NULL",
    "CREATE INDEX devices_person ON devices (person_id)",
    "CREATE INDEX devices_post ON devices (post_id)",
    "CREATE UNIQUE INDEX pairings_code ON pairings (person_id, code_digest)",
    "CREATE UNIQUE INDEX sessions_token ON sessions (token_digest)",
    "CREATE INDEX sessions_person ON sessions (person_id)",
    "CREATE INDEX sessions_device ON sessions (device_id, person_id)",
    "CREATE INDEX sessions_expires ON sessions (expires_at)",
    "CREATE UNIQUE INDEX used_proofs_jti ON used_proofs (device_id, jti)",
    "CREATE INDEX used_proofs_until ON used_proofs (until)",
    "CREATE UNIQUE INDEX quarantined_acts_path ON quarantined_acts (device_id, path)",
    "CREATE INDEX failed_tries_account ON failed_tries (account, address, at)",
    "CREATE INDEX failed_tries_address ON failed_tries (address, at)",
    "CREATE INDEX failed_tries_at ON failed_tries (at)",
]
