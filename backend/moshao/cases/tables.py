"""Cases, the acts done on them, who may see them, what is asked for."""

from piccolo.columns import UUID, BigInt, Boolean, DoublePrecision, Integer, Text, Timestamptz, Varchar
from piccolo.table import Table


class Case(Table, tablename="cases"):
    """One problem at one place, as it stands now. What led here are its acts and journal lines.

    `flags`: the words of docs/words.md, each with a space on both sides (" overdue urged "), so that one is
    found by LIKE. `helpers`: JSON list of person ids. `verbatim`: what upstream sent, as it came.
    `next_at`: the next instant at which the worker has something to do (warn, overdue, end of shelving).
    `allowance_s`: wall seconds that a deadline named from above gave, what an extension adds once more.
    `closes_above`, `decides_above`: upstream closes this case itself, decides its requests itself.
    `asked_above`: upstream asked for the verification or check that is going on.
    `state_before`: where shelving, checking and returning came from and go back to.
    `salt`: what its digest in the journal is mixed with; erasing texts gives it a new one.
    """

    id = UUID(primary_key=True, default=None)
    district_id = UUID(default=None)
    case_no = Varchar(length=60)
    upstream_id = UUID(null=True, default=None)
    external_case_id = Varchar(length=200, null=True, default=None)
    version = BigInt(default=0)
    content = Varchar(length=80, null=True, default=None)
    verbatim = Text(null=True, default=None)
    closes_above = Boolean(default=False)
    decides_above = Boolean(default=False)
    source_code = Varchar(length=40, null=True, default=None)
    source_name = Varchar(length=80, null=True, default=None)
    source_no = Varchar(length=80, null=True, default=None)

    state = Varchar(length=16)
    state_before = Varchar(length=16, null=True, default=None)
    round = Integer(default=1)
    flags = Text(default=" ")

    code_set = Varchar(length=60, null=True, default=None)
    kind = Varchar(length=10, null=True, default=None)
    major = Varchar(length=2, null=True, default=None)
    minor = Varchar(length=3, null=True, default=None)
    condition = Varchar(length=200, null=True, default=None)
    title = Text(null=True, default=None)
    description = Text(null=True, default=None)
    address = Text(null=True, default=None)
    lon = DoublePrecision(null=True, default=None)
    lat = DoublePrecision(null=True, default=None)
    grid_code = Varchar(length=20, null=True, default=None)
    component_code = Varchar(length=40, null=True, default=None)
    reporter_name = Text(null=True, default=None)
    reporter_phone = Text(null=True, default=None)
    reported_at = Timestamptz(null=True, default=None)
    reporter_id = UUID(null=True, default=None)
    urgency = Varchar(length=10, default="normal")
    allow_handback = Boolean(default=True)
    allow_extension = Boolean(default=True)
    contact_required = Boolean(default=False)
    handback_deadline = Timestamptz(null=True, default=None)
    reply_due_at = Timestamptz(null=True, default=None)

    limit_value = Integer(null=True, default=None)
    limit_unit = Varchar(length=12, null=True, default=None)
    limit_provisional = Boolean(default=False)
    allowance_s = BigInt(null=True, default=None)
    deadline = Timestamptz(null=True, default=None)
    warn_at = Timestamptz(null=True, default=None)
    clock_state = Varchar(length=8, default="stopped")
    clock_started_at = Timestamptz(null=True, default=None)
    clock_stopped_at = Timestamptz(null=True, default=None)
    paused_at = Timestamptz(null=True, default=None)
    next_at = Timestamptz(null=True, default=None)
    extensions = Integer(default=0)
    handbacks = Integer(default=0)
    shelvings = Integer(default=0)
    ruled = Boolean(default=False)
    shelved_until = Timestamptz(null=True, default=None)

    unit_id = UUID(null=True, default=None)
    turn_unit_id = UUID(null=True, default=None)
    handler_id = UUID(null=True, default=None)
    crew_id = UUID(null=True, default=None)
    helpers = Text(default="[]")
    inspector_id = UUID(null=True, default=None)
    asked_above = Boolean(default=False)
    lead_case_id = UUID(null=True, default=None)

    filed_at = Timestamptz(null=True, default=None)
    dispatched_at = Timestamptz(null=True, default=None)
    signed_at = Timestamptz(null=True, default=None)
    assigned_at = Timestamptz(null=True, default=None)
    accepted_at = Timestamptz(null=True, default=None)
    handled_at = Timestamptz(null=True, default=None)
    handled_by = UUID(null=True, default=None)
    handled_heard_at = Timestamptz(null=True, default=None)
    closure_id = UUID(null=True, default=None)
    outcome = Varchar(length=20, null=True, default=None)
    ended_at = Timestamptz(null=True, default=None)
    on_time = Boolean(null=True, default=None)
    salt = Varchar(length=44, default="")
    changed_seq = BigInt(default=0)
    created_at = Timestamptz(default=None)


