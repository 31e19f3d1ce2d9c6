"""Every command, one module for each matter."""

from collab.cli.commands import backups, databases, demonstration, people, proof, work

ALL = (
    databases.init,
    demonstration.demo,
    people.government,
    people.user,
    people.token,
    proof.audit,
    proof.verify,
    backups.backup,
    backups.restore,
    work.worker,
    work.documents,
)
