"""Lists: one query gives page, count, CSV, XLSX and JSON; filters by a schema, sort by name, keyset paging."""

import csv
import io
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal
from operator import itemgetter
from tempfile import SpooledTemporaryFile
from typing import Any
from urllib.parse import urlencode

import colander
import xlsxwriter
from pyramid.request import Request
from pyramid.response import FileIter, Response
from sqlalchemy.orm import Session

from collab.core.db import AnyRow, AnySelect
from collab.core.errors import Invalid
from collab.core.page import COUNT_CAP, DEFAULT_LIMIT, Key, Page, count_capped, ordered, paginate
from collab.core.text import Sentence, _
from collab.web.i18n import translate
from collab.web.schema import Integer

#: Characters that make a spreadsheet read a text as a formula, also in full width and after blanks.
_FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n", "\uff1d", "\uff0b", "\uff0d", "\uff20")
_RESERVED = frozenset({"cursor", "limit", "sort", "as_of", "lang", "count"})
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
LARGEST_EXPORT = 200_000


@dataclass(frozen=True)
class Column:
    """One exported column: its stable name, its title, and how to read it from a row (default: by name)."""

    name: str
    title: Sentence
    read: Callable[[AnyRow], Any] | None = None

    def value(self, row: AnyRow) -> Any:
        """Read the column's value."""
        return self.read(row) if self.read else row._mapping[self.name]


@dataclass(frozen=True)
class Listing:
    """A list of one kind of rows.

    `select(request, filters)` gives a statement of labelled columns, already limited to what the asker may see.
    `orders` maps a sort name to its keys, the last one unique; the first entry is the default.
    """

    name: str
    select: Callable[[Request, dict[str, Any]], AnySelect]
    filters: Callable[[], colander.SchemaNode]
    orders: Mapping[str, Sequence[Key]]
    columns: Sequence[Column]
    limit: int = DEFAULT_LIMIT


@dataclass
class Listed:
    """What a list page draws. `filters` are the values in force; `count` stops at "1.000+"."""

    page: Page
    filters: dict[str, Any]
    sort: str
    count: int
    next_url: str | None
    first_url: str | None
    downloads: list[tuple[str, str]]
    chips: list[tuple[str, str]] = field(default_factory=list)

    @property
    def items(self) -> Sequence[AnyRow]:
        """Give the rows."""
        return self.page.items

    @property
    def is_capped(self) -> bool:
        """Tell whether there are more than were counted."""
        return self.count > COUNT_CAP


def read_filters(request: Request, listing: Listing) -> dict[str, Any]:
    """Read the filters of an address; raise `Invalid` at the one that is wrong, and at unknown ones."""
    schema = listing.filters().bind(request=request)
    known = {node.name for node in schema.children}
    given = {name: value for name, value in request.GET.items() if value != ""}
    unknown = [name for name in given if name not in known and name not in _RESERVED]
    if unknown:
        raise Invalid({unknown[0][:60]: [_("This list has no such filter.")]})
    try:
        return dict(schema.deserialize({name: value for name, value in given.items() if name in known}))
    except colander.Invalid as error:
        raise Invalid({name: [said] for name, said in _messages(error)}) from error


def _messages(error: colander.Invalid) -> Iterator[tuple[str, Any]]:
    for path in error.paths():
        for problem in path:
            if problem.msg is not None:
                yield problem.node.name, problem.msg


def order_of(request: Request, listing: Listing) -> tuple[str, Sequence[Key]]:
    """Read the sort of an address; raise `Invalid` for one the list does not have."""
    name = request.GET.get("sort") or next(iter(listing.orders))
    if name not in listing.orders:
        raise Invalid({"sort": [_("This list cannot be sorted that way.")]})
    return name, listing.orders[name]


def limit_of(request: Request, listing: Listing) -> int:
    """Read the page size of an address."""
    text = request.GET.get("limit")
    if not text:
        return listing.limit
    try:
        found = colander.SchemaNode(Integer(1, 200)).deserialize(text)
    except colander.Invalid as error:
        raise Invalid(
            {"limit": [_("Choose a number from 1 to ${largest}.", mapping={"largest": 200})]}
        ) from error
    return int(found)


def read_page(request: Request, listing: Listing) -> tuple[Page, dict[str, Any], str, AnySelect]:
    """Answer one page of a list: (page, filters, sort name, whole statement)."""
    filters = read_filters(request, listing)
    sort, keys = order_of(request, listing)
    statement = listing.select(request, filters)
    page = paginate(
        request.db, statement, keys, cursor=request.GET.get("cursor"), limit=limit_of(request, listing)
    )
    return page, filters, sort, statement


