"""What an engine is to the benchmark: it loads rules, answers about one transfer or about many."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Callable, Sequence
from importlib.metadata import version
from typing import Any, ClassVar

from bench.workload import Rule, Transfer


class Engine(ABC):
    """One engine.  A kind of engine that has no way of its own to answer about many is asked in a loop."""

    name: ClassVar[str]
    package: ClassVar[str] = ""  # whose version is told; none: part of the benchmark
    how: ClassVar[str] = ""  # the use that is measured
    largest: ClassVar[int] = 10_000  # the most rules that it is given, where it cannot take more
    single: ClassVar[bool] = True  # whether it is made to decide one at a time
    columns: ClassVar[bool] = False  # whether it takes columns that are encoded already
    second: ClassVar[bool] = False  # whether it is given the second work
    peer: ClassVar[bool] = True  # whether it is another's work, and no baseline

    one: Callable[[Any], Any]
    """The ids of the rules that a transfer matches, as the engine's own answer."""
    encode: Callable[[Sequence[Any]], Any]
    """The transfers as columns, of one that takes them; not timed."""
    pairs: Callable[[Any], Any]
    """Of columns: the number of a transfer and the number of a rule, for each match."""

    @abstractmethod
    def load(self, rules: Sequence[Rule]) -> None:
        """Make it ready for these rules."""

    def inputs(self, transfers: Sequence[Transfer]) -> list[Any]:
        """The transfers in the words of whoever would use this engine; not timed."""
        return list(transfers)

    def batch(self, transfers: Sequence[Any]) -> Sequence[Any]:
        """The same of many."""
        one = self.one
        return [one(transfer) for transfer in transfers]

    def ids(self, answer: Any) -> list[str]:
        """The ids in an answer, in the order of the rules; not timed."""
        return sorted(answer)

    @classmethod
    def there(cls) -> bool:
        """Whether this version can be asked at all; if not, it is left out and named."""
        return True

    @classmethod
    def version(cls) -> str:
        """The version that is installed."""
        return version(cls.package) if cls.package else ""
