"""The schema as the tables say it: statements that both databases read, for new migrations and for comparison."""

from collections.abc import Sequence
from types import ModuleType

from piccolo.columns import Column, Varchar
from piccolo.table import Table

TYPES = {
    "UUID": "UUID",
    "Text": "TEXT",
    "Timestamptz": "TIMESTAMPTZ",
    "Date": "DATE",
    "Integer": "INTEGER",
    "BigInt": "BIGINT",
    "DoublePrecision": "DOUBLE PRECISION",
    "Boolean": "BOOLEAN",
}


def tables_of(modules: Sequence[ModuleType]) -> list[type[Table]]:
    """The Piccolo tables defined in these modules, by name."""
    found = {
        value
        for module in modules
        for value in vars(module).values()
        if isinstance(value, type) and issubclass(value, Table) and value.__module__ == module.__name__
    }
    return sorted(found, key=lambda table: table._meta.tablename)


def statements(modules: Sequence[ModuleType]) -> list[str]:
    """CREATE TABLE and CREATE INDEX for everything in `modules`, in a stable order."""
    indexes: list[str] = [sql for module in modules for sql in getattr(module, "INDEXES", [])]
    return [_create(table) for table in tables_of(modules)] + sorted(indexes)


def _create(table: type[Table]) -> str:
    columns = ",\n".join(f"    {column_sql(column)}" for column in table._meta.columns)
    return f"CREATE TABLE {table._meta.tablename} (\n{columns}\n)"


def column_sql(column: Column) -> str:
    """A column as it stands in CREATE TABLE."""
    kind = f"VARCHAR({column.length})" if isinstance(column, Varchar) else TYPES[type(column).__name__]
    key = " PRIMARY KEY" if column._meta.primary_key else ""
    null = "" if column._meta.null else " NOT NULL"
    return f'"{column._meta.db_column_name}" {kind}{key}{null}{_default(column)}'


def _default(column: Column) -> str:
    default = getattr(column, "default", None)
    if default is None:
        return ""
    if isinstance(default, bool):
        return f" DEFAULT {'true' if default else 'false'}"
    if isinstance(default, int | float):
        return f" DEFAULT {default}"
    if isinstance(default, str):
        return f" DEFAULT '{default}'"
    raise TypeError(f"{column._meta.name}: a default the database would have to compute")