def show(request: Request, listing: Listing) -> Listed:
    """Answer a list page with its count, the address of the next page and the downloads of the same query."""
    page, filters, sort, statement = read_page(request, listing)
    kept = [(name, value) for name, value in request.GET.items() if name != "cursor" and value != ""]
    count = (
        len(page.items)
        if not request.GET.get("cursor") and page.next is None
        else count_capped(request.db, statement, listing.orders[sort])
    )
    query = f"?{urlencode(kept)}" if kept else ""
    return Listed(
        page=page,
        filters=filters,
        sort=sort,
        count=count,
        next_url=f"{request.path}?{urlencode([*kept, ('cursor', page.next)])}" if page.next else None,
        first_url=f"{request.path}{query}" if request.GET.get("cursor") else None,
        downloads=[("CSV", f"{request.path}.csv{query}"), ("XLSX", f"{request.path}.xlsx{query}")],
    )


def export(request: Request, listing: Listing) -> Response:
    """Answer the very same query as CSV or XLSX (by the address's ending), formulas closed."""
    filters = read_filters(request, listing)
    _name, keys = order_of(request, listing)
    rows = _stream(request.db, ordered(listing.select(request, filters), keys).limit(LARGEST_EXPORT))
    titles = [translate(request, column.title) for column in listing.columns]
    table = _cells(listing.columns, rows)
    request.note_event("web:list:exported", subject_name=listing.name)
    write, kind = (write_xlsx, "xlsx") if request.path.endswith(".xlsx") else (write_csv, "csv")
    media = XLSX if kind == "xlsx" else "text/csv"
    body = write(titles, table)
    response = Response(app_iter=body, content_type=media, charset="utf-8" if kind == "csv" else None)
    response.headers["Content-Disposition"] = f'attachment; filename="{listing.name}.{kind}"'
    return response


def _cells(columns: Sequence[Column], rows: Iterator[AnyRow]) -> Iterator[list[Any]]:
    """Read the columns of each row; where a name stands is looked up once, for a file has many rows."""
    readers: list[Callable[[AnyRow], Any]] = []
    for row in rows:
        if not readers:
            places = {name: place for place, name in enumerate(row._fields)}
            readers = [column.read or itemgetter(places[column.name]) for column in columns]
        yield [read(row) for read in readers]


def _stream(session: Session, statement: AnySelect) -> Iterator[AnyRow]:
    """Read row by row from one snapshot; PostgreSQL's cursors need a transaction, which reading sessions have not."""
    with session.get_bind().engine.connect() as connection:
        if connection.dialect.name == "postgresql":
            connection.execution_options(isolation_level="REPEATABLE READ")
        with (
            Session(connection) as snapshot,
            snapshot.execute(statement.execution_options(yield_per=1000)) as rows,
        ):
            yield from rows


def plain_cell(value: Any) -> Any:
    """Give a cell's value for a file: words and days as text, texts that would be formulas disarmed."""
    if value is None:
        return ""
    kind = type(value)
    if kind is str:  # most cells; what follows says the same more slowly
        return "'" + value if is_formula(value) else value
    if kind is int or kind is Decimal:
        return value
    if isinstance(value, bool):
        return "ya" if value else "tidak"
    if isinstance(value, int | float | Decimal):
        return value
    if isinstance(value, datetime | date):
        return value.isoformat()
    text = str(value)
    return "'" + text if is_formula(text) else text


def is_formula(text: str) -> bool:
    """Tell whether a spreadsheet might read a text as a formula."""
    return text.startswith(_FORMULA) or text.lstrip().startswith(_FORMULA)


def write_csv(titles: Sequence[str], rows: Iterator[Sequence[Any]]) -> FileIter:
    """Write rows as CSV with a byte order mark, so that spreadsheets read UTF-8."""
    store = SpooledTemporaryFile(max_size=2_000_000)  # noqa: SIM115 (handed to the server, which closes it)
    text = io.TextIOWrapper(store, encoding="utf-8-sig", newline="")
    writer = csv.writer(text)
    writer.writerow(titles)
    writer.writerows([plain_cell(value) for value in row] for row in rows)
    text.flush()
    text.detach()
    store.seek(0)
    return FileIter(store)


def write_xlsx(titles: Sequence[str], rows: Iterator[Sequence[Any]]) -> FileIter:
    """Write rows as XLSX in constant memory; nothing becomes a formula or a link."""
    store = SpooledTemporaryFile(max_size=2_000_000)  # noqa: SIM115 (handed to the server, which closes it)
    options = {
        "constant_memory": True,
        "strings_to_formulas": False,
        "strings_to_urls": False,
        "in_memory": False,
    }
    with xlsxwriter.Workbook(store, options) as book:
        sheet = book.add_worksheet()
        sheet.write_row(0, 0, titles, book.add_format({"bold": True}))
        for number, row in enumerate(rows, start=1):
            sheet.write_row(number, 0, [plain_cell(value) for value in row])
    store.seek(0)
    return FileIter(store)
