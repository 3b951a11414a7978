"""What a scenario teaches that came out otherwise than the solver took for granted of derived facts."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from redline.analysis.boxes import Key
from redline.analysis.outline import paths_in
from redline.analysis.stage import Found, Stage, subjects_of
from redline.engine.case import Variable
from redline.engine.circuit import Literal
from redline.engine.derive import Derived
from redline.engine.ground import Memo, ground_entry


class Lessons:
    """Tells the circuit of a stage what was learnt from scenarios that were drawn on it."""

    def __init__(self, stage: Stage) -> None:
        self.stage, self.circuit, self.things = stage, stage.circuit, stage.things
        self._drawn = frozenset(paths_in(stage.outline.scenario))

    def not_again(self, found: Found, search: Literal) -> None:
        """That this is not to be found again in this search."""
        again = (-self.circuit.among(self.things[key].choice, mask) for key, mask in found.items())
        self.circuit.say(-search, *again)

    def learnt(
        self,
        asked: Sequence[tuple[int, int]],
        found: Found,
        derived: Derived,
        moved: Mapping[str, str],
        search: Literal,
    ) -> bool:
        """Learns what came out otherwise of what the rules asked look at; whether there was anything."""
        stage = self.stage
        subjects = subjects_of(derived, stage.kind)
        memo = Memo(stage.bench.plan, {})
        learnt = False
        for index, at in asked:
            subject = subjects[at]
            for variable in ground_entry(stage.bench.plan, index, subject.row, {}, memo).variables:
                key = stage.key(subject.label, variable)
                if not isinstance(key, tuple) or not str(key[0]).startswith("derived") or key not in found:
                    continue
                if variable.now & ~found[key]:
                    learnt |= self._lesson(key, variable, found, moved, search)
        return learnt

    def _lesson(
        self, key: Key, variable: Variable, found: Found, moved: Mapping[str, str], search: Literal
    ) -> bool:
        """That the facts which a derived one follows from give what they gave."""
        assert variable.cell is not None
        because: list[Literal] = []
        cited = {_moved(fact.path, moved) for fact in variable.cell.facts}
        for other, mask in found.items():
            match other:
                case ("fact" | "there", str(path), *_) if path in cited or path.rpartition(".")[0] in cited:
                    cited.discard(path)
                    because.append(-self.circuit.among(self.things[other].choice, mask))
                case _:
                    pass
        choice = self.things[key].choice
        if variable.now & found[key]:  # it cannot be told: not to be relied on here
            self.circuit.say(-search, *because, -self.circuit.among(choice, found[key]))
        elif because:
            # what was written down for this one scenario alone teaches nothing of others
            only_here = [] if cited <= self._drawn else [-search]
            self.circuit.say(*only_here, *because, self.circuit.among(choice, variable.now))
        else:
            return False
        return True


def _moved(path: str, moved: Mapping[str, str]) -> str:
    holder = path
    while holder:
        if holder in moved:
            return moved[holder] + path[len(holder) :]
        holder = holder.rpartition(".")[0]
    return path
