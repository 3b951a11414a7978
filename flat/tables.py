"""Tables: Arrow batches in, the same batches out with what is found of each row.

A null, and a text that the mapping says stands for nothing, is `unknown`.  Each batch is judged by itself, so
that no more of a table is held than a batch and what was found out of single values.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime, time
from json import loads
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from redline.engine.possible import NONE
from redline.flat.batch import Column, Found
from redline.flat.coded import Coded
from redline.flat.columns import columns_of
from redline.flat.decide import Decider
from redline.flat.mapping import held_to
from redline.rules import mapping
from redline.rules.mapping import Said
from redline.rules.problems import Problem
from redline.rules.screening import REJECTED, RESULTS, VERDICTS

ROWS = 1 << 16
"""The most rows that are judged at once."""
_WHOLE = r"^(0|-?[1-9][0-9]{0,17})$"


class Screen:
    """Judges batches by one mapping."""

    def __init__(self, decider: Decider, mapped: mapping.Columns, *, json: bool = False) -> None:
        self.mapping, self.json = mapped, json
        self.columns = columns_of(decider, [said.field for said in mapped.fields])
        self.names = decider.index.names
        self._rules = pa.array(self.names, pa.string())
        self._verdicts = pa.array([*VERDICTS, REJECTED], pa.string())
        # what is kept of a dictionary holds on to it, so that no other is where it was
        self._dictionaries: dict[str, tuple[Any, pa.Array, NDArray[np.intp]]] = {}
        self._met: dict[str, tuple[int, dict[str, int]]] = {}
        """Texts of cells, and their numbers, by field, for as long as numbers hold."""
        self._unknown = frozenset(mapped.unknown)
        count = len(self.names)
        self._weighs = np.array([bool(decider.index.weighs >> count - 1 - n & 1) for n in range(count)])

    def judged(self, batch: pa.RecordBatch) -> tuple[Found, list[Column]]:
        """What is found of each row, and the columns as they were coded."""
        with self.columns.lock:  # numbers of values are shared by all who ask of this form
            columns = []
            for said, field in zip(self.mapping.fields, self.columns.fields, strict=True):
                if field.full:
                    field.forget()
                if said.column is None:
                    columns.append(_constant(field.number(said.value), said.value, batch.num_rows))
                else:
                    columns.append(self._coded(field, said, batch.column(said.column)))
            return self.columns.judge(columns, batch.num_rows), columns

    def verdicts(self, found: Found, rows: int) -> NDArray[np.int8]:
        """The word of each row, by its number in `VERDICTS`; one more for a row that cannot be used."""
        verdict = np.full(rows, len(VERDICTS) - 1, np.int8)
        verdict[found.possible[0]] = VERDICTS.index("requires_assessment")
        verdict[found.undetermined] = VERDICTS.index("undetermined")
        verdict[found.certain[0]] = VERDICTS.index("crosses")
        if found.wrong:
            verdict[list(found.wrong)] = len(VERDICTS)
        return verdict

    def with_answers(self, batch: pa.RecordBatch) -> pa.RecordBatch:
        """The batch, with what is found of each row beside it."""
        found, _ = self.judged(batch)
        return self.answered(batch, found, self.verdicts(found, batch.num_rows))

    def answered(self, batch: pa.RecordBatch, found: Found, verdicts: NDArray[np.int8]) -> pa.RecordBatch:
        """The batch, with its answers."""
        rows = batch.num_rows
        possible = self._lists(found.possible, rows)
        certain = possible if found.certain is found.possible else self._lists(found.certain, rows)
        if found.wrong:
            problems: list[str | None] = [None] * rows
            for row, several in found.wrong.items():
                problems[row] = told(several)
            problem = pa.array(problems, pa.string())
        else:
            problem = pa.nulls(rows, pa.string())
        verdict = pa.DictionaryArray.from_arrays(pa.array(verdicts), self._verdicts)
        arrays = [*batch.columns, verdict, certain, possible, problem]
        return pa.RecordBatch.from_arrays(arrays, schema=self.schema(batch.schema))

    def schema(self, given: pa.Schema) -> pa.Schema:
        """The columns of the answer."""
        rules = pa.list_(pa.dictionary(pa.int32(), pa.string()))
        kinds = (pa.dictionary(pa.int8(), pa.string()), rules, rules, pa.string())
        return pa.schema([*given, *(pa.field(n, k) for n, k in zip(RESULTS, kinds, strict=True))])

    def _lists(self, pairs: tuple[NDArray[np.intp], NDArray[np.intp]], rows: int) -> pa.Array:
        offsets = np.zeros(rows + 1, np.int32)
        np.cumsum(np.bincount(pairs[0], minlength=rows), out=offsets[1:])
        rules = pa.DictionaryArray.from_arrays(pa.array(pairs[1].astype(np.int32)), self._rules, safe=False)
        return pa.ListArray.from_arrays(pa.array(offsets), rules)

    # --- columns -----------------------------------------------------------------------------------

    def _coded(self, field: Coded, said: Said, array: pa.Array) -> Column:
        """A column as numbers of values."""
        kind = array.type
        if field.cuts is not None and not said.words and not said.split:
            if pa.types.is_integer(kind) and kind != pa.uint64():
                return self._whole(field, array)
            if pa.types.is_string(kind) or pa.types.is_large_string(kind):
                return self._written(field, said, array)
        if pa.types.is_dictionary(kind):
            return self._by_dictionary(field, said, array)
        if pa.types.is_list(kind) or pa.types.is_large_list(kind):
            return self._of_lists(field, said, array)
        if pa.types.is_string_view(kind):
            array = array.cast(pa.string())
        try:
            return self._by_dictionary(field, said, array.dictionary_encode())
        except (pa.ArrowNotImplementedError, pa.ArrowInvalid):  # a sort that has no dictionary, such as a
            # struct: each value is read by itself, by the same reader, so that none is passed over
            return self._one_by_one(field, said, array)

    def _one_by_one(self, field: Coded, said: Said, array: pa.Array) -> Column:
        values = [self._value(each, said) for each in array.to_pylist()]
        return Column(field.numbers_of(values), values.__getitem__)

    def _by_dictionary(self, field: Coded, said: Said, array: pa.Array) -> Column:
        local = array.indices
        places = np.asarray(local.fill_null(0) if local.null_count else local)
        known = array.dictionary
        if len(known) > 2 * len(array):  # most are of other batches
            used, places = np.unique(places, return_inverse=True)
            known = known.take(pa.array(used)) if len(known) else known
        numbers = self._known(field, said, known)
        if array.null_count:
            places = np.where(np.asarray(array.is_null()), len(known), places)

        def value(row: int) -> Any:
            at = int(places[row])
            return self._value(known[at].as_py() if at < len(known) else None, said)

        return Column(numbers.take(places), value)

    def _known(self, field: Coded, said: Said, known: pa.Array) -> NDArray[np.intp]:
        """The numbers of a dictionary's values, and of what is null; of the last one, those of then."""
        where = (known.offset, len(known), *(b.address if b is not None else 0 for b in known.buffers()))
        last = self._dictionaries.get(said.field)
        if last is not None and last[0] == (where, field.begun):
            return last[2]
        met = self._met.get(said.field)
        if met is None or met[0] != field.begun:
            met = self._met[said.field] = (field.begun, {})
        cells = known.to_pylist()
        numbers = np.empty(len(cells) + 1, np.intp)
        if pa.types.is_string(known.type):
            for cell in set(cells).difference(met[1]):
                met[1][cell] = field.number(self._value(cell, said))
            numbers[:-1] = [*map(met[1].__getitem__, cells)]
        else:
            numbers[:-1] = [field.number(self._value(each, said)) for each in cells]
        numbers[-1] = field.number(self._value(None, said))
        self._dictionaries[said.field] = (where, field.begun), known, numbers
        return numbers

    def _whole(self, field: Coded, array: pa.Array) -> Column:
        """Whole numbers, by the bounds between which they lie."""
        nulls = np.asarray(array.is_null()) if array.null_count else None
        plain = array.fill_null(0) if array.null_count else array
        numbers = np.asarray(plain).astype(np.int64, copy=False)
        codes = field.numbers_of_whole(numbers)
        if nulls is None:
            return Column(codes, lambda row: int(numbers[row]), numbers)
        codes[nulls] = field.number(None)
        alike = np.where(nulls, np.iinfo(np.int64).min, numbers)
        return Column(codes, lambda row: None if nulls[row] else int(numbers[row]), alike)

    def _written(self, field: Coded, said: Said, array: pa.Array) -> Column:
        """Whole numbers that are written; others one by one."""
        try:
            numbers = array.cast(pa.int64())
            if pc.all(pc.equal(numbers.cast(array.type), array)).as_py() is not False:  # no `007`, no `0x1F`
                return self._whole(field, numbers)
        except pa.ArrowInvalid:
            pass
        plain = np.asarray(pc.match_substring_regex(array, _WHOLE).fill_null(False))
        some = np.flatnonzero(~plain)
        rest = array.take(pa.array(some)).to_pylist()
        values = {row: self._value(each, said) for row, each in zip(some.tolist(), rest, strict=True)}
        numbers = np.asarray(pc.if_else(pa.array(plain), array, "0").cast(pa.int64())).copy()
        codes = field.numbers_of_whole(numbers)
        codes[some] = field.numbers_of(list(values.values()))
        alike = numbers.copy()
        alike[some] = np.iinfo(np.int64).min + codes[some]  # no number that is written so is as small
        return Column(codes, lambda row: values[row] if row in values else int(numbers[row]), alike)

    def _of_lists(self, field: Coded, said: Said, array: pa.Array) -> Column:
        """Lists, each sort once."""
        inner = array.flatten()
        if pa.types.is_string_view(inner.type):
            inner = inner.cast(pa.string())
        encoded = inner if pa.types.is_dictionary(inner.type) else inner.dictionary_encode()
        nulls = np.asarray(array.is_null())
        lengths = np.asarray(pc.list_value_length(array).fill_null(0)).astype(np.int64)
        base, most = len(encoded.dictionary) + 2, int(lengths.max(initial=0))
        if encoded.null_count or base ** max(1, most) >= 1 << 62:
            return self._one_by_one(field, said, array)
        places = np.asarray(encoded.indices).astype(np.int64)
        starts = np.cumsum(lengths) - lengths
        key = np.where(nulls, 1, 0)
        for turn in range(most):
            there = lengths > turn
            key[there] = key[there] * base + places[starts[there] + turn] + 2
        return self._by_dictionary(field, said, _first_of_each(key, array))

    def _value(self, value: Any, said: Said) -> Any:
        """A cell as the value of a field."""
        if self.json and isinstance(value, str):
            value = loads(value)
        match value:
            case None:
                return None
            case str():
                if value in self._unknown:
                    return None
                if said.split and value != NONE:
                    inner = [each.strip() for each in value.split(said.split)]
                    return self._listed([each for each in inner if each], said)
                if value in said.words:
                    return said.words[value]
                if said.whole and value != NONE:
                    return self._listed([value], said)
                return _number_of(value)
            case list() | tuple():
                return self._listed(list(value), said)
            case datetime() if value.time() == time(0):
                return value.date()
            case _:
                return value

    def _listed(self, values: list[Any], said: Said) -> Any:
        if any(each is None or each in self._unknown for each in values):
            return {
                "known": [e for e in values if e is not None and e not in self._unknown],
                "more": "possible",
            }
        values = [said.words.get(each, each) for each in values]
        if not said.whole:
            return values or None  # that nothing is listed does not say that there is nothing
        return {"known": values, "more": NONE} if values else NONE


