"""`collab init`: the data folder, the migrations, and on PostgreSQL the rights of the roles."""

import click
from sqlalchemy import Engine

from collab.cli.house import House, Refusal
from collab.cli.program import Command
from collab.core import grants, migrate


@click.command(cls=Command)
@click.option(
    "--roles", is_flag=True, help="Make the database roles and give them their rights (PostgreSQL)."
)
@click.pass_obj
def init(house: House, roles: bool) -> None:
    """Make the data folder and bring the database to the newest revision; safe to run again.

    On PostgreSQL the rights of the roles collab_owner, collab_app, collab_reader and collab_backup are renewed
    whenever the roles exist; --roles makes them, which needs the right to create roles.
    """
    house.settings.data_dir.mkdir(mode=0o750, parents=True, exist_ok=True)
    before = migrate.head_of(house.engine)
    migrate.upgrade(house.engine)
    given = renew_rights(house.engine, make=roles)
    after = migrate.head_of(house.engine)
    moved = f"The database is at revision {after}" + (" (as before)." if before == after else ".")
    house.say(
        moved + (" Rights of the database roles are renewed." if given else ""),
        revision=after,
        migrated=before != after,
        rights=given,
    )


def renew_rights(engine: Engine, *, make: bool) -> bool:
    """Give the roles their rights if they exist or are to be made; tell whether that was done."""
    if engine.dialect.name != "postgresql":
        if make:
            raise Refusal("database roles exist on PostgreSQL only; on SQLite the triggers stand guard")
        return False
    with engine.begin() as connection:
        if not make and not grants.present(connection) >= set(grants.ROLES):
            return False
        try:
            grants.apply(connection)
        except grants.Unclassified as error:
            raise Refusal(str(error)) from error
    return True
