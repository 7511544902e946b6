"""What a wheel holds besides the package: the migrations and the built phone app."""

from pathlib import Path
from typing import Any

from hatchling.builders.hooks.plugin.interface import BuildHookInterface


class WheelContents(BuildHookInterface):  # type: ignore[type-arg]
    def initialize(self, version: str, build_data: dict[str, Any]) -> None:
        if version == "editable":
            return  # runs from the checkout, where both lie beside the package
        web = Path(self.root, "pwa", "dist")
        if not (web / "index.html").is_file():
            raise FileNotFoundError(
                f"{web} holds no built phone app: run `npm ci && npm run build` in pwa/ first, "
                "a wheel without it would serve no pages"
            )
        build_data["force_include"][str(web)] = "moshao/web"
        build_data["force_include"][str(Path(self.root, "migrations"))] = "moshao/migrations"
