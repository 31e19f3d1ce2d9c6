"""Governments, organizations with dated names, regions, persons, positions and who holds them."""

from datetime import date, datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from collab.core import triggers
from collab.core.db import Base, UtcDateTime, words
from collab.organizations.vocabulary import (
    GovernmentKind,
    HoldingKind,
    NameKind,
    OrganizationClass,
    PartnerKind,
    RegionLevel,
    SuccessionKind,
)


class Region(Base):
    """A region by its Kemendagri code, valid for a time (codes change: Papua 91-96)."""

    __tablename__ = "region"

    #: Dotted code, e.g. ``19``, ``62.11``, ``62.11.05.2006``.
    code: Mapped[str] = mapped_column(String(13), primary_key=True)
    level: Mapped[RegionLevel] = mapped_column(words(RegionLevel))
    name: Mapped[str] = mapped_column(String(120), index=True)
    parent_code: Mapped[str | None] = mapped_column(ForeignKey("region.code"), index=True)
    valid_until: Mapped[date | None]


class Government(Base):
    """The national government, a province, a regency or a city: the scope of rights and of local days."""

    __tablename__ = "government"

    id: Mapped[int] = mapped_column(primary_key=True)
    #: Scope code, e.g. ``19`` for the province, ``62.11`` for a regency, ``id`` for the nation.
    code: Mapped[str] = mapped_column(String(13), unique=True)
    kind: Mapped[GovernmentKind] = mapped_column(words(GovernmentKind))
    name: Mapped[str] = mapped_column(String(200))
    short_name: Mapped[str] = mapped_column(String(60))
    #: IANA zone of its local days.
    timezone: Mapped[str] = mapped_column(String(40))
    parent_id: Mapped[int | None] = mapped_column(ForeignKey("government.id"), index=True)
    region_code: Mapped[str | None] = mapped_column(ForeignKey("region.code"), index=True)
    changed_at: Mapped[datetime] = mapped_column(UtcDateTime)
    version: Mapped[int] = mapped_column(default=1)

    __mapper_args__ = {"version_id_col": version}


