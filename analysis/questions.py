"""What is left to ask of a scenario: facts on which open lines turn, the one first that decides most.

An open line is a finding that is undetermined.  The smallest sets of facts that would settle it name the
facts that matter to it, and no others: what is in none of them changes no verdict, however it turns out.  A
fact is worth the share of its classes that settle a line at once, over all open lines, and a little where it
settles one only together with others.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from math import prod

from redline.answers.naming import Naming, naming
from redline.answers.red_flags import flag_question
from redline.answers.say_questions import ask
from redline.answers.say_values import kept_terms, number, plain, when
from redline.engine.case import Case, Variable
from redline.engine.characters import visible
from redline.engine.conclude import point_of, rolled_up
from redline.engine.ground import Memo, ground_entry
from redline.engine.listings import KNOWN
from redline.engine.paths import Standing, standing
from redline.engine.plan import Plan
from redline.engine.possible import MORE, NONE, UNKNOWN, is_word
from redline.engine.reference import name
from redline.engine.run import Bench, Run, all_subjects
from redline.engine.scenarios import SECTIONS
from redline.engine.sharpen import Settling, settling_sets
from redline.rules.codes import CODE
from redline.rules.countries import COUNTRY
from redline.rules.facts import Grade, Reference, Scenario
from redline.rules.finding import Finding, Under
from redline.rules.frozen import dataclass, field, replace
from redline.rules.node import Map, Node, Seq, Text
from redline.rules.quantities import DATE, base_unit
from redline.rules.questions import Choice, Open, Question, Settled
from redline.rules.record import Subject
from redline.rules.shapes import Field
from redline.rules.terms import FLAG
from redline.rules.truth import UNKNOWN as NOT_TOLD
from redline.rules.values import Amounts, Terms, Value, meet, overlap
from redline.rules.verdicts import Kind, Verdict

TOGETHER = 0.3
"""What a set of facts that settles only together is worth to each of them, for each that is asked besides."""
_MOST_CHOICES = 12
_Solved = dict[object, tuple[Settling, ...]]


@dataclass(frozen=True, slots=True)
class Line:
    """An open line, under one reading: its case, and the smallest sets of facts that would settle it."""

    finding: Finding
    called: str
    case: Case
    sets: tuple[Settling, ...]
    places: tuple[str, ...]
    """Of each variable of the case: the path at which it is stated."""


@dataclass(slots=True)
class _Asked:
    """What is gathered of one place."""

    variables: list[tuple[Line, int]] = field(default_factory=list)
    lines: dict[str, None] = field(default_factory=dict)
    worth: float = 0.0
    phantom: Subject | None = None


def open_questions(
    bench: Bench, run: Run, solved: _Solved | None = None, not_known: Collection[str] = ()
) -> Open:
    """All that is left to ask of a scenario that was judged.  `solved` keeps what was worked out from one
    question to the next; what only settles together with what is `not_known` is not asked."""
    assert run.scenario is not None
    assert run.conclusion is not None
    words = naming(run.scenario, bench.policies)
    open_findings = [f for f in run.conclusion.findings if f.verdict is Verdict.UNDETERMINED]
    gathered: dict[str, _Asked] = {}
    for finding in open_findings:
        if finding.subject.phantom:
            place = _place_of_phantom(finding.subject)
            if place and place not in not_known:
                asked = gathered.setdefault(place, _Asked())
                asked.lines[name(finding.rule)] = None
                asked.phantom, asked.worth = finding.subject, asked.worth + 1 / 2
    for line in _lines(bench, run, words, open_findings, {} if solved is None else solved):
        for place, worth in _worth(line, not_known).items():
            asked = gathered.setdefault(place, _Asked())
            asked.worth += worth
            asked.lines[name(line.finding.rule)] = None
            within = {i for s in line.sets for i in s.variables}
            asked.variables += [(line, i) for i, p in enumerate(line.places) if p == place and i in within]
    questions = [_question(bench, run, words, place, asked) for place, asked in gathered.items()]
    ranked = sorted((q for q in questions if q is not None), key=lambda q: (-q.settles, q.path))
    verdict = rolled_up(run.conclusion.findings)
    return Open(
        visible(run.scenario.title or run.scenario.id),
        verdict,
        len(open_findings),
        tuple(ranked),
        readings=tuple(_readings(words, open_findings)),
        left_open=tuple(
            dict.fromkeys(visible(q) for f in open_findings for u in f.under for q in u.questions)
        ),
        flags=tuple(_flags(run)),
    )


# --- lines that are open -----------------------------------------------------------------------


def _lines(
    bench: Bench, run: Run, words: Naming, findings: Sequence[Finding], solved: _Solved
) -> Iterator[Line]:
    """Every open line, once for each reading under which it is open."""
    assert run.derived is not None
    assert run.supported is not None
    backed = {
        id(one): other
        for one, other in zip(all_subjects(run.derived), all_subjects(run.supported), strict=True)
    }
    memo = Memo(bench.plan, bench.readings)
    index = {entry.rule: i for i, entry in enumerate(bench.plan.entries)}
    for finding in findings:
        if finding.subject.phantom:
            continue
        row = backed[id(finding.subject)].row
        case = ground_entry(bench.plan, index[name(finding.rule)], row, bench.readings, memo)
        for under in finding.under:
            if under.verdict is not Verdict.UNDETERMINED:
                continue
            masks = _answered(case, under)
            key = (name(finding.rule), case.formulas, tuple(masks), tuple(v.blocks for v in case.variables))
            if key not in solved:
                solved[key] = settling_sets(case, masks)[0]
            sets = tuple(s for s in solved[key] if s.variables)
            if sets:
                places = tuple(_place(v) for v in case.variables)
                yield Line(finding, words.subject(finding.subject), case, sets, places)


def _answered(case: Case, under: Under) -> list[int]:
    """What is known of the case, with the reading's answers."""
    masks = case.masks
    for i, variable in enumerate(case.variables):
        answer = under.answers.get(str(variable.path[0])) if variable.sort == "reading" else None
        if answer is not None:
            masks[i] = 1 << variable.values.index(answer)
    return masks


