"""Photos and voice notes, and which case's act names them."""

from piccolo.columns import UUID, BigInt, DoublePrecision, Integer, Text, Timestamptz, Varchar
from piccolo.table import Table


class Photo(Table, tablename="photos"):
    """One photo or voice note, from the first byte on its way; its id was named by the phone.

    `state` receiving · held · refused (`code` says why) · ended (deleted) · expired. `metadata` is the
    Upload-Metadata header as sent. `taken_at`, `lon`, `lat`, `accuracy_m` are what the phone said, `exif` (JSON) is
    what the file said; neither leaves with a derivative. `dhash` is the 64-bit difference hash of the upright
    picture in hex, `band0`-`band3` its quarters, for finding near duplicates by index. `brightness` is the mean
    of 0-255, `sharpness` the variance of the Laplacian.
    """

    id = UUID(primary_key=True, default=None)
    district_id = UUID(default=None)
    person_id = UUID(null=True, default=None)
    device_id = UUID(null=True, default=None)
    sha256 = Varchar(length=64)
    length = BigInt()
    usage = Varchar(length=10)
    source = Varchar(length=10, null=True, default=None)
    metadata = Text(default="")
    taken_at = Timestamptz(null=True, default=None)
    lon = DoublePrecision(null=True, default=None)
    lat = DoublePrecision(null=True, default=None)
    accuracy_m = DoublePrecision(null=True, default=None)
    state = Varchar(length=10)
    code = Varchar(length=40, null=True, default=None)
    created_at = Timestamptz(default=None)
    expires_at = Timestamptz(null=True, default=None)
    held_at = Timestamptz(null=True, default=None)
    ended_at = Timestamptz(null=True, default=None)
    swept_at = Timestamptz(null=True, default=None)
    media_type = Varchar(length=20, null=True, default=None)
    width = Integer(null=True, default=None)
    height = Integer(null=True, default=None)
    dhash = Varchar(length=16, null=True, default=None)
    band0 = Integer(null=True, default=None)
    band1 = Integer(null=True, default=None)
    band2 = Integer(null=True, default=None)
    band3 = Integer(null=True, default=None)
    brightness = Integer(null=True, default=None)
    sharpness = Integer(null=True, default=None)
    exif = Text(null=True, default=None)


class PhotoUse(Table, tablename="photo_uses"):
    """A case's act (or upstream) named a photo, which may still be on its way.

    `sha256` is what the act signed: other bytes under this id are not that photo. `facts`: JSON of
    `attaching.CaseFacts`, what the case was then. `marks`: JSON list of `marks.py`'s words; `quiet_marks`: of those
    that were quiet in this district at the time (`quieting.py`).
    """

    id = UUID(primary_key=True, default=None)
    photo_id = UUID(default=None)
    case_id = UUID(default=None)
    act_id = UUID(null=True, default=None)
    round = Integer(default=1)
    sha256 = Varchar(length=64, null=True, default=None)
    facts = Text()
    marks = Text(default="[]")
    quiet_marks = Text(default="[]")
    added_at = Timestamptz(default=None)


class QuietMark(Table, tablename="quiet_marks"):
    """A mark that was wrong too often in a district: it is still worked out, and shown to nobody. `since` is null once
    it was woken, at `woken_at`."""

    id = UUID(primary_key=True, default=None)
    district_id = UUID(default=None)
    mark = Varchar(length=20)
    since = Timestamptz(null=True, default=None)
    woken_at = Timestamptz(null=True, default=None)


INDEXES = [
    "CREATE INDEX photos_sha256 ON photos (sha256)",
    "CREATE INDEX photos_receiving ON photos (person_id, expires_at) WHERE state = 'receiving'",
    "CREATE INDEX photos_unswept ON photos (ended_at) WHERE ended_at IS NOT NULL AND swept_at IS NULL",
    *(
        f"CREATE INDEX photos_band{n} ON photos (district_id, band{n}, held_at) WHERE band{n} IS NOT NULL"
        for n in range(4)
    ),
    "CREATE UNIQUE INDEX photo_uses_both ON photo_uses (photo_id, case_id)",
    "CREATE INDEX photo_uses_case ON photo_uses (case_id)",
    "CREATE UNIQUE INDEX quiet_marks_both ON quiet_marks (district_id, mark)",
]
