"""What each figure is called and what it says, in both languages: on the screen and in the sheet."""

import msgspec


class Saying(msgspec.Struct, frozen=True):
    """A figure's name and definition."""

    zh: str
    en: str
    says_zh: str
    says_en: str


# Raised whenever a definition changes.
DEFINITIONS_VERSION = 2

SAYINGS: dict[str, Saying] = {
    "due": Saying(
        "应结案数", "Due",
        "时限（含批准的延期）落在统计期内的案件，不含不予受理、作废（含同意回退上级）、挂账和申诉免责的",
        "Deadline (after granted extensions) inside the period; not rejected, cancelled, shelved or exempt on appeal",
    ),
    "closed": Saying("结案数", "Closed", "应结案数中已结案的", "Of those due: closed"),
    "closed_on_time": Saying(
        "按期结案数", "Closed on time",
        "应结案数中已结案、且计时停止时没有超过时限的", "Of those due: closed, the clock stopped by the deadline",
    ),
    "handled": Saying("处置数", "Handled", "应结案数中已交回处置结果的", "Of those due: handed in"),
    "handled_on_time": Saying(
        "按期处置数", "Handled on time",
        "应结案数中在时限前交回处置结果的", "Of those due: handed in by the deadline",
    ),
    "worked_on": Saying(
        "曾处置数", "Worked on", "应结案数中交回过处置结果的，含正在返工的", "Of those due: handed in at least once",
    ),
    "reworked": Saying(
        "返工案件数", "Reworked", "应结案数中至少一次审核、复核或核查没有通过的",
        "Of those due: failed a review or check at least once",
    ),
    "received": Saying("受理数", "Received", "统计期内受理的案件", "Filed inside the period"),
    "extended": Saying("延期案件数", "Extended", "受理数中批准过延期的", "Of those filed: an extension was granted"),
    "handbacks": Saying("退回次数", "Handbacks", "受理的案件被退回的次数", "How often the filed ones were handed back"),
    "overdue_left": Saying(
        "遗留超期", "Overdue, open", "此刻仍在计时、已经超过时限的案件，与统计期无关",
        "Past their deadline and still running now, whatever the period",
    ),
    "closed_rate": Saying("结案率", "Closing rate", "结案数 ÷ 应结案数", "Closed ÷ due"),
    "closed_on_time_rate": Saying("按期结案率", "On-time rate", "按期结案数 ÷ 应结案数", "Closed on time ÷ due"),
    "handled_rate": Saying("处置率", "Handling rate", "处置数 ÷ 应结案数", "Handled ÷ due"),
    "handled_on_time_rate": Saying(
        "按期处置率", "On-time handling", "按期处置数 ÷ 应结案数", "Handled on time ÷ due",
    ),
    "rework_rate": Saying("返工率", "Rework rate", "返工案件数 ÷ 曾处置数", "Reworked ÷ worked on"),
    "extension_rate": Saying("延期率", "Extension rate", "延期案件数 ÷ 受理数", "Extended ÷ received"),
    "handback_rate": Saying("回退率", "Handback rate", "退回次数 ÷ 受理数", "Handbacks ÷ received"),
    "median_s": Saying(
        "中位处置时长", "Median handling time",
        "应结案数中已交回处置结果的，从派遣到交回的自然时长的中位数，按整分钟计",
        "Of those due that were handed in: the median wall time from dispatch to handing in, in whole minutes",
    ),
}  # fmt: skip
TOTAL = "合计"
UNNAMED = "未确定"
SHEET_FIGURES, SHEET_DEFINITIONS = "统计", "口径"
FIRST_COLUMN = {"unit": "单位", "class": "类别", "grid": "网格", "post": "岗位", "day": "日期", "source": "来源"}
HOURS = "（小时）"
DEFINITION_COLUMNS = ("指标", "口径")
PERIOD = "统计期 {first} 至 {last}，{as_of} 取数"
