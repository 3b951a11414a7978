"""Layers: what rules leave for the last, where it is alternatives that each hang on one field, so that
columns can be looked up for it too."""

from __future__ import annotations

from collections.abc import Sequence

from redline.engine.plan import Formula, PAll, PAny
from redline.flat.clauses import sources
from redline.flat.coded import Leaf
from redline.flat.forms import Form
from redline.rules.truth import FALSE, TRUE


class Layer:
    """Rules of which one of several alternatives has to hold, each on one field."""

    def __init__(self) -> None:
        self.tested = 0
        self.leaves: dict[tuple[int, str], Leaf] = {}
        self.high = self.low = 0  # what holds of every record of the form: possibly, for sure


def layers_of(form: Form) -> tuple[list[Layer], dict[int, list[Formula]]]:
    """The layers, and by the bit of its rule what is in none."""
    layers: list[Layer] = []
    rest: dict[int, list[Formula]] = {}
    for bit, parts in form.index.late.items():
        if form.unsettled >> bit & 1 and (left := _placed(form, bit, parts, layers)):
            rest[bit] = left
    return layers, rest


def _placed(form: Form, bit: int, parts: Sequence[Formula], layers: list[Layer]) -> list[Formula]:
    """Puts what a rule leaves for the last into layers; the parts that do not fit are left."""
    layer, rest = 0, []
    for part in parts:
        split = _split(form, part)
        if split is None:
            rest.append(part)
            continue
        while layer >= len(layers):
            layers.append(Layer())
        into = layers[layer]
        into.tested |= 1 << bit
        for (at, source), alternatives in split.items():
            one = alternatives[0] if len(alternatives) == 1 else PAny(tuple(alternatives))
            if at < 0:
                truth = form.index.truth(form.index.late_of(one, source), (), (), ())
                into.high |= (truth is not FALSE) << bit
                into.low |= (truth is TRUE) << bit
            else:
                into.leaves.setdefault((at, source), Leaf(form.index, source)).add(bit, one)
        layer += 1
    return rest


def _split(form: Form, part: Formula) -> dict[tuple[int, str], list[Formula]] | None:
    """The alternatives, by the field and source that each hangs on; None where one hangs on several."""
    if not isinstance(part, PAny):
        return None
    found: dict[tuple[int, str], list[Formula]] = {}
    for each in _alternatives(part):
        hangs = sources(each)
        if len(hangs) != 1 or isinstance(each, PAll):
            return None
        (source,) = hangs
        names = form.index.deps(source, form.names)
        if len(names) > 1 or source == "@dates":
            return None
        at = form.at[names[0]] if names else -1
        found.setdefault((at, source), []).append(each)
    return found


def _alternatives(part: Formula) -> list[Formula]:
    if isinstance(part, PAny):
        return [each for inner in part.parts for each in _alternatives(inner)]
    return [part]
