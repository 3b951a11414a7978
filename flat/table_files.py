"""Files of rows, read in lots: CSV, JSON Lines and Parquet.  Of each row it can be told which line it was.

Lines that are no rows are told apart, with what is wrong with them; how many rows a file holds is counted on
the file itself, so that none can be lost on the way.
"""

from __future__ import annotations

import csv
import json
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import Any, BinaryIO

import numpy as np
import pyarrow as pa
import pyarrow.csv as pv
import pyarrow.parquet as pq

from redline.flat.tables import ROWS, Screen
from redline.rules.frozen import dataclass
from redline.rules.problems import Problem, Refused, Span

BLOCK = 1 << 23
_BACK = 1 << 16
"""How far back the end of a row is looked for, where texts in quotes may hold the ends of lines."""
_MOST_LINES = 100


@dataclass(frozen=True)
class Rejected:
    """A line that is not judged."""

    line: int
    reason: str
    text: str


@dataclass(frozen=True)
class Lot:
    """Some rows: `counted` is how many there were in the file; `done` how much of it is read; `texts` are
    the rows as they were written, where they are not in columns."""

    batch: pa.RecordBatch
    line: Callable[[int], tuple[int, str]]
    rejected: Sequence[Rejected]
    counted: int
    done: int
    texts: Sequence[str] | None = None


@dataclass(frozen=True)
class Source:
    """A file of rows: its columns, how large it is, and its lots, once it is known what is asked of it."""

    schema: pa.Schema
    size: int
    lots: Callable[[Screen], Iterator[Lot]]
    json: bool = False
    """Whether a cell is written in JSON."""


def source(path: Path) -> Source:
    """The file, by what it is called.  Raises Refused where it cannot be read."""
    try:
        match path.suffix.lower():
            case ".csv" | ".tsv":
                return _csv(path, "\t" if path.suffix.lower() == ".tsv" else ",")
            case ".jsonl" | ".ndjson":
                return _json_lines(path)
            case ".parquet":
                return _parquet(path)
            case _:
                pass
    except OSError as error:
        message = f"the file cannot be read: {error.strerror or error}"
        raise Refused([Problem("cannot-read", message, Span(str(path), 0, 0), "check the path")]) from error
    except pa.ArrowInvalid as error:
        message = f"the file cannot be read: {str(error).splitlines()[0]}"
        raise Refused([Problem("cannot-read", message, Span(str(path), 0, 0))]) from error
    message = "rows are read from `.csv`, `.tsv`, `.jsonl`, `.ndjson` and `.parquet`"
    raise Refused([Problem("cannot-read", message, Span(str(path), 0, 0), "rename the file, or convert it")])


# --- CSV -------------------------------------------------------------------------------------------


def _csv(path: Path, comma: str) -> Source:
    with path.open("rb") as file:
        head, first, _ = _head(file)
    try:
        names = next(csv.reader([head.decode()], delimiter=comma), [])
    except UnicodeDecodeError as error:
        raise Refused([Problem("not-utf-8", "the file is not UTF-8", Span(str(path), 1, 1))]) from error
    if not names:
        message = "the first line does not name the columns"
        raise Refused([Problem("empty-document", message, Span(str(path), 1, 1), "add a line of names")])
    schema = pa.schema([(name, pa.string()) for name in names])
    return Source(schema, path.stat().st_size, lambda screen: _csv_lots(path, comma, names, first, screen))


def _head(file: BinaryIO) -> tuple[bytes, int, int]:
    """The line that names the columns, the number of the line after it, and where that is."""
    head = file.readline()
    lines = 1
    while head.count(b'"') % 2 and lines < _MOST_LINES and (more := file.readline()):
        head, lines = head + more, lines + 1
    return head.removeprefix(b"\xef\xbb\xbf").rstrip(b"\r\n"), lines + 1, file.tell()


