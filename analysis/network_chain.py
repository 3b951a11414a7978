"""A path of a network as a scenario: what is transferred, by whom to whom, with all that is said of it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date

from redline.rules.frozen import dataclass
from redline.rules.network import Build, Channel, Network
from redline.rules.node import Map, Node, Seq, Text


@dataclass(frozen=True, slots=True)
class Hop:
    """One step of a path: a channel with the item that passes along it, or something built in; and the day
    (None: none is said)."""

    by: Channel | Build
    item: str
    day: int | None = None

    @property
    def gives(self) -> str:
        """The item that there is after it."""
        return self.by.gives if isinstance(self.by, Build) else self.item


@dataclass(frozen=True, slots=True)
class Clause:
    """A promise of the recipient of a hop (counted from 0) not to pass on; `form` says how it is worded."""

    hop: int
    form: int


def texts(node: Node | None) -> Iterator[str]:
    """Every text in a node, keys left out."""
    match node:
        case Text(text):
            yield text
        case Seq(items):
            for each in items:
                yield from texts(each)
        case Map(entries):
            for _, each in entries:
                yield from texts(each)
        case None:
            return


def mentioned(network: Network, *, owners: bool = True) -> frozenset[str]:
    """The parties that papers, agreements, channels and (`owners`) parties name besides those that channels
    run between; and those of whom owners are told."""
    found = {*texts(network.agreements)}
    for paper in network.papers.values():
        found.update(texts(paper))
    for facts in {id(each.facts): each.facts for each in network.channels}.values():
        found.update(texts(facts))
    for key, node in network.parties.items() if owners else ():
        if isinstance(node, Map) and (owned := node.get("owners")) is not None:
            found.update((key, *texts(owned)))
    return frozenset(found & network.parties.keys())


def standing(network: Network) -> tuple[str, ...]:
    """The papers that hang on no channel: they are known of every transfer."""
    hung = {paper for each in network.channels for paper in each.papers}
    return tuple(each for each in network.papers if each not in hung)


def scenario_of(
    network: Network, hops: Sequence[Hop], name: str, title: str = "", clause: Clause | None = None
) -> Map:
    """The scenario in which these hops are made, one after the other."""
    papers = {each for hop in hops if isinstance(hop.by, Channel) for each in hop.by.papers}
    kept = [each for each in network.papers if each in papers or each in standing(network)]
    transfers = [_transfer(hop, day) for hop, day in zip(hops, _days(hops), strict=True)]
    written: list[tuple[Text, Node]] = [(Text(key), network.papers[key]) for key in kept]
    if clause is not None:
        promise = _promise(network, hops, clause)
        written.append((Text(clause_id(hops[clause.hop])), promise))
        transfers[clause.hop] = _with_paper(transfers[clause.hop], clause_id(hops[clause.hop]))
    moved = [each for each in transfers if each is not None]
    found = {*texts(network.agreements), *texts(Map(tuple(written)))}
    for hop in hops:
        found.update((hop.by.sender, hop.by.recipient) if isinstance(hop.by, Channel) else (hop.by.holder,))
        found.update(texts(hop.by.facts))
    entries: list[tuple[Text, Node]] = [(Text("redline"), Text("1")), (Text("scenario"), Text(name))]
    if title:
        entries.append((Text("title"), Text(title)))
    entries += network.head.entries
    entries.append((Text("parties"), Map(tuple(_parties(network, found)))))
    entries.append((Text("items"), Map(tuple(_items(network, hops, found)))))
    if written:
        entries.append((Text("papers"), Map(tuple(written))))
    if network.agreements is not None:
        entries.append((Text("agreements"), network.agreements))
    entries.append((Text("transfers"), Seq(tuple(moved))))
    return Map(tuple(entries))


def transfers_of(hops: Sequence[Hop]) -> list[int | None]:
    """For each hop its place among the transfers of the scenario; None: it is none (made with)."""
    found: list[int | None] = []
    count = 0
    for hop in hops:
        silent = isinstance(hop.by, Build) and hop.by.made_with
        found.append(None if silent else count)
        count += not silent
    return found


def clause_id(hop: Hop) -> str:
    """The id of the promise that is put on a hop."""
    return f"promise-on-{hop.by.id}"


def _parties(network: Network, found: Iterable[str]) -> Iterator[tuple[Text, Node]]:
    todo, seen = [each for each in found if each in network.parties], set[str]()
    while todo:
        key = todo.pop()
        if key in seen:
            continue
        seen.add(key)
        node = network.parties[key]
        owners = node.get("owners") if isinstance(node, Map) else None
        todo += [each for each in texts(owners) if each in network.parties]
    for key in sorted(seen):
        yield Text(key), network.parties[key]


def _items(network: Network, hops: Sequence[Hop], named: Iterable[str]) -> Iterator[tuple[Text, Node]]:
    """The items of the path and those that its papers name, with what is in them by what is said of them, and
    by what is built in."""
    written: dict[str, Node] = {}
    todo = [each for hop in hops for each in (hop.item, hop.gives)]
    todo += [each for each in named if each in network.items]
    while todo:
        key = todo.pop()
        if key in written:
            continue
        written[key] = node = network.items[key]
        for part in ("contains", "made_with"):
            inside = node.get(part) if isinstance(node, Map) else None
            todo += [each for each in texts(inside) if each in network.items]
    for hop in hops:
        if isinstance(hop.by, Build):
            written[hop.by.gives] = _with_part(written[hop.by.gives], hop.by)
    yield from ((Text(key), written[key]) for key in network.items if key in written)


def _with_part(node: Node, build: Build) -> Node:
    assert isinstance(node, Map)
    key = "made_with" if build.made_with else "contains"
    stated = node.get(key)
    listed = stated.get("known") if isinstance(stated, Map) else stated
    parts = listed.items if isinstance(listed, Seq) else () if listed is None else (listed,)
    if any(build.takes in texts(each) for each in parts):
        return node
    share = () if build.made_with else build.facts.entries
    part: Node = Map(((Text("item"), Text(build.takes)), *share)) if share else Text(build.takes)
    together: Node = Seq((*parts, part))
    if isinstance(stated, Map) and stated.get("known") is not None:
        together = Map(tuple((k, together if k.text == "known" else v) for k, v in stated.entries))
    rest = tuple((k, v) for k, v in node.entries if k.text != key)
    return Map((*rest, (Text(key), together)), node.span)


def _days(hops: Sequence[Hop]) -> list[int | None]:
    """The day of each hop; of those before the first that has one, its day."""
    first = next((hop.day for hop in hops if hop.day is not None), None)
    return [first if hop.day is None else hop.day for hop in hops]


def said_days(hops: Sequence[Hop]) -> tuple[str, ...]:
    """The days of the hops in words."""
    return tuple("" if day is None else date.fromordinal(day).isoformat() for day in _days(hops))


def _transfer(hop: Hop, day: int | None) -> Map | None:
    entries: list[tuple[Text, Node]] = []
    match hop.by:
        case Build(made_with=True):
            return None
        case Build():
            entries = [
                (Text("activity"), Text("incorporation")),
                (Text("item"), Text(hop.by.takes)),
                (Text("by"), Text(hop.by.holder)),
                (Text("into"), Text(hop.by.gives)),
            ]
        case Channel():
            entries = [
                *((k, v) for k, v in hop.by.facts.entries if k.text == "activity"),
                (Text("item"), Text(hop.item)),
                (Text("from"), Text(hop.by.sender)),
                (Text("to"), Text(hop.by.recipient)),
                *((k, v) for k, v in hop.by.facts.entries if k.text != "activity"),
            ]
            if hop.by.papers:
                entries.append((Text("papers"), Seq(tuple(map(Text, hop.by.papers)))))
    if day is not None:
        entries.append((Text("date"), Text(date.fromordinal(day).isoformat())))
    return Map(tuple(entries))


def _with_paper(transfer: Map | None, paper: str) -> Map | None:
    if transfer is None:
        return None
    stated = transfer.get("papers")
    more = stated.items if isinstance(stated, Seq) else ()
    rest = tuple((k, v) for k, v in transfer.entries if k.text != "papers")
    return Map((*rest, (Text("papers"), Seq((*more, Text(paper))))))


FORMS = 2
"""How many ways there are to word a promise."""
_ONWARD = (
    "re-export",
    "retransfer",
    "export",
    "domestic-supply",
    "transshipment",
    "intangible-transfer",
    "release",
)


def _promise(network: Network, hops: Sequence[Hop], clause: Clause) -> Map:
    """A promise of the recipient of a hop: to pass it on to nobody.  So that the transfer under which it is
    given does not break it, it forbids what that one is not, or begins a day later."""
    hop, day = hops[clause.hop], _days(hops)[clause.hop]
    assert isinstance(hop.by, Channel)
    own = next((v.text for k, v in hop.by.facts.entries if k.text == "activity" and isinstance(v, Text)), "")
    bans: list[Node] = []
    begins = day
    if clause.form == 0:
        node = network.parties[hop.by.recipient]
        country = node.get("country") if isinstance(node, Map) else None
        if isinstance(country, Text):
            bans.append(_map({"except_destinations": Seq((country,))}))
        others = tuple(Text(each) for each in _ONWARD[:2] if each != own)
        bans.append(_map({"activities": Seq(others)}))
    else:
        begins = None if day is None else day + 1
        bans.append(_map({"activities": Seq((Text("movement"),))}))
    as_of = next((v for k, v in network.head.entries if k.text == "as_of"), Text("1900-01-01"))
    start = as_of if begins is None else Text(date.fromordinal(begins).isoformat())
    return _map(
        {
            "kind": Text("no-re-export-clause"),
            "issuer": Text(hop.by.recipient),
            "state": Text("held"),
            "binds": Seq((Text(hop.by.recipient),)),
            "covers": _map({"items": Seq((Text(hop.item),))}),
            "valid": _map({"from": start}),
            "forbids": Seq(tuple(bans)),
        }
    )


def _map(entries: Mapping[str, Node]) -> Map:
    return Map(tuple((Text(key), node) for key, node in entries.items()))
