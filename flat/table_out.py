"""Answers written: as CSV, JSON Lines or Parquet, whole or not at all."""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any, TextIO

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.csv as pv
import pyarrow.parquet as pq

from redline.flat.table_files import Lot, Rejected
from redline.rules.problems import NOWHERE, Problem, Refused
from redline.rules.screening import RESULTS

FORMS = (".csv", ".jsonl", ".ndjson", ".parquet")
_ROW = "row"


class Out:
    """A file beside the one that is meant; `done` puts it in its place, `gone` takes it away."""

    def __init__(self, path: Path) -> None:
        if path.suffix.lower() not in FORMS:
            message = f"answers are written as {', '.join(f'`{form}`' for form in FORMS)}"
            raise Refused(
                [Problem("wrong-value", message, NOWHERE, "call the output `answers.parquet`, say")]
            )
        self.path, self.part = path, path.with_name(f"{path.name}.part")
        self.rejected = path.with_name(f"{path.name}.rejected.jsonl")
        self.rejected_part = path.with_name(f"{path.name}.rejected.jsonl.part")
        self.rows = self.rejects = 0
        self._writer: Any = None
        self._lines: TextIO | None = None
        self._reasons: TextIO = self.rejected_part.open("w", encoding="utf-8", newline="\n")

    def write(self, lot: Lot, answers: pa.RecordBatch, kept: Sequence[bool] | None) -> None:
        """The rows of a lot with their answers, save those that are not kept."""
        texts = lot.texts
        if kept is not None:
            answers = answers.filter(pa.array(kept))
            texts = None if texts is None else [t for t, keep in zip(texts, kept, strict=True) if keep]
        answers = answers.drop_columns(["problem"])
        if texts is not None and self.path.suffix.lower() not in (".jsonl", ".ndjson"):
            arrays = [pa.array(texts, pa.string()), *answers.columns[-len(RESULTS) + 1 :]]
            answers = pa.RecordBatch.from_arrays(arrays, [_ROW, *RESULTS[:-1]])
        self.rows += answers.num_rows
        self._form()(answers, texts)

    def reject(self, one: Rejected) -> None:
        """A line that is not judged, and why."""
        said = {"line": one.line, "reason": one.reason, "text": one.text}
        text = json.dumps(said, ensure_ascii=False)
        self._reasons.write(text.encode("utf-8", "backslashreplace").decode() + "\n")
        self.rejects += 1

    def done(self) -> None:
        """Both files in their places."""
        self._close()
        if self.path.suffix.lower() == ".parquet":
            written = pq.read_metadata(self.part).num_rows if self._writer is not None else 0
            if written != self.rows:
                raise RuntimeError(f"{self.rows} rows were written, and {written} are there")
        self.rejected_part.replace(self.rejected)
        self.part.replace(self.path)

    def gone(self) -> None:
        """Nothing is left behind."""
        self._close()
        for each in (self.part, self.rejected_part):
            each.unlink(missing_ok=True)

    def empty(self, schema: pa.Schema) -> None:
        """A file without rows."""
        if self._writer is None and self._lines is None:
            arrays = [pa.nulls(0, field.type) for field in schema]
            self._form()(pa.RecordBatch.from_arrays(arrays, schema=schema).drop_columns(["problem"]), None)

    def _close(self) -> None:
        self._reasons.close()
        if self._lines is not None:
            self._lines.close()
        if self._writer is not None:
            self._writer.close()

    def _form(self) -> Callable[[pa.RecordBatch, Sequence[str] | None], None]:
        match self.path.suffix.lower():
            case ".parquet":
                return self._to_parquet
            case ".csv":
                return self._to_csv
            case _:
                return self._to_json

    def _to_parquet(self, answers: pa.RecordBatch, _: Sequence[str] | None) -> None:
        if self._writer is None:
            few = [f.name for f in answers.schema if not pa.types.is_string(f.type)]
            lists = [f"{f.name}.list.element" for f in answers.schema if pa.types.is_list(f.type)]
            # of texts that are all different neither a dictionary nor the first and last are worth their time
            self._writer = pq.ParquetWriter(
                self.part, answers.schema, use_dictionary=[*few, *lists], write_statistics=few
            )
        self._writer.write_batch(answers)

    def _to_csv(self, answers: pa.RecordBatch, _: Sequence[str] | None) -> None:
        arrays = [_written(column) for column in answers.columns]
        batch = pa.RecordBatch.from_arrays(arrays, answers.schema.names)
        if self._writer is None:
            options = pv.WriteOptions(quoting_style="needed")
            self._writer = pv.CSVWriter(self.part, batch.schema, write_options=options)
        self._writer.write_batch(batch)

    def _to_json(self, answers: pa.RecordBatch, texts: Sequence[str] | None) -> None:
        if self._lines is None:
            self._lines = self.part.open("w", encoding="utf-8", newline="\n")
        for number, row in enumerate(answers.to_pylist()):
            said = row if texts is None else json.loads(texts[number]) | {n: row[n] for n in RESULTS[:-1]}
            self._lines.write(json.dumps(said, ensure_ascii=False, default=str) + "\n")


def _written(column: pa.Array) -> pa.Array:
    """A column as CSV can hold it: several values in one text, with `;` between them."""
    kind = column.type
    if pa.types.is_list(kind) or pa.types.is_large_list(kind):
        if not len(column.values):
            return pc.if_else(column.is_null(), pa.scalar(None, pa.string()), pa.scalar(""))
        return pc.binary_join(column.cast(pa.list_(pa.string())), ";")
    if pa.types.is_nested(kind):
        texts = [
            None if v is None else json.dumps(v, ensure_ascii=False, default=str) for v in column.to_pylist()
        ]
        return pa.array(texts, pa.string())
    if pa.types.is_dictionary(kind):
        return column.cast(pa.string()) if pa.types.is_string(kind.value_type) else column.dictionary_decode()
    return column


def kept_rows(wrong: Sequence[int], rows: int) -> list[bool] | None:
    """Which rows are kept; None: all of them."""
    if not wrong:
        return None
    kept = np.ones(rows, np.bool_)
    kept[list(wrong)] = False
    return kept.tolist()
