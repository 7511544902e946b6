"""What the columns of a sheet are, by the names that offices give them. Pure."""

import re
import unicodedata
from collections.abc import Mapping, Sequence

import msgspec

from moshao.kit import errors
from moshao.kit.sheets import SheetCell
from moshao.upstream.settings import SheetField

# Our word for a column, and what it is called; the first that a sheet has is it.
NAMES: Mapping[SheetField, tuple[str, ...]] = {
    "external_case_id": (
        "external_case_id",
        "caseid",
        "第三方工单标识",
        "工单标识",
        "工单编号",
        "工单号",
        "案件标识",
        "案件id",
        "外部编号",
        "recid",
        "任务标识",
    ),
    "case_no": (
        "case_no",
        "tasknum",
        "案件编号",
        "案卷编号",
        "案卷号",
        "案件号",
        "任务号",
        "任务编号",
        "受理编号",
        "编号",
    ),
    "kind": ("kind", "eventtypename", "eventtypeid", "问题类型", "案件类型", "部件事件", "类型", "类别"),
    "major": ("major", "maintypeid", "maintypename", "大类", "大类名称", "大类代码", "大类编码", "问题大类"),
    "minor": ("minor", "subtypeid", "subtypename", "小类", "小类名称", "小类代码", "小类编码", "问题小类"),
    "condition": ("condition", "thirdtypename", "thirdtypeid", "立案条件", "细类", "立案标准"),
    "title": ("title", "标题", "案件标题"),
    "description": (
        "description",
        "eventdesc",
        "问题描述",
        "案件描述",
        "描述",
        "情况描述",
        "问题内容",
        "内容",
        "诉求内容",
    ),
    "address": (
        "address",
        "位置描述",
        "地址",
        "事发位置",
        "事发地点",
        "地点",
        "位置",
        "案发地址",
        "详细地址",
        "地址描述",
    ),
    "lon": ("lon", "lng", "longitude", "coordinatex", "经度", "x坐标", "坐标x", "x"),
    "lat": ("lat", "latitude", "coordinatey", "纬度", "y坐标", "坐标y", "y"),
    "coordinates": ("coordinates", "坐标", "经纬度", "位置坐标"),
    "grid_code": ("grid_code", "cellid", "单元网格", "网格编码", "单元网格编码", "所在网格", "网格", "单元网格标识码"),
    "component_code": ("component_code", "partcode", "部件编码", "部件标识码", "部件代码"),
    "source_name": ("source", "eventsrcname", "问题来源", "案件来源", "来源", "信息来源"),
    "reported_at": ("reported_at", "registertime", "上报时间", "登记时间", "受理时间", "发现时间", "立案时间"),
    "dispatched_at": ("dispatched_at", "dispatchtime", "派遣时间", "派单时间", "下发时间", "派发时间", "交办时间"),
    "deadline": (
        "deadline",
        "disposedeadlinetime",
        "处置截止时间",
        "截止时间",
        "处置时限",
        "办结时限",
        "要求完成时间",
        "处理截止时间",
        "处置截止",
        "截止日期",
        "办理期限",
        "限办时间",
    ),
    "limit": ("limit", "时限", "处理时限", "处置期限", "规定时限"),
    "handback_deadline": ("handback_deadline", "rollbackdeadline", "回退截止时间"),
    "unit_code": ("unit_code", "handleorgcode", "处置部门编码", "处置单位编码", "单位编码", "部门编码", "部门代码"),
    "unit_name": (
        "unit",
        "handleorgname",
        "处置部门",
        "处置单位",
        "责任单位",
        "主办单位",
        "承办单位",
        "主责部门",
        "派遣部门",
    ),
    "urgency": ("urgency", "urgentlevelid", "紧急程度", "是否紧急", "紧急"),
    "reporter_name": ("reporter_name", "reportername", "举报人", "投诉人", "来电人", "诉求人", "联系人"),
    "reporter_phone": ("reporter_phone", "contact", "联系电话", "电话", "举报人电话", "来电号码", "手机号", "联系方式"),
    "state": ("state", "casestatus", "案件状态", "状态", "办理状态", "当前状态", "当前阶段", "阶段"),
    "closed_at": ("closed_at", "结案时间", "办结时间", "归档时间"),
    "handled_at": ("handled_at", "disposetime", "处置时间", "处置完成时间", "完成时间"),
    "on_time": ("on_time", "是否按期", "按期", "按时", "是否按时"),
    "overdue": ("overdue", "是否超期", "超期", "是否超时", "超时"),
    "photos": ("photos", "照片", "图片", "照片地址", "图片地址", "附件", "多媒体"),
}
# A running number says nothing of the case.
NEEDLESS = frozenset({"序号", "行号", "no", "no.", "#"})
HEAD_WITHIN = 15
# Brackets say the unit of measure or how to fill in; stars that it must be filled in.
_AROUND = re.compile(r"[\s*:：_\-—/·、]|[(（\[【].*?[)）\]】]")
_BY_NAME = {re.sub(r"[_]", "", name): field for field, names in NAMES.items() for name in names}