def _place(variable: Variable) -> str:
    """Where the fact would be stated; empty for what no scenario states."""
    if variable.cell is None or variable.sort in ("reading", "open"):
        return ""
    return variable.cell.about.removesuffix(".more")


def _place_of_phantom(subject: Subject) -> str:
    return "" if subject.row.present is None else subject.row.present.about.removesuffix(".more")


def _worth(line: Line, not_known: Collection[str]) -> Mapping[str, float]:
    """What each place is worth to the line."""
    found: dict[str, float] = {}
    for each in line.sets:
        places = {line.places[i] for i in each.variables}
        if "" in places or not places.isdisjoint(not_known):
            continue  # it takes an answer to an interpretation, or one that cannot be had
        live = prod(line.case.variables[i].now.bit_count() for i in each.variables)
        settled = sum(prod(mask.bit_count() for mask in values) for values, _ in each.outcomes)
        share = settled / max(live, 1)
        worth = share * TOGETHER ** (len(places) - 1)
        for place in places:
            found[place] = 1 - (1 - found.get(place, 0.0)) * (1 - min(worth, 1.0))
    return found


# --- one question ------------------------------------------------------------------------------


def _question(bench: Bench, run: Run, words: Naming, place: str, asked: _Asked) -> Question | None:
    there = standing(run.document.root, place, bench.library.lexicon)
    known = None if there is None else there.what
    section = place in SECTIONS or place == "transfers"
    if there is None or (known is None and not section):
        return None
    if asked.variables:
        line, i = asked.variables[0]
        text = ask(words, point_of(line.case.variables[i]), line.finding.subject)
    else:
        assert asked.phantom is not None
        text = _ask_of_phantom(words, place, asked.phantom)
    several = section or is_list(run.document.root, place, there, bench)
    choices = tuple(_choices(bench, run, place, there, asked, several=several))
    lines = tuple(asked.lines)
    return Question(place, text, choices, lines, round(asked.worth, 3), several, _form(place, there, several))


