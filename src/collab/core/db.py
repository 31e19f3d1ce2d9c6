"""The database door: base class, column types, engines and sessions for SQLite and PostgreSQL alike."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, date, datetime
from decimal import Decimal
from enum import StrEnum
from typing import Any

from sqlalchemy import (
    BigInteger,
    CheckConstraint,
    Date,
    DateTime,
    Dialect,
    Engine,
    Enum,
    MetaData,
    Numeric,
    Row,
    Select,
    String,
    create_engine,
    event,
)
from sqlalchemy.engine import ExceptionContext, make_url
from sqlalchemy.orm import DeclarativeBase, Session, attributes, sessionmaker
from sqlalchemy.schema import conv
from sqlalchemy.types import TypeDecorator, TypeEngine

from collab.core.text import _

NAMING = {
    "ix": "ix_%(table_name)s_%(column_0_N_name)s",
    "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    "ck": "ck_%(table_name)s_%(constraint_name)s",
    "fk": "fk_%(table_name)s_%(column_0_N_name)s_%(referred_table_name)s",
    "pk": "pk_%(table_name)s",
}
FIRST_DAY = date(1945, 1, 1)
LAST_DAY = date(2100, 12, 31)
#: Amounts keep four decimals and at most fourteen digits before them.
SCALE = 4
AMOUNT_LIMIT = Decimal(10) ** 14
#: A row, and a statement, of whatever columns: what queries give to lists and pages.
AnyRow = Row[*tuple[Any, ...]]
AnySelect = Select[*tuple[Any, ...]]
#: SQLSTATE class of serialization failures and deadlocks, worth another try.
RETRYABLE_CLASS = "40"
#: SQLSTATE "statement completion unknown": of that class, yet the write may have happened.
UNKNOWN = "40003"


class Base(DeclarativeBase):
    """Base of every table; each constraint gets a name."""

    metadata = MetaData(naming_convention=NAMING)


class UtcDateTime(TypeDecorator[datetime]):
    """An instant: aware, UTC, microseconds; refuses naive values."""

    impl = DateTime
    cache_ok = True

    @property
    def python_type(self) -> type[datetime]:
        """Say what comes back: cursors of lists read their keys by it."""
        return datetime

    def load_dialect_impl(self, dialect: Dialect) -> TypeEngine[Any]:
        """Use TIMESTAMPTZ on PostgreSQL and ISO text on SQLite."""
        return dialect.type_descriptor(DateTime(timezone=dialect.name == "postgresql"))

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        """Turn an aware instant into what the engine stores."""
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError("naive instants are not stored")
        utc = value.astimezone(UTC)
        return utc if dialect.name == "postgresql" else utc.replace(tzinfo=None)

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        """Give the stored instant back, aware, in UTC."""
        if value is None:
            return None
        return value.astimezone(UTC) if value.tzinfo else value.replace(tzinfo=UTC)


class Amount(TypeDecorator[Decimal]):
    """A finite decimal with four places: NUMERIC on PostgreSQL, ten-thousandths as an integer on SQLite."""

    impl = Numeric
    cache_ok = True

    def load_dialect_impl(self, dialect: Dialect) -> TypeEngine[Any]:
        """Choose an exact type on either engine."""
        if dialect.name == "sqlite":
            return dialect.type_descriptor(BigInteger())
        return dialect.type_descriptor(Numeric(18, SCALE))

    def process_bind_param(self, value: Decimal | None, dialect: Dialect) -> Any:
        """Turn a decimal into what the engine stores."""
        if value is None or dialect.name != "sqlite":
            return value
        return int((Decimal(value) * 10**SCALE).to_integral_value())

    def process_result_value(self, value: Any, dialect: Dialect) -> Decimal | None:
        """Give the decimal back, exact, without trailing zeros."""
        if value is None:
            return None
        exact = Decimal(value) / 10**SCALE if dialect.name == "sqlite" else Decimal(value)
        return exact.quantize(Decimal(1)) if exact == exact.to_integral_value() else exact.normalize()


def words(kind: type[StrEnum], *, name: str | None = None) -> Enum:
    """Give the column type of a closed vocabulary: its words as text, guarded by a named CHECK."""
    label = name or _snake(kind.__name__)
    return Enum(
        kind,
        name=label,
        native_enum=False,
        create_constraint=True,
        length=max(40, *(len(word.value) for word in kind)),
        values_callable=lambda members: [member.value for member in members],
        validate_strings=True,
    )


def _snake(name: str) -> str:
    return "".join(f"_{c.lower()}" if c.isupper() else c for c in name).lstrip("_")


def touch(row: Any, instant: datetime) -> None:
    """Raise a row's version although only rows that hang on it change.

    The row has `changed_at` and a mapper `version_id_col`; only a changed column makes the mapper count.
    """
    row.changed_at = instant
    attributes.flag_modified(row, "changed_at")


def mirror_checks(metadata: MetaData) -> None:
    """Add the CHECKs by which SQLite refuses what PostgreSQL refuses: lengths, and days within 1945-2100."""
    for table in metadata.tables.values():
        present = {constraint.name for constraint in table.constraints}
        for column in table.columns:
            rule = _rule(column.name, column.type)
            if rule is None:
                continue
            name = f"ck_{table.name}_{column.name}_{rule[0]}"
            if name not in present:
                table.append_constraint(CheckConstraint(rule[1], name=conv(name)))


def _rule(name: str, kind: TypeEngine[Any]) -> tuple[str, str] | None:
    if isinstance(kind, String) and not isinstance(kind, Enum) and kind.length:
        return "length", f"length({name}) <= {kind.length}"
    if isinstance(kind, Date):
        return "range", f"{name} BETWEEN '{FIRST_DAY}' AND '{LAST_DAY}'"
    return None


def make_engine(url: str, *, echo: bool = False) -> Engine:
    """Open an engine with the guards of its kind.

    SQLite: WAL, FULL, foreign keys, 10 s busy timeout, BEGIN IMMEDIATE for writing sessions.
    PostgreSQL: READ COMMITTED, time limits, ping before use, no JIT.
    """
    parsed = make_url(url)
    if parsed.get_backend_name() == "sqlite":
        engine = create_engine(parsed, echo=echo, connect_args={"timeout": 10, "check_same_thread": False})
        event.listen(engine, "connect", _configure_sqlite)
        event.listen(engine, "begin", _begin_sqlite)
    else:
        engine = create_engine(
            parsed,
            echo=echo,
            pool_pre_ping=True,
            connect_args={
                "connect_timeout": 5,
                "options": "-c timezone=UTC -c jit=off -c statement_timeout=15000 -c lock_timeout=8000"
                " -c idle_in_transaction_session_timeout=60000",
            },
        )
    event.listen(engine, "handle_error", _tag_retryable)
    return engine


def _configure_sqlite(connection: Any, record: Any) -> None:
    connection.isolation_level = None
    cursor = connection.cursor()
    for pragma in (
        "journal_mode=WAL",
        "synchronous=FULL",
        "foreign_keys=ON",
        "busy_timeout=10000",
        "cache_size=-8000",  # kB for each connection; a server has one a thread
    ):
        cursor.execute(f"PRAGMA {pragma}")
    cursor.close()


def _begin_sqlite(connection: Any) -> None:
    writes = connection.get_execution_options().get("collab_writes", False)
    connection.exec_driver_sql("BEGIN IMMEDIATE" if writes else "BEGIN")


def _tag_retryable(context: ExceptionContext) -> None:
    """Mark lost connections, class 40 and SQLite's lock as worth another try.

    `collab_commit_unknown` marks those of them after which nobody can tell whether the COMMIT took place: then only
    a key makes another try safe (ADR 0008). Only COMMIT and ROLLBACK reach this with a connection and no statement.
    """
    error = context.original_exception
    state = getattr(error, "sqlstate", None) or ""
    unique_key = "uq_idempotency_key" in str(error) or "idempotency_key.user_id" in str(error)
    locked = "database is locked" in str(error)
    ending = context.is_disconnect and context.statement is None and context.connection is not None
    if context.is_disconnect or state.startswith(RETRYABLE_CLASS) or locked or unique_key:
        for exception in (context.sqlalchemy_exception, error):
            if exception is not None:
                exception.collab_retryable = True  # type: ignore[attr-defined]
                exception.collab_commit_unknown = ending or state == UNKNOWN  # type: ignore[attr-defined]


def session_factory(engine: Engine) -> sessionmaker[Session]:
    """Give the factory of writing sessions."""
    return sessionmaker(engine.execution_options(collab_writes=True))


def reading_factory(engine: Engine) -> sessionmaker[Session]:
    """Give the factory of reading sessions: a snapshot on SQLite, AUTOCOMMIT on PostgreSQL (ADR 0007)."""
    if engine.dialect.name == "postgresql":
        return sessionmaker(engine.execution_options(isolation_level="AUTOCOMMIT"))
    return sessionmaker(engine)


@contextmanager
def unit_of_work(factory: sessionmaker[Session]) -> Iterator[Session]:
    """Open a writing session, commit at the end, roll back on any error (commands, tasks, security events)."""
    with factory() as session:
        yield session
        session.commit()


def too_long(limit: int) -> Any:
    """Give the sentence for text over its limit."""
    return _("Please shorten this to at most ${limit} characters.", mapping={"limit": limit})
