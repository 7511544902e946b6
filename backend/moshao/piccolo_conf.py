"""What Piccolo insists on finding: the engine and the list of apps."""

from piccolo.conf.apps import AppRegistry

from moshao.kit.db import ENGINE

DB = ENGINE
APP_REGISTRY = AppRegistry(apps=["moshao.piccolo_app"])
