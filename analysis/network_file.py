"""A network of supply read: from a YAML file, or from CSV tables with a `network.yaml` beside them."""

from __future__ import annotations

import csv
from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path

from redline.analysis.network_chain import mentioned
from redline.engine.characters import quote
from redline.engine.read import Document, edition, read_path, read_text
from redline.engine.scenarios import scenario_from
from redline.engine.show import did_you_mean
from redline.engine.typed import Lexicon
from redline.rules.frozen import dataclass, replace
from redline.rules.network import Build, Channel, Network, Window
from redline.rules.node import Map, Node, Seq, Text
from redline.rules.problems import Problem, Span, errors
from redline.rules.quantities import parse_date
from redline.rules.vocabulary import STATED

KEYS = (
    *("redline", "network", "title", "as_of", "assume", "parties", "items", "papers", "agreements"),
    *("channels", "built_in", "forbidden", "note"),
)
TABLES = ("parties", "items", "papers", "channels", "built_in")
CHANNEL = ("id", "from", "to", "item", "items", "papers", "when", "cost", "clause")
BUILD = ("id", "by", "takes", "gives", "share", "when", "cost")
_OF_TRANSFERS = STATED["transfer"].names()
_NEVER = ("no", "never")


@dataclass(frozen=True, slots=True)
class _Row:
    """One channel, or one thing built in, as written."""

    node: Map
    number: int


def read_network(
    path: str | Path, lexicon: Lexicon
) -> tuple[Network | None, list[Problem], dict[str, Sequence[str]]]:
    """The network of a file or folder; every problem found; and the lines of the files, to show them with."""
    texts: dict[str, Sequence[str]] = {}
    problems: list[Problem] = []
    root, name = _written(Path(path), texts, problems)
    if root is None:
        return None, problems, texts
    return _network(root, name, lexicon, problems), problems, texts


def _written(path: Path, texts: dict[str, Sequence[str]], problems: list[Problem]) -> tuple[Map | None, str]:
    if not path.is_dir():
        return _yaml(path, texts, problems), str(path)
    head = path / "network.yaml"
    root = _yaml(head, texts, problems) if head.exists() else Map(((Text("redline"), Text("1")),))
    found = [name for name in TABLES if (path / f"{name}.csv").exists()]
    if root is None:
        return None, str(path)
    if not found and not head.exists():
        advice = f"put {', '.join(f'`{name}.csv`' for name in TABLES)} or `network.yaml` there"
        problems.append(Problem("cannot-read", "the folder holds no network", Span(str(path), 0, 0), advice))
        return None, str(path)
    entries = [*root.entries]
    if root.get("network") is None:
        entries.append((Text("network"), Text(path.name or "network")))
    for name in found:
        rows = _table(path / f"{name}.csv", texts, problems)
        entries = _joined(entries, name, rows, problems)
    return Map(tuple(entries), root.span), str(path)


def _yaml(path: Path, texts: dict[str, Sequence[str]], problems: list[Problem]) -> Map | None:
    reading = read_path(path)
    texts[reading.name] = reading.lines
    problems.extend(reading.problems)
    if not reading.documents:
        return None
    document = reading.documents[0]
    if len(reading.documents) > 1:
        second = reading.documents[1].root.span
        problems.append(
            Problem("wrong-shape", "a file holds one network", second, "put it into another file")
        )
    if (wrong := edition(document)) is not None:
        problems.append(wrong)
        return None
    assert isinstance(document.root, Map)
    return document.root


# --- tables ------------------------------------------------------------------------------------


