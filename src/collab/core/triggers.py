"""One registry of database triggers, re-created after every migration (SQLite's batch mode drops them silently)."""

from dataclasses import dataclass

from sqlalchemy import Connection, inspect, text

_PG_FUNCTION = """
CREATE OR REPLACE FUNCTION collab_refuse_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN RAISE EXCEPTION 'append-only: %', TG_TABLE_NAME USING ERRCODE = 'integrity_constraint_violation'; END $$
"""


@dataclass(frozen=True)
class Trigger:
    """A guard on one table: its name, and when it refuses (`condition` over OLD and NEW, or always)."""

    table: str
    name: str
    event: str
    condition: str | None = None

    def sqlite(self) -> str:
        """Give the SQLite statement."""
        when = f"WHEN {self.condition} " if self.condition else ""
        return (
            f"CREATE TRIGGER IF NOT EXISTS {self.name} BEFORE {self.event} ON {self.table} {when}"
            f"BEGIN SELECT RAISE(ABORT, 'append-only: {self.table}'); END"
        )

    def postgresql(self) -> str:
        """Give the PostgreSQL statement."""
        when = f"WHEN ({self.condition}) " if self.condition else ""
        return (
            f"CREATE OR REPLACE TRIGGER {self.name} BEFORE {self.event} ON {self.table} "
            f"FOR EACH ROW {when}EXECUTE FUNCTION collab_refuse_change()"
        )


_registry: dict[str, Trigger] = {}


def append_only(table: str) -> None:
    """Refuse every UPDATE and DELETE of a table's rows."""
    for event in ("UPDATE", "DELETE"):
        _register(Trigger(table, f"tr_{table}_no_{event.lower()}", event))


def refuse_update(table: str, name: str, condition: str) -> None:
    """Refuse an UPDATE while a condition over OLD and NEW holds (written so that both engines read it)."""
    _register(Trigger(table, f"tr_{table}_{name}", "UPDATE", condition))


def refuse_delete(table: str, condition: str | None = None) -> None:
    """Refuse every DELETE of a table's rows (R64), or those for which a condition over OLD holds."""
    _register(Trigger(table, f"tr_{table}_no_delete", "DELETE", condition))


def registered() -> list[Trigger]:
    """List the registered triggers by name."""
    return [_registry[name] for name in sorted(_registry)]


def create_all(connection: Connection) -> None:
    """Create every registered trigger whose table exists."""
    tables = set(inspect(connection).get_table_names())
    is_postgresql = connection.dialect.name == "postgresql"
    if is_postgresql:
        connection.execute(text(_PG_FUNCTION))
    for trigger in registered():
        if trigger.table in tables:
            connection.exec_driver_sql(trigger.postgresql() if is_postgresql else trigger.sqlite())


def drop_all(connection: Connection) -> None:
    """Drop every registered trigger, so that a migration may rebuild tables."""
    tables = set(inspect(connection).get_table_names())
    for trigger in registered():
        if trigger.table in tables:
            on_table = f" ON {trigger.table}" if connection.dialect.name == "postgresql" else ""
            connection.exec_driver_sql(f"DROP TRIGGER IF EXISTS {trigger.name}{on_table}")


def present(connection: Connection) -> set[str]:
    """Name the triggers that the database has."""
    if connection.dialect.name == "postgresql":
        rows = connection.exec_driver_sql("SELECT tgname FROM pg_trigger WHERE NOT tgisinternal")
    else:
        rows = connection.exec_driver_sql("SELECT name FROM sqlite_master WHERE type = 'trigger'")
    return {row[0] for row in rows if row[0].startswith("tr_")}


def _register(trigger: Trigger) -> None:
    if _registry.setdefault(trigger.name, trigger) != trigger:
        raise ValueError(f"two triggers are named {trigger.name}")
