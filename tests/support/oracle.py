"""Who may do what, once more and in English, written from decisions 5 and not from the policies (ADR: rights as data).

`sees` says of which rows somebody may know, `may` which act is theirs. Both answer True, False, or None where the
decisions leave it open. A permission or a kind of row without an entry raises `NoRule`: a new door needs a rule here.
"""

from collections.abc import Callable
from dataclasses import dataclass

from collab.core.identity import Role
from tests.support.subjects import Subject

Answer = bool | None


class NoRule(LookupError):
    """The oracle was asked about something that nobody has decided."""


@dataclass(frozen=True)
class Who:
    """Somebody who asks: the role, and the government or the units it is held for."""

    name: str
    role: Role | None = None
    government: str = ""
    units: frozenset[str] = frozenset()
    is_signed_in: bool = True

    def is_(self, *roles: Role) -> bool:
        """Tell whether one of the roles is held at all."""
        return self.role in roles

    def in_government(self, subject: Subject, *roles: Role) -> bool:
        """Tell whether one of the roles is held for the row's government."""
        return self.role in roles and self.government == subject.government

    def covers(self, scopes: frozenset[str]) -> bool:
        """Tell whether a liaison or partner stands for one of the organizations."""
        return self.role in (Role.LIAISON, Role.PARTNER) and not self.units.isdisjoint(scopes)


NOBODY = Who("", is_signed_in=False)
READERS = (Role.MONITOR, Role.COORDINATOR, Role.LEGAL, Role.AUDITOR)
DECIDERS = (Role.COORDINATOR, Role.MONITOR)
KEEPERS = (Role.COORDINATOR, Role.LEGAL)
REPORTERS = (Role.LIAISON, Role.PARTNER)
GOVERNMENT = (Role.ADMIN, *READERS)
#: The province above each regency of the world.
PROVINCE_OF = {"62.11": "62"}


# -- which rows somebody may know of ---------------------------------------------------------------------------


def everyone(who: Who, subject: Subject) -> Answer:
    """Names of organizations, posts, persons, regions and enacted regulations are everybody's who is signed in."""
    return who.is_signed_in


def business(who: Who, subject: Subject, concerned: frozenset[str]) -> Answer:
    """Its government's staff, and the organizations it concerns; an administrator's reading is left open."""
    if who.in_government(subject, *READERS) or who.covers(concerned):
        return True
    if who.in_government(subject, Role.ADMIN):
        return None
    return False


def from_the_province(who: Who, subject: Subject) -> bool:
    """The province's staff and the signed agreements of its regencies."""
    return (
        subject.is_signed
        and who.role in READERS
        and who.government == PROVINCE_OF.get(subject.government, "-")
    )


def agreement(who: Who, subject: Subject) -> Answer:
    """Parties, leaders and those who owe something under it; the province reads what its regencies have signed."""
    seen = business(who, subject, subject.parties | subject.leading | subject.owing)
    return seen if seen or not from_the_province(who, subject) else True


def commitment(who: Who, subject: Subject) -> Answer:
    """Those who owe or support it and those who lead its mandate; the province's reading below is left open."""
    seen = business(who, subject, subject.owing | subject.leading)
    return seen if seen or not from_the_province(who, subject) else None


def evidence(who: Who, subject: Subject) -> Answer:
    """As the report that it proves; the uploader always."""
    return True if who.name == subject.uploader else commitment(who, subject)


def draft(who: Who, subject: Subject) -> Answer:
    """Drafts of regulations: legal staff and coordinators of that government only."""
    return who.in_government(subject, *KEEPERS)


def uploader(who: Who, subject: Subject) -> Answer:
    """A document that nobody has claimed is its uploader's alone."""
    return who.name == subject.uploader


def account(who: Who, subject: Subject) -> Answer:
    """Accounts: an administrator of their government; those of partners by any; the nation's reads all."""
    return who.is_(Role.ADMIN) and who.government in ("id", subject.government or who.government)


def agency(who: Who, subject: Subject) -> Answer:
    """An agency's figures: its government's staff and itself; partners' and regencies' figures are left open."""
    scope = frozenset({subject.extra["scope"]})
    if subject.owner == "okeoce":
        return None if who.role in GOVERNMENT or who.covers(scope) else False
    if who.role in GOVERNMENT and who.government == PROVINCE_OF.get(subject.government, "-"):
        return None
    return who.in_government(subject, *GOVERNMENT) or who.covers(scope)


def own(who: Who, subject: Subject) -> Answer:
    """Sign-ins and tokens: one's own only."""
    return who.name == subject.owner


def token(who: Who, subject: Subject) -> Answer:
    """Tokens: one's own; an administrator may keep those of the accounts they keep."""
    return True if who.name == subject.owner else None if who.is_(Role.ADMIN) else False


