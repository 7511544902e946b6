"""The photo behind a link that upstream was told."""

import msgspec

from moshao.evidence import keys
from moshao.evidence.queries import find_photos
from moshao.evidence.room import Evidence
from moshao.upstream.linking import is_good, read_token
from moshao.upstream.queries import upstream_by_id

# Of a case of this upstream, of a report it was told, or of the lead that its own case was merged under.
_NAMED = """
SELECT p.id FROM case_photos p JOIN cases c ON c.id = p.case_id
WHERE p.photo_id = ? AND c.district_id = ? AND (
    c.upstream_id = ? OR c.upstream_id IS NULL
    OR EXISTS (SELECT 1 FROM cases m WHERE m.lead_case_id = c.id AND m.upstream_id = ?)
) LIMIT 1
"""


class LinkedPhoto(msgspec.Struct, frozen=True):
    content: bytes
    media_type: str
    sha256: str


async def find_linked(evidence: Evidence, token: str) -> LinkedPhoto | None:
    """The original, if the link is good and the photo is here and of one of that upstream's cases."""
    linked = read_token(token)
    upstream = await upstream_by_id(evidence.db, linked.upstream_id) if linked else None
    if linked is None or upstream is None or not upstream.active or not is_good(linked, upstream.link_key):
        return None
    async with evidence.db.reading() as reader:
        named = await reader.one(_NAMED, linked.photo_id, upstream.district_id, upstream.id, upstream.id)
        found = (await find_photos(reader, [linked.photo_id]))[linked.photo_id]
    if named is None or found.state != "held" or found.sha256 is None:
        return None
    content = await evidence.blobs.read(keys.original(found.sha256))
    return LinkedPhoto(content, found.media_type or "application/octet-stream", found.sha256)
