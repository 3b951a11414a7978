"""Facts of a scenario forgotten, one at a time.

What is forgotten is said not to be known, or is left out where silence means the same: not where silence
says something (a way with nothing on it, a paper without limits, a transfer on the scenario's date), and
not where an assumption would speak instead.
"""

from __future__ import annotations

from collections.abc import Iterator

from redline.testing.changes import CALLED, REFERENCES, SILENCE_SAYS, SPEAKS, Change, things
from redline.testing.written import Data, Mapped, Place, listed, mapped


def forgettings(scenario: Mapped, silent: frozenset[str]) -> list[Change]:
    """Every single fact forgotten.  `silent` are keys that rules test for being unstated: of these it is
    said that they are not known, since leaving them out would be saying something else."""
    assumed = frozenset(map(str, listed(scenario.get("assume"))))
    found: list[Change] = []
    for shape, path, said in things(scenario):
        for key, value in said.items():
            if key not in CALLED:
                found += _forget(shape, (*path, key), value, silent, assumed)
    for key in ("as_of", "agreements"):
        if key in scenario and not (key == "agreements" and "no_agreements" in assumed):
            found.append(Change(key, (((key,), None),)))
    for number, name in enumerate(listed(scenario.get("assume"))):
        fewer = [*listed(scenario["assume"])[:number], *listed(scenario["assume"])[number + 1 :]]
        found.append(Change(str(name), ((("assume",), fewer or None),), refers=True))
    found += _papers_gone(scenario, assumed)
    found = [_with_origins(scenario, each) if each.key == "contains" else each for each in found]
    return [each for each in found if not (silent and each.refers)]


def _with_origins(scenario: Mapped, parts: Change) -> Change:
    """Parts forgotten, and with them every origin: one that leaves out the origin of a listed part is read
    as open, so that it would be complete again without the part."""
    items = mapped(scenario.get("items"))
    origins = tuple(
        (("items", name, "origin"), "unknown") for name in items if "origin" in mapped(items[name])
    )
    return Change(parts.key, (*parts.puts, *origins), parts.refers)


def _forget(
    shape: str, path: Place, value: Data, silent: frozenset[str], assumed: frozenset[str]
) -> Iterator[Change]:
    key = str(path[-1])
    refers = key in REFERENCES
    if key == "date":
        thing = path[:-1]
        yield Change(
            key, ((path, None), ((*thing, "contract"), "unknown"), ((*thing, "delivery"), "unknown"))
        )
        return
    if key in ("covers", "valid", "declares"):
        for inner in mapped(value):
            yield Change(inner, (((*path, inner), "unknown"),), refers=inner in REFERENCES)
        return
    if key == "screened":
        yield Change("listed", (((*path, "hits"), "unknown"),))
        if SPEAKS[shape, key] not in assumed and not silent & {"listed", "screened_on"}:
            yield Change("listed", ((path, None),))
        return
    yield Change(key, ((path, "unknown"),), refers)
    speaks = SPEAKS.get((shape, key))
    if (shape, key) not in SILENCE_SAYS and speaks not in assumed and key not in silent:
        yield Change(key, ((path, None),), refers)
    yield from _forget_inside(key, path, value, open_list=speaks not in assumed)


def _forget_inside(key: str, path: Place, value: Data, *, open_list: bool) -> Iterator[Change]:
    """What is said of the elements of a list; and elements of a list that may go on."""
    base: Place = (*path, "known") if isinstance(value, dict) else path
    elements = listed(value)
    for number, each in enumerate(elements):
        for inner in mapped(each):
            if inner in (
                "share",
                "from",
                "to",
                "how",
                "of",
                "role",
                "destinations",
                "activities",
                "except_destinations",
            ):
                yield Change(inner, (((*base, number, inner), "unknown"),))
    more = mapped(value).get("more")
    if more == "none":
        yield Change(key, (((*path, "more"), "possible"),))
    opens = more == "possible" or (
        more is None and open_list and key in ("owners", "roles", "flags", "listed", "papers", "knew")
    )
    if opens and len(elements) > 1:
        yield Change(key, ((base, elements[1:]),), refers=key in REFERENCES)


def _papers_gone(scenario: Mapped, assumed: frozenset[str]) -> Iterator[Change]:
    """A paper that nobody mentions, where papers that are not mentioned are possible everywhere."""
    papers = mapped(scenario.get("papers"))
    if papers.get("more") == "none" or "no_other_papers" in assumed:
        return
    for name in papers:
        puts: list[tuple[Place, Data | None]] = (
            [(("papers", name), None)] if len(papers) > 1 else [(("papers",), None)]
        )
        for shape, path, said in things(scenario):
            attached = said.get("papers")
            if shape != "transfer" or attached is None or name not in listed(attached):
                continue
            if mapped(attached).get("more") == "none":
                break
            puts.append(((*path, "papers"), None))
        else:
            if name != "more" and not (len(papers) == 2 and "more" in papers):
                yield Change("papers", tuple(puts), refers=True)
