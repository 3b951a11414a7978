"""The columns: the index on many records of one form at once.

    dense     an AND a field, on rows of words, in lots that stay in the cache; fields that leave least first
    sparse    once few words are left: of those alone, what is in doubt, alternatives, what hangs on several
              fields, and what is left for the last

What is said of a row is what `Decider` says of its record; the tables are the same.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from threading import Lock
from typing import Any

import numpy as np

from redline.flat.batch import Column, Found, Numbers, distinct, pairs
from redline.flat.coded import Coded, Codes, Leaf, Words, width, words_of
from redline.flat.decide import Decider
from redline.flat.keys import key_of
from redline.flat.layers import layers_of
from redline.flat.several import Several, last_of
from redline.rules.problems import Problem, Refused
from redline.rules.truth import FALSE, UNKNOWN

_LOT = 1 << 18  # bytes of words that are worked on at once
_SPARSE = 0.3  # words that are left, from which on the others are passed over
_KEPT = 8


class Columns:
    """Judges batches of records that say the same fields."""

    def __init__(self, decider: Decider, names: Sequence[str]) -> None:
        self.form = form = decider.form(tuple(names))
        self.index = index = form.index
        self.size, self.width = index.size, width(index.size)
        self.layers, self.rest = layers_of(form)
        leaves: list[list[Leaf]] = [[] for _ in names]
        self.at_layer: list[list[int]] = [[] for _ in names]
        for number, layer in enumerate(self.layers):
            for (at, _), leaf in layer.leaves.items():
                leaves[at].append(leaf)
                self.at_layer[at].append(number)
        self.fields = [Coded(form, at, leaves[at]) for at in range(len(names))]
        self.start = words_of(form.possible, self.size)
        self.doubt = words_of(form.doubt & ~index.weighs | index.unknown, self.size)
        self.weighs = words_of(index.weighs, self.size)
        self.tested = [words_of(layer.tested, self.size) for layer in self.layers]
        self.always = [
            (words_of(layer.high, self.size), words_of(layer.low, self.size)) for layer in self.layers
        ]
        self.unsettled = words_of(sum(1 << bit for bit in self.rest), self.size)
        self.asked: dict[int, Callable[..., Any]] = {}
        self.lock = Lock()

    # --- a batch -----------------------------------------------------------------------------------

    def judge(self, columns: Sequence[Column], rows: int) -> Found:
        """What is said of each row."""
        wrong: dict[int, tuple[Problem, ...]] = {}
        for field, column in zip(self.fields, columns, strict=True):
            if field.wrong:
                bad = np.zeros(len(field.possible), np.bool_)
                bad[list(field.wrong)] = True
                for at in np.flatnonzero(bad[column.codes]).tolist():
                    wrong[at] = wrong.get(at, ()) + field.wrong[int(column.codes[at])]
        row, word, left = self._dense(columns, rows)
        doubt = self.doubt[word]
        for field, column in zip(self.fields, columns, strict=True):
            if field.doubted:
                doubt |= field.doubt[column.codes[row], word]
        for number, tested in enumerate(self.tested):
            some = np.flatnonzero((left & tested[word]) != 0)
            if len(some):
                self._alternatives(number, columns, row[some], word[some], some, left, doubt)
        for several in self.form.several:
            self._several(several, columns, rows, row, word, left, doubt, wrong)
        some = np.flatnonzero((left & self.unsettled[word]) != 0)
        if len(some):
            self._last(columns, row, word, left, doubt, some.tolist(), wrong)
        if wrong:
            left[np.isin(row, np.fromiter(wrong, np.intp, len(wrong)))] = 0
        return self._found(rows, row, word, left, doubt, wrong)

    def _found(
        self, rows: int, row: Numbers, word: Numbers, left: Words, doubt: Words, wrong: dict[int, Any]
    ) -> Found:
        kept = np.flatnonzero(left != 0)
        if len(kept) < len(left):
            row, word, left, doubt = row[kept], word[kept], left[kept], doubt[kept]
        weighs = self.weighs[word]
        sure = left & ~doubt & ~weighs
        possible = pairs(row, word, left)
        certain = possible if np.array_equal(sure, left) else pairs(row, word, sure)
        undetermined = np.zeros(rows, np.bool_)
        if certain is not possible:
            undetermined[row[np.flatnonzero((left & doubt) != 0)]] = True
        return Found(possible, certain, undetermined, wrong)

    def _dense(self, columns: Sequence[Column], rows: int) -> tuple[Numbers, Numbers, Words]:
        """Of each row, the words that are left by what hangs on one field each."""
        order: list[tuple[float, int, Words, Codes]] = []
        for field, column in zip(self.fields, columns, strict=True):
            if field.table.groups and len(field.numbers):
                known = field.possible[: len(field.numbers)]
                order.append(
                    (float(np.bitwise_count(known).mean()), len(order), field.possible, column.codes)
                )
        order.sort(key=lambda each: each[:2])
        step = max(64, _LOT // (8 * self.width))
        found = [
            self._lot(
                [(words, codes[at : at + step]) for _, _, words, codes in order], at, min(step, rows - at)
            )
            for at in range(0, rows, step)
        ]
        if len(found) == 1:
            return found[0]
        if not found:
            nothing = np.zeros(0, np.intp)
            return nothing, nothing, np.zeros(0, np.uint64)
        one, two, three = zip(*found, strict=True)
        return np.concatenate(one), np.concatenate(two), np.concatenate(three)

    def _lot(
        self, fields: Sequence[tuple[Words, Codes]], first: int, rows: int
    ) -> tuple[Numbers, Numbers, Words]:
        if self.width == 1:
            return self._lot_of_one_word(fields, first, rows)
        kept = np.empty((rows, self.width), np.uint64)
        other = np.empty((rows, self.width), np.uint64)
        kept[:] = self.start
        done = 0
        for number, (words, codes) in enumerate(fields):
            np.take(words, codes, axis=0, out=other, mode="clip")
            kept &= other
            done = number + 1
            if number and self.width >= 4 and np.count_nonzero(kept) < _SPARSE * kept.size:
                break
        flat = np.flatnonzero(kept.ravel() != 0)
        row, word = np.divmod(flat, self.width)
        left = kept.ravel()[flat]
        for words, codes in fields[done:]:
            left &= words.ravel()[codes[row] * self.width + word]
            still = np.flatnonzero(left != 0)
            if len(still) < 0.8 * len(left):
                row, word, left = row[still], word[still], left[still]
        return row + first, word, left

    def _lot_of_one_word(
        self, fields: Sequence[tuple[Words, Codes]], first: int, rows: int
    ) -> tuple[Numbers, Numbers, Words]:
        kept = np.full(rows, self.start[0], np.uint64)
        for words, codes in fields:
            kept &= words.ravel().take(codes, mode="clip")
        row = np.flatnonzero(kept != 0)
        return row + first, np.zeros(len(row), np.intp), kept[row]

    def _alternatives(
        self,
        number: int,
        columns: Sequence[Column],
        row: Numbers,
        word: Numbers,
        some: Numbers,
        left: Words,
        doubt: Words,
    ) -> None:
        tested = self.tested[number][word]
        high, low = self.always[number][0][word], self.always[number][1][word]
        for field, column, layers in zip(self.fields, columns, self.at_layer, strict=True):
            for at, layer in enumerate(layers):
                if layer == number:
                    codes = column.codes[row]
                    high |= field.alternatives[at][0][codes, word]
                    low |= field.alternatives[at][1][codes, word]
        left[some] &= high | ~tested
        doubt[some] |= tested & ~low

    # --- what hangs on several fields ----------------------------------------------------------------

    def _several(
        self,
        several: Several,
        columns: Sequence[Column],
        rows: int,
        row: Numbers,
        word: Numbers,
        left: Words,
        doubt: Words,
        wrong: dict[int, tuple[Problem, ...]],
    ) -> None:
        if several.source:
            asked = words_of(several.tested, self.size)
            some = np.flatnonzero((left & asked[word]) != 0)
            about = np.unique(row[some])
        else:
            about = np.arange(rows)
        about = about[~np.isin(about, np.fromiter(wrong, np.intp, len(wrong)))] if wrong else about
        if not len(about):
            return
        first, of = distinct([columns[at] for at in several.places], about)
        possible = np.empty((len(first), self.width), np.uint64)
        more = np.empty((len(first), self.width), np.uint64)
        refused: dict[int, tuple[Problem, ...]] = {}
        for number, at in enumerate(about[first].tolist()):
            keys, values = self._keys(columns, at)
            try:
                one, other = several.masks(keys, values)
            except Refused as problems:
                refused[number], one, other = problems.problems, 0, 0
            possible[number], more[number] = words_of(one, self.size), words_of(other, self.size)
        for number, problems_ in refused.items():
            wrong.update(dict.fromkeys(about[of == number].tolist(), problems_))
        if not several.source:
            return
        place = np.searchsorted(about, row)
        place[place == len(about)] = 0
        there = np.flatnonzero(about[place] == row)
        which = of[place[there]]
        left[there] &= possible[which, word[there]]
        doubt[there] |= more[which, word[there]]

    def _keys(self, columns: Sequence[Column], row: int) -> tuple[list[Any], list[Any]]:
        values = [column.value(row) for column in columns]
        return [key_of(value) for value in values], values

    def _last(
        self,
        columns: Sequence[Column],
        row: Numbers,
        word: Numbers,
        left: Words,
        doubt: Words,
        some: Sequence[int],
        wrong: dict[int, tuple[Problem, ...]],
    ) -> None:
        """What nothing else has cleared, one rule and row at a time."""
        last = -1
        keys: list[Any] = []
        values: list[Any] = []
        for entry in some:
            at, base = int(row[entry]), int(word[entry]) * 64
            if at in wrong:
                continue
            if at != last:
                (keys, values), last = self._keys(columns, at), at
            todo = int(left[entry] & self.unsettled[word[entry]])
            try:
                while todo:
                    low = todo & -todo
                    todo ^= low
                    bit = self.size - 1 - (base + low.bit_length() - 1)
                    if bit not in self.asked:
                        self.asked[bit] = last_of(self.index, self.rest[bit], self.form.at)
                    truth = self.asked[bit](keys, values)
                    if truth is FALSE:
                        left[entry] &= np.uint64(~low & 0xFFFFFFFFFFFFFFFF)
                    elif truth is UNKNOWN:
                        doubt[entry] |= np.uint64(low)
            except Refused as refused:
                wrong[at] = refused.problems


def columns_of(decider: Decider, names: Sequence[str]) -> Columns:
    """What judges batches that say these fields; the last few are kept, with all that they found out."""
    kept = decider.columns
    found: Columns | None = kept.get(tuple(names))
    if found is None:
        if len(kept) >= _KEPT:
            kept.clear()
        found = kept[tuple(names)] = Columns(decider, names)
    return found