SEES: dict[str, Callable[[Who, Subject], Answer]] = {
    "agency": agency,
    "agreement": agreement,
    "mandate_document": agreement,
    "commitment": commitment,
    "checkpoint": commitment,
    "report": commitment,
    "deadline_request": commitment,
    "obstacle": commitment,
    "evidence": evidence,
    "regulation": everyone,
    "regulation_document": everyone,
    "draft": draft,
    "draft_document": draft,
    "unclaimed": uploader,
    "organization": everyone,
    "government": everyone,
    "position": everyone,
    "holding": everyone,
    "person": everyone,
    "region": everyone,
    "entry": lambda who, subject: who.is_(Role.AUDITOR) and who.government in ("id", subject.government),
    "user": account,
    "assignment": account,
    "session": own,
    "token": token,
}


def sees_in_journal(who: Who, subject: Subject) -> Answer:
    """In the journal: an auditor reads every act of their government, the nation's auditor every act there is."""
    if who.is_(Role.AUDITOR) and who.government in ("id", subject.government):
        return True
    # Acts of a partner, or on a partner's behalf, may stand in any government's journal that they concern.
    return None if who.is_(Role.AUDITOR) and subject.owner == "okeoce" else sees(who, subject)


def sees(who: Who, subject: Subject) -> Answer:
    """Say whether somebody may know of a row; raise `NoRule` for an unknown kind."""
    try:
        rule = SEES[subject.kind]
    except KeyError:
        raise NoRule(f"tests/support/oracle.py says nothing of who sees a {subject.kind}") from None
    return who.is_signed_in and rule(who, subject)


# -- which acts are whose --------------------------------------------------------------------------------------

#: An act: may this person do it to this row; to none in particular where the row is None (lists, new forms).
Rule = Callable[[Who, Subject | None], Answer]


def signed_in(who: Who, subject: Subject | None) -> Answer:
    """Whoever is signed in; what they find is the rows' matter."""
    return who.is_signed_in


def for_(*roles: Role) -> Rule:
    """The roles, for the row's government or organization; each of them may begin something new."""

    def rule(who: Who, subject: Subject | None) -> Answer:
        if subject is None or who.role is None:
            return who.is_(*roles)
        if who.role in REPORTERS:
            return who.is_(*roles) and who.covers(subject.owing)
        return who.in_government(subject, *roles)

    return rule


def reading_agreements(who: Who, subject: Subject | None) -> Answer:
    """Staff of a government, liaisons and partners; administrators have no business with agreements."""
    return None if who.is_(Role.ADMIN) else who.is_(*READERS, *REPORTERS)


def moving_agreements(who: Who, subject: Subject | None) -> Answer:
    """Coordinators to the end, legal staff up to the signature."""
    if subject is not None and subject.is_signed and who.is_(Role.LEGAL):
        return False
    return for_(*KEEPERS)(who, subject)


def signing(who: Who, subject: Subject | None) -> Answer:
    """Coordinators record signatures; whether legal staff may is left open."""
    return (
        None
        if who.is_(Role.LEGAL) and for_(Role.LEGAL)(who, subject)
        else for_(Role.COORDINATOR)(who, subject)
    )


def keeping_agreements(who: Who, subject: Subject | None) -> Answer:
    """Coordinators and legal staff; after the signature legal staff's part is left open."""
    if subject is not None and subject.is_signed and who.in_government(subject, Role.LEGAL):
        return None
    return for_(*KEEPERS)(who, subject)


def deciding_reports(who: Who, subject: Subject | None) -> Answer:
    """Coordinator or governor's office of the mandate's government, or the accountable lead's liaison."""
    if subject is None:
        return who.is_(*DECIDERS, Role.LIAISON)
    return who.in_government(subject, *DECIDERS) or (who.is_(Role.LIAISON) and who.covers(subject.leading))


def raising_obstacles(who: Who, subject: Subject | None) -> Answer:
    """Those who owe; whether those who lead or decide may too is left open."""
    if subject is None or who.covers(subject.owing):
        return None if subject is None else True
    return None if who.in_government(subject, *DECIDERS) or who.covers(subject.leading) else False


def overview(who: Who, subject: Subject | None) -> Answer:
    """Roles held for a whole government."""
    return who.is_(*GOVERNMENT)


def adding_versions(who: Who, subject: Subject | None) -> Answer:
    """The uploader while nobody has claimed a document, afterwards whoever may edit one of its owners."""
    if subject is None:
        return None
    rules: dict[str, Rule] = {
        "unclaimed": lambda who, row: who.name == row.uploader if row else None,
        "mandate_document": keeping_agreements,
        "regulation_document": for_(Role.LEGAL),
        "draft_document": for_(Role.LEGAL),
        # What proves a report is not exchanged afterwards.
        "evidence": lambda who, row: False,
    }
    return rules[subject.kind](who, subject)