def _table(path: Path, texts: dict[str, Sequence[str]], problems: list[Problem]) -> list[Map]:
    """The rows of a table, each as what would have been written in YAML."""
    name = str(path)
    try:
        text = path.read_bytes().decode("utf-8-sig")
    except (OSError, UnicodeDecodeError):
        problems.append(Problem("cannot-read", "the table cannot be read as UTF-8", Span(name, 0, 0)))
        return []
    lines = tuple(text.splitlines())
    texts[name] = lines
    reader = csv.reader(text.splitlines(keepends=True), strict=True)
    try:
        header = [each.strip() for each in next(reader, [])]
        twice = {each for each in header if header.count(each) > 1}
        if not header or twice or "" in header:
            message = "a column stands there twice" if twice else "a column has no name"
            problems.append(Problem("wrong-shape", message, Span(name, 1, 1), "name each column once"))
            return []
        found, line = [], reader.line_num
        for cells in reader:
            at, line = line + 1, reader.line_num
            if not any(each.strip() for each in cells):
                continue
            if len(cells) > len(header):
                message = f"the line has {len(cells)} cells and the table {len(header)} columns"
                problems.append(Problem("wrong-shape", message, Span(name, at, 1), "quote cells with commas"))
                continue
            found.append(_of_line(header, cells, name, at, lines[at - 1], problems))
    except csv.Error as error:
        problems.append(
            Problem("cannot-read", f"the table is not CSV: {error}", Span(name, reader.line_num, 1))
        )
        return []
    return found


def _of_line(
    header: Sequence[str], cells: Sequence[str], name: str, at: int, line: str, problems: list[Problem]
) -> Map:
    entries: dict[str, Node] = {}
    spans: dict[str, Span] = {}
    begin = 0
    for key, cell in zip(header, cells, strict=False):
        text = cell.strip()
        if not text:
            continue
        place = line.find(text, begin)
        begin = place + len(text) if place >= 0 else begin
        span = Span(name, at, max(place, 0) + 1, len(text) if place >= 0 else 0)
        outer, _, inner = key.partition(".")
        node = _cell(text, span, problems)
        spans.setdefault(outer, span)
        if inner:
            before = entries.get(outer)
            more = before.entries if isinstance(before, Map) else ()
            node = Map((*more, (Text(inner, span), node)), span)
        entries[outer] = node
    return Map(tuple((Text(key, spans[key]), node) for key, node in entries.items()), Span(name, at, 1))


def _cell(text: str, span: Span, problems: list[Problem]) -> Node:
    """A cell: YAML where it begins with a bracket, several values where there are semicolons, else a text."""
    if text[0] in "[{":
        documents, wrong = read_text(f"x: {text}".encode(), span.document)
        problems.extend(replace(each, span=span) for each in wrong)
        root = documents[0].root if documents else None
        found = root.get("x") if isinstance(root, Map) else None
        return Text(text, span) if found is None else _placed(found, span)
    if ";" in text:
        return Seq(tuple(Text(each.strip(), span) for each in text.split(";") if each.strip()), span)
    return Text(text, span)


def _placed(node: Node, span: Span) -> Node:
    match node:
        case Text():
            return replace(node, span=span)
        case Seq(items):
            return Seq(tuple(_placed(each, span) for each in items), span)
        case Map(entries):
            return Map(tuple((replace(k, span=span), _placed(v, span)) for k, v in entries), span)


def _joined(
    entries: list[tuple[Text, Node]], name: str, rows: Sequence[Map], problems: list[Problem]
) -> list[tuple[Text, Node]]:
    """What `network.yaml` says of a section, with the rows of its table."""
    before = next((node for key, node in entries if key.text == name), None)
    rest = [(key, node) for key, node in entries if key.text != name]
    if name in ("channels", "built_in"):
        more = before.items if isinstance(before, Seq) else ()
        return [*rest, (Text(name), Seq((*more, *rows)))]
    things = list(before.entries) if isinstance(before, Map) else []
    known = {key.text for key, _ in things}
    for row in rows:
        key = row.get("id")
        if not isinstance(key, Text):
            problems.append(Problem("missing-key", f"a line of `{name}` lacks its id", row.span, "fill `id`"))
        elif key.text in known:
            message = f"{quote(key.text)} is in `{name}` twice"
            problems.append(Problem("duplicate-id", message, key.span, "give each an id of its own"))
        else:
            known.add(key.text)
            facts = tuple((k, v) for k, v in row.entries if k.text != "id")
            things.append((key, Map(facts, row.span)))
    return [*rest, (Text(name), Map(tuple(things)))]


