"""Classes of cases, side by side in several code sets. No district: common to the installation, from the seeds."""

from piccolo.columns import UUID, Boolean, Integer, Text, Varchar
from piccolo.table import Table


class CodeSet(Table, tablename="code_sets"):
    id = UUID(primary_key=True, default=None)
    district_id = UUID(null=True, default=None)
    code = Varchar(length=60)
    name_zh = Text()
    name_en = Text()
    source = Text()


class CaseClass(Table, tablename="case_classes"):
    """小类. `code` is `major` and `minor` joined. `maps_to` is `kind:code` in the code set `maps_to_set`."""

    id = UUID(primary_key=True, default=None)
    code_set_id = UUID(default=None)
    kind = Varchar(length=10)  # component, matter
    major = Varchar(length=2)
    minor = Varchar(length=3)
    code = Varchar(length=5)
    major_zh = Text()
    major_en = Text()
    name_zh = Text()
    name_en = Text()
    group_zh = Text()
    maps_to_set = Varchar(length=60)
    maps_to = Varchar(length=20)
    component = Varchar(length=5)  # the component that this matter is a defect of
    self_handling = Boolean()
    help_zh = Text()
    help_en = Text()
    not_to_confuse_with = Varchar(length=5)


class Condition(Table, tablename="conditions"):
    """立案条件 with its limit. A district's own conditions of a class replace all the common ones."""

    id = UUID(primary_key=True, default=None)
    district_id = UUID(null=True, default=None)
    class_id = UUID(default=None)
    code = Varchar(length=40)
    wording_zh = Text()
    wording_en = Text()
    limit_value = Integer()
    limit_unit = Varchar(length=12)


class PhotoRule(Table, tablename="photo_rules"):
    """What a closure has to show: of one class, else of a group, else (neither) of all.

    `outcomes`: JSON, outcome → {"after", "before"}, where it asks for something else.
    """

    id = UUID(primary_key=True, default=None)
    district_id = UUID(null=True, default=None)
    class_id = UUID(null=True, default=None)
    group_zh = Text()
    after_min = Integer()
    before_min = Integer()
    outcomes = Text()
    asked_zh = Text()
    asked_en = Text()
    why_zh = Text()
    why_en = Text()


class ClassSetting(Table, tablename="class_settings"):
    """Where a district decides otherwise than the class says."""

    id = UUID(primary_key=True, default=None)
    district_id = UUID(default=None)
    class_id = UUID(default=None)
    self_handling = Boolean()


INDEXES = [
    "CREATE UNIQUE INDEX code_sets_of_district ON code_sets (district_id, code)",
    "CREATE UNIQUE INDEX code_sets_common ON code_sets (code) WHERE district_id IS NULL",
    "CREATE UNIQUE INDEX case_classes_code ON case_classes (code_set_id, kind, code)",
    "CREATE UNIQUE INDEX conditions_of_district ON conditions (class_id, district_id, code)",
    "CREATE UNIQUE INDEX conditions_common ON conditions (class_id, code) WHERE district_id IS NULL",
    "CREATE INDEX photo_rules_district ON photo_rules (district_id)",
    "CREATE UNIQUE INDEX class_settings_class ON class_settings (district_id, class_id)",
]
