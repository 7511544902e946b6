"""The acts that need nothing but the case. The dispatch room adds those that place a case."""

from typing import Any

from litestar import Router

from moshao.cases.accepting import ACCEPTANCES
from moshao.cases.act_routes import act_handler
from moshao.cases.acting import ActKind
from moshao.cases.appealing import APPEAL_DECISIONS, APPEALS
from moshao.cases.assigning import ASSIGNMENTS, TRANSFERS
from moshao.cases.cancelling import CANCELLATIONS
from moshao.cases.checking import CHECKS
from moshao.cases.closing import CLOSURES
from moshao.cases.extending import EXTENSION_DECISIONS, EXTENSIONS
from moshao.cases.handing_back import HANDBACKS
from moshao.cases.merging import MERGES, UNMERGES
from moshao.cases.noting import CONTACTS, NOTES
from moshao.cases.returning import UPSTREAM_HANDBACKS
from moshao.cases.revoking import REVOCATIONS
from moshao.cases.shelving import SHELVING_DECISIONS, SHELVINGS
from moshao.cases.signing_for import SIGNINGS
from moshao.cases.undoing import UNDOINGS
from moshao.cases.unit_reviewing import UNIT_REVIEWS
from moshao.cases.urging import SUPERVISION_REPLIES, SUPERVISIONS, URGINGS
from moshao.cases.verifying import VERIFICATIONS

KINDS: tuple[ActKind[Any], ...] = (
    SIGNINGS,
    ASSIGNMENTS,
    TRANSFERS,
    REVOCATIONS,
    ACCEPTANCES,
    CLOSURES,
    HANDBACKS,
    UPSTREAM_HANDBACKS,
    UNIT_REVIEWS,
    CHECKS,
    VERIFICATIONS,
    EXTENSIONS,
    EXTENSION_DECISIONS,
    SHELVINGS,
    SHELVING_DECISIONS,
    URGINGS,
    SUPERVISIONS,
    SUPERVISION_REPLIES,
    CANCELLATIONS,
    MERGES,
    UNMERGES,
    NOTES,
    CONTACTS,
    APPEALS,
    APPEAL_DECISIONS,
    UNDOINGS,
)

router = Router(path="/", route_handlers=[act_handler(kind) for kind in KINDS])
