"""The states of a case, and how each refuses an act that does not fit it."""

from moshao.kit import errors
from moshao.kit.errors import Refusal

STATES = {
    "reported": "已上报(待受理)",
    "verifying": "处置前核实中",
    "rejected": "不予受理",
    "received": "待派遣",
    "dispatched": "待签收",
    "assigned": "待接单",
    "in_progress": "处置中",
    "handled": "待单位审核",
    "feedback": "待二级平台复核",
    "checking": "处置后核查中",
    "returning": "申请回退上级",
    "reported_up": "已上报, 待上级结案",
    "closed": "已结案",
    "shelved": "挂账",
    "cancelled": "作废",
}
ENDED = frozenset({"rejected", "closed", "cancelled"})
# With the unit or the desk, and nobody else's to decide.
OPEN = frozenset({"received", "dispatched", "assigned", "in_progress", "handled", "feedback", "checking"})
# A check remembers where it came from, so nothing else may come between.
SHELVABLE = OPEN - {"checking"}
# Not yet passed by a unit: the clock may run.
WORKING = frozenset({"received", "dispatched", "assigned", "in_progress", "handled"})
EVERY = frozenset(STATES)

DOES_NOT_FIT: dict[str, Refusal] = {
    state: errors.refusal(f"case_{state}", 409, f"案件现在是“{screen}”，不能这样操作")
    for state, screen in STATES.items()
}
case_merged = errors.refusal("case_merged", 409, "案件已并入主案件，请在主案件上操作")
