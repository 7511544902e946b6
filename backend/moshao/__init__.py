"""Moshao 末梢: the field terminal of digital urban management."""

import os

__version__ = "0.1.0"

# Piccolo looks its engine up by this name wherever a table is used.
os.environ.setdefault("PICCOLO_CONF", "moshao.piccolo_conf")
