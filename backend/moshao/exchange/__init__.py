"""Sheets to and from platforms above that have no interface, and the books compared with theirs."""
