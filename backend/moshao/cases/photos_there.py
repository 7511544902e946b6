"""Nothing passes or closes before its photos are there."""

from moshao.cases.case import Case
from moshao.cases.photos import missing_of
from moshao.kit import errors
from moshao.kit.db import Reader

photos_missing = errors.refusal("photos_missing", 409, "照片还没有全部传到，请稍后再试")


async def check_photos_there(reader: Reader, case: Case) -> None:
    """Raises `photos_missing`, naming those that the closure named and that are still on their way."""
    missing = await missing_of(reader, case.closure_id)
    if missing:
        raise photos_missing(f"还缺 {len(missing)} 张", photos_missing=[str(photo_id) for photo_id in missing])
