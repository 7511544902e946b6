"""Refusals: every way to say no, each declared once with its sentence for the person at the screen."""

from collections.abc import Mapping
from typing import Any

import msgspec


class FieldError(msgspec.Struct, frozen=True):
    """One faulty member of a body: `field` as a dotted path, `code` stable, `detail` for people."""

    field: str
    code: str
    detail: str


def member_fault(where: str, words: str) -> FieldError:
    """What msgspec says (`Object missing required field `outcome``) of the object or member at `where`, a dotted path;
    empty: the body itself."""
    unknown, missing = "contains unknown field `" in words, "missing required field `" in words
    if unknown or missing:
        where = f"{where}.{words.split('`')[1]}".lstrip(".")
    return FieldError(where, "unknown_field" if unknown else "invalid", words)


class Refused(Exception):
    """A refusal on its way to the answer."""

    def __init__(
        self,
        kind: "Refusal",
        detail: str = "",
        errors: tuple[FieldError, ...] = (),
        headers: Mapping[str, str] | None = None,
        extra: Mapping[str, Any] | None = None,
    ) -> None:
        super().__init__(kind.code, detail)
        self.kind = kind
        self.detail = detail
        self.errors = errors
        self.headers = dict(headers or {})
        self.extra = dict(extra or {})


class Refusal(msgspec.Struct, frozen=True):
    """A kind of refusal. `title` is the sentence the user reads; `retry` tells the phone to try again by itself."""

    code: str
    status: int
    title: str
    retry: bool = False

    def __call__(
        self,
        detail: str = "",
        *,
        errors: tuple[FieldError, ...] = (),
        headers: Mapping[str, str] | None = None,
        **extra: Any,
    ) -> Refused:
        """The exception to raise; `extra` members stand in the problem document beside the standard ones."""
        return Refused(self, detail, errors, headers, extra)


REFUSALS: dict[str, Refusal] = {}


def refusal(code: str, status: int, title: str, *, retry: bool = False) -> Refusal:
    """Declare a kind of refusal. A code means one thing in the whole product."""
    if code in REFUSALS:
        raise ValueError(f"refusal {code} is declared twice")
    REFUSALS[code] = Refusal(code, status, title, retry)
    return REFUSALS[code]


def problem(refused: Refused) -> dict[str, Any]:
    """The RFC 9457 document of a refusal."""
    kind = refused.kind
    document: dict[str, Any] = {
        "type": f"/problems/{kind.code}",
        "title": kind.title,
        "status": kind.status,
        "code": kind.code,
        "detail": refused.detail,
        "retry": kind.retry,
        "errors": [{"field": e.field, "code": e.code, "detail": e.detail} for e in refused.errors],
    }
    return document | refused.extra


bad_request = refusal("bad_request", 400, "请求格式不正确")
bad_json = refusal("bad_json", 400, "提交的内容不是合格的 JSON")
unknown_field = refusal("unknown_field", 400, "提交的内容里有不认识的字段")
bad_field = refusal("bad_field", 422, "提交的内容有误，请检查标出的项目")
not_found = refusal("not_found", 404, "没有找到，或您无权查看")
method_not_allowed = refusal("method_not_allowed", 405, "此地址不支持这种操作")
unsupported_type = refusal("unsupported_type", 415, "不支持这种内容类型")
too_large = refusal("too_large", 413, "提交的内容太大")
body_cut = refusal("body_cut", 408, "请求没有传完，连接中断了", retry=True)
too_many_requests = refusal("too_many_requests", 429, "操作太频繁，请稍后再试", retry=True)
internal_error = refusal("internal_error", 500, "系统出了点问题，已记录，请稍后再试", retry=True)
storage_full = refusal("storage_full", 507, "服务器存储空间已满，请稍后再试", retry=True)
storage_failed = refusal("storage_failed", 503, "服务器存储暂时不可用，请稍后再试", retry=True)
stopping = refusal("stopping", 503, "系统正在重启，请稍后再试", retry=True)
