"""The page for people: the case, its photos by round, what was done by whom and when. A browser is enough for it."""

from collections.abc import Iterable
from datetime import datetime
from html import escape
from typing import Any
from zoneinfo import ZoneInfo

from moshao.dossier.contents import Contents, NamedPhoto, SignedAct
from moshao.dossier.wording import ACTS, KINDS, USAGES

ZONE = ZoneInfo("Asia/Shanghai")
STYLE = """
body { font: 16px/1.7 system-ui, "Noto Sans CJK SC", "PingFang SC", "Microsoft YaHei", sans-serif;
  max-width: 60rem; margin: 2rem auto; padding: 0 1rem; color: #1a1a1a }
h1 { font-size: 1.5rem; margin-bottom: 0 } h2 { font-size: 1.15rem; margin-top: 2rem; border-bottom: 1px solid #ccc }
table { border-collapse: collapse; width: 100%; font-size: .93rem } th, td { text-align: left; vertical-align: top;
  padding: .3rem .6rem; border-bottom: 1px solid #e5e5e5 } th { font-weight: 600; white-space: nowrap; width: 8rem }
.photos { display: grid; grid-template-columns: repeat(auto-fill, minmax(16rem, 1fr)); gap: 1rem }
figure { margin: 0 } img { width: 100%; border-radius: 4px } figcaption { font-size: .85rem; color: #555 }
.small { font-size: .85rem; color: #555; word-break: break-all }
@media print { body { margin: 0; max-width: none } figure { break-inside: avoid } }
"""


def page(held: Contents, made_by: str, made_at: datetime) -> str:
    """HTML without any script; every word in it is escaped."""
    case = held.case
    facts = [
        ("案件编号", case["case_no"]), ("上级编号", case.get("external_case_id")),
        ("类别", f"{case.get('major_name') or ''} / {case.get('minor_name') or ''}"),
        ("位置", case.get("address")), ("描述", case.get("description")),
        ("期限", _time(case.get("deadline"))), ("处置单位", (case.get("unit") or {}).get("name")),
        ("处置人", (case.get("handler") or {}).get("name")), ("轮次", case.get("round")),
    ]  # fmt: skip
    return (
        '<!doctype html><html lang="zh-CN"><meta charset="utf-8">'
        '<meta name="viewport" content="width=device-width, initial-scale=1">'
        f"<title>案件卷宗 {escape(case['case_no'])}</title><style>{STYLE}</style>"
        f"<h1>案件卷宗</h1><p class=small>{escape(held.district)} · {escape(made_by)} 于 {_time(made_at)} 导出</p>"
        f"<table>{''.join(_row(name, value) for name, value in facts if value)}</table>"
        f"<h2>照片</h2>{_photos(held.photos)}"
        f"<h2>经过</h2><table>{''.join(_line(line) for line in case.get('journal', []))}</table>"
        f"<h2>签名的操作</h2><table>{''.join(_act(act) for act in held.acts)}</table>"
        "<h2>如何核验</h2><p>安装本系统后运行 <code>moshao verify 文件名.zip</code>，无需联网，也无需数据库："
        "逐一核对文件摘要、手机签名、日志链和照片字节。</p></html>"
    )


def _row(name: str, value: Any) -> str:
    return f"<tr><th>{name}</th><td>{escape(str(value))}</td></tr>"


def _photos(photos: Iterable[NamedPhoto]) -> str:
    shown = "".join(_photo(photo) for photo in photos)
    return f"<div class=photos>{shown}</div>" if shown else "<p>没有照片</p>"


def _photo(photo: NamedPhoto) -> str:
    words = f"第 {photo.round} 轮 {USAGES.get(photo.usage, photo.usage)} {_time(photo.taken_at)}"
    if photo.file is None:
        body = "<p>照片不在本系统</p>"
    elif photo.usage == "voice":
        body = f'<a href="{escape(photo.file)}">播放语音</a>'
    else:
        body = f'<img loading="lazy" src="{escape(photo.file)}" alt="{escape(words)}">'
    place = f"<br>经纬度 {photo.lon:.6f}, {photo.lat:.6f}" if photo.lon is not None and photo.lat is not None else ""
    return f"<figure>{body}<figcaption>{escape(words)}{place}<br>SHA-256 {photo.sha256 or '—'}</figcaption></figure>"


def _line(line: dict[str, Any]) -> str:
    by, note = (line.get("by") or {}).get("name") or "", line.get("note") or ""
    words = f"{KINDS.get(line['kind'], line['kind'])} {by} {note}"
    return f"<tr><th>{_time(line['at'])}</th><td>{escape(words)}</td></tr>"


def _act(act: SignedAct) -> str:
    signed = "手机签名" if act.signature else "电脑操作"
    return (
        f"<tr><th>{_time(act.done_at)}</th><td>{escape(ACTS.get(act.act, act.act))} {escape(act.person)} · {signed}"
        f"<div class=small>{escape(act.content)}</div></td></tr>"
    )


def _time(at: datetime | str | None) -> str:
    if not at:
        return ""
    moment = datetime.fromisoformat(at) if isinstance(at, str) else at
    return moment.astimezone(ZONE).strftime("%Y-%m-%d %H:%M:%S")
