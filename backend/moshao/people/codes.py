"""How the roster names what somebody answers for, and why he is away; what a calendar is called."""

import re
from typing import Annotated, Literal

from msgspec import Meta

# A unit grid, a street or community as a prefix of it, or everywhere.
GridCode = Annotated[str, Meta(pattern=r"^(\*|[0-9A-Z]{6,20})$")]
# `kind:major` + minor, each as far as it goes, or every class.
ClassPrefix = Annotated[str, Meta(pattern=r"^(\*|(component|matter):([0-9]{2}([0-9]{2,3})?)?)$")]
AbsenceKind = Literal["leave", "sick", "rest", "training", "other"]
CALENDAR_CODE = re.compile(r"[0-9a-z_-]{1,40}")
