"""Every table of every room, for Piccolo's migrations and for comparing the schema."""

from importlib import import_module
from pathlib import Path

from piccolo.conf.apps import AppConfig

from moshao.kit.migrating import folder
from moshao.kit.schema import tables_of

ROOMS = sorted(path.parent.name for path in Path(__file__).parent.glob("*/tables.py"))
TABLE_MODULES = [import_module(f"moshao.{room}.tables") for room in ROOMS]

APP_CONFIG = AppConfig(
    app_name="moshao",
    migrations_folder_path=str(folder()),
    table_classes=tables_of(TABLE_MODULES),
)