class Act(Table, tablename="acts"):
    """What somebody did, as his phone signed it. `body` is its RFC 8785 text, `content` the SHA-256 of what was
    signed, `answer` the JSON he was given. `verdict` done · kept. Erasing for privacy empties `body` only.
    `corrected_at` is by the phone's clock put right; where `clock_doubt`, the act counted by `heard_at`.
    `before`: JSON of the case's columns as they were, for a supervisor's act that may be undone."""

    id = UUID(primary_key=True, default=None)
    district_id = UUID(default=None)
    case_id = UUID(null=True, default=None)
    act = Varchar(length=24)
    person_id = UUID(default=None)
    device_id = UUID(null=True, default=None)
    on_behalf_of = UUID(null=True, default=None)
    body = Text()
    signature = Text(null=True, default=None)
    content = Varchar(length=80)
    verdict = Varchar(length=6)
    answer = Text()
    round = Integer(default=1)
    done_at = Timestamptz(default=None)
    corrected_at = Timestamptz(default=None)
    heard_at = Timestamptz(default=None)
    clock_doubt = Boolean(default=False)
    seq = BigInt(default=0)
    before = Text(null=True, default=None)
    erased_at = Timestamptz(null=True, default=None)


class CaseScope(Table, tablename="case_scopes"):
    """Whose list a case stands in, or stood in: `scope_id` is a person, a crew or a unit.

    `changed_seq` repeats the case's, so that what changed since a cursor is one range of one index. A row that is
    no longer `current` tells the phone that the case is gone. `why`: handler · crew · helper · inspector · unit ·
    reporter · handed (did the work once; stays). `given_at`: when it was first given to him, null for a reporter.
    `ended_at` repeats the case's while current: a list of open cases must not cost what history costs.
    """

    id = UUID(primary_key=True, default=None)
    case_id = UUID(default=None)
    scope_id = UUID(default=None)
    why = Varchar(length=10)
    current = Boolean(default=True)
    given_at = Timestamptz(null=True, default=None)
    ended_at = Timestamptz(null=True, default=None)
    changed_seq = BigInt(default=0)


class CasePhoto(Table, tablename="case_photos"):
    """A photo that an act or upstream named. `state` missing · held · refused (`code` says why)."""

    id = UUID(primary_key=True, default=None)
    case_id = UUID(default=None)
    photo_id = UUID(default=None)
    act_id = UUID(null=True, default=None)
    sha256 = Varchar(length=64, null=True, default=None)
    usage = Varchar(length=10)
    round = Integer(default=1)
    state = Varchar(length=8)
    code = Varchar(length=40, null=True, default=None)
    source_url = Text(null=True, default=None)
    added_at = Timestamptz(default=None)


