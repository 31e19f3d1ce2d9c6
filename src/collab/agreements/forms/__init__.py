"""Schemas of the agreements' pages and of the API's bodies; lengths are those of the columns."""

from collab.agreements.forms.agreement import (
    PARENT_KINDS,
    AgreementChange,
    AgreementForm,
    edit_form,
    names_of,
    new_form,
)
from collab.agreements.forms.verbs import (
    AdvanceBody,
    AgreementFilters,
    AttachmentBody,
    NoteForm,
    ReturnBody,
    ReturnForm,
    SignBody,
    attach_form,
    sign_form,
)

__all__ = [
    "PARENT_KINDS",
    "AdvanceBody",
    "AgreementChange",
    "AgreementFilters",
    "AgreementForm",
    "AttachmentBody",
    "NoteForm",
    "ReturnBody",
    "ReturnForm",
    "SignBody",
    "attach_form",
    "edit_form",
    "names_of",
    "new_form",
    "sign_form",
]
