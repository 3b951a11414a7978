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
        self.one = self.judge.decide  # type: ignore[method-assign]

    def inputs(self, transfers: Sequence[Transfer]) -> list[Any]:
        """Records in the words of the language."""
        return [record(transfer) for transfer in transfers]

    def ids(self, answer: Any) -> list[str]:
        """What is certain; nothing else may be possible, since nothing is unknown."""
        assert answer.certain == answer.possible
        return [name.partition("/")[2] for name in answer.certain]


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
        self.one = self.judge.decide  # type: ignore[method-assign]

    def inputs(self, transfers: Sequence[Transfer]) -> list[Any]:
        """As many records of the second work."""
        return [partial_record(transfer) for transfer in partial_transfers(len(transfers))]

    def ids(self, answer: Any) -> Any:
        """What is certain, and what is possible."""
        return tuple(
            [name.partition("/")[2] for name in names] for names in (answer.certain, answer.possible)
        )
