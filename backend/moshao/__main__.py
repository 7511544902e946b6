"""`python -m moshao` is the installed command."""

from moshao.cli import main

main()
