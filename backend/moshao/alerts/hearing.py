"""What an open app has to ring for: what its person was rung for and has not heard on any way."""

from datetime import timedelta
from uuid import UUID

from moshao.alerts.composing import Composer
from moshao.alerts.message import Language, Message
from moshao.alerts.planning import APP
from moshao.kit import clock
from moshao.kit.db import Reader

MOST = 50
# Longer ago it stands in the list, but rings no more.
LATELY = timedelta(hours=12)
_UNHEARD = """
SELECT d.* FROM deliveries d
WHERE d.person_id = ? AND d.made_at > ? AND d.channel = ? AND d.fate = 'waiting' AND d.expires_at > ?
AND NOT EXISTS (SELECT 1 FROM deliveries o WHERE o.notice_id = d.notice_id AND o.fate IN ('shown', 'opened'))
ORDER BY d.made_at DESC, d.id LIMIT ?
"""


async def unheard(reader: Reader, person_id: UUID, language: Language) -> list[Message]:
    """The newest first. The app confirms each with a receipt; then it is in no list any more."""
    now = clock.now()
    rows = await reader.all(_UNHEARD, person_id, now - LATELY, APP, now, MOST)
    composer = Composer(reader, rows)
    await composer.load()
    return [composer.message(row, language) for row in rows if not composer.is_over(row)]
