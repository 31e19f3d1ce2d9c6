"""Every command, one module for each matter."""

from collab.cli.commands import (
    backups,
    databases,
    demonstration,
    exchange,
    generate,
    people,
    proof,
    work,
)

ALL = (
    databases.init,
    demonstration.demo,
    generate.generate,
    people.government,
    people.user,
    people.token,
    exchange.export,
    exchange.import_,
    proof.audit,
    proof.verify,
    backups.backup,
    backups.restore,
    work.worker,
    work.documents,
)
