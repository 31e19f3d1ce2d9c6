"""`collab government add`, `collab user add`, `collab token add`: what a new system needs before its first sign-in."""

import click

from collab.auth import queries, services
from collab.auth.rules import password_problems
from collab.cli.house import House, Refusal, plain
from collab.cli.program import Group
from collab.core.identity import SYSTEM, Role
from collab.organizations.queries import government_by_code
from collab.organizations.services import create_government, load_regions
from collab.organizations.vocabulary import ZONES, GovernmentKind


@click.group(cls=Group)
def government() -> None:
    """Make governments: the scopes of rights and of local days."""


@government.command("add")
@click.argument("code")
@click.option("--kind", type=click.Choice([kind.value for kind in GovernmentKind]), required=True)
@click.option("--name", required=True, help="Full name.")
@click.option("--short-name", required=True)
@click.option("--zone", type=click.Choice(sorted(ZONES)), default="Asia/Jakarta", show_default=True)
@click.option("--parent", help="Code of the government it belongs to.")
@click.pass_obj
def government_add(
    house: House, code: str, kind: str, name: str, short_name: str, zone: str, parent: str | None
) -> None:
    """Make a government by its CODE: 19, 62.11, or id for the nation; brings the regions up to date with it."""
    with house.writing() as session:
        load_regions(session)
        made = create_government(
            session,
            actor=SYSTEM,
            code=code,
            kind=GovernmentKind(kind),
            name=name,
            short_name=short_name,
            timezone=zone,
            parent_id=government_by_code(session, parent).id if parent else None,
            region_code=None if kind == GovernmentKind.NATIONAL else code,
        )
        house.say(f"Made: {made.name} ({made.code}).", id=made.id, code=made.code, name=made.name)


@click.group(cls=Group)
def user() -> None:
    """Make accounts."""


@user.command("add")
@click.argument("name")
@click.option("--role", type=click.Choice([role.value for role in Role]), required=True)
@click.option(
    "--scope", required=True, help="A government such as 19, or an organization such as 19/pertanian."
)
@click.option("--display-name", help="Name shown to people; the account's name when absent.")
@click.option(
    "--ask",
    is_flag=True,
    help="Ask for the password; without it one is made, to be changed at the first sign-in.",
)
@click.pass_obj
def user_add(house: House, name: str, role: str, scope: str, display_name: str | None, ask: bool) -> None:
    """Make an account NAME with a ROLE for a SCOPE; prints a made password once."""
    password = asked_password(name) if ask else services.one_time_password()
    hashed = services.hash_password(password, strength=house.settings.argon2)  # slow: before the transaction
    with house.writing() as session:
        made = services.create_user(
            session,
            name=name,
            display_name=display_name or name,
            actor=SYSTEM,
            password_hash=hashed,
            must_change_password=not ask,
        )
        services.assign_role(session, role=Role(role), scope=scope, actor=SYSTEM, user_id=made.id)
        number = made.id
    facts = {"id": number, "name": name, "role": role, "scope": scope} | (
        {} if ask else {"password": password}
    )
    said = "" if ask else f"\nPassword, shown this once: {password}"
    house.say(f"Made: {name}, {role} for {scope}.{said}", **facts)


def asked_password(name: str) -> str:
    """Ask for a password twice; refuse a weak one."""
    password = str(click.prompt("Password", hide_input=True, confirmation_prompt=True, err=True))
    problems = password_problems(password, words=[name])
    if problems:
        raise Refusal(plain(problems[0]))
    return password


@click.group(cls=Group)
def token() -> None:
    """Make tokens for programs."""


@token.command("add")
@click.argument("user_name", metavar="USER")
@click.option("--title", default="collab token add", show_default=True, help="What it is for.")
@click.option(
    "--days", type=click.IntRange(1, 365), default=365, show_default=True, help="How long it is valid."
)
@click.pass_obj
def token_add(house: House, user_name: str, title: str, days: int) -> None:
    """Make a token for USER, with the rights that USER has; prints it once."""
    with house.writing() as session:
        owner = queries.by_name(session, user_name)
        if owner is None:
            raise Refusal(f"there is no account {user_name}")
        made, secret = services.create_token(
            session, user_id=owner.id, title=title, actor=SYSTEM, valid_days=days
        )
        expires = made.expires_at
    house.say(
        f"Token of {user_name}, valid until {expires:%Y-%m-%d}, shown this once:\n{secret}",
        user=user_name,
        token=secret,
        expires_at=expires.isoformat(),
    )
