"""Leaks as text, Markdown with a diagram, and plain data."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from redline.rules.network import Closing, Leak, Leaks, Measure, Network
from redline.rules.node import Map, Text
from redline.rules.report import DISCLAIMER

SCHEMA = 1
"""The version of the data's form."""
_STEPS = {1: "step"}


def leaks_text(found: Leaks, files: Mapping[int, str]) -> str:
    """The leaks as a person reads them; `files` the scenarios that were written, by number of leak."""
    return "\n".join(_lines(found, files))


def _lines(found: Leaks, files: Mapping[int, str]) -> Iterator[str]:
    yield summary(found)
    for number, leak in enumerate(found.leaks, 1):
        yield ""
        yield f"{number}. {_head(found.network, leak)}"
        for place, step in enumerate(_steps(found.network, leak), 1):
            lost = "   <- control is lost here" if place == leak.lost else ""
            yield f"   {place}. {step}{lost}"
        for rule in leak.rules:
            verb = "would cross" if leak.certain else "may cross"
            yield f"   the whole {verb} the red line {rule.rule} at step {len(leak.steps)}"
            yield f"     ({rule.layer}, {rule.strength}, {rule.stated_by}): {rule.says}"
        if number in files:
            yield f"   scenario: {files[number]}"
    if found.more:
        yield ""
        yield "More paths lead to: " + ", ".join(f"{holder} ({item})" for item, holder in found.more) + "."
    for why, count in found.stopped.items():
        yield ""
        yield f"Stopped {count} time{'s' * (count > 1)} {why}."
    if found.closing is not None:
        yield ""
        yield from closing_lines(found.network, found.closing)
    yield ""
    yield DISCLAIMER


def summary(found: Leaks) -> str:
    """What was found, in one sentence."""
    certain = sum(1 for each in found.leaks if each.certain)
    rest = len(found.leaks) - certain
    size = f"{len(found.network.parties)} parties, {len(found.network.channels)} channels"
    if certain:
        told = (
            f"{certain} path{'s' * (certain > 1)} along which no step alone crosses a line and the whole does"
        )
        told += f"; {rest} of which it cannot be told" if rest else ""
    elif rest:
        told = f"{rest} path{'s' * (rest > 1)} of which it cannot be told whether the whole crosses"
    else:
        told = "no leak was found" + ("" if found.whole else " within what was looked at")
    bound = "" if found.whole else "; not every path was looked at"
    return f"{found.network.id} ({size}): {told}{bound}."


def _head(network: Network, leak: Leak) -> str:
    built = f" (in {leak.arrives})" if leak.arrives != leak.item else ""
    sure = "" if leak.certain else ", if what is not known is so"
    return f"{leak.item}{built} to {called(network, leak.holder)}{sure}"


def called(network: Network, party: str) -> str:
    """A party by its name and id."""
    node = network.parties[party]
    name = node.get("name") if isinstance(node, Map) else None
    return f"{name.text} ({party})" if isinstance(name, Text) and name.text != party else party


def _steps(network: Network, leak: Leak) -> Iterator[str]:
    channels = {each.id: each for each in network.channels}
    builds = {each.id: each for each in network.builds}
    item = leak.item
    for name, day in zip(leak.steps, leak.days, strict=True):
        when = f", {day}" if day else ""
        if name in channels:
            channel = channels[name]
            yield f"{name}: {channel.sender} -> {channel.recipient}, {item}{when}"
        else:
            build = builds[name]
            how = "makes" if build.made_with else "builds"
            into = f"{build.gives} with {item}" if build.made_with else f"{item} into {build.gives}"
            yield f"{name}: {build.holder} {how} {into}{when}"
            item = build.gives


def closing_lines(network: Network, closing: Closing) -> Iterator[str]:
    """What closes the leaks, in words."""
    if closing.measures is None:
        if closing.cannot:
            yield f"No measure closes the path {' -> '.join(closing.cannot)}: the network allows none on it."
        else:
            yield f"No set of measures that closes all was found; any costs at least {closing.bound}."
        return
    exact = "no cheaper set does" if closing.exact else f"any that does costs at least {closing.bound}"
    which = "every path that leaks" if closing.whole else "the paths found that leak"
    yield f"To close {which} for certain, at a cost of {closing.cost} ({exact}):"
    if not closing.whole:
        yield "  Not every path was looked at: others may be left."
    for measure in closing.measures:
        yield f"  - {measured(network, measure)} ({measure.cost})"


def measured(network: Network, measure: Measure) -> str:
    """A measure in words."""
    if measure.sort == "clause":
        channel = next(each for each in network.channels if each.id == measure.channel)
        whose = called(network, channel.recipient)
        return f"on {measure.channel}, a promise of {whose} to pass it on to nobody, or not without consent"
    return f"close {measure.channel}"


