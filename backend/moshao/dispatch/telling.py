"""A case in one line, as the dispatcher's lists name it."""

from typing import Any

from moshao.cases.case import Case
from moshao.catalogue.rules import Catalogue


def line_of(case: Case, catalogue: Catalogue) -> dict[str, Any]:
    """The members of `CaseLine`."""
    found = catalogue.find(case.code_set, case.kind, case.major, case.minor)
    named = ("id", "case_no", "kind", "major", "minor", "title", "address", "grid_code", "created_at")
    return {name: getattr(case, name) for name in named} | {"class_name": found.name_zh if found else None}
