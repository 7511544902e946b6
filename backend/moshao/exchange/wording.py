"""The words in the sheets that we write."""

STATUS = {"new": "已接收", "changed": "已更新", "same": "已有，无变化", "ended": "已结案，未接收", "refused": "未接收"}
REPORT_HEAD = ("行", "案件编号", "结果", "本系统编号", "原因", "提示")
FLAGS = {
    "no_place": "缺少可用坐标，待人工定位",
    "outside_district": "坐标在辖区外，待人工核对",
    "unknown_class": "大小类不在代码表中，待人工归类",
    "unknown_unit": "处置部门未知，按规则派遣",
    "bad_photo": "有照片不能使用",
}
UNUSED = "没有用上的列"
RESULTS_HEAD = (
    "案件编号", "本系统案件编号", "状态", "处置结果", "处置部门", "处置人", "派遣时间", "处置时间", "结案时间",
    "截止时间",
    "是否按期", "返工次数", "处置意见", "照片",
)  # fmt: skip
STATES = {
    "reported": "待受理", "verifying": "处置前核实中", "rejected": "不予受理", "received": "待派遣",
    "dispatched": "待签收",
    "assigned": "待接单", "in_progress": "处置中", "handled": "待单位审核", "feedback": "待复核",
    "checking": "处置后核查中",
    "returning": "申请回退中", "reported_up": "已上报待结案", "closed": "已结案", "shelved": "挂账",
    "cancelled": "已作废",
}  # fmt: skip
OUTCOMES = {
    "fixed": "已处置", "already_gone": "到场已无此问题", "persuaded": "劝导整改", "interim": "先期处置",

    "not_found": "查无此处", "handed_to_owner": "已移交权属单位",
}  # fmt: skip
ON_TIME = {True: "按期", False: "超期"}
MOVED_ASIDE = "文件：{name}\n时间：{at}\n原因：{why}\n\n请修改后以新文件放回 in 目录。\n"
