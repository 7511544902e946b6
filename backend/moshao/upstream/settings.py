"""What is agreed with one upstream platform. Every member has a default; unknown members are refused."""

import re
from typing import Literal

import msgspec

from moshao.kit import errors
from moshao.places.datum import Datum
from moshao.upstream.hosts import host_of

HOST = re.compile(r"(\*\.)?[a-z0-9]([a-z0-9.:-]{0,250}[a-z0-9])?", re.IGNORECASE)
HOUR = re.compile(r"([01]\d|2[0-3]):[0-5]\d")
URL_MOST = 2048
HOSTS_MOST = 50
COLUMNS_MOST = 200
RESULTS_MINUTES_MOST = 7 * 24 * 60

# Our words for the columns of a sheet.
SheetField = Literal[
    "external_case_id", "case_no", "kind", "major", "minor", "condition", "title", "description", "address", "lon",
    "lat", "coordinates", "grid_code", "component_code", "source_name", "reported_at", "dispatched_at", "deadline",
    "limit", "handback_deadline", "unit_code", "unit_name", "urgency", "reporter_name", "reporter_phone", "state",
    "closed_at", "handled_at", "on_time", "overdue", "photos",
]  # fmt: skip


class UpstreamSettings(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """Stored as JSON in `upstreams.settings`.

    `closing_authority` district: our supervisor closes; upstream: a passed review waits for its word.
    `decisions` there: it grants extension, shelving and handback. `datum` of its coordinates where they name none.
    `media`: our photos go by link, inside the event, or are uploaded to `upload_url` before it.
    `dialect` in which it is told; in eGova's we are called `sender_code`.
    `sheet_columns`: what its sheets call a column, to our word for it, where the usual names don't do.
    `folder`: it exchanges sheets by its folder under MOSHAO_EXCHANGE, results every `results_minutes`.
    `query_url`: where its book can be asked for; every day at `reconcile_at` (HH:MM) it is.
    `photo_hosts` from which photos are fetched. `feedback_url`: where our events go, none: nowhere.
    """

    closing_authority: Literal["district", "upstream"] = "district"
    decisions: Literal["here", "there"] = "here"
    media: Literal["link", "inline_base64", "upload"] = "link"
    datum: Datum = "wgs84"
    photo_hosts: tuple[str, ...] = ()
    feedback_url: str | None = None
    upload_url: str | None = None
    dialect: Literal["events", "egova"] = "events"
    sender_code: str = "moshao"
    sheet_columns: dict[str, SheetField] = {}
    folder: bool = False
    results_minutes: int = 60
    query_url: str | None = None
    reconcile_at: str = ""


def read_settings(text: str) -> UpstreamSettings:
    """The settings stored in an upstream's row."""
    return msgspec.json.decode(text or "{}", type=UpstreamSettings)


def written(settings: UpstreamSettings) -> str:
    """The settings as they are stored."""
    return msgspec.json.encode(settings).decode()


def check(settings: UpstreamSettings) -> None:
    """Raises `bad_field` for an address nobody can call, or a host that is none."""
    for field, url in _urls(settings):
        if url is not None and (len(url) > URL_MOST or not url.isprintable() or host_of(url) is None):
            raise _wrong(field, "应为 http 或 https 地址")
    if settings.media == "upload" and settings.upload_url is None:
        raise _wrong("upload_url", "照片要上传时，请填写上传地址")
    if len(settings.sheet_columns) > COLUMNS_MOST:
        raise _wrong("sheet_columns", f"最多 {COLUMNS_MOST} 列")
    if settings.reconcile_at and not HOUR.fullmatch(settings.reconcile_at):
        raise _wrong("reconcile_at", "应为 HH:MM，例如 06:30")
    if not 1 <= settings.results_minutes <= RESULTS_MINUTES_MOST:
        raise _wrong("results_minutes", f"应为 1 到 {RESULTS_MINUTES_MOST}")
    if len(settings.photo_hosts) > HOSTS_MOST or not all(HOST.fullmatch(host) for host in settings.photo_hosts):
        raise _wrong("photo_hosts", "应为主机名，例如 photos.city.example 或 *.city.example")


def _urls(settings: UpstreamSettings) -> list[tuple[str, str | None]]:
    return [(name, getattr(settings, name)) for name in ("feedback_url", "upload_url", "query_url")]


def _wrong(field: str, detail: str) -> errors.Refused:
    return errors.bad_field(field, errors=(errors.FieldError(f"agreed.{field}", "invalid", detail),))
