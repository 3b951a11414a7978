"""redline itself: rules as YAML through `Engine.load`, transfers as records through `Engine.decide`."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from bench.engine import Engine
from bench.second_words import further_text, partial_record
from bench.second_work import further_rules, partial_transfers
from bench.words import policy, record, rule_text
from bench.workload import Rule, Transfer


def loaded(text: str) -> Any:
    """An engine of the public interface with the policy."""
    from redline import Engine as Judge

    with TemporaryDirectory() as folder:
        path = Path(folder) / "bench.yaml"
        path.write_text(text, encoding="utf-8")
        return Judge.load([path])


class Redline(Engine):
    """The public way in, with its checks on."""

    name = "redline"
    package = "redline"
    how = "YAML through `Engine.load`, flat records through `Engine.decide`; three truth values"
    peer = False

    def load(self, rules: Sequence[Rule]) -> None:
        """Write the policy, and load it."""
        self.judge = loaded(policy(map(rule_text, rules)))
        self.one = self.judge.decide

    def batch(self, transfers: Sequence[Any]) -> Sequence[Any]:
        """All at once."""
        answers: list[Any] = self.judge.decide_all(transfers)
        return answers

    def inputs(self, transfers: Sequence[Transfer]) -> list[Any]:
        """Records in the words of the language."""
        return [record(transfer) for transfer in transfers]

    def ids(self, answer: Any) -> list[str]:
        """What is certain; nothing else may be possible, since nothing is unknown."""
        assert answer.certain == answer.possible
        return [name.partition("/")[2] for name in answer.certain]


class RedlineColumns(Redline):
    """The same work as a table: a row for each record, a list `certain` in each."""

    name = "redline, columns"
    how = "YAML through `Engine.load`, an Arrow table of encoded columns through `Engine.screen`"
    single = False
    columns = True

    def load(self, rules: Sequence[Rule]) -> None:
        """Write the policy, and load it."""
        self.judge = loaded(policy(map(rule_text, rules)))

    def batch(self, transfers: Sequence[Any]) -> list[list[str]]:
        """From dicts, through a table, to lists of names."""
        return self.pairs(self.encode(transfers)).column("certain").to_pylist()  # type: ignore[no-any-return]

    def encode(self, transfers: Sequence[Any]) -> Any:
        """A table of which texts and lists are dictionary-encoded."""
        import pyarrow as pa

        table = pa.Table.from_pylist([{**each, "papers": _kinds(each["papers"])} for each in transfers])
        for at, name in enumerate(table.column_names):
            kind = table.schema.field(at).type
            if pa.types.is_string(kind):
                table = table.set_column(at, name, table.column(at).dictionary_encode())
            elif pa.types.is_list(kind):
                table = table.set_column(at, name, _encoded(table.column(at).to_pylist(), kind))
        return table

    def pairs(self, columns: Any) -> Any:
        """What `screen` answers."""
        whole = {"item.codes", "papers"}
        fields = {n: {"column": n, "whole": "yes"} if n in whole else n for n in columns.column_names}
        return self.judge.screen(columns, {"fields": fields})

    def ids(self, answer: Any) -> list[str]:
        """Without the policy's name."""
        return [name.partition("/")[2] for name in answer]


def _encoded(lists: list[Any], kind: Any) -> Any:
    import pyarrow as pa

    known: dict[tuple[str, ...], int] = {}
    places = [known.setdefault(tuple(each), len(known)) for each in lists]
    return pa.DictionaryArray.from_arrays(pa.array(places, pa.int32()), pa.array(map(list, known), kind))


def _kinds(papers: Any) -> list[str]:
    return [] if papers == "none" else list(papers["known"])


class RedlineSecond(Engine):
    """The second work: what is certain and what is possible, with a fifth of the fields unknown."""

    name = "redline, second work"
    package = "redline"
    how = "a fifth of the fields unknown, lists asked, validity in stretches"
    peer = False
    second = True

    def load(self, rules: Sequence[Rule]) -> None:
        """Write the policy of as many rules of the second work, and load it."""
        self.judge = loaded(policy(map(further_text, further_rules(len(rules)))))
        self.one = self.judge.decide

    def inputs(self, transfers: Sequence[Transfer]) -> list[Any]:
        """As many records of the second work."""
        return [partial_record(transfer) for transfer in partial_transfers(len(transfers))]

    def ids(self, answer: Any) -> Any:
        """What is certain, and what is possible."""
        return tuple(
            [name.partition("/")[2] for name in names] for names in (answer.certain, answer.possible)
        )
