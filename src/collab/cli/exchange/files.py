"""Tables as files: CSV, JSON and XLSX out, CSV and JSON in; columns by their stable names."""

import csv
import io
import json
from collections.abc import Iterable, Iterator, Sequence
from enum import StrEnum
from pathlib import Path
from typing import Any, BinaryIO

import xlsxwriter

from collab.cli.house import Refusal
from collab.web.api import encode
from collab.web.listing import is_formula, plain_cell

Row = dict[str, Any]
LARGEST_IMPORT = 50 * 1024 * 1024


class Format(StrEnum):
    """Kinds of files."""

    CSV = "csv"
    XLSX = "xlsx"
    JSON = "json"


def write(rows: Iterable[Row], columns: Sequence[str], kind: Format, out: BinaryIO) -> int:
    """Write rows; give how many."""
    counted = _Counted(rows)
    if kind is Format.JSON:
        content = [{name: row[name] for name in columns} for row in counted]
        out.write(json.dumps(content, ensure_ascii=False, indent=1, default=encode).encode() + b"\n")
        return counted.count
    table = ([plain_cell(_cell(row[name])) for name in columns] for row in counted)
    if kind is Format.XLSX:
        _write_xlsx(columns, table, out)
        return counted.count
    text = io.TextIOWrapper(out, encoding="utf-8-sig", newline="", write_through=True)
    writer = csv.writer(text)
    writer.writerow(columns)
    writer.writerows(table)
    text.detach()  # the file is the caller's to close
    return counted.count


def _write_xlsx(columns: Sequence[str], table: Iterable[Sequence[Any]], out: BinaryIO) -> None:
    with xlsxwriter.Workbook(
        out, {"constant_memory": True, "strings_to_formulas": False, "strings_to_urls": False}
    ) as book:
        sheet = book.add_worksheet()
        sheet.write_row(0, 0, columns, book.add_format({"bold": True}))
        for number, row in enumerate(table, start=1):
            sheet.write_row(number, 0, row)


class _Counted:
    """Rows, counted while they go by."""

    def __init__(self, rows: Iterable[Row]) -> None:
        self.rows, self.count = rows, 0

    def __iter__(self) -> Iterator[Row]:
        for row in self.rows:
            self.count += 1
            yield row


def _cell(value: Any) -> Any:
    return "; ".join(str(item) for item in value) if isinstance(value, list | tuple) else value


def read(path: Path, columns: Sequence[str]) -> list[tuple[int, Row]]:
    """Read a file: [(line or place, row)]; refuse what is no such table. Empty cells are left out."""
    if path.stat().st_size > LARGEST_IMPORT:
        raise Refusal(f"{path} is larger than {LARGEST_IMPORT // 2**20} MB")
    try:
        text = path.read_text(encoding="utf-8-sig")
    except UnicodeDecodeError as error:
        raise Refusal(f"{path} is not UTF-8 text; a spreadsheet is saved as CSV (UTF-8) first") from error
    rows = _read_json(path, text) if path.suffix.lower() == ".json" else _read_csv(path, text)
    unknown = sorted({name for _place, row in rows for name in row} - set(columns))
    if unknown:
        raise Refusal(f"{path} has columns that are not known: {', '.join(unknown)}")
    return rows


def _read_json(path: Path, text: str) -> list[tuple[int, Row]]:
    try:
        content = json.loads(text)
    except (ValueError, RecursionError) as error:
        raise Refusal(f"{path} is not valid JSON: {error}") from error
    if not isinstance(content, list) or not all(isinstance(row, dict) for row in content):
        raise Refusal(f"{path} must hold a list of objects")
    return [
        (place, {str(name): value for name, value in row.items() if value not in (None, "")})
        for place, row in enumerate(content, start=1)
    ]


def _read_csv(path: Path, text: str) -> list[tuple[int, Row]]:
    first = text.partition("\n")[0]
    reader = csv.DictReader(
        text.splitlines(keepends=True),
        delimiter=";" if first.count(";") > first.count(",") else ",",
        strict=True,
    )
    rows = []
    try:
        for row in reader:
            if None in row or None in row.values():
                raise Refusal(f"{path}, line {reader.line_num}: it has not as many cells as the first line")
            rows.append((reader.line_num, {name: _armed(cell) for name, cell in row.items() if cell.strip()}))
    except csv.Error as error:
        raise Refusal(f"{path}, line {reader.line_num}: {error}") from error
    return rows


def _armed(cell: str) -> str:
    """Take off the mark that keeps a spreadsheet from reading a text as a formula."""
    return cell[1:] if cell.startswith("'") and is_formula(cell[1:]) else cell