# --- what is in it -----------------------------------------------------------------------------


def _network(root: Map, name: str, lexicon: Lexicon, problems: list[Problem]) -> Network | None:
    for key, _ in root:
        if key.text not in KEYS:
            _unknown(key, "a network", KEYS, problems)
    said = root.get("network")
    if not isinstance(said, Text) or not said.text.strip():
        problems.append(Problem("missing-key", "the network lacks its id", root.span, "add `network: NAME`"))
    things = {each: _things(root, each, problems) for each in ("parties", "items", "papers")}
    head = Map(tuple((k, v) for k, v in root.entries if k.text in ("as_of", "assume")))
    rows = {each: [*_rows(root, each, problems)] for each in ("channels", "built_in")}
    ids: dict[str, Span] = {}
    channels = [c for row in rows["channels"] if (c := _channel(row, things, ids, problems)) is not None]
    builds = [b for row in rows["built_in"] if (b := _build(row, things, ids, problems)) is not None]
    if not rows["channels"]:
        advice = "add `channels: [{from: maker, to: reseller, item: radar, activity: export}]`"
        problems.append(Problem("missing-key", "the network has no channel", root.span, advice))
    forbidden = tuple(
        each.text
        for each in _texts(root.get("forbidden"))
        if _there(each, things["parties"], "party", problems)
    )
    title = root.get("title")
    network = Network(
        said.text.strip() if isinstance(said, Text) else "",
        title.text if isinstance(title, Text) else "",
        head,
        things["parties"],
        things["items"],
        things["papers"],
        root.get("agreements"),
        tuple(channels),
        tuple(builds),
        forbidden,
        name,
    )
    found = _facts(network, lexicon, set())
    if errors(found):  # told of everything that is wrong in the same way, not of the first alone
        found = _facts(network, lexicon, None)
    problems.extend(found)
    return None if errors(problems) else network


def _facts(network: Network, lexicon: Lexicon, seen: set[Node] | None) -> list[Problem]:
    """What is wrong with the facts, by reading a scenario that states each once (`seen` None: all)."""
    named = mentioned(network)

    def new(node: Node) -> bool:
        if seen is None:
            return True
        known = node in seen
        seen.add(node)
        return not known

    parties = tuple(
        (Text(key, node.span), node)
        for key, node in network.parties.items()
        if key in named or new(_unnamed(node))
    )
    transfers = tuple(each.facts for each in network.channels if new(each.facts))
    sections: list[tuple[Text, Node]] = [
        (Text("redline"), Text("1")),
        (Text("scenario"), Text("network")),
        *network.head.entries,
        (Text("parties"), Map(parties)),
        (Text("items"), Map(tuple((Text(k, v.span), v) for k, v in network.items.items()))),
    ]
    if network.papers:
        papers = tuple((Text(k, v.span), v) for k, v in network.papers.items())
        sections.append((Text("papers"), Map(papers)))
    if transfers:
        sections.append((Text("transfers"), Seq(transfers)))
    if network.agreements is not None:
        sections.append((Text("agreements"), network.agreements))
    _, problems = scenario_from(Document(Map(tuple(sections)), network.document, 0, ()), lexicon)
    return list(dict.fromkeys(problems))


def _unnamed(node: Node) -> Node:
    if not isinstance(node, Map):
        return node
    return Map(tuple((k, v) for k, v in node.entries if k.text not in ("name", "owners")))


def _things(root: Map, name: str, problems: list[Problem]) -> dict[str, Node]:
    node = root.get(name)
    if node is None or (isinstance(node, Text) and node.text == "none"):
        return {}
    if not isinstance(node, Map):
        message = f"`{name}` is not a mapping from ids to facts"
        problems.append(Problem("wrong-shape", message, node.span, f"write `{name}: {{maker: {{...}}}}`"))
        return {}
    return {key.text: each for key, each in node if key.text != "more"}


