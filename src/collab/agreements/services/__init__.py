"""Writes of agreements: create, edit, move through the stages, sign, attach."""

from collab.agreements.services.moving import advance, return_, sign
from collab.agreements.services.writing import add_note, attach, create, edit

__all__ = ["add_note", "advance", "attach", "create", "edit", "return_", "sign"]