def _ask_of_phantom(words: Naming, place: str, subject: Subject) -> str:
    owner = next((words.called[p] for p in words.called if place.startswith(f"{p}.")), "")
    if owner:
        return f"what else is transferred in {owner}?"
    return f"which {'other steps' if subject.kind == 'step' else f'{subject.kind}s'} are there?"


def is_list(root: Node, place: str, there: Standing, bench: Bench) -> bool:
    """Whether several things or values stand at the place."""
    if not isinstance(there.what, Field):
        return True
    return standing(root, f"{place}.+", bench.library.lexicon) is not None


def _form(place: str, there: Standing, several: bool) -> str:
    """How an answer is written."""
    if place in SECTIONS or place == "transfers":
        thing = SECTIONS.get(place, "transfer")
        example = f"`{place}.+={{...}}`" if place == "transfers" else f"`{place}.ID={{...}}`"
        return f"`none`, or add each {thing} by {example}"
    if not isinstance(there.what, Field):
        return "`none`, or all of them, in YAML: `[{...}]`"
    kind = there.what.type
    what = {"party": "the id of a party, or a country for some party there", "item": "the id of an item"}
    of = what.get(kind.sort) or ("the id of a paper" if kind.sort == "paper" else kind.of.replace("_", " "))
    of = of or "a name"
    return f"`none`, or all there are: `[...]` of {of}" if several else of


def _choices(
    bench: Bench, run: Run, place: str, there: Standing, asked: _Asked, *, several: bool
) -> Iterator[Choice]:
    if several:
        yield Choice(_none_words(there.node), closed(there, place), tuple(_settled_by_none(asked)))
    if not isinstance(there.what, Field):
        return
    kind = there.what.type
    if kind.sort in ("party", "item", "paper"):
        section = {"party": "parties", "item": "items", "paper": "papers"}[kind.sort]
        assert run.scenario is not None
        known = referred(run.scenario, place)
        fitting = [p for p in naming_paths(run, section) if may_be(run.scenario, known, p)]
        for path in fitting[:_MOST_CHOICES]:
            yield Choice(path, _listed(there, Text(path)) if several else Text(path))
        if kind.sort != "party" or several:
            return
    columns = dict.fromkeys(
        v.column
        for line, i in asked.variables
        for v in (line.case.variables[i],)
        if v.sort == "field"
        and v.column is not None
        and isinstance(v.column[0], str)
        and (
            v.column[1] == kind.of
            or (kind.sort, v.column[1]) == ("party", "country")
            or (kind.sort == "amount" and v.column[1] == base_unit(kind.of))
        )
    )
    for column in columns:
        for group, settles in _classes(bench.plan, column, asked):
            value = _narrowed(bench.plan, column, group, asked)
            if value is None or _historic(value):
                continue
            text = _says(value, kind.of)
            node = None if several else _written(value)
            if kind.sort == "party":
                single = value.single if isinstance(value, Terms) else None
                node, text = (
                    (Text(single), f"some party in {text}")
                    if single
                    else (None, "a party elsewhere" if text == "something else" else f"a party in {text}")
                )
            if kind.of == FLAG.name and isinstance(value, Terms) and value.single:
                text = flag_question(value.single) or text
                node = _listed(there, Text(value.single)) if several else node
            yield Choice(text, node, settles)
    if not columns and kind.sort == "tree":
        tree = bench.library.lexicon.trees[kind.of]
        if tree.closed and len(tree.tops) <= _MOST_CHOICES and not several:
            for term in sorted(tree.tops):
                yield Choice(plain(Terms(tree, frozenset({term}))), Text(term))


