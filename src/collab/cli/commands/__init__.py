"""Every command, one module for each matter."""

from collab.cli.commands import backups, databases, proof, work

ALL = (
    databases.init,
    proof.audit,
    proof.verify,
    backups.backup,
    backups.restore,
    work.worker,
    work.documents,
)
