"""Closed words and rights of regulations."""

from enum import StrEnum

from collab.core.text import Sentence, _


class Permission(StrEnum):
    """What one may do with regulations."""

    READ = "regulations:regulation:read"
    CREATE = "regulations:regulation:create"
    EDIT = "regulations:regulation:edit"
    RELATE = "regulations:relation:add"
    ATTACH = "regulations:document:attach"
    ENACT = "regulations:regulation:enact"
    WITHDRAW = "regulations:regulation:withdraw"


class RegulationKind(StrEnum):
    """Kinds of regulations and decisions (UU 12/2011 art. 7-8 and regional specials)."""

    UU = "uu"
    PERPPU = "perppu"
    PP = "pp"
    PERPRES = "perpres"
    KEPPRES = "keppres"
    INPRES = "inpres"
    PERMEN = "permen"
    PERDA_PROV = "perda_prov"
    PERDA_KAB = "perda_kab"
    PERGUB = "pergub"
    PERBUP = "perbup"
    PERWALI = "perwali"
    KEPGUB = "kepgub"
    INGUB = "ingub"
    SE = "se"
    QANUN = "qanun"
    PERDASUS = "perdasus"
    PERDASI = "perdasi"
    PERDAIS = "perdais"

    @property
    def title(self) -> Sentence:
        """Name the kind for people (official Indonesian names, the same in every language)."""
        return REGULATION_TITLES[self]


REGULATION_TITLES: dict[RegulationKind, Sentence] = {
    RegulationKind.UU: "Undang-Undang",
    RegulationKind.PERPPU: "Peraturan Pemerintah Pengganti Undang-Undang",
    RegulationKind.PP: "Peraturan Pemerintah",
    RegulationKind.PERPRES: "Peraturan Presiden",
    RegulationKind.KEPPRES: "Keputusan Presiden",
    RegulationKind.INPRES: "Instruksi Presiden",
    RegulationKind.PERMEN: "Peraturan Menteri",
    RegulationKind.PERDA_PROV: "Peraturan Daerah Provinsi",
    RegulationKind.PERDA_KAB: "Peraturan Daerah Kabupaten/Kota",
    RegulationKind.PERGUB: "Peraturan Gubernur",
    RegulationKind.PERBUP: "Peraturan Bupati",
    RegulationKind.PERWALI: "Peraturan Wali Kota",
    RegulationKind.KEPGUB: "Keputusan Gubernur",
    RegulationKind.INGUB: "Instruksi Gubernur",
    RegulationKind.SE: "Surat Edaran",
    RegulationKind.QANUN: "Qanun",
    RegulationKind.PERDASUS: "Peraturan Daerah Khusus",
    RegulationKind.PERDASI: "Peraturan Daerah Provinsi (Papua)",
    RegulationKind.PERDAIS: "Peraturan Daerah Istimewa",
}

#: Everyday short forms, used in lists and citations.
SHORT_TITLES: dict[RegulationKind, str] = {
    RegulationKind.UU: "UU",
    RegulationKind.PERPPU: "Perppu",
    RegulationKind.PP: "PP",
    RegulationKind.PERPRES: "Perpres",
    RegulationKind.KEPPRES: "Keppres",
    RegulationKind.INPRES: "Inpres",
    RegulationKind.PERMEN: "Permen",
    RegulationKind.PERDA_PROV: "Perda",
    RegulationKind.PERDA_KAB: "Perda",
    RegulationKind.PERGUB: "Pergub",
    RegulationKind.PERBUP: "Perbup",
    RegulationKind.PERWALI: "Perwali",
    RegulationKind.KEPGUB: "Kepgub",
    RegulationKind.INGUB: "Ingub",
    RegulationKind.SE: "SE",
    RegulationKind.QANUN: "Qanun",
    RegulationKind.PERDASUS: "Perdasus",
    RegulationKind.PERDASI: "Perdasi",
    RegulationKind.PERDAIS: "Perdais",
}


class Lifecycle(StrEnum):
    """What is recorded of a regulation: a fact, not a judgement of its force."""

    DRAFT = "draft"
    ENACTED = "enacted"
    WITHDRAWN = "withdrawn"

    @property
    def title(self) -> Sentence:
        """Name the fact for people."""
        return LIFECYCLE_TITLES[self]


LIFECYCLE_TITLES = {
    Lifecycle.DRAFT: _("Draft"),
    Lifecycle.ENACTED: _("Enacted"),
    Lifecycle.WITHDRAWN: _("Withdrawn"),
}


class RegulationState(StrEnum):
    """Derived as of a day from lifecycle, dates and relations; never stored."""

    DRAFT = "draft"
    WITHDRAWN = "withdrawn"
    NOT_YET_EFFECTIVE = "not_yet_effective"
    IN_FORCE = "in_force"
    AMENDED = "amended"
    PARTLY_REVOKED = "partly_revoked"
    REVOKED = "revoked"

    @property
    def title(self) -> Sentence:
        """Name the state for people."""
        return STATE_TITLES[self]


STATE_TITLES = {
    RegulationState.DRAFT: _("Draft"),
    RegulationState.WITHDRAWN: _("Withdrawn"),
    RegulationState.NOT_YET_EFFECTIVE: _("Not yet effective"),
    RegulationState.IN_FORCE: _("In force"),
    RegulationState.AMENDED: _("In force, amended"),
    RegulationState.PARTLY_REVOKED: _("Partly revoked"),
    RegulationState.REVOKED: _("Revoked"),
}


class RelationKind(StrEnum):
    """How one regulation bears on another."""

    IMPLEMENTS = "implements"
    AMENDS = "amends"
    REVOKES = "revokes"
    PARTLY_REVOKES = "partly_revokes"
    LEGAL_BASIS = "legal_basis"
    REFERS_TO = "refers_to"

    @property
    def title(self) -> Sentence:
        """Name the relation, read from the acting regulation."""
        return RELATION_TITLES[self]

    @property
    def inverse_title(self) -> Sentence:
        """Name the relation, read from the regulation acted on."""
        return INVERSE_TITLES[self]


RELATION_TITLES = {
    RelationKind.IMPLEMENTS: _("Implements"),
    RelationKind.AMENDS: _("Amends"),
    RelationKind.REVOKES: _("Revokes"),
    RelationKind.PARTLY_REVOKES: _("Partly revokes"),
    RelationKind.LEGAL_BASIS: _("Has as legal basis"),
    RelationKind.REFERS_TO: _("Refers to"),
}
INVERSE_TITLES = {
    RelationKind.IMPLEMENTS: _("Implemented by"),
    RelationKind.AMENDS: _("Amended by"),
    RelationKind.REVOKES: _("Revoked by"),
    RelationKind.PARTLY_REVOKES: _("Partly revoked by"),
    RelationKind.LEGAL_BASIS: _("Is legal basis of"),
    RelationKind.REFERS_TO: _("Referred to by"),
}
