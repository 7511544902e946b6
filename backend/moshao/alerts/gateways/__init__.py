"""Ways to ring beside Web Push: each kind is one file, behind the interface in gateway.py, and stands in kinds.py."""
