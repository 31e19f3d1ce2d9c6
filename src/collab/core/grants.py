"""Rights of database roles on PostgreSQL, as data: what the application may never do, even if it is taken over.

Four roles without sign-in, held by whoever signs in: `collab_owner` migrates and owns; `collab_app` serves: it
defines nothing, and neither changes nor removes what is append-only; `collab_reader` reads, but no secrets;
`collab_backup` reads everything. SQLite has no roles: there the triggers alone stand guard (ADR 0004).
"""

from collections.abc import Iterator, Mapping
from enum import Enum

from sqlalchemy import Connection, text

OWNER, APP, READER, BACKUP = "collab_owner", "collab_app", "collab_reader", "collab_backup"
ROLES = (OWNER, APP, READER, BACKUP)

#: Rights as PostgreSQL names them, on one table.
Rights = frozenset[str]


class Kind(Enum):
    """What may happen to the rows of a table."""

    #: Inserted, never changed, never removed.
    FACTS = frozenset({"SELECT", "INSERT"})
    #: Inserted and changed, never removed.
    EDITED = frozenset({"SELECT", "INSERT", "UPDATE"})
    #: Drafts, spent keys and what can be computed anew.
    PASSING = frozenset({"SELECT", "INSERT", "UPDATE", "DELETE"})
    #: Changed by migrations only.
    FIXED = frozenset({"SELECT"})


#: Every table, by what may happen to its rows; a test fails for one that is missing here.
TABLES: Mapping[str, Kind] = {
    "agreement": Kind.EDITED,
    "agreement_party": Kind.PASSING,
    "alembic_version": Kind.FIXED,
    "api_token": Kind.EDITED,
    "attestation": Kind.FACTS,
    "cancellation": Kind.FACTS,
    "checkpoint": Kind.FACTS,
    "checkpoint_span": Kind.PASSING,
    "commitment": Kind.EDITED,
    "commitment_assignment": Kind.EDITED,
    "commitment_span": Kind.PASSING,
    "deadline_decision": Kind.FACTS,
    "deadline_request": Kind.FACTS,
    "document": Kind.EDITED,
    "document_version": Kind.FACTS,
    "government": Kind.EDITED,
    "idempotency_key": Kind.PASSING,
    "journal_entry": Kind.FACTS,
    "journal_head": Kind.EDITED,
    "legal_basis": Kind.EDITED,
    "login_session": Kind.EDITED,
    "mandate": Kind.EDITED,
    "mandate_document": Kind.FACTS,
    "mandate_lead": Kind.EDITED,
    "mandate_note": Kind.FACTS,
    "obstacle": Kind.FACTS,
    "obstacle_event": Kind.FACTS,
    "organization": Kind.EDITED,
    "organization_name": Kind.FACTS,
    "person": Kind.EDITED,
    "position": Kind.EDITED,
    "position_holding": Kind.EDITED,
    "progress_report": Kind.FACTS,
    "region": Kind.EDITED,
    "regulation": Kind.EDITED,
    "regulation_document": Kind.FACTS,
    "regulation_relation": Kind.FACTS,
    "report_decision": Kind.FACTS,
    "report_draft": Kind.PASSING,
    "report_evidence": Kind.FACTS,
    "role_assignment": Kind.EDITED,
    "sign_in_attempt": Kind.PASSING,
    "stage_event": Kind.FACTS,
    "stored_file": Kind.EDITED,
    "search_document": Kind.PASSING,
    "succession": Kind.FACTS,
    "user_account": Kind.EDITED,
}

#: Sign-in secrets, and rows that name who signed in from where: not for readers.
SECRET = frozenset({"user_account", "login_session", "api_token", "sign_in_attempt", "idempotency_key"})


class Unclassified(ValueError):
    """A table has no entry in `TABLES`; the message names it."""


def wanted(tables: Mapping[str, Kind] = TABLES) -> dict[tuple[str, str], Rights]:
    """Give {(role, table): rights} as they must be; roles without rights on a table are left out."""
    rights: dict[tuple[str, str], Rights] = {}
    for table, kind in tables.items():
        rights[APP, table] = kind.value
        rights[BACKUP, table] = Kind.FIXED.value
        if table not in SECRET:
            rights[READER, table] = Kind.FIXED.value
    return rights