def _number_of(text: str) -> object:
    """Numbers that are too large are no less so where they are written."""
    return int(text) if len(text) >= 19 and text.lstrip("+-").isdigit() and len(text) < 400 else text


def _constant(number: int, value: object, rows: int) -> Column:
    return Column(np.full(rows, number, np.intp), lambda _: value)


def _first_of_each(key: NDArray[np.int64], array: pa.Array) -> pa.Array:
    """The array as a dictionary, in which values of one key are one."""
    encoded = pa.array(key).dictionary_encode()
    places = np.asarray(encoded.indices)
    first = np.zeros(len(encoded.dictionary), np.int64)
    first[places[::-1]] = np.arange(len(places) - 1, -1, -1)
    return pa.DictionaryArray.from_arrays(encoded.indices, array.take(pa.array(first)))


def told(problems: Iterable[Problem]) -> str:
    """Problems in one line."""
    return "; ".join(f"{p.message} ({p.help})" if p.help else p.message for p in problems)


# --- tables and frames -----------------------------------------------------------------------------


def batches_of(batches: Iterable[pa.RecordBatch]) -> Iterator[pa.RecordBatch]:
    """The same rows in batches that are not too large."""
    for batch in batches:
        for start in range(0, batch.num_rows, ROWS):
            yield batch.slice(start, ROWS) if batch.num_rows > ROWS else batch


def fitting(mapped: mapping.Columns, names: Sequence[str]) -> None:
    """Raises Refused where the mapping does not fit columns of these names."""
    held_to(mapped, names, RESULTS)
