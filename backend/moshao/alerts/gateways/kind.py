"""What a kind of gateway declares of itself."""

from collections.abc import Callable
from typing import Annotated, Any, Literal

import msgspec
from msgspec import Meta

from moshao.alerts.gateways.gateway import Gateway, Means

JSON_TEXT = "application/json"
Root = Annotated[str, Meta(max_length=500, pattern=r"^https?://[A-Za-z0-9.-]+(:\d{1,5})?(/[^\s?#]*)?$")]
Secret = Annotated[str, Meta(min_length=1, max_length=200)]


class Kind(msgspec.Struct, frozen=True):
    """`settings` may be shown to an administrator, `secrets` never are. Both refuse members they do not know.

    `reaches_by`: whom it can ring: who has an `address` there, a `phone` on the roster, or `anybody`.
    """

    settings: type[msgspec.Struct]
    secrets: type[msgspec.Struct]
    open: Callable[[Any, Any, Means], Gateway]
    reaches_by: Literal["address", "phone", "anybody"]