class CaseRequest(Table, tablename="case_requests"):
    """Something asked for: `kind` extension · shelving · appeal · upstream_handback · supervision.

    `id` is the act that asked. `state` open · forwarded · granted · refused · answered.
    """

    id = UUID(primary_key=True, default=None)
    district_id = UUID(default=None)
    case_id = UUID(default=None)
    kind = Varchar(length=20)
    state = Varchar(length=10)
    person_id = UUID(null=True, default=None)
    unit_id = UUID(null=True, default=None)
    detail = Text(default="{}")
    reason = Text(null=True, default=None)
    until = Timestamptz(null=True, default=None)
    reply_by = Timestamptz(null=True, default=None)
    asked_at = Timestamptz(default=None)
    decided_at = Timestamptz(null=True, default=None)
    decided_by = UUID(null=True, default=None)
    decision_reason = Text(null=True, default=None)
    salt = Varchar(length=44)


class CaseWord(Table, tablename="case_words"):
    """What somebody said about a case: the reason of a return, an opinion, words. `kind` as in the journal.

    `code`: the reason as chosen from a list. `said_by`: who, where upstream named him by words.
    """

    id = UUID(primary_key=True, default=None)
    case_id = UUID(default=None)
    act_id = UUID(null=True, default=None)
    kind = Varchar(length=40)
    round = Integer(default=1)
    person_id = UUID(null=True, default=None)
    said_by = Text(null=True, default=None)
    code = Varchar(length=40, null=True, default=None)
    words = Text(null=True, default=None)
    at = Timestamptz(default=None)
    salt = Varchar(length=44)


class CaseNumber(Table, tablename="case_numbers"):
    """The running number of a district's day."""

    id = UUID(primary_key=True, default=None)
    district_id = UUID(default=None)
    day = Varchar(length=8)
    last = Integer(default=0)


INDEXES = [
    "CREATE UNIQUE INDEX cases_external ON cases (upstream_id, external_case_id)",
    "CREATE UNIQUE INDEX cases_number ON cases (district_id, case_no)",
    "CREATE INDEX cases_changed ON cases (district_id, changed_seq)",
    "CREATE INDEX cases_open ON cases (district_id, changed_seq) WHERE ended_at IS NULL",
    "CREATE INDEX cases_ended ON cases (district_id, ended_at) WHERE ended_at IS NOT NULL",
    "CREATE INDEX cases_state ON cases (district_id, state, deadline)",
    "CREATE INDEX cases_filed ON cases (district_id, filed_at)",
    "CREATE INDEX cases_next ON cases (next_at) WHERE next_at IS NOT NULL",
    "CREATE INDEX cases_handler ON cases (handler_id, state)",
    "CREATE INDEX cases_inspector ON cases (inspector_id, state) WHERE inspector_id IS NOT NULL",
    "CREATE INDEX cases_unit ON cases (unit_id, state)",
    "CREATE INDEX cases_lead ON cases (lead_case_id) WHERE lead_case_id IS NOT NULL",
    "CREATE INDEX acts_case ON acts (case_id, seq)",
    "CREATE INDEX acts_person ON acts (person_id)",
    "CREATE UNIQUE INDEX case_scopes_both ON case_scopes (case_id, scope_id)",
    "CREATE INDEX case_scopes_changed ON case_scopes (scope_id, changed_seq)",
    "CREATE INDEX case_scopes_open ON case_scopes (scope_id, changed_seq) WHERE current AND ended_at IS NULL",
    "CREATE INDEX case_scopes_ended ON case_scopes (scope_id, ended_at) WHERE ended_at IS NOT NULL",
    "CREATE UNIQUE INDEX case_photos_both ON case_photos (case_id, photo_id)",
    "CREATE INDEX case_photos_photo ON case_photos (photo_id)",
    "CREATE INDEX case_photos_act ON case_photos (act_id)",
    "CREATE INDEX case_requests_case ON case_requests (case_id)",
    "CREATE INDEX case_requests_open ON case_requests (district_id, state, kind)",
    "CREATE INDEX case_words_case ON case_words (case_id, at)",
    "CREATE UNIQUE INDEX case_numbers_day ON case_numbers (district_id, day)",
]