def referred(scenario: Scenario, place: str) -> Reference | None:
    """Who or what is meant at a place, as far as that is known; None where nothing is."""
    holder, _, key = place.rpartition(".")
    groups = (scenario.parties, scenario.items, scenario.papers, scenario.agreements)
    things = [thing for group in groups for thing in group.values()]
    for thing in (*things, *scenario.transfers):
        if thing.path == holder:
            found = thing.references.get(key)
            return found if found is not None and (found.names or found.country) else None
    return None


def may_be(scenario: Scenario, known: Reference | None, ident: str) -> bool:
    """Whether the one who is meant may be the thing of that id; what is alleged rules out nobody."""
    if known is None or known.fact.grade is Grade.ALLEGED:
        return True
    if known.names:
        return ident in known.names
    party = scenario.parties.get(ident)
    country = party.facts.get("country") if party is not None else None
    if country is None or country.value is None or known.fact.value is None:
        return True
    return overlap(known.fact.value, country.value)


def naming_paths(run: Run, section: str) -> Iterable[str]:
    """The ids of the things of a section."""
    assert run.scenario is not None
    things: Mapping[str, object] = getattr(run.scenario, section)
    return things


def _classes(
    plan: Plan, column: tuple[object, str], asked: _Asked
) -> Iterator[tuple[int, tuple[Settled, ...]]]:
    """The classes of the column that open lines tell apart, as masks, with what each settles."""
    own = [(line, i) for line, i in asked.variables if line.case.variables[i].column == column]
    possible = 0
    for line, i in own:
        possible |= line.case.variables[i].now
    groups: dict[tuple[int, ...], int] = {}
    for bit in (1 << n for n in range(possible.bit_length()) if possible >> n & 1):
        key = tuple(
            next((n for n, block in enumerate(line.case.variables[i].blocks) if block & bit), -1)
            for line, i in own
        )
        groups[key] = groups.get(key, 0) | bit
    for group in groups.values():
        settles = {
            Settled(name(line.finding.rule), line.called, verdict): None
            for line, i in own
            for each in line.sets
            if each.variables == (i,)
            for (mask,), verdict in each.outcomes
            if mask & group
        }
        yield group, tuple(settles)


def _narrowed(plan: Plan, column: tuple[object, str], group: int, asked: _Asked) -> Value | None:
    """The values of a group of classes, as far as they are still possible."""
    classes = [c for n, c in enumerate(plan.domains[column].classes) if group >> n & 1]  # type: ignore[index]
    cell = next(
        (v.cell for line, i in asked.variables for v in (line.case.variables[i],) if v.column == column), None
    )
    known = None if cell is None else cell.value
    cut = [_cut(each, known) for each in classes]
    cut = [each for each in cut if not each.empty]
    if not cut:
        return None
    if all(isinstance(each, Amounts) for each in cut):
        first = cut[0]
        assert isinstance(first, Amounts)
        return replace(
            first, stretches=tuple(s for each in cut if isinstance(each, Amounts) for s in each.stretches)
        )
    terms = [each for each in cut if isinstance(each, Terms)]
    rest = next((each for each in terms if each.within is None), None)
    named = frozenset(t for each in terms for t in each.within or ())
    tree = terms[0].tree
    if rest is not None:
        return Terms(
            tree, None, frozenset(t for t in rest.without if not any(tree.under(t, n) for n in named))
        )
    out = frozenset(
        t
        for each in terms
        for t in each.without
        if not any(tree.under(t, n) for n in named if n in _own(terms, t))
    )
    return Terms(tree, named, out)


def _own(terms: Sequence[Terms], term: str) -> frozenset[str]:
    """The terms named by those of the classes that do not leave the term out."""
    return frozenset(n for each in terms if term not in each.without for n in each.within or ())


def _historic(value: Value) -> bool:
    """Whether it is a state of the past alone, which can be answered but is not offered."""
    return isinstance(value, Terms) and value.tree.name == COUNTRY.name and len(value.single or "") > 3


