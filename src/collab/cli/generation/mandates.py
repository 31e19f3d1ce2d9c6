"""Make up the law and the agreements of a province: rows as the tables take them, ids chosen here."""

from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any

from collab.agreements.rules.stages import STAGES, signing_stage
from collab.agreements.vocabulary import AgreementDocumentKind, Scheme, StageMove
from collab.cli.generation.chance import Chance
from collab.cli.generation.house import Province
from collab.cli.generation.scale import Scale
from collab.mandates.vocabulary import LeadRole, MandateKind
from collab.regulations.vocabulary import Lifecycle, RegulationKind, RelationKind

Row = dict[str, Any]
#: Documents between regions and with third parties: (kind, scheme, how often of twenty).
_DOCUMENTS = (
    *[(AgreementDocumentKind.JOINT_AGREEMENT, Scheme.KSDPK)] * 7,
    *[(AgreementDocumentKind.JOINT_AGREEMENT, Scheme.KSDD_VOLUNTARY)] * 4,
    *[(AgreementDocumentKind.COOPERATION_AGREEMENT, Scheme.KSDPK)] * 6,
    *[(AgreementDocumentKind.SYNERGY_NOTE, Scheme.SYNERGY)] * 2,
    (AgreementDocumentKind.INTERNAL_PLAN, Scheme.INTERNAL),
)
_TOPICS = (
    "pengembangan UMKM", "pelatihan wirausaha baru", "ketahanan pangan", "penurunan tengkes", "layanan digital",
    "pariwisata berkelanjutan", "pendidikan vokasi", "kesehatan ibu dan anak", "pengelolaan sampah", "perikanan budidaya",
    "penanggulangan bencana", "penyediaan air bersih", "pembiayaan usaha mikro", "perlindungan pekerja", "pasar tani",
)  # fmt: skip
_REGIONAL = (RegulationKind.PERGUB, RegulationKind.KEPGUB, RegulationKind.PERDA_PROV, RegulationKind.SE)
_NATIONAL = (RegulationKind.UU, RegulationKind.PP, RegulationKind.PERPRES, RegulationKind.PERMEN)
_CONTOH = " (contoh)"


@dataclass
class Numbers:
    """The next free id of each table."""

    next: dict[str, int] = field(default_factory=dict)

    def take(self, table: str) -> int:
        """Give a table's next id."""
        self.next[table] = self.next.get(table, 0) + 1
        return self.next[table]


@dataclass
class Mandated:
    """The rows of a province's law and agreements, by table."""

    regulations: list[Row] = field(default_factory=list)
    relations: list[Row] = field(default_factory=list)
    mandates: list[Row] = field(default_factory=list)
    agreements: list[Row] = field(default_factory=list)
    parties: list[Row] = field(default_factory=list)
    leads: list[Row] = field(default_factory=list)
    stages: list[Row] = field(default_factory=list)
    bases: list[Row] = field(default_factory=list)
    #: {mandate id: the agency that leads it}
    led_by: dict[int, tuple[int, str, int]] = field(default_factory=dict)


def regulations(
    chance: Chance,
    numbers: Numbers,
    government_id: int,
    count: int,
    first: date,
    last: date,
    *,
    national: bool,
) -> list[Row]:
    """Make enacted regulations of a government, a few drafts among a region's own."""
    made, kinds = [], _NATIONAL if national else _REGIONAL
    for number in range(1, count + 1):
        recorded = chance.instant(chance.day(first, last))
        is_draft = not national and chance.holds(0.05)
        enacted = None if is_draft else chance.day(date(first.year - 12, 1, 1), recorded.date())
        made.append(
            {
                "id": numbers.take("regulation"),
                "government_id": government_id,
                "kind": chance.one(kinds),
                "number": None if is_draft else str(number),
                "year": enacted.year if enacted else None,
                "title": f"{chance.one(_TOPICS).capitalize()} nomor {number}{_CONTOH}",
                "lifecycle": Lifecycle.DRAFT if is_draft else Lifecycle.ENACTED,
                "enacted_on": enacted,
                "promulgated_on": enacted,
                "effective_on": None,
                "recorded_at": recorded,
                "changed_at": recorded,
                "version": 1,
            }
        )
    return made


def mandated(
    chance: Chance,
    numbers: Numbers,
    scale: Scale,
    province: Province,
    national: list[Row],
    first: date,
    last: date,
) -> Mandated:
    """Make a province's regulations, their relations, and its agreements with parties, leads, stages and bases."""
    rows = Mandated()
    rows.regulations = regulations(
        chance, numbers, province.government_id, scale.regulations, first, last, national=False
    )
    _relate(chance, numbers, rows, province, national)
    enacted = [row for row in rows.regulations if row["lifecycle"] is Lifecycle.ENACTED]
    parents: list[Row] = []
    days = sorted(chance.day(first, last - timedelta(days=20)) for _place in range(scale.agreements))
    for day in days:
        _agreement(chance, numbers, rows, province, day, last, parents, [*enacted, *national])
    return rows