class Organization(Base):
    """Any body that can owe, lead, support or sign: agencies, ministries, state bodies, partners, teams, groups.

    Partners have no government: one shared row. Names are dated rows; `name` and `short_name` are those in
    force today (the newest official name), kept beside for lists.
    """

    __tablename__ = "organization"
    __table_args__ = (
        UniqueConstraint("government_id", "code", name="uq_organization_government_id_code"),
        Index(
            "uq_organization_partner_code",
            "code",
            unique=True,
            sqlite_where=text("government_id IS NULL"),
            postgresql_where=text("government_id IS NULL"),
        ),
        Index("ix_organization_government_id_name", "government_id", "name", "id"),
        CheckConstraint(
            "(org_class = 'partner') = (government_id IS NULL)", name="partner_without_government"
        ),
        CheckConstraint("partner_kind IS NULL OR org_class = 'partner'", name="partner_kind_of_partner"),
        CheckConstraint(
            "valid_until IS NULL OR valid_from IS NULL OR valid_from <= valid_until", name="valid_order"
        ),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    government_id: Mapped[int | None] = mapped_column(ForeignKey("government.id"))
    parent_id: Mapped[int | None] = mapped_column(ForeignKey("organization.id"), index=True)
    org_class: Mapped[OrganizationClass] = mapped_column(words(OrganizationClass))
    partner_kind: Mapped[PartnerKind | None] = mapped_column(words(PartnerKind))
    #: Slug, unique in its government; among the partners for a partner.
    code: Mapped[str] = mapped_column(String(60))
    name: Mapped[str] = mapped_column(String(300))
    short_name: Mapped[str | None] = mapped_column(String(120))
    region_code: Mapped[str | None] = mapped_column(ForeignKey("region.code"), index=True)
    valid_from: Mapped[date | None]
    valid_until: Mapped[date | None]
    changed_at: Mapped[datetime] = mapped_column(UtcDateTime)
    version: Mapped[int] = mapped_column(default=1)

    __mapper_args__ = {"version_id_col": version}

    names: Mapped[list["OrganizationName"]] = relationship(
        order_by="OrganizationName.valid_from", lazy="raise_on_sql", viewonly=True
    )


class OrganizationName(Base):
    """A dated official name, or an alias (another printed form) of an organization."""

    __tablename__ = "organization_name"
    __table_args__ = (Index("ix_organization_name_name", "name"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    organization_id: Mapped[int] = mapped_column(ForeignKey("organization.id"), index=True)
    kind: Mapped[NameKind] = mapped_column(words(NameKind))
    name: Mapped[str] = mapped_column(String(300))
    short_name: Mapped[str | None] = mapped_column(String(120))
    #: First day of the name (official names); aliases have none.
    valid_from: Mapped[date | None]
    recorded_at: Mapped[datetime] = mapped_column(UtcDateTime)


class Succession(Base):
    """One predecessor and one successor after a reorganisation (SOTK) on a day."""

    __tablename__ = "succession"
    __table_args__ = (
        UniqueConstraint("predecessor_id", "successor_id", name="uq_succession_pair"),
        CheckConstraint("predecessor_id <> successor_id", name="two_bodies"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    predecessor_id: Mapped[int] = mapped_column(ForeignKey("organization.id"), index=True)
    successor_id: Mapped[int] = mapped_column(ForeignKey("organization.id"), index=True)
    kind: Mapped[SuccessionKind] = mapped_column(words(SuccessionKind))
    effective_on: Mapped[date]
    recorded_at: Mapped[datetime] = mapped_column(UtcDateTime)


class Person(Base):
    """A person who holds positions. Only the name is public; nothing else is kept."""

    __tablename__ = "person"

    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str] = mapped_column(String(200), index=True)
    #: Other printed forms, one a line (D4: Elfiyena / Elfiana).
    aliases: Mapped[str | None] = mapped_column(String(1000))
    changed_at: Mapped[datetime] = mapped_column(UtcDateTime)
    version: Mapped[int] = mapped_column(default=1)

    __mapper_args__ = {"version_id_col": version}


class Position(Base):
    """A post in an organization, whoever holds it."""

    __tablename__ = "position"
    __table_args__ = (
        UniqueConstraint("organization_id", "title", name="uq_position_organization_id_title"),
        Index(
            "uq_position_head",
            "organization_id",
            unique=True,
            sqlite_where=text("is_head = 1"),
            postgresql_where=text("is_head"),
        ),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    organization_id: Mapped[int] = mapped_column(ForeignKey("organization.id"), index=True)
    title: Mapped[str] = mapped_column(String(200))
    #: Whether this post heads the organization.
    is_head: Mapped[bool] = mapped_column(default=False)
    changed_at: Mapped[datetime] = mapped_column(UtcDateTime)
    version: Mapped[int] = mapped_column(default=1)

    __mapper_args__ = {"version_id_col": version}

    organization: Mapped[Organization] = relationship(lazy="raise_on_sql")


class PositionHolding(Base):
    """A person in a position from a day on (definitive, Plt., Plh., Pj.), until a day where it ends (R50)."""

    __tablename__ = "position_holding"
    __table_args__ = (
        CheckConstraint("valid_until IS NULL OR valid_from <= valid_until", name="valid_order"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"), index=True)
    position_id: Mapped[int] = mapped_column(ForeignKey("position.id"), index=True)
    holding_kind: Mapped[HoldingKind] = mapped_column(words(HoldingKind))
    valid_from: Mapped[date]
    #: Last day held; none while it goes on.
    valid_until: Mapped[date | None]
    decree: Mapped[str | None] = mapped_column(String(200))
    changed_at: Mapped[datetime] = mapped_column(UtcDateTime)
    version: Mapped[int] = mapped_column(default=1)

    __mapper_args__ = {"version_id_col": version}

    person: Mapped[Person] = relationship(lazy="raise_on_sql")
    position: Mapped[Position] = relationship(lazy="raise_on_sql")


triggers.append_only("organization_name")
triggers.append_only("succession")
for _table in ("region", "government", "organization", "person", "position", "position_holding"):
    triggers.refuse_delete(_table)
