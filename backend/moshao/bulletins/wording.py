"""The words of a bulletin. It is an official document: Chinese, whatever language the desk speaks."""

from moshao.bulletins.schemas import PeriodKind, Section

ISSUER = "{district}数字化城市管理中心"
TITLES: dict[PeriodKind, str] = {
    "day": "{district}数字化城市管理日排名",
    "week": "{district}数字化城市管理周通报",
    "month": "{district}数字化城市管理月总结",
    "quarter": "{district}数字化城市管理季度通报",
}
NUMBER, NO_NUMBER = "{year}年第{number}期", "草稿"
PERIOD, PERIOD_OF_A_DAY = "统计期：{first} 至 {last}", "统计期：{first}"
DATED, AS_OF = "签发日期：{day}", "数据截至：{time}"
CALLED: dict[PeriodKind, tuple[str, str]] = {
    "day": ("当日", "前一日"), "week": ("本周", "上周"), "month": ("本月", "上月"), "quarter": ("本季度", "上季度"),
}  # fmt: skip

HEADINGS: dict[Section, str] = {
    "overview": "总体情况",
    "ranking": "单位排名",
    "overdue": "遗留超期",
    "classes": "高发问题",
    "days": "每日情况",
    "repeats": "重复发生地点",
    "typical": "典型案例",
    "supervised": "督办情况",
    "demands": "下步要求",
}
CORRECTIONS, CORRECTIONS_SAY = "更正", "以往各期通报签发后，下列数字有变化，以本期为准："
NUMERALS = "一二三四五六七八九十"
HEADING = "{numeral}、{heading}"
# What a daily ranking is: short.
SECTIONS: dict[PeriodKind, tuple[Section, ...]] = {
    "day": ("overview", "ranking", "overdue", "supervised"),
    "week": tuple(HEADINGS),
    "month": tuple(HEADINGS),
    "quarter": tuple(section for section in HEADINGS if section != "days"),
}
KIND_GROUPS = {
    "street": "街道（乡镇）",
    "department": "专业部门",
    "community": "社区",
    "team": "中队",
    "owner": "权属单位",
}

OVERVIEW = (
    "{now}共受理案件 {received} 件，{compared_received}；应结案 {due} 件，结案 {closed} 件，结案率 {closed_rate}；"
    "按期结案 {closed_on_time} 件，按期结案率 {closed_on_time_rate}。返工率 {rework_rate}，延期率 {extension_rate}。"
)
MORE, FEWER, SAME = "比{before}增加 {count} 件", "比{before}减少 {count} 件", "与{before}持平"
BEST = "{group}：综合得分前三位为{best}；末位为{last}。"
ONE_BEST = "{group}：{best}。"
NOBODY_DUE = "{now}没有到期应结的案件，不作排名。"
RANKED, JOIN = "{unit}（{score} 分）", "、"
OVERDUE = "截至统计时，全区仍有 {cases} 件案件超期未结，涉及 {units} 个单位，请尽快办结。"
NO_OVERDUE = "截至统计时，全区没有超期未结的案件。"
CLASSES = "{now}受理数量最多的是{names}，合计占 {share}。"
NO_CLASSES = "{now}没有受理案件。"
REPEATS = (
    "近 {days} 天内，同一类问题在 {radius} 米范围内发生 {times} 次以上的地点有 {count} 处，"
    "请有关单位查明原因，从源头治理。"
)
NO_REPEATS = "近 {days} 天内没有同一类问题在 {radius} 米范围内发生 {times} 次以上的地点。"
TYPICAL, NO_TYPICAL = "以下为{now}办理的典型案例。", "{now}没有选登典型案例。"
SUPERVISED = "{now}督办及尚未回复的督办案件共 {count} 件，其中逾期未回复 {late} 件。"
NO_SUPERVISED = "{now}没有督办案件。"
DEMANDS: dict[PeriodKind, str] = {
    "day": "",
    "week": "请各单位对照排名查找不足，优先办结超期案件，对重复发生地点明确专人负责，确保按期结案、一次办结。",
    "month": "请各单位认真总结本月办理情况，针对返工、延期和超期较多的环节制定措施，限期整改。",
    "quarter": "对排名靠前的单位予以通报表扬；排名靠后的单位应书面说明原因和整改措施，并于十五日内报送。",
}
TYPICAL_CASE = "{title}（{unit}）：{address}。{dispatched}派遣，{handled}处置完毕，用时{taken}。"
HOURS_TAKEN, MINUTES_TAKEN = " {hours} 小时", " {minutes} 分钟"
NOT_PLACED, NO_NAME, NO_ADDRESS = "未确定", "未分类", "地址未登记"

SHEET_TOTALS, SHEET_CLASSES, SHEET_DAYS = "总体情况", "高发问题（前十类）", "每日情况"
SHEET_RANKING, SHEET_WORK = "{group}排名", "{group}办理情况"
SHEET_OVERDUE, SHEET_REPEATS, SHEET_SUPERVISED = "各单位遗留超期", "重复发生地点", "督办案件"
COLUMN = {
    "figure": "指标", "change": "增减", "rank": "名次", "unit": "单位", "score": "综合得分", "rank_before": "上期名次",
    "closed_rate": "结案率", "closed_on_time_rate": "按期结案率", "rework_rate": "返工率", "extension_rate": "延期率",
    "received": "受理", "due": "应结案", "closed": "结案", "closed_on_time": "按期结案", "reworked": "返工",
    "extended": "延期", "overdue_left": "遗留超期", "hours": "中位时长（时）", "cases": "件数", "oldest": "最早时限",
    "class": "类别", "share": "占比", "day": "日期", "address": "地点", "case_nos": "案件编号", "case_no": "案件编号",
    "title": "问题", "asked": "督办时间", "reply_by": "要求回复", "reply": "回复情况", "bulletin": "期号",
    "published": "原通报", "corrected": "更正为",
}  # fmt: skip
REPLY = {"replied": "已回复", "waits": "未回复", "late": "逾期未回复"}
EMPTY = "无"
NEITHER = "–"
SCORE = "综合得分 = {sum}"
SCORE_PARTS = {
    "closed": "结案率 × {weight}", "on_time": "按期结案率 × {weight}",
    "no_rework": "(1 − 返工率) × {weight}", "no_extension": "(1 − 延期率) × {weight}",
}  # fmt: skip
NOTE_DEFINITION = "{name}：{says}。"
BEFORE_PHOTO, AFTER_PHOTO = "处置前", "处置后"
NO_PHOTO = "（照片暂缺）"
PAGE_OF = "第 {} 页，共 {} 页"
SHEET_COVER, SHEET_NOTES = "通报", "口径"
FILE_NAME = "{title}{number}"
