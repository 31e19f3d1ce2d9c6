"""Typed settings: read once from the .ini and the environment; a bad value stops the start with one clear line."""

import os
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

DEVELOPMENT_SECRET = "development-only"
ENVIRONMENTS = ("development", "production", "test")


class BadSettings(ValueError):
    """A setting is missing or unusable; the message names it and says what is expected."""


@dataclass(frozen=True)
class Settings:
    """All that the house may be told from outside.

    `data_dir` holds the SQLite database and the stored files; `hosts` are the host names answered to
    (empty: any, development only); `secret` signs cookies, cursors and kept uploads.
    """

    environment: str
    data_dir: Path
    database_url: str
    secret: str
    hosts: tuple[str, ...] = ()
    argon2: str = "standard"
    mail: str = "none"

    @property
    def is_production(self) -> bool:
        """Tell whether strictness is never relaxed."""
        return self.environment == "production"

    @property
    def files_dir(self) -> Path:
        """Where stored files lie."""
        return self.data_dir / "files"

    @property
    def cookie_name(self) -> str:
        """Name of the sign-in cookie; `__Host-` binds it to this host and to TLS in production."""
        return "__Host-collab" if self.is_production else "collab"

    @property
    def secure_cookies(self) -> bool:
        """Whether cookies are sent over TLS only; development alone relaxes it."""
        return self.is_production


def load(values: Mapping[str, str], environ: Mapping[str, str] = os.environ) -> Settings:
    """Build the settings from .ini values and the environment.

    `COLLAB_DATA`, `COLLAB_DATABASE_URL[_FILE]` and `COLLAB_SECRET[_FILE]` win over the .ini; secrets of a
    production system come only from there. Raise `BadSettings` naming the first unusable value.
    """
    environment = values.get("collab.environment", "development")
    if environment not in ENVIRONMENTS:
        raise BadSettings(f"collab.environment must be one of {', '.join(ENVIRONMENTS)}, not {environment!r}")
    data_dir = (
        Path(environ.get("COLLAB_DATA") or values.get("collab.data_dir") or "var").expanduser().resolve()
    )
    url = _from_environment("COLLAB_DATABASE_URL", environ) or values.get("collab.database_url", "").strip()
    secret = _secret(environment, values, environ)
    if environment == "production":
        _check_production(url)
    argon2 = values.get("collab.argon2", "standard")
    if argon2 not in ("standard", "cheap") or (argon2 == "cheap" and environment == "production"):
        raise BadSettings("collab.argon2 must be 'standard' ('cheap' only outside production)")
    hosts = tuple(values.get("collab.hosts", "").split())
    if environment == "production" and not hosts:
        raise BadSettings("collab.hosts must name the host names this system answers to")
    return Settings(
        environment=environment,
        data_dir=data_dir,
        database_url=url or f"sqlite:///{data_dir / 'collab.sqlite'}",
        secret=secret,
        hosts=hosts,
        argon2=argon2,
        mail=values.get("collab.mail", "none"),
    )


def _secret(environment: str, values: Mapping[str, str], environ: Mapping[str, str]) -> str:
    given = _from_environment("COLLAB_SECRET", environ)
    if environment != "production":
        return given or values.get("collab.secret") or DEVELOPMENT_SECRET
    if not given:
        raise BadSettings("COLLAB_SECRET or COLLAB_SECRET_FILE is missing: production has no default secret")
    if given == DEVELOPMENT_SECRET or len(given) < 32:
        raise BadSettings("COLLAB_SECRET must be at least 32 characters and not the development default")
    return given


def _check_production(url: str) -> None:
    if not url:
        raise BadSettings("COLLAB_DATABASE_URL or COLLAB_DATABASE_URL_FILE is missing")
    if not url.startswith("postgresql+psycopg://"):
        raise BadSettings("COLLAB_DATABASE_URL must start with postgresql+psycopg:// in production")


def _from_environment(name: str, environ: Mapping[str, str]) -> str:
    """Read `NAME`, or the file that `NAME_FILE` names; empty when neither is set."""
    if environ.get(name):
        return environ[name].strip()
    path = environ.get(f"{name}_FILE")
    if not path:
        return ""
    try:
        return Path(path).read_text(encoding="utf-8").strip()
    except OSError as error:
        raise BadSettings(f"{name}_FILE cannot be read: {error.strerror}") from error