def _csv_lots(path: Path, comma: str, names: Sequence[str], first: int, screen: Screen) -> Iterator[Lot]:
    by_words = {
        said.column
        for said, field in zip(screen.mapping.fields, screen.columns.fields, strict=True)
        if field.cuts is None
    }
    kinds = {n: pa.dictionary(pa.int32(), pa.string()) if n in by_words else pa.string() for n in names}
    said = pv.ConvertOptions(column_types=kinds, strings_can_be_null=False)

    def parsed(block: bytes) -> pa.RecordBatch:
        if not block:
            return _empty(pa.schema(kinds.items()))
        how = pv.ReadOptions(column_names=list(names), block_size=max(len(block), 1 << 10))
        form = pv.ParseOptions(delimiter=comma, newlines_in_values=b'"' in block)
        table = pv.read_csv(pa.BufferReader(block), how, form, said)
        return table.combine_chunks().to_batches()[0] if len(table) else _empty(table.schema)

    with path.open("rb") as file:
        _head(file)
        line, rest, ended = first, b"", False
        while not ended:
            more = file.read(BLOCK)
            ended = not more
            block = rest + more
            cut = len(block) if ended else _end_of_row(block)
            block, rest = block[:cut], block[cut:]
            ends = _ends(block)
            if block.strip(b"\r\n"):
                lines = ends + (not block.endswith(b"\n"))
                yield _csv_lot(block, line, lines, comma, len(names), parsed, file.tell())
            line += ends


def _ends(block: bytes) -> int:
    """How many lines end in the block."""
    return int(np.count_nonzero(np.frombuffer(block, np.uint8) == 10))


def _empty(schema: pa.Schema) -> pa.RecordBatch:
    return pa.RecordBatch.from_arrays([pa.nulls(0, f.type) for f in schema], schema=schema)


def _end_of_row(block: bytes) -> int:
    """Where the last row of the block that is whole ends."""
    end = block.rfind(b"\n") + 1
    if b'"' not in block:
        return end
    cut, odd = end, block.count(b'"', 0, end) % 2
    while odd and cut > max(1, end - _BACK):
        before = block.rfind(b"\n", 0, cut - 1) + 1
        odd = (odd + block.count(b'"', before, cut)) % 2
        cut = before
    return end if odd else cut


def _csv_lot(
    block: bytes,
    first: int,
    lines: int,
    comma: str,
    width: int,
    parsed: Callable[[bytes], pa.RecordBatch],
    done: int,
) -> Lot:
    quoted = b'"' in block
    try:
        batch = parsed(block)
        if not quoted and batch.num_rows == lines:  # the usual case: a line is a row
            return Lot(batch, _line_of(block, first), (), lines, done)
        rows = _rows(block, first, comma)
        if len(rows) == batch.num_rows:
            return Lot(batch, lambda row: rows[row], (), len(rows), done)
    except (pa.ArrowInvalid, pa.ArrowKeyError):
        rows = _rows(block, first, comma)
    good, bad = [], []
    for number, text in rows:
        wrong = _wrong_with(text, comma, width)
        if wrong:
            bad.append(Rejected(number, wrong, text))
        else:
            good.append((number, text))
    clean = "".join(text + "\n" for _, text in good).encode("utf-8", "surrogateescape")
    return Lot(parsed(clean), lambda row: good[row], bad, len(rows), done)


def _line_of(block: bytes, first: int) -> Callable[[int], tuple[int, str]]:
    kept: list[list[bytes]] = []

    def line(row: int) -> tuple[int, str]:
        if not kept:
            kept.append(block.split(b"\n"))
        return first + row, kept[0][row].rstrip(b"\r").decode()

    return line


def _rows(block: bytes, first: int, comma: str) -> list[tuple[int, str]]:
    """The rows of a block, each with the number of its first line; empty lines are no rows."""
    found: list[tuple[int, str]] = []
    lines = block.decode("utf-8", "surrogateescape").split("\n")
    at = 0
    while at < len(lines):
        text, start = lines[at].rstrip("\r"), at
        at += 1
        while _goes_on(text, comma) and at < len(lines) and at - start < _MOST_LINES:
            text, at = f"{text}\n{lines[at].rstrip(chr(13))}", at + 1
        if _goes_on(text, comma):  # a quote that nothing closes is wrong with its line alone
            text, at = lines[start].rstrip("\r"), start + 1
        if text.strip():
            found.append((first + start, text))
    return found


def _goes_on(text: str, comma: str) -> bool:
    """Whether a text in quotes is still open at the end."""
    if '"' not in text:
        return False
    inside, begins, at = False, True, 0
    while at < len(text):
        letter = text[at]
        if inside:
            if letter == '"' and text[at + 1 : at + 2] == '"':
                at += 1
            elif letter == '"':
                inside = False
        elif letter == '"' and begins:
            inside = True
        begins = not inside and letter in (comma, "\n")
        at += 1
    return inside


