"""What is agreed with one upstream platform. Every member has a default; unknown members are refused."""

import re
from typing import Literal

import msgspec

from moshao.kit import errors
from moshao.places.datum import Datum
from moshao.upstream.hosts import host_of

HOST = re.compile(r"(\*\.)?[a-z0-9]([a-z0-9.:-]{0,250}[a-z0-9])?", re.IGNORECASE)
URL_MOST = 2048
HOSTS_MOST = 50


class UpstreamSettings(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """Stored as JSON in `upstreams.settings`.

    `closing_authority` district: our supervisor closes; upstream: a passed review waits for its word.
    `decisions` there: it grants extension, shelving and handback. `datum` of its coordinates where they name none.
    `media`: our photos go by link, inside the event, or are uploaded to `upload_url` before it.
    `photo_hosts` from which photos are fetched. `feedback_url`: where our events go, none: nowhere.
    """

    closing_authority: Literal["district", "upstream"] = "district"
    decisions: Literal["here", "there"] = "here"
    media: Literal["link", "inline_base64", "upload"] = "link"
    datum: Datum = "wgs84"
    photo_hosts: tuple[str, ...] = ()
    feedback_url: str | None = None
    upload_url: str | None = None


def read_settings(text: str) -> UpstreamSettings:
    """The settings stored in an upstream's row."""
    return msgspec.json.decode(text or "{}", type=UpstreamSettings)


def written(settings: UpstreamSettings) -> str:
    """The settings as they are stored."""
    return msgspec.json.encode(settings).decode()


def check(settings: UpstreamSettings) -> None:
    """Raises `bad_field` for an address nobody can call, or a host that is none."""
    for field, url in (("feedback_url", settings.feedback_url), ("upload_url", settings.upload_url)):
        if url is not None and (len(url) > URL_MOST or not url.isprintable() or host_of(url) is None):
            raise _wrong(field, "应为 http 或 https 地址")
    if settings.media == "upload" and settings.upload_url is None:
        raise _wrong("upload_url", "照片要上传时，请填写上传地址")
    if len(settings.photo_hosts) > HOSTS_MOST or not all(HOST.fullmatch(host) for host in settings.photo_hosts):
        raise _wrong("photo_hosts", "应为主机名，例如 photos.city.example 或 *.city.example")


def _wrong(field: str, detail: str) -> errors.Refused:
    return errors.bad_field(field, errors=(errors.FieldError(f"agreed.{field}", "invalid", detail),))
