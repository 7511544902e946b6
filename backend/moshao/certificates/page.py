"""The page that brings the authority onto a phone. No script: it must work in whatever browser opens it."""

from html import escape
from urllib.parse import urlsplit

from moshao.certificates.wording import Kind, Words
from moshao.kit.qr import qr_of

STYLE = """
:root { color-scheme: light dark; --ink: #16202a; --soft: #51606e; --paper: #f4f6f8; --card: #fff; --line: #d9e0e6;
  --act: #0b5cab; --on-act: #fff }
@media (prefers-color-scheme: dark) { :root { --ink: #e8edf2; --soft: #a9b6c2; --paper: #11161b; --card: #1a2128;
  --line: #33404b; --act: #7ab8ff; --on-act: #06192b } }
* { box-sizing: border-box }
body { margin: 0; background: var(--paper); color: var(--ink);
  font: 18px/1.65 system-ui, "PingFang SC", "HarmonyOS Sans SC", "Noto Sans CJK SC", "Microsoft YaHei", sans-serif }
main { max-width: 40rem; margin: 0 auto; padding: 20px 16px 40px }
h1 { font-size: 1.5rem; line-height: 1.3; margin: 8px 0 12px } h2 { font-size: 1.1rem; margin: 0 0 12px }
p { margin: 0 0 12px } .soft { color: var(--soft); font-size: .9rem }
section { background: var(--card); border: 1px solid var(--line); border-radius: 12px; padding: 16px; margin: 16px 0 }
.act { display: flex; align-items: center; justify-content: center; min-height: 56px; padding: 8px 20px;
  border-radius: 12px; background: var(--act); color: var(--on-act); font-weight: 600; text-decoration: none }
.act:focus-visible, a:focus-visible, summary:focus-visible { outline: 3px solid var(--act); outline-offset: 3px }
ol { margin: 16px 0 0; padding-left: 1.6em } li { margin: 0 0 10px }
code { font: 15px/1.6 ui-monospace, "DejaVu Sans Mono", monospace; word-break: break-all }
.lang { display: inline-flex; align-items: center; min-height: 48px; color: var(--act) }
.qr { display: block; width: 176px; height: 176px; padding: 12px; background: #fff; border-radius: 8px }
@media print { .act, .lang { display: none } section { break-inside: avoid } }
"""


def plain_address(base_url: str) -> str:
    """Where a phone that trusts nothing yet finds the page: the same host, port 80."""
    host = urlsplit(base_url).hostname or ""
    return f"http://{f'[{host}]' if ':' in host else host}/trust"


def page(words: Words, base_url: str, fingerprint: str) -> str:
    """HTML; `base_url` is where the app is, this page's own address is the same host by plain http."""
    here = plain_address(base_url)
    other = "en" if words.lang != "en" else "zh"
    return (
        f'<!doctype html><html lang="{words.lang}"><meta charset="utf-8">'
        '<meta name="viewport" content="width=device-width, initial-scale=1">'
        f'<title>{escape(words.title)}</title><link rel="stylesheet" href="/trust/style.css"><main>'
        f'<a class="lang" href="/trust?lang={other}" lang="{other}">{escape(words.other)}</a>'
        f"<h1>{escape(words.title)}</h1><p>{escape(words.why)}</p>"
        + "".join(_kind(kind) for kind in words.kinds)
        + f"<section><h2>{escape(words.then)}</h2>"
        f'<a class="act" href="{escape(base_url)}/">{escape(words.open)}</a></section>'
        f"<section><h2>{escape(words.fingerprint)}</h2><p><code>{fingerprint}</code></p>"
        f'<p class="soft">{escape(words.check)}</p></section>'
        f'<section><h2>{escape(words.scan)}</h2>{_qr(here)}<p class="soft"><code>{escape(here)}</code></p></section>'
        "</main></html>"
    )


def _kind(kind: Kind) -> str:
    steps = "".join(f"<li>{escape(step)}</li>" for step in kind.steps)
    note = f'<p class="soft">{escape(kind.note)}</p>' if kind.note else ""
    return (
        f'<section><h2>{escape(kind.name)}</h2><a class="act" href="/trust/{kind.file}" download>'
        f"{escape(kind.button)}</a><ol>{steps}</ol>{note}</section>"
    )


def _qr(text: str) -> str:
    code = qr_of(text)
    return (
        f'<svg class="qr" role="img" aria-label="{escape(text)}" viewBox="0 0 {code.size} {code.size}">'
        f'<path stroke="#000" d="{code.path}"/></svg>'
    )
