"""Write the pages of docs/ that are tables of the program; `--check` only tells whether they are fresh."""

import importlib
import pkgutil
import sys
from pathlib import Path

import moshao
from moshao.journal.kinds import ROOMS
from moshao.kit.config import SETTINGS, Setting
from moshao.kit.errors import REFUSALS, Refusal

DOCS = Path(__file__).resolve().parents[1] / "docs"
SETTINGS_HEAD = """\
# Settings
Written by `bin/fix` from `moshao/kit/config.py`. Each is an environment variable, or a file that holds its value, by
the same name with `_FILE` at its end (for secrets: Docker's and systemd's way). A bad value, or a `MOSHAO_` name that
is not in this table, stops the start and names itself. What belongs to a district (calendars, limits, code sets,
fences, upstreams, gateways) is set on the desk's pages, not here.

| variable | is a | default | meaning |
|---|---|---|---|
"""
ERRORS_HEAD = """\
# Errors
Written by `bin/fix` from the refusals that the rooms declare. Every answer that is no success is
`application/problem+json` (RFC 9457): `{"type": "/problems/<code>", "title", "status", "code", "detail", "retry",
"errors": [{"field", "code", "detail"}]}`. `title` is the sentence for the person; `code` is stable and for programs;
`retry` says whether the same request may succeed later: a phone tries again by itself, else it parks the item in sight.

| code | status | retry | sentence |
|---|---|---|---|
"""
JOURNAL_HEAD = """\
# The journal
Written by `bin/fix` from what the rooms declare (`kinds.py`). Everything that happens in a district is one
line, numbered without gaps and chained to the one before: who, when done, when heard, which case, its round and
state after it, and facts (ids, codes, numbers and times, never what a person wrote or is called). Timelines, phones,
feedback to upstream, the bell and the figures all read these lines; `moshao verify` reads the chain back.
"""
KINDS_HEAD = """
## Written by {room}
| kind | what happened |
|---|---|
"""


def pages() -> dict[str, str]:
    """File name → text."""
    for module in pkgutil.walk_packages(moshao.__path__, "moshao."):
        if module.name.endswith("__main__"):
            continue  # importing it runs it
        importlib.import_module(module.name)
    return {
        "settings.md": SETTINGS_HEAD + "".join(setting_row(setting) for setting in SETTINGS),
        "journal.md": JOURNAL_HEAD + "".join(kinds_table(room) for room in sorted(ROOMS)),
        "errors.md": ERRORS_HEAD + "".join(error_row(REFUSALS[code]) for code in sorted(REFUSALS)),
    }


def setting_row(setting: Setting) -> str:
    default = f"`{setting.default}`" if setting.default else ""
    secret = " Secret: better as a file." if setting.secret else ""
    meaning = setting.meaning.replace("|", "\\|")
    return f"| `MOSHAO_{setting.name}` | {setting.kind} | {default} | {meaning}{secret} |\n"


def kinds_table(room: str) -> str:
    rows = (f"| `{kind}` | {meaning} |\n" for kind, meaning in ROOMS[room].meanings.items())
    return KINDS_HEAD.format(room=room) + "".join(rows)


def error_row(refusal: Refusal) -> str:
    return f"| `{refusal.code}` | {refusal.status} | {'yes' if refusal.retry else 'no'} | {refusal.title} |\n"


def main(arguments: list[str]) -> int:
    fresh = pages()
    if arguments != ["--check"]:
        for name, text in fresh.items():
            (DOCS / name).write_text(text)
        return 0
    stale = [name for name, text in fresh.items() if not (DOCS / name).is_file() or (DOCS / name).read_text() != text]
    for name in stale:
        print(f"docs/{name} is older than the program: bin/fix writes it anew", file=sys.stderr)
    return 1 if stale else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
