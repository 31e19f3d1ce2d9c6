"""The intake of files: examined and stored before the request's transaction begins, never lost by a form shown again.

SQLite has one writer: a transaction must not wait for a slow disk or an examination. So a tween outside the
transaction takes the files in, and forms and API views find them as `Arrived` or `Refused`. A stored file travels
through a form that is shown again as a signed token, bound to its user.
"""

import base64
import hashlib
import hmac
import json
import shutil
import tempfile
from collections.abc import Callable, Iterable, Mapping
from dataclasses import asdict, dataclass
from datetime import timedelta
from pathlib import Path
from typing import Any

import colander
from pyramid.config import Configurator
from pyramid.request import Request
from pyramid.response import Response
from pyramid.tweens import INGRESS

from collab.core import clock
from collab.core.errors import TooLarge
from collab.core.inspection import EXTENSIONS, RejectedFile, clean_filename, inspect
from collab.core.storage import MAX_BYTES, FileStore, refusing_when_full
from collab.core.text import Sentence, _
from collab.web import sizes
from collab.web.i18n import translate
from collab.web.transactions import SAFE_METHODS
from collab.web.widgets import Upload

MAX_FILES = sizes.MOST_FILES
#: How long a kept file may wait in an open form; must stay below the grace after which orphans are swept.
KEPT_FOR = timedelta(days=1)
UPLOADS = "collab.uploads"
_PARTS = "collab.uploads.parts"
_PURPOSE = b"collab kept upload 1\n"


@dataclass(frozen=True)
class Arrived:
    """A file that passed the gate and lies in the store; `name` is clean, `size` in bytes."""

    name: str
    sha256: str
    size: int
    media_type: str


@dataclass(frozen=True)
class Refused:
    """A file that was not taken, and why."""

    name: str
    reason: Sentence


# -- taking in ------------------------------------------------------------------------------------------------


def intake_tween_factory(
    handler: Callable[[Request], Response], registry: Any
) -> Callable[[Request], Response]:
    """Take in the files of unsafe multipart requests of those who may bring files; store nobody else's."""

    def intake(request: Request) -> Response:
        if _may_bring_files(request):
            take_in(request)
        return handler(request)

    return intake


def _may_bring_files(request: Request) -> bool:
    if request.method in SAFE_METHODS or request.content_type != "multipart/form-data":
        return False
    may_bring: Callable[[Request], bool] | None = request.registry.get("collab.may_bring_files")
    return may_bring is not None and may_bring(request)


def take_in(request: Request) -> None:
    """Examine and store each file part; record the outcome under `collab.uploads`, by field name.

    Raise `StorageFull` when there is no room. A request that is tried again finds its files already taken in.
    """
    fields = sizes.read_fields(request)
    taken_from, _parts = request.environ.get(_PARTS, (None, None))
    if taken_from is fields:
        return
    store: FileStore = request.registry["collab.store"]
    found: dict[str, list[Arrived | Refused]] = {}
    parts: dict[int, Arrived | Refused] = {}
    for name, part in fields.items():
        if not is_file(part):
            continue
        outcome = _receive(store, part) if len(parts) < MAX_FILES else _one_too_many(part)
        found.setdefault(name, []).append(outcome)
        parts[id(part)] = outcome
    request.environ[UPLOADS] = found
    request.environ[_PARTS] = (fields, parts)


def is_file(part: Any) -> bool:
    """Tell whether a form value is a file that somebody chose."""
    return bool(getattr(part, "filename", None)) and getattr(part, "file", None) is not None


def uploads(request: Request, name: str) -> list[Arrived | Refused]:
    """Give what arrived in a field of the request, in the order sent."""
    return list(request.environ.get(UPLOADS, {}).get(name, ()))


def outcome_of(request: Request, part: Any) -> Arrived | Refused:
    """Give what became of one file part of this request."""
    _fields, parts = request.environ.get(_PARTS, (None, {}))
    missing = Refused(clean_filename(str(part.filename)), _("The file was not received. Choose it again."))
    return parts.get(id(part), missing)