no_case_column = errors.refusal("no_case_column", 422, "表格里没有找到案件编号一列，请核对列名，或在平台设置里指定")


class Columns(msgspec.Struct, frozen=True, kw_only=True):
    """`fields`: our word to the column's place; `others`: the heading of what we have no word for.

    `first_row`: the index of the first line of content.
    """

    fields: dict[SheetField, int]
    others: dict[str, int]
    first_row: int


def find_columns(lines: Sequence[Sequence[SheetCell]], own: Mapping[str, SheetField]) -> Columns:
    """Among the first lines that which looks most like a head, also where two lines make it (merged cells come as the
    first of them). `own`: headings of this upstream, to our words. Raises `no_case_column`."""
    named = {plain(name): field for name, field in own.items()}
    best = Columns(fields={}, others={}, first_row=0)
    for at, line in enumerate(lines[:HEAD_WITHIN]):
        for heads, rows in ((_texts(line), 1), (_joined(lines, at), 2)):
            found = _columns(heads, named, at + rows)
            if len(found.fields) > len(best.fields):
                best = found
    if not {"external_case_id", "case_no"} & set(best.fields):
        raise no_case_column()
    return best


def plain(name: str) -> str:
    """A heading without what differs from office to office."""
    return _AROUND.sub("", unicodedata.normalize("NFKC", name)).lower()


def _columns(heads: Sequence[str], named: Mapping[str, SheetField], first_row: int) -> Columns:
    fields: dict[SheetField, int] = {}
    rank: dict[str, int] = {}
    others: dict[str, int] = {}
    for at, head in enumerate(heads):
        name = plain(head)
        field = named.get(name) or _BY_NAME.get(name)
        if field is None:
            if name and name not in NEEDLESS:
                others[head.strip()] = at
            continue
        place = -1 if name in named else _rank(field, name)
        if field not in fields or place < rank[field]:
            fields[field], rank[field] = at, place
    return Columns(fields=fields, others=others, first_row=first_row)


def _rank(field: SheetField, name: str) -> int:
    return [re.sub(r"[_]", "", each) for each in NAMES[field]].index(name)


def _texts(line: Sequence[SheetCell]) -> list[str]:
    return [cell if isinstance(cell, str) else "" for cell in line]


def _joined(lines: Sequence[Sequence[SheetCell]], at: int) -> list[str]:
    """A head of two lines: what stands below is the name, above it only what it belongs to."""
    above = _texts(lines[at])
    below = _texts(lines[at + 1]) if at + 1 < len(lines) else []
    width = max(len(above), len(below))
    above, below = above + [""] * (width - len(above)), below + [""] * (width - len(below))
    return [lower or upper for upper, lower in zip(above, below, strict=True)]
