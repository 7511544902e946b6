"""What notifications say, in Chinese and English. Nothing about the reporter."""

import re
from collections.abc import Mapping
from datetime import datetime

import msgspec

from moshao.alerts.message import Language

PLACE_MOST = 60
CLASS_MOST = 40
# Telephone numbers stand in addresses now and then.
NUMBER = re.compile(r"\+?\d[\d ()-]{5,}\d")

TITLES: Mapping[str, tuple[str, str]] = {
    "reported": ("新上报，待受理：{what}", "New report: {what}"),
    "received": ("待派遣：{what}", "To dispatch: {what}"),
    "dispatched": ("待签收：{what}", "To sign: {what}"),
    "reopened": ("案件重开：{what}", "Reopened: {what}"),
    "revoked": ("待重新指派：{what}", "To assign again: {what}"),
    "handed_back": ("案件被退回：{what}", "Handed back: {what}"),
    "unshelved": ("挂账到期，恢复处置：{what}", "Back from the shelf: {what}"),
    "assigned": ("新案件：{what}", "New case: {what}"),
    "transferred": ("转给您的案件：{what}", "Given to you: {what}"),
    "reworked": ("返工：{what}", "Rework: {what}"),
    "verify_asked": ("处置前核实：{what}", "To verify: {what}"),
    "check_asked": ("处置后核查：{what}", "To check: {what}"),
    "urged": ("催办：{what}", "Urged: {what}"),
    "supervised": ("督办：{what}", "Supervised: {what}"),
    "due_soon": ("即将超期：{what}", "Nearly late: {what}"),
    "overdue": ("已超期：{what}", "Overdue: {what}"),
    "handled": ("待审核：{what}", "To review: {what}"),
    "amended": ("案件信息有变：{what}", "Changed: {what}"),
    "photo_refused": ("有照片不能用，请补拍：{what}", "A photo can't be used, take it again: {what}"),
    "extension_requested": ("有人申请延期：{what}", "Extension asked for: {what}"),
    "shelving_requested": ("有人申请挂账：{what}", "Shelving asked for: {what}"),
    "extension_decided": ("延期申请已答复：{what}", "Extension decided: {what}"),
    "shelving_decided": ("挂账申请已答复：{what}", "Shelving decided: {what}"),
    "cancelled": ("已作废，不用去了：{what}", "Cancelled, no need to go: {what}"),
    "handed_over": ("交接给您 {count} 件案件", "{count} cases handed over to you"),
    "suggestion_answered": ("您的投诉建议有答复了", "Your complaint or suggestion was answered"),
    "digest": ("还有 {count} 件案件", "{count} more cases"),
    "broadcast": ("通知", "Message"),
    "test": ("试铃", "Test ring"),
}
SAY_UNTIL = ("{time} 前办结", "due {time}")
SAY_WAS_DUE = ("应于 {time} 办结", "was due {time}")
UNANSWERED = ("无人响应 · {title}", "No answer · {title}")
WHO_IS_SILENT = ("{who} 没有回应", "{who} did not answer")
URGENT = ("【紧急】{title}", "URGENT · {title}")
DIGEST_BODY = ("打开查看全部，最急的：{what}", "Open to see all. Most urgent: {what}")
OPEN_BODY = ("打开查看", "Open to see")
TEST_BODY = ("这部手机能收到提醒", "This phone can be rung")
UNKNOWN_CLASS = ("案件", "case")


class Said(msgspec.Struct, frozen=True, kw_only=True):
    """What a notification is about. `deadline` and `at` on the district's wall clock; `class_name`, `place` as they are
    to be shown; `silent`: who was rung before and did not answer; `words` of a broadcast."""

    kind: str
    at: datetime
    language: Language = "zh"
    class_name: str = ""
    place: str = ""
    deadline: datetime | None = None
    urgent: bool = False
    unanswered: bool = False
    silent: str = ""
    count: int = 1
    words: str = ""


def title_of(said: Said) -> str:
    title = _in(said, TITLES[said.kind]).format(what=_what(said), count=said.count)
    if said.unanswered:
        title = _in(said, UNANSWERED).format(title=title)
    return _in(said, URGENT).format(title=title) if said.urgent else title


def body_of(said: Said) -> str:
    if said.kind == "broadcast":
        return said.words
    if said.kind == "test":
        return _in(said, TEST_BODY)
    if said.kind in ("handed_over", "suggestion_answered"):
        return _in(said, OPEN_BODY)
    if said.kind == "digest":
        return _in(said, DIGEST_BODY).format(what=_joined(said, _what(said), _until(said)))
    silent = _in(said, WHO_IS_SILENT).format(who=said.silent) if said.silent else ""
    return _joined(said, silent, said.place[:PLACE_MOST], _until(said))


def place_to_show(address: str | None, reporter_name: str | None) -> str:
    """The address without telephone numbers; nothing where it names who reported."""
    if not address or (reporter_name and reporter_name in address):
        return ""
    return NUMBER.sub("", address).strip()[:PLACE_MOST]


def _what(said: Said) -> str:
    return said.class_name[:CLASS_MOST] or _in(said, UNKNOWN_CLASS)


def _until(said: Said) -> str:
    if said.deadline is None:
        return ""
    form = SAY_UNTIL if said.deadline > said.at else SAY_WAS_DUE
    return _in(said, form).format(time=_time(said, said.deadline))


def _time(said: Said, deadline: datetime) -> str:
    """The hour alone today, with the day before it on any other."""
    hour = f"{deadline:%H:%M}"
    if deadline.date() == said.at.date():
        return hour
    day = f"{deadline.month}月{deadline.day}日" if said.language == "zh" else f"{deadline:%b} {deadline.day}"
    return f"{day} {hour}"


def _joined(said: Said, *parts: str) -> str:
    return _in(said, ("，", ", ")).join(part for part in parts if part)


def _in(said: Said, forms: tuple[str, str]) -> str:
    return forms[0] if said.language == "zh" else forms[1]