def _receive(store: FileStore, part: Any) -> Arrived | Refused:
    name = clean_filename(part.filename)
    try:
        with refusing_when_full(), tempfile.NamedTemporaryFile(prefix="collab-") as copy:
            part.file.seek(0)
            shutil.copyfileobj(part.file, copy)
            copy.flush()
            inspected = inspect(Path(copy.name), part.filename)
            copy.seek(0)
            stored = store.put(copy.file)
    except (RejectedFile, TooLarge) as refusal:
        return Refused(name, refusal.sentence)
    return Arrived(name, stored.sha256, stored.size, inspected.media_type)


def _one_too_many(part: Any) -> Refused:
    reason = _(
        "Only ${most} files can be sent at a time. Send this one afterwards.", mapping={"most": MAX_FILES}
    )
    return Refused(clean_filename(part.filename), reason)


# -- keeping --------------------------------------------------------------------------------------------------


def sign_kept(arrived: Arrived, user_id: int, secret: str) -> str:
    """Write a stored file as a token that only this user can hand in again."""
    content = {**asdict(arrived), "user": user_id, "at": int(clock.now().timestamp())}
    text = json.dumps(content, sort_keys=True, separators=(",", ":")).encode()
    return f"{_encode(text)}.{_encode(_mac(text, secret))}"


def read_kept(text: str, user_id: int, secret: str, max_age: timedelta = KEPT_FOR) -> Arrived | None:
    """Read a token; None if it is not ours, not this user's, or older than `max_age`."""
    try:
        payload, mac = (base64.b64decode(part, altchars=b"-_", validate=True) for part in text.split("."))
    except ValueError:
        return None
    if not hmac.compare_digest(mac, _mac(payload, secret)):
        return None
    content = json.loads(payload)
    age = clock.now().timestamp() - content.pop("at")
    if content.pop("user") != user_id or not -60 <= age <= max_age.total_seconds():
        return None
    return Arrived(**content)


def _mac(text: bytes, secret: str) -> bytes:
    return hmac.digest(secret.encode(), _PURPOSE + text, hashlib.sha256)


def _encode(content: bytes) -> str:
    return base64.urlsafe_b64encode(content).decode()


# -- in forms -------------------------------------------------------------------------------------------------

_REFUSED = "refused."
#: Gives what a form shows of a document that is already kept (`{"id", "name", "size"?, "url"?}`), or None.
DescribeDocument = Callable[[Request, int], Mapping[str, Any] | None]


class FilesType(colander.SchemaType):
    """Files: a tuple of `Arrived`, and of document ids (int) where the field also takes documents.

    The cstruct is a list of ids: tokens of kept files, and numbers of documents. The schema must be bound with
    `request`. Each refused file is an error at the field: its name and its sentence.
    """

    def __init__(self, *, most: int = MAX_FILES, describe_document: DescribeDocument | None = None) -> None:
        self.most = most
        self.describe_document = describe_document

    def serialize(self, node: Any, appstruct: Any) -> Any:
        """Write files as tokens, documents as numbers."""
        if appstruct is colander.null or not appstruct:
            return colander.null
        request = node.bindings["request"]
        return [_token(request, item) if isinstance(item, Arrived) else str(item) for item in appstruct]

    def deserialize(self, node: Any, cstruct: Any) -> Any:
        """Resolve ids; raise `colander.Invalid` with one sentence for each file that is refused."""
        if cstruct is colander.null or not cstruct:
            return colander.null
        if not isinstance(cstruct, list):
            raise colander.Invalid(node, _("Choose files here."))
        request = node.bindings["request"]
        found = [self.resolve(request, item) for item in cstruct]
        problems = [_problem(request, item) for item in found if isinstance(item, Refused)]
        files = tuple(dict.fromkeys(item for item in found if not isinstance(item, Refused)))
        if len(files) > self.most:
            problems.append(_("Keep at most ${most} files here.", mapping={"most": self.most}))
        if problems:
            raise colander.Invalid(node, problems)
        return files

    def resolve(self, request: Request, item: Any) -> Arrived | Refused | int:
        """Tell what an id stands for."""
        gone = Refused("", _("A file that was sent earlier is no longer kept. Choose it again."))
        if not isinstance(item, str):
            return gone
        if item.startswith(_REFUSED):
            return _refused(request).get(item, gone)
        if item.isascii() and item.isdigit() and len(item) < 16:
            known = self.describe_document is not None and self.describe_document(request, int(item))
            return int(item) if known else gone
        arrived = read_kept(item, request.identity.user_id, _secret(request))
        return arrived if arrived and request.registry["collab.store"].exists(arrived.sha256) else gone

    def describe(self, request: Request, ids: Iterable[str]) -> list[Mapping[str, Any]]:
        """Tell the widget what to show of each kept file; refused ones are not kept."""
        shown: list[Mapping[str, Any]] = []
        for item in ids:
            found = self.resolve(request, item)
            if isinstance(found, Arrived):
                shown.append({"id": item, "name": found.name, "size": found.size})
            elif isinstance(found, int) and self.describe_document is not None:
                shown.append(self.describe_document(request, found) or {"id": item, "name": item})
        return shown

    def cstruct_children(self, node: Any, cstruct: Any) -> list[Any]:
        """Have no children."""
        return []


