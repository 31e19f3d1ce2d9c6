"""Closed words of organizations, and the rights over them."""

from enum import StrEnum

from collab.core.text import Sentence, _


class Permission(StrEnum):
    """What one may do with organizations."""

    READ = "organizations:organization:read"
    CREATE = "organizations:organization:create"
    EDIT = "organizations:organization:edit"
    ADD_ALIAS = "organizations:alias:add"
    MANAGE_POSITIONS = "organizations:position:manage"
    MANAGE_PEOPLE = "organizations:people:manage"
    MANAGE_GOVERNMENTS = "organizations:government:manage"


class GovernmentKind(StrEnum):
    """Levels of government."""

    NATIONAL = "national"
    PROVINCE = "province"
    REGENCY = "regency"
    CITY = "city"

    @property
    def title(self) -> Sentence:
        """Name the level for people."""
        return GOVERNMENT_TITLES[self]


GOVERNMENT_TITLES = {
    GovernmentKind.NATIONAL: _("National government"),
    GovernmentKind.PROVINCE: _("Province"),
    GovernmentKind.REGENCY: _("Regency"),
    GovernmentKind.CITY: _("City"),
}

#: The level above, to which a government belongs (UU 23/2014 art. 2).
PARENT_KINDS = {
    GovernmentKind.NATIONAL: None,
    GovernmentKind.PROVINCE: GovernmentKind.NATIONAL,
    GovernmentKind.REGENCY: GovernmentKind.PROVINCE,
    GovernmentKind.CITY: GovernmentKind.PROVINCE,
}

#: Indonesian zones of local days: WIB (Java and Sumatra, western Kalimantan), WITA, WIT.
ZONES = {
    "Asia/Jakarta": _("WIB (Jakarta)"),
    "Asia/Pontianak": _("WIB (Pontianak)"),
    "Asia/Makassar": _("WITA (Makassar)"),
    "Asia/Jayapura": _("WIT (Jayapura)"),
}

#: Code of every government's own root organization, the legal party (PP 28/2018 art. 2 (1)).
ROOT_CODE = "pemerintah"
#: What stands before the slash in the scope code of a partner, who has no government.
PARTNER_SCOPE = "partner"


class RegionLevel(StrEnum):
    """Levels of regions."""

    PROVINCE = "province"
    REGENCY = "regency"
    CITY = "city"
    DISTRICT = "district"
    VILLAGE = "village"
    URBAN_VILLAGE = "urban_village"

    @property
    def title(self) -> Sentence:
        """Name the level for people."""
        return LEVEL_TITLES[self]


LEVEL_TITLES = {
    RegionLevel.PROVINCE: _("Province"),
    RegionLevel.REGENCY: _("Regency"),
    RegionLevel.CITY: _("City"),
    RegionLevel.DISTRICT: _("District"),
    RegionLevel.VILLAGE: _("Village"),
    RegionLevel.URBAN_VILLAGE: _("Urban village"),
}

#: The word that Indonesian puts before a region's name; names of regencies and cities carry theirs.
LEVEL_WORDS = {
    RegionLevel.PROVINCE: "Provinsi",
    RegionLevel.DISTRICT: "Kecamatan",
    RegionLevel.VILLAGE: "Desa",
    RegionLevel.URBAN_VILLAGE: "Kelurahan",
}


class OrganizationClass(StrEnum):
    """Classes of organizations (PP 18/2016 art. 5 for the agencies of a region)."""

    GOVERNMENT = "government"
    SECRETARIAT = "secretariat"
    COUNCIL_SECRETARIAT = "council_secretariat"
    INSPECTORATE = "inspectorate"
    DINAS = "dinas"
    BADAN = "badan"
    UNIT = "unit"
    MINISTRY = "ministry"
    MINISTRY_UNIT = "ministry_unit"
    VERTICAL_OFFICE = "vertical_office"
    STATE_BODY = "state_body"
    VILLAGE_GOVERNMENT = "village_government"
    TEAM = "team"
    GROUP = "group"
    PARTNER = "partner"

    @property
    def title(self) -> Sentence:
        """Name the class for people."""
        return CLASS_TITLES[self]


#: Agencies (Perangkat Daerah): what the rankings compare.
AGENCY_CLASSES = frozenset(
    {
        OrganizationClass.SECRETARIAT,
        OrganizationClass.COUNCIL_SECRETARIAT,
        OrganizationClass.INSPECTORATE,
        OrganizationClass.DINAS,
        OrganizationClass.BADAN,
    }
)

CLASS_TITLES = {
    OrganizationClass.GOVERNMENT: _("Government"),
    OrganizationClass.SECRETARIAT: _("Regional secretariat"),
    OrganizationClass.COUNCIL_SECRETARIAT: _("Council secretariat"),
    OrganizationClass.INSPECTORATE: _("Inspectorate"),
    OrganizationClass.DINAS: _("Dinas"),
    OrganizationClass.BADAN: _("Badan"),
    OrganizationClass.UNIT: _("Unit"),
    OrganizationClass.MINISTRY: _("Ministry"),
    OrganizationClass.MINISTRY_UNIT: _("Unit of a ministry"),
    OrganizationClass.VERTICAL_OFFICE: _("Vertical office"),
    OrganizationClass.STATE_BODY: _("State body"),
    OrganizationClass.VILLAGE_GOVERNMENT: _("Village government"),
    OrganizationClass.TEAM: _("Team"),
    OrganizationClass.GROUP: _("Group"),
    OrganizationClass.PARTNER: _("Partner"),
}


class PartnerKind(StrEnum):
    """Kinds of partners (PP 28/2018 art. 14; foreign: art. 25)."""

    INDIVIDUAL = "individual"
    BUSINESS = "business"
    ORGANIZATION = "organization"
    FOREIGN = "foreign"

    @property
    def title(self) -> Sentence:
        """Name the kind for people."""
        return PARTNER_TITLES[self]


PARTNER_TITLES = {
    PartnerKind.INDIVIDUAL: _("Individual"),
    PartnerKind.BUSINESS: _("Legal business"),
    PartnerKind.ORGANIZATION: _("Community organization"),
    PartnerKind.FOREIGN: _("Foreign body"),
}


class NameKind(StrEnum):
    """Whether a name is official or another printed form."""

    OFFICIAL = "official"
    ALIAS = "alias"


class SuccessionKind(StrEnum):
    """How one organization follows another."""

    MERGE = "merge"
    SPLIT = "split"

    @property
    def title(self) -> Sentence:
        """Name the way for people."""
        return SUCCESSION_TITLES[self]


SUCCESSION_TITLES = {
    SuccessionKind.MERGE: _("Merged"),
    SuccessionKind.SPLIT: _("Split"),
}


class HoldingKind(StrEnum):
    """In which capacity a position is held (UU 30/2014 art. 14)."""

    DEFINITIVE = "definitive"
    PLT = "plt"
    PLH = "plh"
    PJ = "pj"

    @property
    def title(self) -> Sentence:
        """Name the capacity for people."""
        return HOLDING_TITLES[self]


HOLDING_TITLES = {
    HoldingKind.DEFINITIVE: _("Definitive"),
    HoldingKind.PLT: _("Plt."),
    HoldingKind.PLH: _("Plh."),
    HoldingKind.PJ: _("Pj."),
}