def _relate(
    chance: Chance, numbers: Numbers, rows: Mandated, province: Province, national: list[Row]
) -> None:
    enacted = [row for row in rows.regulations if row["lifecycle"] is Lifecycle.ENACTED]
    for place, source in enumerate(enacted):
        targets = [(RelationKind.IMPLEMENTS, chance.one(national))]
        earlier = [
            row
            for row in enacted[max(0, place - 40) : place]
            if row["kind"] is source["kind"] and row["enacted_on"] < source["enacted_on"]
        ]
        if earlier and chance.holds(0.2):
            targets.append((chance.one((RelationKind.AMENDS, RelationKind.REVOKES)), chance.one(earlier)))
        for kind, target in targets:
            rows.relations.append(
                {
                    "id": numbers.take("regulation_relation"),
                    "source_id": source["id"],
                    "target_id": target["id"],
                    "kind": kind,
                    "effective_on": None,
                    "articles": None,
                    "recorded_by": province.coordinator_id,
                    "recorded_at": source["recorded_at"],
                }
            )


def _agreement(
    chance: Chance,
    numbers: Numbers,
    rows: Mandated,
    province: Province,
    day: date,
    last: date,
    parents: list[Row],
    law: list[Row],
) -> None:
    kind, scheme = chance.one(_DOCUMENTS)
    if kind is AgreementDocumentKind.COOPERATION_AGREEMENT and not parents:
        kind, scheme = AgreementDocumentKind.JOINT_AGREEMENT, Scheme.KSDPK
    parent = chance.one(parents) if kind is AgreementDocumentKind.COOPERATION_AGREEMENT else None
    number, recorded, agency = numbers.take("mandate"), chance.instant(day), chance.skewed(province.agencies)
    stages, signed = _stages(chance, numbers, province, number, kind, day, last)
    years = chance.number(1, 5)
    changed = stages[-1]["recorded_at"]
    topic = chance.one(_TOPICS)
    rows.mandates.append(
        {
            "id": number,
            "kind": MandateKind.AGREEMENT,
            "government_id": province.government_id,
            "title": f"Kerja sama {topic} {number}{_CONTOH}",
            "is_illustrative": True,
            "recorded_by": province.coordinator_id,
            "recorded_at": recorded,
            "changed_at": changed,
            "version": 1,
        }
    )
    agreement = {
        "id": number,
        "scheme": scheme,
        "document_kind": kind,
        "parent_id": parent["id"] if parent else None,
        "scope": f"Ruang lingkup: {topic}, pendampingan, pembiayaan dan pemantauan bersama{_CONTOH}.",
        "signed_on": signed,
        "signed_place": None,
        "valid_from": signed,
        "valid_until": signed + timedelta(days=365 * years) if signed else None,
    }
    rows.agreements.append(agreement)
    rows.stages += stages
    if kind is AgreementDocumentKind.JOINT_AGREEMENT and signed:
        parents.append(agreement)
    rows.led_by[number] = agency
    rows.leads.append(
        {
            "id": numbers.take("mandate_lead"),
            "mandate_id": number,
            "organization_id": agency[0],
            "role": LeadRole.LEAD,
            "accountable": True,
            "valid_from": day,
            "valid_until": None,
        }
    )
    _parties(chance, numbers, rows, province, number, signed)
    for regulation in chance.some(law, chance.number(1, 3)):
        rows.bases.append(
            {
                "id": numbers.take("legal_basis"),
                "mandate_id": number,
                "regulation_id": regulation["id"],
                "article": f"Pasal {chance.number(1, 40)}",
                "recorded_by": province.coordinator_id,
                "recorded_at": max(recorded, regulation["recorded_at"]),
                "removed_at": None,
            }
        )


def _stages(
    chance: Chance,
    numbers: Numbers,
    province: Province,
    number: int,
    kind: AgreementDocumentKind,
    day: date,
    last: date,
) -> tuple[list[Row], date | None]:
    """Walk an agreement through its stages as far as the last day lets it: (events, day of signature)."""
    events: list[Row] = []
    signed, stalls = None, chance.holds(0.15)
    for stage in STAGES[kind]:
        if events:
            day += timedelta(days=chance.number(5, 45))
        if day > last or (stalls and len(events) >= 2):
            break
        events.append(
            {
                "id": numbers.take("stage_event"),
                "agreement_id": number,
                "stage": stage,
                "move": StageMove.ADVANCED if events else StageMove.OPENED,
                "note": None,
                "recorded_by": province.coordinator_id,
                "recorded_at": chance.instant(day),
            }
        )
        if signed is None and len(events) >= 2 and events[-2]["stage"] is signing_stage(kind):
            signed = day
    return events, signed


def _parties(
    chance: Chance, numbers: Numbers, rows: Mandated, province: Province, number: int, signed: date | None
) -> None:
    others = chance.some(province.partners, chance.number(1, 2))
    for position, (unit, name) in enumerate([(province.root_id, province.root_name), *others], start=1):
        rows.parties.append(
            {
                "id": numbers.take("agreement_party"),
                "agreement_id": number,
                "organization_id": unit,
                "position": position,
                "own_number": f"{position:02}/{number}/KSB" if signed else None,
                "printed_name": name,
                "is_signed": signed is not None,
            }
        )
