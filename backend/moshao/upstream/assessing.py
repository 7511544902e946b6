"""What an event means here: class, place and time limit by this district's own tables. Pure."""

from datetime import datetime
from typing import Any

import msgspec

from moshao.catalogue.rules import Catalogue
from moshao.dispatch.assessing import class_in, limit_by_class, place_in
from moshao.hours.limits import Limit
from moshao.people.settings import DistrictSettings
from moshao.places.locating import Places
from moshao.upstream.news import CaseNews


class Assessed(msgspec.Struct, frozen=True, kw_only=True):
    """`columns` of `cases`; `flags` of the case. `deadline` beats `limit`.

    `provisional` (暂定): neither upstream nor the catalogue named a limit.
    """

    columns: dict[str, Any]
    flags: tuple[str, ...]
    limit: Limit | None
    deadline: datetime | None
    provisional: bool


def assess(news: CaseNews, catalogue: Catalogue, places: Places, district: DistrictSettings) -> Assessed:
    """A whole case. What the event leaves out and the tables can't tell is flagged."""
    columns = dict(news.columns)
    found, class_flags = class_in(columns, catalogue, district)
    flags = [*class_flags, *place_in(columns, news.place, places)]
    if news.bad_photos:
        flags.append("bad_photo")
    if columns.get("urgency") == "urgent":
        flags.append("urgent")
    limit, provisional = news.limit, False
    if limit is None and news.deadline is None:
        limit, provisional = limit_by_class(found, columns.get("condition"), catalogue, district)
    return Assessed(columns=columns, flags=tuple(flags), limit=limit, deadline=news.deadline, provisional=provisional)