def _rows(root: Map, name: str, problems: list[Problem]) -> Iterator[_Row]:
    node = root.get(name)
    if node is None or (isinstance(node, Text) and node.text == "none"):
        return
    if not isinstance(node, Seq):
        problems.append(
            Problem("wrong-shape", f"`{name}` is not a list", node.span, "write one after `-` each")
        )
        return
    for number, each in enumerate(node.items, 1):
        if isinstance(each, Map):
            yield _Row(each, number)
        else:
            message = f"number {number} of `{name}` is not a mapping"
            problems.append(Problem("wrong-shape", message, each.span, "write `{from: ..., to: ..., ...}`"))


def _channel(
    row: _Row, things: Mapping[str, Mapping[str, Node]], ids: dict[str, Span], problems: list[Problem]
) -> Channel | None:
    node = row.node
    typed = set[str]()
    for key, _ in node:
        if key.text in ("date", "contract", "delivery"):
            advice = "write `when: 2026-03`, or `when: {from: D, to: D}`: the days on which it may be used"
            problems.append(Problem("unknown-key", f"a channel has no {quote(key.text)}", key.span, advice))
            typed.add(key.text)
        elif key.text not in (*CHANNEL, *_OF_TRANSFERS) and did_you_mean(key.text, CHANNEL):
            _unknown(key, "a channel", CHANNEL, problems)
            typed.add(key.text)  # what else is not known is told where the facts are read
    name = _id(row, "c", ids, problems)
    ends = [_one(node, key, "a channel", problems) for key in ("from", "to")]
    items = [*_texts(node.get("item")), *_texts(node.get("items"))]
    papers = [*_texts(node.get("papers"))]
    good = [_there(each, things["parties"], "party", problems) for each in ends if each is not None]
    good += [_there(each, things["items"], "item", problems) for each in items]
    good += [_there(each, things["papers"], "paper", problems) for each in papers if each.text != "none"]
    if not items:
        problems.append(Problem("missing-key", "a channel lacks its item", node.span, "add `item:`"))
        return None
    if not all(good) or ends[0] is None or ends[1] is None:
        return None
    none = any(each.text == "none" for each in papers)
    own = {*CHANNEL, *typed} - ({"papers"} if none else set())
    facts = Map(tuple((k, v) for k, v in node.entries if k.text not in own), node.span)
    return Channel(
        name,
        ends[0].text,
        ends[1].text,
        tuple(dict.fromkeys(each.text for each in items)),
        tuple(each.text for each in papers if each.text != "none"),
        facts,
        _window(node.get("when"), problems),
        _cost(node, "cost", problems),
        _cost(node, "clause", problems),
        node.span,
    )


def _build(
    row: _Row, things: Mapping[str, Mapping[str, Node]], ids: dict[str, Span], problems: list[Problem]
) -> Build | None:
    node = row.node
    for key, _ in node:
        if key.text not in BUILD:
            _unknown(key, "what is built in", BUILD, problems)
    name = _id(row, "b", ids, problems)
    by, takes, gives = (_one(node, key, "what is built in", problems) for key in ("by", "takes", "gives"))
    if by is None or takes is None or gives is None:
        return None
    good = [_there(by, things["parties"], "party", problems)]
    good += [_there(each, things["items"], "item", problems) for each in (takes, gives)]
    if not all(good):
        return None
    taken, given = things["items"][takes.text], things["items"][gives.text]
    form = taken.get("form") if isinstance(taken, Map) else None
    tool = isinstance(form, Text) and form.text in (
        "technology",
        "software",
        "design",
        "know-how",
        "know_how",
    )
    part = "made_with" if tool else "contains"
    stated = given.get(part) if isinstance(given, Map) else None
    if isinstance(stated, Text) and stated.text == "none":
        message = f"{quote(takes.text)} is built into {quote(gives.text)}, which is said to have no such part"
        problems.append(Problem("not-a-part", message, takes.span, f"leave `{part}: none` out"))
        return None
    share = node.get("share")
    facts = Map(((Text("share"), share),)) if share is not None else Map(())
    window, cost = _window(node.get("when"), problems), _cost(node, "cost", problems)
    return Build(name, by.text, takes.text, gives.text, facts, tool, window, cost, node.span)


