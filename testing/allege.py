"""Facts of a scenario made allegations, and what is alleged put otherwise."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from redline.testing.changes import CALLED, REFERENCES, TREE_OF, Change, things
from redline.testing.dice import Dice, pick
from redline.testing.terms import COUNTRIES, DAYS, LISTS, VALUES
from redline.testing.written import Data, Mapped, Place, listed, mapped


def allegations(scenario: Mapped) -> list[tuple[Change, Change | None]]:
    """Every single fact made an allegation, each with the change that forgets it instead (None: several)."""
    found: list[tuple[Change, Change | None]] = []
    for shape, path, said in things(scenario):
        for key, value in said.items():
            here = (*path, key)
            if (
                key in CALLED
                or key in ("covers", "valid", "declares", "screened", "date")
                or value == "unknown"
            ):
                continue
            gone = Change(key, ((here, "unknown"),))
            if isinstance(value, list) or value == "none":
                word = "known" if isinstance(value, list) else "value"
                found.append((Change(key, ((here, {word: value, "grade": "alleged"}),)), gone))
                if isinstance(value, list) and isinstance(value[0], str):
                    first: Data = [{"value": value[0], "grade": "alleged"}, *value[1:]]
                    found.append((Change(key, ((here, first),)), gone))
            elif isinstance(value, str) or not value.keys() & {"value", "known", "more", "grade"}:
                found.append((Change(key, ((here, {"value": value, "grade": "alleged"}),)), gone))
        if "grade" not in said:
            found.append((Change(shape, (((*path, "grade"), "alleged"),)), None))
    return found


def instead(dice: Dice, scenario: Mapped) -> list[Change]:
    """Every fact of one value, everyone and everything that is alleged to be meant, and every alleged list,
    each replaced: by not being known, and by something else that might have been stated in its place."""
    found: list[Change] = []
    for _, path, said in things(scenario):
        whole = said.get("grade") == "alleged"
        for key, value in said.items():
            if key not in CALLED:
                found += _instead(dice, scenario, (*path, key), value, alleged=whole)
    return found


def _instead(dice: Dice, scenario: Mapped, path: Place, value: Data, *, alleged: bool) -> Iterator[Change]:
    key = str(path[-1])
    inner = mapped(value)
    alleged = inner.get("grade", "alleged" if alleged else "") == "alleged"
    if key in ("covers", "valid", "declares", "screened", "date") or not _grades(value) <= {"alleged"}:
        return
    if alleged:
        other = _another(dice, scenario, path)
        yield Change(key, ((path, "unknown"),), refers=key in REFERENCES)
        if other is not None:
            yield Change(key, ((path, other),), refers=key in REFERENCES)
        return
    base: Place = (*path, "known") if "known" in inner else path
    for number, each in enumerate(listed(value)):
        if mapped(each).get("grade") == "alleged":
            other = _another(dice, scenario, (*base, number))
            yield Change(key, (((*base, number), "unknown"),), refers=key in REFERENCES)
            if isinstance(other, list):
                yield Change(key, (((*base, number), other[0]),), refers=key in REFERENCES)


def _grades(written: Data) -> set[str]:
    """Every grade that is given there."""
    inner = written.values() if isinstance(written, dict) else written if isinstance(written, list) else []
    here = {str(written["grade"])} if isinstance(written, dict) and "grade" in written else set()
    return here.union(*(_grades(each) for each in inner))


def _another(dice: Dice, scenario: Mapped, path: Place) -> Data | None:
    """What else might have been stated under the key; None where it is not known what."""
    key = next(str(step) for step in reversed(path) if isinstance(step, str) and step != "known")
    parties = [each for each in mapped(scenario.get("parties")) if each != "more"]
    items = [each for each in mapped(scenario.get("items")) if each != "more"]
    papers = [each for each in mapped(scenario.get("papers")) if each != "more"]
    if key in ("from", "to", "by", "end_user", "issuer") and path[0] == "transfers":
        return pick(dice, (*parties, pick(dice, COUNTRIES)))
    if key in ("items", "via", "partners", "owners", "papers", "origin", "nationalities", "listed", "codes"):
        ways: Mapping[str, Sequence[str]] = {
            "items": items,
            "papers": papers,
            "origin": COUNTRIES,
            "nationalities": COUNTRIES,
            "listed": LISTS,
            "codes": VALUES["code"][:4],
        }
        return [pick(dice, ways.get(key, parties))] if ways.get(key, parties) else None
    if key in ("item", "into") and path[0] == "transfers":
        return pick(dice, items)
    if key in ("contract", "delivery"):
        return pick(dice, DAYS)
    if key == "as_of":
        return pick(dice, ("2026-06-01", "2027-01-15"))
    if key == "quantity":
        return pick(dice, ("1", "3"))
    if key in TREE_OF and path[0] != "agreements":
        known = COUNTRIES if TREE_OF[key] == "country" else VALUES[TREE_OF[key]]
        still = VALUES["still"] if key == "activity" else ()
        return pick(dice, [each for each in (*known, *still) if each != "coastal-radar"])
    return None
