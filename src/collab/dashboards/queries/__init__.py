"""Reads of figures: all agencies of a government, and one agency."""

from collab.dashboards.queries.agency import (
    SOON,
    Scores,
    SeenAgency,
    commitments_of,
    days_in_stage,
    get_agency,
    pressing,
    scores,
    staged,
)
from collab.dashboards.queries.figures import (
    Figures,
    Overview,
    RankedAgency,
    government_of,
    overview,
)

__all__ = [
    "SOON",
    "Figures",
    "Overview",
    "RankedAgency",
    "Scores",
    "SeenAgency",
    "commitments_of",
    "days_in_stage",
    "get_agency",
    "government_of",
    "overview",
    "pressing",
    "scores",
    "staged",
]
