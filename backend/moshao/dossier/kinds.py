"""What this room writes into the journal."""

from moshao.journal.kinds import Kinds

KINDS = Kinds("dossier", {"dossier_made": "somebody took a case's whole file away (facts: case_id, digest)"})