def found(connection: Connection) -> dict[tuple[str, str], Rights]:
    """Give {(role, table): rights} of our three lesser roles as the database has them."""
    rows = connection.execute(
        text(
            "SELECT grantee.rolname, relation.relname, held.privilege_type"
            " FROM pg_class relation, aclexplode(relation.relacl) held, pg_roles grantee"
            " WHERE relation.relnamespace = current_schema()::regnamespace AND relation.relkind IN ('r', 'p', 'v', 'm')"
            " AND grantee.oid = held.grantee AND grantee.rolname IN (:app, :reader, :backup)"
        ),
        {"app": APP, "reader": READER, "backup": BACKUP},
    )
    gathered: dict[tuple[str, str], set[str]] = {}
    for role, table, privilege in rows:
        gathered.setdefault((role, table), set()).add(privilege)
    return {key: frozenset(rights) for key, rights in gathered.items()}


def present(connection: Connection) -> frozenset[str]:
    """Name those of our roles that the database server has."""
    rows = connection.execute(text("SELECT rolname FROM pg_roles WHERE starts_with(rolname, 'collab_')"))
    return frozenset(row[0] for row in rows) & frozenset(ROLES)


def apply(connection: Connection) -> None:
    """Make the roles that are missing and give each exactly its rights; safe to run again.

    Needs the right to create roles where one is missing, and the ownership of the tables. Raise `Unclassified`
    if a table has no entry: what nobody thought about is given to nobody.
    """
    existing = _tables(connection)
    if missing := existing - TABLES.keys():
        raise Unclassified(f"no rights are decided for {', '.join(sorted(missing))}")
    for statement in _statements(existing, present(connection)):
        connection.execute(text(statement))


def differences(connection: Connection) -> Iterator[str]:
    """Name each role and table whose rights in the database are not those of this file."""
    existing = _tables(connection)
    want = {key: rights for key, rights in wanted().items() if key[1] in existing}
    have = found(connection)
    for role, table in sorted(want.keys() | have.keys()):
        expected, actual = want.get((role, table), frozenset()), have.get((role, table), frozenset())
        if expected != actual:
            yield f"{role} on {table}: has {_listed(actual)}, should have {_listed(expected)}"
    for table in sorted(existing - TABLES.keys()):
        yield f"{table}: no rights are decided for it"


def _listed(rights: Rights) -> str:
    return ", ".join(sorted(rights)) or "nothing"


def _tables(connection: Connection) -> set[str]:
    rows = connection.execute(text("SELECT tablename FROM pg_tables WHERE schemaname = current_schema()"))
    return {row[0] for row in rows}


def _statements(existing: set[str], roles: frozenset[str]) -> Iterator[str]:
    for role in ROLES:
        if role not in roles:
            yield f"CREATE ROLE {role} NOLOGIN NOINHERIT NOSUPERUSER NOCREATEDB NOCREATEROLE"
    lesser = f"{APP}, {READER}, {BACKUP}"
    yield f"DO $$ BEGIN EXECUTE format('REVOKE ALL ON SCHEMA %I FROM PUBLIC, {lesser}', current_schema()); END $$"
    yield f"DO $$ BEGIN EXECUTE format('GRANT USAGE ON SCHEMA %I TO {lesser}', current_schema()); END $$"
    yield f"DO $$ BEGIN EXECUTE format('GRANT USAGE, CREATE ON SCHEMA %I TO {OWNER}', current_schema()); END $$"
    for kind in ("TABLES", "SEQUENCES"):
        yield (
            f"DO $$ BEGIN EXECUTE format('REVOKE ALL ON ALL {kind} IN SCHEMA %I FROM PUBLIC, {lesser}', "
            "current_schema()); END $$"
        )
    for (role, table), rights in sorted(wanted().items()):
        if table in existing:
            yield f"GRANT {', '.join(sorted(rights))} ON {table} TO {role}"
    for role, right in ((APP, "USAGE"), (BACKUP, "SELECT")):
        yield (
            f"DO $$ BEGIN EXECUTE format('GRANT {right} ON ALL SEQUENCES IN SCHEMA %I TO {role}', "
            "current_schema()); END $$"
        )
