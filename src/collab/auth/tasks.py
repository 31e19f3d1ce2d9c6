"""Scheduled work of accounts: forget sign-in tries that no longer count."""

from sqlalchemy.orm import Session

from collab.auth import services


def sweep(session: Session) -> int:
    """Forget sign-in tries older than a day; give how many. Safe to run twice."""
    return services.sweep_tries(session)
