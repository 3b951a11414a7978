"""The rules of a plan as boxes over what a record leaves open: where each speaks, all of them at once."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from functools import partial

from redline.analysis.boxes import UNSETTLED, Box, Index, Key, Sense, TooMany, Truths, boxes_of, meets
from redline.analysis.joint import Joint
from redline.engine.case import Case, Variable
from redline.engine.formula import Atom
from redline.rules.verdicts import Kind

EFFECTS = (Kind.PERMITS, Kind.FLAGS)


class Boxed:
    """Where rules cross or call for an assessment or, of permissions and red flags, hold."""

    def __init__(self, joint: Joint, truths: Callable[[Key, Variable, Atom], Truths]) -> None:
        self.joint, self._truths = joint, truths
        self.sizes: dict[Key, int] = {}
        self._boxes: dict[tuple[int, Sense], tuple[Box, ...]] = {}

    def where(self, index: int, sense: Sense = Sense.SURE) -> tuple[Box, ...]:
        """Where the rule speaks in that sense; of one that comes to too many boxes nothing is sure, and it
        may anywhere."""
        if (index, sense) not in self._boxes:
            case, keys = self.joint.grounded(index)
            try:
                found = meets(self._parts(case, partial(self._truth, case, keys), sense))
            except TooMany:
                found = () if sense is Sense.SURE else ({},)
            self._boxes[index, sense] = found
        return self._boxes[index, sense]

    def index(self, rules: Iterable[int], sense: Sense = Sense.SURE) -> Index:
        """The boxes of these rules."""
        return Index(((i, box) for i in rules for box in self.where(i, sense)), self.sizes)

    def _parts(self, case: Case, truth: Callable[[Atom], Truths], sense: Sense) -> Iterable[tuple[Box, ...]]:
        wanted = [(case.bound, True), (case.when, True), (case.unless, False)]
        if case.entry.kind not in EFFECTS:
            wanted += [(formula, False) for _, formula in case.permits]
        if case.entry.kind is Kind.REQUIRES:
            wanted.append((case.met, False))
        for formula, so in wanted:
            found = boxes_of(formula, truth, sense, wanted=so)
            yield found
            if not found:
                return

    def _truth(self, case: Case, keys: tuple[Key, ...], atom: Atom) -> Truths:
        told = self._truths(keys[atom.variable], case.variables[atom.variable], atom)
        if told.key is not None:
            self.sizes[told.key] = told.all
        return told


def on_paper(key: Key, variable: Variable, atom: Atom) -> Truths:
    """The truths of an atom on a record whose fields are independent of each other."""
    return among(key, variable.now, atom)


def among(key: Key, values: int, atom: Atom) -> Truths:
    """The truths of an atom about a thing of these values."""
    return Truths(key, values, values & atom.accepts, values & ~(atom.accepts | atom.perhaps))


def known(variable: Variable, atom: Atom) -> Truths:
    """The truth of an atom as far as the record tells it, whatever else there is to be known."""
    told = among(None, variable.now, atom)
    if told.yes == told.all:
        return Truths(None, 1, 1, 0)
    return Truths(None, 1, 0, 1) if told.no == told.all else UNSETTLED