def editing_bodies(*roles: Role) -> Rule:
    """The roles in the body's government; a partner belongs to none and is kept by any of them."""

    def rule(who: Who, subject: Subject | None) -> Answer:
        if subject is None or subject.extra.get("scope") == "okeoce":
            return who.is_(*roles)
        return who.in_government(subject, *roles)

    return rule


def keeping_people(who: Who, subject: Subject | None) -> Answer:
    """Persons belong to no government: any administrator keeps them."""
    return who.is_(Role.ADMIN)


def keeping_governments(who: Who, subject: Subject | None) -> Answer:
    """An administrator of the nation; whether others keep their own government is left open."""
    return (True if who.government == "id" else None) if who.is_(Role.ADMIN) else False


def reading_accounts(who: Who, subject: Subject | None) -> Answer:
    """Administrators."""
    return who.is_(Role.ADMIN)


def keeping_accounts(who: Who, subject: Subject | None) -> Answer:
    """Administrators of the account's government; a partner's account and the nation's reach are left open."""
    if subject is None or not who.is_(Role.ADMIN):
        return who.is_(Role.ADMIN)
    return True if who.government == subject.government else None


def own_account(who: Who, subject: Subject | None) -> Answer:
    """Everybody their own."""
    return who.is_signed_in


RULES: dict[str, Rule] = {
    "agreements:agreement:read": reading_agreements,
    "agreements:agreement:create": for_(*KEEPERS),
    "agreements:agreement:edit": keeping_agreements,
    "agreements:stage:advance": moving_agreements,
    "agreements:agreement:sign": signing,
    "agreements:document:attach": keeping_agreements,
    # The auditor reads the journal of their government; whether others read parts of it is left open for staff.
    "audit:journal:read": lambda who, subject: (
        True if who.is_(Role.AUDITOR) else None if who.is_(Role.ADMIN) else False
    ),
    "auth:account:own": own_account,
    "auth:user:read": reading_accounts,
    "auth:user:manage": keeping_accounts,
    "commitments:commitment:read": signed_in,
    "commitments:commitment:write": for_(Role.COORDINATOR),
    "commitments:commitment:cancel": for_(*DECIDERS),
    "commitments:commitment:attest": for_(*REPORTERS),
    "commitments:report:write": for_(*REPORTERS),
    "commitments:report:decide": deciding_reports,
    "commitments:deadline:ask": for_(*REPORTERS),
    "commitments:deadline:decide": for_(*DECIDERS),
    "commitments:obstacle:write": raising_obstacles,
    "commitments:work:read": lambda who, subject: who.is_(*REPORTERS),
    "commitments:queue:read": lambda who, subject: who.is_(*DECIDERS, Role.LIAISON),
    # Where somebody without any role is led to is left open.
    "dashboards:home:read": lambda who, subject: who.is_signed_in if who.role else None,
    "dashboards:overview:read": overview,
    "dashboards:agency:read": signed_in,
    "documents:document:upload": lambda who, subject: who.is_(*KEEPERS, *REPORTERS),
    "documents:document:read": signed_in,
    "documents:version:add": adding_versions,
    "mandates:mandate:read": reading_agreements,
    "mandates:mandate:choose": lambda who, subject: None if who.is_(*READERS) else who.is_(Role.COORDINATOR),
    "mandates:lead:assign": for_(*KEEPERS),
    "mandates:basis:cite": for_(*KEEPERS),
    "mandates:note:add": for_(*KEEPERS, Role.MONITOR),
    "organizations:organization:read": signed_in,
    "organizations:organization:create": lambda who, subject: who.is_(Role.ADMIN),
    "organizations:organization:edit": editing_bodies(Role.ADMIN),
    "organizations:alias:add": editing_bodies(Role.ADMIN, Role.COORDINATOR),
    "organizations:position:manage": editing_bodies(Role.ADMIN),
    "organizations:people:manage": keeping_people,
    "organizations:government:manage": keeping_governments,
    "regulations:regulation:read": signed_in,
    "regulations:regulation:create": lambda who, subject: who.is_(Role.LEGAL),
    "regulations:regulation:edit": for_(Role.LEGAL),
    "regulations:relation:add": for_(Role.LEGAL),
    "regulations:document:attach": for_(Role.LEGAL),
    "regulations:regulation:enact": for_(Role.LEGAL),
    "regulations:regulation:withdraw": for_(Role.LEGAL),
    "search:index:read": signed_in,
    # What bench/ measures against; outside production only.
    "web:floor:read": signed_in,
}


def may(permission: str, who: Who, subject: Subject | None) -> Answer:
    """Say whether an act is somebody's; raise `NoRule` for an unknown permission."""
    try:
        rule = RULES[permission]
    except KeyError:
        raise NoRule(f"tests/support/oracle.py has no rule for the permission {permission}") from None
    return who.is_signed_in and rule(who, subject)
