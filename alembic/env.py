"""Run migrations on SQLite and PostgreSQL alike: all steps, the triggers and the checks in one transaction.

The database is, first found: `config.attributes["connection"]` (a caller in the same process, not in a
transaction), `config.attributes["url"]`, `-x url=...`, the application's own settings (alembic.ini: app_ini).
A killed run leaves the database as it was; running it again is always right.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from logging.config import fileConfig
from typing import Any, Literal

from alembic import context
from alembic.autogenerate.api import AutogenContext
from sqlalchemy import Connection
from sqlalchemy.schema import SchemaItem

from collab.core import settings, triggers
from collab.core.db import Amount, UtcDateTime, make_engine
from collab.tables import metadata

config = context.config

#: One migration at a time: the key of PostgreSQL's advisory lock.
LOCK_KEY = 7_263_104_881
#: Wait this long for another migration to end; then for one table; and let one statement run this long.
PATIENCE = "60s"
LOCK_TIMEOUT = "4s"
STATEMENT_TIMEOUT = "10min"
#: SQLite keeps its full-text index in tables of its own, which no model describes.
VIRTUAL_TABLES = ("search_fts",)
#: PostgreSQL's full-text index is an expression that only the migration knows.
EXPRESSION_INDEXES = ("ix_search_document_stems",)


class BrokenReferences(RuntimeError):
    """A migration left rows that refer to nothing; it is undone."""


def database_url() -> str:
    """Give the address of the database to migrate."""
    named = config.attributes.get("url") or context.get_x_argument(as_dictionary=True).get("url")
    if named:
        return str(named)
    from pyramid.paster import get_appsettings

    return settings.load(get_appsettings(config.get_main_option("app_ini"), name="main")).database_url


def is_moving() -> bool:
    """Tell whether this command changes the schema (upgrade, downgrade, stamp) or only looks (current, check)."""
    try:
        context.get_revision_argument()
    except KeyError:
        return False
    return True


def is_ours(
    item: SchemaItem, name: str | None, kind: str, reflected: bool, compared_to: SchemaItem | None
) -> bool:
    """Leave out of comparisons what the database engine made for itself."""
    if kind == "index" and reflected and name in EXPRESSION_INDEXES:
        return False
    return not (kind == "table" and reflected and (name or "").startswith(VIRTUAL_TABLES))


def render_type(kind: str, value: Any, autogenerate: AutogenContext) -> str | Literal[False]:
    """Write our column types as plain SQLAlchemy ones: a migration imports nothing of collab."""
    if kind == "type" and isinstance(value, UtcDateTime):
        return "sa.DateTime(timezone=True)"
    if kind == "type" and isinstance(value, Amount):
        return 'sa.BigInteger().with_variant(sa.Numeric(18, 4), "postgresql")'
    return False


@contextmanager
def one_transaction(connection: Connection) -> Iterator[None]:
    """Hold the migration lock and one writing transaction; undo everything on any error."""
    if connection.in_transaction():
        raise RuntimeError("migrations need a connection that is not in a transaction")
    connection.execution_options(collab_writes=True)
    if connection.dialect.name == "postgresql":
        with connection.begin():
            connection.exec_driver_sql(f"SET LOCAL lock_timeout = '{PATIENCE}'")
            connection.exec_driver_sql(f"SELECT pg_advisory_xact_lock({LOCK_KEY})")
            connection.exec_driver_sql(f"SET LOCAL lock_timeout = '{LOCK_TIMEOUT}'")
            connection.exec_driver_sql(f"SET LOCAL statement_timeout = '{STATEMENT_TIMEOUT}'")
            yield
        return
    with references_off(connection), connection.begin():
        yield
        check_references(connection)


@contextmanager
def references_off(connection: Connection) -> Iterator[None]:
    """Switch SQLite's foreign keys off; it obeys only outside a transaction, hence on the driver itself."""
    driver = connection.connection.driver_connection
    assert driver is not None
    driver.execute("PRAGMA foreign_keys=OFF")
    try:
        yield
    finally:
        driver.execute("PRAGMA foreign_keys=ON")


def check_references(connection: Connection) -> None:
    """Raise `BrokenReferences` if a row refers to nothing."""
    broken = connection.exec_driver_sql("PRAGMA foreign_key_check").all()
    if broken:
        tables = ", ".join(sorted({f"{row[0]} -> {row[2]}" for row in broken}))
        raise BrokenReferences(f"{len(broken)} rows refer to nothing: {tables}")


def configure(**options: Any) -> None:
    """Tell alembic how we compare and write."""
    context.configure(
        target_metadata=metadata,
        compare_type=True,
        include_object=is_ours,
        render_item=render_type,
        transactional_ddl=True,
        **options,
    )


def migrate(connection: Connection) -> None:
    """Run the command on a connection; re-create the triggers, which SQLite's batch mode drops silently."""
    if not is_moving():
        configure(connection=connection, render_as_batch=connection.dialect.name == "sqlite")
        context.run_migrations()
        return
    with one_transaction(connection):
        triggers.drop_all(connection)
        configure(connection=connection, render_as_batch=connection.dialect.name == "sqlite")
        context.run_migrations()
        triggers.create_all(connection)


def run_online() -> None:
    """Migrate the caller's connection or one of our own."""
    connection = config.attributes.get("connection")
    if connection is not None:
        migrate(connection)
        return
    if config.cmd_opts is not None and config.config_file_name:
        fileConfig(config.config_file_name, disable_existing_loggers=False)
    engine = make_engine(database_url())
    try:
        with engine.connect() as own:
            migrate(own)
    finally:
        engine.dispose()


def run_offline() -> None:
    """Print the SQL for reading and linting (`--sql`); triggers are made by the online run only."""
    configure(url=database_url(), literal_binds=True, dialect_opts={"paramstyle": "named"})
    with context.begin_transaction():
        context.run_migrations()


if context.is_offline_mode():
    run_offline()
else:
    run_online()
