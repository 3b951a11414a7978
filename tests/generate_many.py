"""A policy of very many rules, as text: over 15 scalar fields and 3 lists, and with some rules edited.

`python -m tests.generate_many` measures how long they take to compare.
"""

from __future__ import annotations

import sys
import time
from pathlib import Path
from random import Random
from tempfile import TemporaryDirectory

from redline.analysis.diff import compare
from redline.analysis.diff_bench import load_both
from redline.rules.comparison import Shown

COUNTRIES = ("PK", "IN", "CN", "RU", "TR", "AE", "EG", "IL", "IR", "FR", "DE", "US", "JP", "BR", "SA", "VN")
TERMS = {
    "item.class": ("naval-platform", "drone", "radar", "sensor", "weapon", "component"),
    "item.form": ("hardware", "technology", "software"),
    "item.military": ("yes", "no"),
    "item.sensitivity": ("sensitive", "not-sensitive"),
    "item.made_in": COUNTRIES,
    "from.country": COUNTRIES,
    "from.kind": ("company", "government"),
    "to.country": COUNTRIES,
    "to.kind": ("company", "government", "armed-forces"),
    "end_user.country": COUNTRIES,
    "end_user.kind": ("company", "government", "armed-forces"),
    "activity": ("export", "re-export", "transit", "training", "brokering"),
    "end_use": ("military", "civil", "weapon-production"),
}
AMOUNTS = {"item.quantity": "{{at_least: {}}}", "delivery": "{{from: 20{}-01-01}}"}
LISTS = {"codes": ("ML4", "ML10", "ML15", "3A001", "9A012"), "reach": COUNTRIES, "content": COUNTRIES}


def policy(rules: int, seed: int, edited: int = 0) -> str:
    """So many rules, of which so many, evenly spread, say something else than they do unedited."""
    random = Random(seed)  # noqa: S311  # no secret hangs on it
    every = rules // edited if edited else rules + 1
    texts = []
    for number in range(rules):
        state = random.getstate()
        text = _rule(random, number)
        if number % every == every - 1:
            after = random.getstate()
            random.setstate(state)
            text = _rule(random, number, edit=True)
            random.setstate(after)
        texts.append(text)
    head = 'redline: 1\npolicy: many\ntitle: Many rules\nedition: "1"\nstated_by: IT\nrules:\n'
    return head + "".join(texts)


def _rule(random: Random, number: int, *, edit: bool = False) -> str:
    fields = random.sample([*TERMS, *AMOUNTS], 3)
    listed = random.choice([None, *LISTS])
    tests = [_test(random, field) for field in fields]
    if listed is not None:
        tests.append(_listed(random, listed))
    if edit:
        tests[0] = f"not: {{{tests[0]}}}"
    when = "\n".join(f"        - {{{test}}}" for test in tests)
    return (
        f"  - id: rule-{number}\n    says: This is rule {number}.\n    kind: prohibits\n    layer: legal\n"
        "    strength: law\n    source: the generator\n    for: each step\n"
        f"    when:\n      all:\n{when}\n"
    )


def _test(random: Random, field: str) -> str:
    if field in AMOUNTS:
        return f"{field}: {AMOUNTS[field].format(random.randint(20, 35))}"
    terms = random.sample(TERMS[field], random.randint(1, max(1, len(TERMS[field]) // 2)))
    return f"{field}: [{', '.join(terms)}]"


def _listed(random: Random, name: str) -> str:
    terms = ", ".join(random.sample(LISTS[name], 2))
    if name == "codes":
        return f"item.codes: [{terms}]"
    return f"some {name}: {{{'country' if name == 'reach' else 'made_in'}: [{terms}]}}"


def main(rules: int = 1000) -> None:
    """Tells how long it takes to compare so many rules with the same, 1 % of them edited."""
    with TemporaryDirectory() as folder:
        old, new = (Path(folder) / name for name in ("old.yaml", "new.yaml"))
        old.write_text(policy(rules, 0), encoding="utf-8")
        new.write_text(policy(rules, 0, rules // 100), encoding="utf-8")
        begin = time.process_time()
        libraries = load_both([old], [new])
        loaded = time.process_time()
        found = compare(*libraries)
        done = time.process_time()
    shown = sum(isinstance(e, Shown) for c in found.changes for e in (c.compared.stricter, c.compared.laxer))
    sys.stdout.write(
        f"{rules} rules, {len(found.changes)} changed: {shown} scenarios; "
        f"loaded in {loaded - begin:.1f} s, compared in {done - loaded:.1f} s of processor time\n"
    )


if __name__ == "__main__":
    main()
