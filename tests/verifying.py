"""What `moshao verify` says of a database, photos apart."""

from uuid import UUID

from moshao.kit.db import Database
from moshao.operate.verifying import verify_acts, verify_journal
from moshao.operate.verifying_cases import verify_cases


async def faults_of_rows(db: Database, district_id: UUID) -> list[str]:
    """Every fault of journal, acts and cases, in words."""
    checks = (verify_journal, verify_acts, verify_cases)
    return [f"{each.what} {each.which} {each.why}" for check in checks async for each in check(db, district_id)]
