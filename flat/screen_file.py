"""A file of rows screened: read, judged, written and counted, each beside the others."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from redline.flat.batch import Column, Found
from redline.flat.table_files import Lot, Rejected, Source
from redline.flat.table_out import Out, kept_rows
from redline.flat.tables import Screen, told
from redline.rules.screening import VERDICTS, Tally


def screen_file(screen: Screen, source: Source, output: Path, told_of: Callable[[int], None]) -> Tally:
    """Screens all rows into the output.  How much is read is told on the way.

    Rows that come in are rows that go out and rows rejected, or there is no output.
    """
    tally = Counting(screen)
    out = Out(output)
    try:
        with ThreadPoolExecutor(1) as reader, ThreadPoolExecutor(1) as writer:
            pending: Future[None] | None = None
            for lot in _ahead(reader, source.lots(screen)):
                found, columns = screen.judged(lot.batch)
                verdicts = screen.verdicts(found, lot.batch.num_rows)
                tally.add(lot, found, columns, verdicts)
                if pending is not None:
                    pending.result()
                pending = writer.submit(_write, screen, out, lot, found, verdicts)
                told_of(lot.done)
            if pending is not None:
                pending.result()
        out.empty(screen.schema(source.schema))
        _nothing_lost(tally.rows, out.rows, out.rejects)
        out.done()
    except BaseException:
        out.gone()
        raise
    return tally.result(out.rejects)


def _nothing_lost(came: int, went: int, rejected: int) -> None:
    if came != went + rejected:
        raise RuntimeError(f"{came} rows came in, {went} went out and {rejected} were rejected")


def _ahead(reader: ThreadPoolExecutor, lots: Iterator[Lot]) -> Iterator[Lot]:
    """The lots, one of them read while another is judged."""
    coming = reader.submit(next, lots, None)
    while (lot := coming.result()) is not None:
        coming = reader.submit(next, lots, None)
        yield lot


def _write(screen: Screen, out: Out, lot: Lot, found: Found, verdicts: NDArray[np.int8]) -> None:
    for line in lot.rejected:
        out.reject(line)
    for row in sorted(found.wrong):
        number, text = lot.line(row)
        out.reject(Rejected(number, told(found.wrong[row]), text))
    if lot.batch.num_rows:
        kept = kept_rows(list(found.wrong), lot.batch.num_rows)
        out.write(lot, screen.answered(lot.batch, found, verdicts), kept)


class Counting:
    """What is found, counted."""

    def __init__(self, screen: Screen) -> None:
        self.screen = screen
        self.rows = 0
        count = len(screen.names)
        self.verdicts = np.zeros(len(VERDICTS) + 1, np.int64)
        self.certain, self.possible = np.zeros(count, np.int64), np.zeros(count, np.int64)
        self.countries: dict[str, NDArray[np.int64]] = {}
        names = [said.field for said in screen.mapping.fields]
        self.to = names.index("to.country") if "to.country" in names else None

    def add(
        self,
        lot: Lot,
        found: Found,
        columns: list[Column],
        verdicts: NDArray[np.int8],
    ) -> None:
        """The rows of a lot."""
        self.rows += lot.counted
        words = len(VERDICTS) + 1
        self.verdicts += np.bincount(verdicts, minlength=words)
        count = len(self.certain)
        self.certain += np.bincount(found.certain[1], minlength=count)[:count]
        self.possible += np.bincount(found.possible[1], minlength=count)[:count]
        if self.to is not None and len(verdicts):
            codes = columns[self.to].codes
            pairs = np.bincount(codes * words + verdicts, minlength=0)
            known, first = np.unique(codes, return_index=True)
            for code, row in zip(known.tolist(), first.tolist(), strict=True):
                several = np.zeros(words, np.int64)
                part = pairs[code * words : (code + 1) * words]
                several[: len(part)] = part
                name = _called(columns[self.to].value(row))
                self.countries[name] = self.countries.get(name, np.zeros(words, np.int64)) + several

    def result(self, rejected: int) -> Tally:
        """All that was counted."""
        last = len(VERDICTS)
        return Tally(
            self.rows,
            rejected,
            dict(zip(VERDICTS, self.verdicts[:last].tolist(), strict=True)),
            {
                name: (one, other)
                for name, one, other in zip(
                    self.screen.names, self.certain.tolist(), self.possible.tolist(), strict=True
                )
            },
            {
                name: dict(zip(VERDICTS, counts[:last].tolist(), strict=True))
                for name, counts in sorted(self.countries.items())
                if counts[:last].any()
            },
        )


def _called(value: object) -> str:
    return value if isinstance(value, str) else "unknown" if value is None else str(value)
