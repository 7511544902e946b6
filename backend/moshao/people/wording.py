"""The words on printed sheets."""

from collections.abc import Mapping
from typing import Literal

Language = Literal["zh", "en"]

SHEET: Mapping[Language, Mapping[str, str]] = {
    "zh": {
        "title": "末梢 · 手机配对单",
        "note": "一人一张，沿虚线裁开，当面交给本人。配对码只能用一次，用过或过期即作废。",
        "staff_no": "工号",
        "code": "配对码",
        "password": "初始密码",
        "known_password": "用您原来的密码",
        "until": "有效期至",
        "steps": "① 手机相机或浏览器扫码\n② 输入密码登录\n③ 添加到桌面",
        "page": "第 {} / {} 页",
    },
    "en": {
        "title": "Moshao · pairing sheet",
        "note": "One slip for each person: cut along the dashes and hand it over in person. A code works once.",
        "staff_no": "Staff no.",
        "code": "Code",
        "password": "First password",
        "known_password": "the one you have",
        "until": "Valid until",
        "steps": "① Scan with the camera\n② Enter your password\n③ Add to the home screen",
        "page": "Page {} / {}",
    },
}

# The pages of the roster's sheet, and the column of units' names.
ROSTER_SHEET, ROSTER_LISTS, ROSTER_UNITS = "五定", "可填内容", "单位名称"
