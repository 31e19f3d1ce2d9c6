"""The three regulations of the third article, for services and queries."""

from dataclasses import dataclass
from datetime import date
from typing import Any

import pytest
from sqlalchemy.orm import Session

from collab.regulations import services
from collab.regulations.models import Regulation
from collab.regulations.vocabulary import RegulationKind, RelationKind

TITLE = "Pemberdayaan Koperasi dan Usaha Kecil"
R1_ON, R2_ON = date(2017, 12, 20), date(2018, 10, 1)


@dataclass(frozen=True)
class Seed:
    """R1 Perda 13/2017, R2 Pergub 48/2018 that implements it, R3 a draft amendment of R2."""

    r1: Regulation
    r2: Regulation
    r3: Regulation


def add_seed(session: Session, actor: Any, government_id: int) -> Seed:
    """Register R1, R2, R3 and their relations as legal staff do."""

    def add(
        kind: RegulationKind, title: str, number: str | None = None, on: date | None = None
    ) -> Regulation:
        return services.create(
            session, actor=actor, government_id=government_id, kind=kind, title=title,
            number=number, year=on.year if on else None, enacted_on=on, promulgated_on=on,
        )  # fmt: skip

    seed = Seed(
        add(RegulationKind.PERDA_PROV, TITLE, "13", R1_ON),
        add(RegulationKind.PERGUB, f"Peraturan Pelaksanaan {TITLE}", "48", R2_ON),
        add(RegulationKind.PERGUB, "Perubahan atas Peraturan Gubernur Nomor 48 Tahun 2018"),
    )
    services.relate(session, seed.r2.id, actor=actor, kind=RelationKind.IMPLEMENTS, target_id=seed.r1.id)
    services.relate(session, seed.r3.id, actor=actor, kind=RelationKind.AMENDS, target_id=seed.r2.id)
    return seed


@pytest.fixture
def legal(session, people):
    """Legal staff of the first province."""
    return people.identity(session, "legal.babel")


@pytest.fixture
def seed(session, people, legal) -> Seed:
    """The three regulations inside the rolled-back session."""
    return add_seed(session, legal, people.government("19"))