def leaks_markdown(found: Leaks, files: Mapping[int, str]) -> str:
    """The leaks as Markdown, drawn with Mermaid."""
    lines = [f"# Leaks: {found.network.title or found.network.id}", "", summary(found), ""]
    if found.leaks:
        lines += ["```mermaid", *mermaid(found), "```", ""]
        lines += [
            "| | item | to | steps | control lost after | red line (layer, strength) |",
            "|---|---|---|---|---|---|",
        ]
    for number, leak in enumerate(found.leaks, 1):
        rules = "; ".join(
            f"{'' if leak.certain else 'may: '}{r.rule} ({r.layer}, {r.strength})" for r in leak.rules
        )
        lost = leak.steps[leak.lost - 1]
        item = leak.item if leak.item == leak.arrives else f"{leak.item}, in {leak.arrives}"
        lines.append(f"| {number} | {item} | {leak.holder} | {' → '.join(leak.steps)} | {lost} | {rules} |")
    lines += [""] if found.leaks else []
    lines += [f"Stopped {count} times {why}.\n" for why, count in found.stopped.items()]
    if found.closing is not None:
        lines += [*closing_lines(found.network, found.closing), ""]
    lines += [f"- {number}: `{file}`" for number, file in files.items()] + ([""] if files else [])
    return "\n".join([*lines, DISCLAIMER])


def mermaid(found: Leaks) -> Iterator[str]:
    """The steps of the leaks as a diagram of Mermaid."""
    yield "flowchart LR"
    drawn = drawing(found)
    names = {node: f"n{number}" for number, node in enumerate(drawn.nodes)}
    for node, name in names.items():
        label = called(found.network, node).replace('"', "'")
        yield f'  {name}(["{label}"])' if node in drawn.ends else f'  {name}["{label}"]'
    for (one, other), words in drawn.edges.items():
        yield f'  {names[one]} -->|"{words}"| {names[other]}'
    yield "  classDef holder fill:#B2182B,color:#FFFFFF,stroke:#1A1A1A"
    if drawn.ends:
        yield f"  class {','.join(names[each] for each in drawn.nodes if each in drawn.ends)} holder"


class Drawing:
    """The parties of the leaks, and what passes between them."""

    def __init__(self, found: Leaks) -> None:
        channels = {each.id: each for each in found.network.channels}
        builds = {each.id: each for each in found.network.builds}
        taken = {} if found.closing is None else {m.channel: m.sort for m in found.closing.measures or ()}
        self.nodes: dict[str, None] = {}
        self.ends = {leak.holder for leak in found.leaks}
        self.edges: dict[tuple[str, str], str] = {}
        self.closed: dict[tuple[str, str], str] = {}
        self.lost = {
            channels[n].recipient for leak in found.leaks if (n := leak.steps[leak.lost - 1]) in channels
        }
        for leak in found.leaks:
            item = leak.item
            for step in leak.steps:
                if step in builds:
                    item = builds[step].gives
                    continue
                ends = channels[step].sender, channels[step].recipient
                self.nodes |= dict.fromkeys(ends)
                words = f"{step}: {item}"
                before = self.edges.get(ends, "")
                if words not in before.split(", "):
                    self.edges[ends] = f"{before}, {words}" if before else words
                if step in taken:
                    self.closed[ends] = taken[step]


def drawing(found: Leaks) -> Drawing:
    """What is drawn of the leaks."""
    return Drawing(found)


def leaks_data(found: Leaks, files: Mapping[int, str]) -> dict[str, object]:
    """The leaks as plain data."""
    closing = found.closing
    return {
        "schema": SCHEMA,
        "network": found.network.id,
        "parties": len(found.network.parties),
        "channels": len(found.network.channels),
        "leaks": [
            {
                "item": leak.item,
                "arrives_as": leak.arrives,
                "holder": leak.holder,
                "steps": list(leak.steps),
                "days": list(leak.days),
                "certain": leak.certain,
                "control_lost_after": leak.lost,
                "crossing_step": len(leak.steps),
                "rules": [
                    {
                        "rule": rule.rule,
                        "says": rule.says,
                        "layer": rule.layer,
                        "strength": rule.strength,
                        "stated_by": rule.stated_by,
                    }
                    for rule in leak.rules
                ],
                "file": files.get(number),
            }
            for number, leak in enumerate(found.leaks, 1)
        ],
        "more": [{"item": item, "holder": holder} for item, holder in found.more],
        "stopped": dict(found.stopped),
        "closing": None
        if closing is None
        else {
            "measures": None
            if closing.measures is None
            else [{"sort": m.sort, "channel": m.channel, "cost": m.cost} for m in closing.measures],
            "cost": closing.cost,
            "at_least": closing.bound,
            "exact": closing.exact,
            "cannot_be_closed": list(closing.cannot),
            "paths": closing.paths,
            "rounds": closing.rounds,
        },
        "scenarios_judged": found.judged,
        "classes_checked": found.checked,
        "cycles": found.cycles,
        "whole": found.whole,
        "disclaimer": DISCLAIMER,
    }