def _cut(cls: Value, known: Value | None) -> Value:
    if known is None:
        return cls
    try:
        return meet(cls, known)
    except TypeError:
        return cls


def _says(value: Value, of: str) -> str:
    if isinstance(value, Amounts):
        return when(value) if value.unit == base_unit(DATE) else number(value, of)
    return "something else" if value.within is None and value.without else plain(value)


def _written(value: Value) -> Node | None:
    """A class as a scenario writes it; None where it cannot be written in one."""
    if not isinstance(value, Terms):
        return None
    if value.within is None:
        others = Seq(tuple(Text(t) for t in sorted(value.without)))
        return Map(((Text("not"), others),)) if value.without else None
    names, out = kept_terms(value)
    if out or not names:
        return None
    if len(names) == 1:
        return Text(names[0])
    return Map(((Text("one_of"), Seq(tuple(Text(t) for t in names))),))


def _none_words(node: Node | None) -> str:
    return "there is no other" if elements_of(node) else "none"


def elements_of(node: Node | None) -> tuple[Node, ...]:
    """What is written in a list, also in its long form."""
    inner = node.get(KNOWN) if isinstance(node, Map) and node.get(KNOWN) is not None else node
    if inner is None or is_word(inner, NONE) or is_word(inner, UNKNOWN):
        return ()
    if isinstance(inner, Map) and inner.get(MORE) is not None and inner.get(KNOWN) is None:
        return ()
    return inner.items if isinstance(inner, Seq) else (inner,)


def closed(there: Standing, place: str, further: Sequence[Node] = ()) -> Node:
    """The list as it is written, with what is further in it, and nothing else."""
    if place in SECTIONS:
        node = there.node
        entries = tuple(e for e in node if e[0].text != MORE) if isinstance(node, Map) else ()
        return Map((*entries, (Text(MORE), Text(NONE)))) if entries else Text(NONE)
    elements = (*elements_of(there.node), *further)
    if not elements:
        return Text(NONE)
    if place != "transfers" and there.what is not None and there.what.name == CODE.name:
        return Seq(elements)
    return Map(((Text(KNOWN), Seq(elements)), (Text(MORE), Text(NONE))))


def _listed(there: Standing, one: Node) -> Node:
    return closed(there, "", (one,))


def _settled_by_none(asked: _Asked) -> Iterator[Settled]:
    """What is settled where there is nothing (else) in the list."""
    found: dict[Settled, None] = {}
    for line, i in asked.variables:
        variable = line.case.variables[i]
        for each in line.sets:
            if each.variables != (i,):
                continue
            for (mask,), verdict in each.outcomes:
                nothing = (variable.sort == "presence" and mask == 0b10) or (
                    variable.sort == "rest" and all(variable.values[n] == 0 for n in _bits(mask))
                )
                if nothing:
                    found[Settled(name(line.finding.rule), line.called, verdict)] = None
    yield from found


def _bits(mask: int) -> Iterator[int]:
    return (n for n in range(mask.bit_length()) if mask >> n & 1)


# --- beside the questions ----------------------------------------------------------------------


def _readings(words: Naming, findings: Iterable[Finding]) -> Iterator[str]:
    """Interpretations on which open lines turn, with how an answer is fixed."""
    found: dict[str, None] = {}
    for finding in findings:
        for under in finding.under:
            for each in under.answers:
                found[each] = None
            for need in under.needs:
                found |= dict.fromkeys(p.name for p in need.points if p.sort == "reading")
    for each in found:
        known = words.interpretations.get(each)
        if known is not None:
            answers = ", ".join(known.answers)
            yield f"{visible(known.question)} (--reading {each.rpartition('/')[2]}=ANSWER, one of {answers})"


def _flags(run: Run) -> Iterator[str]:
    assert run.conclusion is not None
    yield from dict.fromkeys(
        visible(e.rule.asks)
        for e in run.conclusion.effects
        if e.rule.kind is Kind.FLAGS and e.holds is NOT_TOLD and e.rule.asks
    )
