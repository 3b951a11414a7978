"""How long the smallest changes take at very many rules: `python -m tests.bench_whatif`."""

from __future__ import annotations

import sys
import time
from pathlib import Path
from random import Random
from statistics import median
from tempfile import TemporaryDirectory

from redline.analysis.clear import MOST, Search, crossing, normal
from redline.analysis.costs import read_costs
from redline.engine.load import load
from redline.engine.read import read_text
from redline.engine.reference import name
from redline.engine.run import judge, prepare
from redline.rules.frozen import replace
from tests.generate_policies import a_policy
from tests.test_whatif_brute_force import a_scenario


def main(rules: int = 1000, scenarios: int = 10) -> None:
    """Tells the median time to the first smallest change, and to all, of one line."""
    costs = read_costs()[0]
    assert costs is not None
    costs = replace(costs, may_not_change=())  # so that there is much to find
    with TemporaryDirectory() as folder:
        path = Path(folder) / "many.yaml"
        path.write_text(a_policy(rules, 1), encoding="utf-8")
        bench = prepare(load([path]))
    firsts, wholes, counts, tried = [], [], [], []
    for seed in range(scenarios):
        text = a_scenario(Random(seed))  # noqa: S311  # no secret hangs on it
        document = read_text(text.encode(), "made.yaml")[0][0]
        run = judge(bench, replace(document, root=normal(document.root)))
        crossed = crossing(run)
        targets = [i for i, rule in bench.judging.rules() if name(rule) in crossed][:2]
        for target in targets:
            begin = time.process_time()
            search = Search(bench, document, run, costs, [target], 200)
            ways = []
            for chosen in search.found():
                ways.append(search.way(chosen))
                if len(ways) == 1:
                    firsts.append(time.process_time() - begin)
                if len(ways) == MOST:
                    break
            wholes.append(time.process_time() - begin)
            counts.append(len(ways))
            tried.append(search.tried)
    sys.stdout.write(
        f"{rules} rules, {len(wholes)} lines: first {median(firsts) * 1000:.0f} ms, "
        f"all {median(wholes):.2f} s of processor time (median), "
        f"{median(counts):.0f} ways, {median(tried):.0f} judged\n"
    )


if __name__ == "__main__":
    main()
