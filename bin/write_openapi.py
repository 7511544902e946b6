"""Write what /openapi.json serves to a file, with no server running: `python bin/write_openapi.py FILE`."""

import sys
from pathlib import Path

import msgspec

from moshao.app import create_app
from moshao.kit.config import load
from moshao.kit.openapi import document

Path(sys.argv[1]).write_bytes(msgspec.json.format(msgspec.json.encode(document(create_app(load({}))))))
