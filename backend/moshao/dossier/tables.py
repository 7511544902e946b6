"""The key under which the installation seals what it hands out."""

from piccolo.columns import UUID, Text, Timestamptz
from piccolo.table import Table


class SealingKey(Table, tablename="sealing_keys"):
    """A P-256 key; `private_key` is PEM, `public_key` its JWK. The newest seals, all of them are published."""

    id = UUID(primary_key=True, default=None)
    private_key = Text()
    public_key = Text()
    made_at = Timestamptz(default=None)