def _wrong_with(text: str, comma: str, width: int) -> str:
    try:
        text.encode()
    except UnicodeEncodeError:
        return "the line is not UTF-8"
    if _goes_on(text, comma):
        return "a quote is not closed"
    found = next(csv.reader([text], delimiter=comma)) if "\n" not in text else None
    if found is None:
        found = next(csv.reader(text.splitlines(keepends=True), delimiter=comma))
    if len(found) != width:
        return f"the line has {len(found)} values, and there are {width} columns"
    return ""


# --- JSON Lines --------------------------------------------------------------------------------------


def _json_lines(path: Path) -> Source:
    names: dict[str, None] = {}
    with path.open("rb") as file:
        for raw, _ in zip(file, range(1000), strict=False):
            row = _json_row(raw)
            names.update(dict.fromkeys(row if isinstance(row, dict) else ()))
    if not names:
        message = 'none of the first lines is a row (`{"to.country": "PK", ...}`)'
        raise Refused([Problem("empty-document", message, Span(str(path), 1, 1), "write an object a line")])
    schema = pa.schema([(name, pa.string()) for name in names])
    return Source(schema, path.stat().st_size, lambda screen: _json_lots(path, screen), json=True)


def _json_row(raw: bytes) -> dict[str, Any] | str:
    """The row of a line, or what is wrong with it."""

    def refuse(word: str) -> None:
        raise ValueError(f"`{word}` is no number")

    try:
        row = json.loads(raw, parse_constant=refuse)
    except RecursionError:
        return "the line is nested too deeply"
    except ValueError as error:
        return f"the line is not JSON: {error}"
    return row if isinstance(row, dict) else "the line is no object"


def _json_lots(path: Path, screen: Screen) -> Iterator[Lot]:
    asked = [said.column for said in screen.mapping.fields if said.column is not None]
    with path.open("rb") as file:
        rows: list[tuple[int, str, dict[str, Any]]] = []
        bad: list[Rejected] = []
        counted = 0
        for number, raw in enumerate(file, 1):
            if not raw.strip():
                continue
            counted += 1
            row = _json_row(raw)
            text = raw.decode("utf-8", "replace").rstrip("\r\n")
            if isinstance(row, str):
                bad.append(Rejected(number, row, text))
            else:
                rows.append((number, text, row))
            if counted == ROWS // 4:
                yield _json_lot(rows, bad, counted, asked, file.tell() if file.seekable() else 0)
                rows, bad, counted = [], [], 0
        if counted:
            yield _json_lot(rows, bad, counted, asked, path.stat().st_size)


def _json_lot(
    rows: Sequence[tuple[int, str, dict[str, Any]]],
    bad: Sequence[Rejected],
    counted: int,
    asked: Sequence[str],
    done: int,
) -> Lot:
    """Each cell as it was written in JSON, so that values of any sort may stand in one column."""
    columns = {name: [_cell(row.get(name)) for _, _, row in rows] for name in dict.fromkeys(asked)}
    arrays = {name: pa.array(cells, pa.string()) for name, cells in columns.items()}
    texts = [text for _, text, _ in rows]
    if not arrays:
        arrays = {"": pa.nulls(len(rows), pa.string())}  # a batch without columns has no rows
    return Lot(pa.RecordBatch.from_pydict(arrays), lambda row: rows[row][:2], bad, counted, done, texts)


def _cell(value: object) -> str | None:
    return None if value is None else json.dumps(value, ensure_ascii=False)


# --- Parquet -----------------------------------------------------------------------------------------


def _parquet(path: Path) -> Source:
    with pq.ParquetFile(path) as file:
        schema, rows = file.schema_arrow, file.metadata.num_rows
    return Source(schema, rows, lambda _: _parquet_lots(path))


def _parquet_lots(path: Path) -> Iterator[Lot]:
    first = 1
    with pq.ParquetFile(path) as file:
        for batch in file.iter_batches(ROWS):
            yield Lot(batch, _row_of(batch, first), (), batch.num_rows, first + batch.num_rows - 1)
            first += batch.num_rows


def _row_of(batch: pa.RecordBatch, first: int) -> Callable[[int], tuple[int, str]]:
    def row(at: int) -> tuple[int, str]:
        return first + at, json.dumps(batch.slice(at, 1).to_pylist()[0], ensure_ascii=False, default=str)

    return row
