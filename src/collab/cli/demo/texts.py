"""What obliges: regulations with their papers, plans and agreements in every stage of the law."""

import textwrap
from collections.abc import Mapping, Sequence
from datetime import date, timedelta
from typing import Any

from sqlalchemy.orm import Session

from collab.agreements import services as agreements
from collab.agreements.vocabulary import AgreementDocumentKind, Scheme
from collab.cli.demo import papers
from collab.cli.demo.play import Act, Play
from collab.cli.demo.settling import PLACES
from collab.core.identity import Identity
from collab.documents.vocabulary import DocumentKind
from collab.mandates.vocabulary import LeadRole
from collab.regulations import services as regulations
from collab.regulations.vocabulary import RegulationKind, RelationKind

COORDINATOR, LEGAL = "coordinator.babel", "legal.babel"
#: The register of regulations is filled before the first plan cites one.
REGISTERED_ON = date(2021, 3, 9)


def plan(play: Play, facts: Mapping[str, Any]) -> None:
    """Put regulations, plans and agreements into the agenda."""
    for values in facts["regulations"]:
        play.on(REGISTERED_ON, LEGAL, _regulation(play, values))
    for values in facts["plans"]:
        play.on(
            date.fromisoformat(values["on"]), values["by"], _plan(play, values, facts["sources"]), hour=10
        )
    for values in facts["agreements"]:
        play.on(play.ago(values["days_ago"]), COORDINATOR, _agreement(play, values, facts["sources"]))
    for example in EXAMPLES:
        _walk(play, example)


def _regulation(play: Play, values: Mapping[str, Any]) -> Act:
    def act(session: Session, actor: Identity) -> None:
        title = values["title"]
        number = f"Nomor {values['number']} Tahun {values['year']}" if "number" in values else "(rancangan)"
        lines = ["Contoh berkas untuk demo; bukan salinan resmi.", "", *_wrapped(f"{number} tentang {title}")]
        paper = papers.keep_pdf(
            play.store, f"contoh-{values['key'].lower()}", f"{values['kind'].upper()} {number}", lines
        )
        row = regulations.create(
            session,
            actor=actor,
            government_id=play.ids[values["government"]],
            kind=RegulationKind(values["kind"]),
            title=title,
            number=values.get("number"),
            year=values.get("year"),
            documents=[paper],
            owners=play.owners,
        )
        play.ids[values["key"]] = row.id
        for relation in values.get("does", ()):
            regulations.relate(
                session,
                row.id,
                actor=actor,
                kind=RelationKind(relation["kind"]),
                target_id=play.ids[relation["target"]],
            )

    return act


def _plan(play: Play, values: Mapping[str, Any], sources: Mapping[str, str]) -> Act:
    """Record what an article tells of as a plan of the government: the mandate of its commitments."""

    def act(session: Session, actor: Identity) -> None:
        row = agreements.create(
            session,
            actor=actor,
            government_id=play.ids[values["government"]],
            scheme=Scheme.INTERNAL,
            document_kind=AgreementDocumentKind.INTERNAL_PLAN,
            title=values["title"],
            parties=_parties(play, [f"{values['government']}/pemerintah"]),
            leads=_leads(play, values.get("leads", ())),
            legal_bases=_bases(play, values.get("bases", ())),
            is_illustrative=values.get("is_illustrative", False),
        )
        play.ids[values["key"]] = row.id
        for note in values.get("notes", ()):
            agreements.add_note(session, row, text=note["text"], source=sources[note["source"]], actor=actor)

    return act


def _agreement(play: Play, values: Mapping[str, Any], sources: Mapping[str, str]) -> Act:
    def act(session: Session, actor: Identity) -> None:
        row = _create(play, session, actor, values)
        if "note" in values:
            agreements.add_note(
                session, row, text=values["note"], source=sources[values["source"]], actor=actor
            )

    return act


def _create(play: Play, session: Session, actor: Identity, values: Mapping[str, Any]) -> Any:
    row = agreements.create(
        session,
        actor=actor,
        government_id=play.ids[values.get("government", "19")],
        scheme=Scheme(values["scheme"]),
        document_kind=AgreementDocumentKind(values["kind"]),
        title=values["title"],
        parent_id=play.ids[values["parent"]] if "parent" in values else None,
        parties=_parties(play, values["parties"]),
        leads=_leads(play, values.get("leads", ())),
        legal_bases=_bases(play, values.get("bases", ())),
        scope=values.get("scope"),
        is_illustrative=values.get("is_illustrative", False),
    )
    play.ids[values["key"]] = row.id
    return row