def files_node(
    name: str,
    title: Sentence = "",
    *,
    required: bool = False,
    most: int = MAX_FILES,
    describe_document: DescribeDocument | None = None,
    upload_url: str = "",
    **kw: Any,
) -> Any:
    """Declare a field for files; bind the schema with `request=`. Empty and not required: an empty tuple.

    With `describe_document` and `upload_url` a browser may send each file at once as a document.
    """
    kind = FilesType(most=most, describe_document=describe_document)

    @colander.deferred
    def widget(node: Any, bindings: dict[str, Any]) -> Upload:
        request = bindings["request"]
        return Upload(
            accept=",".join(EXTENSIONS),
            most_bytes=MAX_BYTES,
            multiple=most > 1,
            upload_url=upload_url,
            describe=lambda ids: kind.describe(request, ids),
            store=lambda part: _id_of(request, part),
        )

    if not required:
        kw.setdefault("missing", ())
    return colander.SchemaNode(kind, name=name, title=title, widget=kw.pop("widget", widget), **kw)


def kept_token(request: Request, part: Any) -> str | None:
    """Give the token of a file part that arrived, so that any page which sends a form again can carry it."""
    outcome = outcome_of(request, part)
    return _token(request, outcome) if isinstance(outcome, Arrived) else None


def _id_of(request: Request, part: Any) -> str:
    outcome = outcome_of(request, part)
    refused = (item for item, other in _refused(request).items() if other is outcome)
    return kept_token(request, part) or next(refused, f"{_REFUSED}-")


def _refused(request: Request) -> dict[str, Refused]:
    """Give the refused files of this request by the ids under which they travel from the widget to the type."""
    _fields, parts = request.environ.get(_PARTS, (None, {}))
    refused = [outcome for outcome in parts.values() if isinstance(outcome, Refused)]
    return {f"{_REFUSED}{number}": outcome for number, outcome in enumerate(refused)}


def _token(request: Request, arrived: Arrived) -> str:
    return sign_kept(arrived, request.identity.user_id, _secret(request))


def _secret(request: Request) -> str:
    secret: str = request.registry["collab.settings"].secret
    return secret


def _problem(request: Request, refused: Refused) -> str:
    reason = translate(request, refused.reason)
    return f"{refused.name}: {reason}" if refused.name else reason


def includeme(config: Configurator) -> None:
    """Put the intake outside the transaction, and inside whatever answers errors."""
    config.add_tween(
        "collab.web.uploads.intake_tween_factory",
        over="pyramid_tm.tm_tween_factory",
        under=("collab.web.transactions.guard_tween_factory", INGRESS),
    )