# --- parts of a line ---------------------------------------------------------------------------


def _id(row: _Row, letter: str, ids: dict[str, Span], problems: list[Problem]) -> str:
    node = row.node.get("id")
    name = node.text.strip() if isinstance(node, Text) and node.text.strip() else f"{letter}{row.number}"
    span = node.span if node is not None else row.node.span
    if name in ids:
        message = f"{quote(name)} is the id of two channels"
        problems.append(Problem("duplicate-id", message, span, "give each an id of its own"))
    ids.setdefault(name, span)
    return name


def _one(node: Map, key: str, what: str, problems: list[Problem]) -> Text | None:
    found = node.get(key)
    if isinstance(found, Text) and found.text.strip():
        return found
    message = f"{what} lacks `{key}`" if found is None else f"`{key}` of {what} is not one id"
    code = "missing-key" if found is None else "wrong-shape"
    problems.append(Problem(code, message, node.span if found is None else found.span, f"add `{key}: ID`"))
    return None


def _texts(node: Node | None) -> list[Text]:
    elements = node.items if isinstance(node, Seq) else () if node is None else (node,)
    return [each for each in elements if isinstance(each, Text)]


def _there(each: Text, known: Mapping[str, Node], what: str, problems: list[Problem]) -> bool:
    if each.text in known:
        return True
    advice = (
        did_you_mean(each.text, known)
        or f"add it to the network's {'parties' if what == 'party' else what + 's'}"
    )
    problems.append(Problem("no-such-id", f"there is no {what} {quote(each.text)}", each.span, advice))
    return False


def _unknown(key: Text, what: str, known: Iterable[str], problems: list[Problem]) -> None:
    known = tuple(known)
    advice = did_you_mean(key.text, known) or f"there are {', '.join(f'`{each}`' for each in known)}"
    problems.append(Problem("unknown-key", f"{what} has no {quote(key.text)}", key.span, advice))


def _window(node: Node | None, problems: list[Problem]) -> Window:
    """The days on which a channel may be used: a date as fine as it is known, or `{from:, to:}`."""
    if node is None:
        return None, None
    ends: list[int | None] = [None, None]
    parts = node.entries if isinstance(node, Map) else ((Text("from"), node), (Text("to"), node))
    for key, each in parts:
        day = parse_date(each.text) if isinstance(each, Text) else None
        if key.text not in ("from", "to") or day is None:
            advice = "write `when: 2026-03`, or `when: {from: 2026-03-01, to: 2026-06-30}`"
            problems.append(Problem("wrong-date", "`when` is no date", each.span, advice))
            return None, None
        bound = day.low if key.text == "from" else day.high
        ends[key.text == "to"] = None if bound is None else int(bound)
    if ends[0] is not None and ends[1] is not None and ends[1] < ends[0]:
        problems.append(Problem("empty-range", "`when` ends before it begins", node.span, "swap the days"))
    return ends[0], ends[1]


def _cost(node: Map, key: str, problems: list[Problem]) -> int | None:
    found = node.get(key)
    text = found.text.strip() if isinstance(found, Text) else ""
    if found is None:
        return 1
    if text in _NEVER:
        return None
    if text.isascii() and text.isdigit() and 0 < int(text) < 1_000_000:
        return int(text)
    message = f"`{key}` is not a whole number from 1"
    problems.append(Problem("wrong-cost", message, found.span, "what may not be done: `no`"))
    return 1