def _parties(play: Play, places: Sequence[str]) -> list[dict[str, Any]]:
    return [{"organization_id": play.ids[at], "order": number} for number, at in enumerate(places, start=1)]


def _leads(play: Play, places: Sequence[str]) -> list[dict[str, Any]]:
    """Let all lead, and the first one answer for it."""
    return [
        {"organization_id": play.ids[at], "role": LeadRole.LEAD, "accountable": number == 0}
        for number, at in enumerate(places)
    ]


def _bases(play: Play, keys: Sequence[str]) -> list[dict[str, Any]]:
    return [{"regulation_id": play.ids[key]} for key in keys]


def _wrapped(text: str, width: int = 84) -> list[str]:
    return textwrap.wrap(text, width)


# -- examples -------------------------------------------------------------------------------------------------

_KAMPUS = ["19/pemerintah", "partner/kampus"]
#: Agreements that no article tells of, all marked "contoh". `steps`: (days ago, step, argument), the oldest first.
EXAMPLES: tuple[dict[str, Any], ...] = (
    {
        "key": "rencana-umkm",
        "scheme": "internal",
        "kind": "internal_plan",
        "title": "Rencana Aksi Pengembangan UMKM secara Terpadu (contoh)",
        "parties": ["19/pemerintah"],
        "leads": ["19/kopukm", "19/perindag"],
        "bases": ["R1", "R2"],
        "steps": [(396, "create", None), (392, "advance", None), (390, "sign", 800)],
    },
    {
        "key": "rencana-kalteng",
        "government": "62",
        "scheme": "internal",
        "kind": "internal_plan",
        "title": "Rencana Aksi Bangga Buatan Indonesia Kalimantan Tengah (contoh)",
        "parties": ["62/pemerintah"],
        "leads": ["62/kopukm", "62/perindag"],
        "steps": [(300, "create", None), (295, "advance", None), (290, "sign", 700)],
    },
    {
        "key": "rencana-kaltim",
        "government": "64",
        "scheme": "internal",
        "kind": "internal_plan",
        "title": "Rencana Aksi Pemetaan Potensi Ekonomi Kalimantan Timur (contoh)",
        "parties": ["64/pemerintah"],
        "leads": ["64/bappeda"],
        "steps": [(200, "create", None)],
    },
    {
        "key": "kb-kampus",
        "scheme": "ksdpk",
        "kind": "joint_agreement",
        "title": "Kesepakatan Bersama Pendampingan UMKM dengan Universitas Mitra Daerah (contoh)",
        "parties": _KAMPUS,
        "leads": ["19/kopukm", "19/perindag"],
        "bases": ["R1", "R2"],
        "scope": "Pendampingan, pelatihan dan penelitian bagi usaha mikro, kecil dan menengah.",
        "steps": [
            (400, "create", None),
            (398, "attach", DocumentKind.FEASIBILITY_STUDY),
            (380, "advance", None),
            (372, "attach", DocumentKind.OFFER_LETTER),
            (350, "advance", None),
            (335, "return", "Ruang lingkup belum memuat pembiayaan."),
            (328, "advance", None),
            (310, "advance", None),
            (300, "sign", 470),
            (298, "attach", DocumentKind.SIGNED_COPY),
        ],
    },
    {
        "key": "pks-pelatihan",
        "parent": "kb-kampus",
        "scheme": "ksdpk",
        "kind": "cooperation_agreement",
        "title": "Perjanjian Kerja Sama Pelatihan Pendamping UMKM (contoh)",
        "parties": ["19/kopukm", "partner/kampus"],
        "leads": ["19/kopukm"],
        "bases": ["R2"],
        "steps": [
            (290, "create", None),
            (288, "attach", DocumentKind.FEASIBILITY_STUDY),
            (270, "advance", None),
            (250, "advance", None),
            (240, "sign", 400),
        ],
    },
    {
        "key": "pks-kemasan",
        "parent": "kb-kampus",
        "scheme": "ksdpk",
        "kind": "cooperation_agreement",
        "title": "Perjanjian Kerja Sama Perbaikan Kemasan Produk Unggulan (contoh)",
        "parties": ["19/perindag", "partner/kampus"],
        "leads": ["19/perindag"],
        "steps": [(75, "create", None), (41, "advance", None)],
    },
    {
        "key": "pks-lada",
        "parent": "kb-kampus",
        "scheme": "ksdpk",
        "kind": "cooperation_agreement",
        "title": "Perjanjian Kerja Sama Budi Daya Jahe Merah dan Lada (contoh)",
        "parties": ["19/pertanian", "partner/kampus"],
        "leads": ["19/pertanian"],
        "steps": [(66, "create", None), (50, "advance", None), (12, "advance", None)],
    },
    {
        "key": "kb-kaltim",
        "scheme": "ksdd_voluntary",
        "kind": "joint_agreement",
        "title": "Kesepakatan Bersama Pertukaran Pengalaman Potensi Ekonomi dengan Provinsi Kalimantan Timur (contoh)",
        "parties": ["19/pemerintah", "64/pemerintah"],
        "leads": ["19/bappeda"],
        "steps": [(140, "create", None), (119, "advance", None), (104, "advance", None)],
    },
    {
        "key": "nota-sinergi",
        "scheme": "synergy",
        "kind": "synergy_note",
        "title": "Nota Kesepakatan Sinergi Gerakan Bangga Buatan Indonesia (contoh)",
        "parties": ["19/pemerintah", "id/marves"],
        "leads": ["19/perindag"],
        "steps": [(48, "create", None), (19, "advance", None)],
    },
    {
        "key": "kb-bank",
        "scheme": "synergy",
        "kind": "synergy_note",
        "title": "Nota Kesepakatan Literasi Keuangan UMKM dengan OJK (contoh)",
        "parties": ["19/pemerintah", "id/ojk"],
        "leads": ["19/kopukm"],
        "steps": [
            (560, "create", None),
            (540, "advance", None),
            (520, "advance", None),
            (500, "advance", None),
            (490, "sign", 460),
            (470, "advance", None),
            (452, "advance", None),
        ],
    },
    {
        "key": "kb-qris",
        "scheme": "synergy",
        "kind": "synergy_note",
        "title": "Nota Kesepakatan Pembayaran Digital Pasar Rakyat dengan Bank Indonesia (contoh)",
        "parties": ["19/pemerintah", "id/bi"],
        "leads": ["19/perindag"],
        "steps": [
            (420, "create", None),
            (400, "advance", None),
            (390, "advance", None),
            (370, "advance", None),
            (360, "sign", 1095),
            (330, "advance", None),
        ],
    },
    {
        "key": "kb-promosi",
        "scheme": "synergy",
        "kind": "synergy_note",
        "title": "Nota Kesepakatan Promosi Produk Unggulan Kepulauan (contoh)",
        "parties": ["19/pemerintah", "id/marves"],
        "leads": ["19/perindag", "19/budpar"],
        "steps": [
            (160, "create", None),
            (130, "advance", None),
            (90, "advance", None),
            (33, "advance", None),
        ],
    },
)


def _walk(play: Play, example: dict[str, Any]) -> None:
    """Put an example's steps into the agenda."""
    values = {**example, "is_illustrative": True}
    who = f"coordinator.{PLACES[example.get('government', '19')]}"
    for days, step, argument in example["steps"]:
        play.on(play.ago(days), who, _step(play, values, step, argument, play.ago(days)), hour=10)


def _step(play: Play, values: dict[str, Any], step: str, argument: Any, day: date) -> Act:
    def act(session: Session, actor: Identity) -> None:
        if step == "create":
            _create(play, session, actor, values)
            return
        number = play.ids[values["key"]]
        if step == "advance":
            agreements.advance(session, number, actor=actor)
        elif step == "return":
            agreements.return_(session, number, remark=argument, actor=actor)
        elif step == "sign":
            last = day + timedelta(days=argument)
            agreements.sign(
                session,
                number,
                signed_on=day,
                signed_place="Pangkalpinang",
                valid_from=day,
                valid_until=last,
                actor=actor,
            )
        else:
            lines = ["Contoh berkas untuk demo.", "", *_wrapped(values["title"])]
            paper = papers.keep_pdf(
                play.store, f"{argument}-{values['key']}", str(argument).replace("_", " ").title(), lines
            )
            agreements.attach(session, number, [paper], argument, actor=actor, owners=play.owners)

    return act
