"""How long `redline verify` takes on many generated rules: `python -m tests.verify_many RULES [KIND]...`."""

from __future__ import annotations

import resource
import sys
from collections import Counter
from pathlib import Path
from tempfile import TemporaryDirectory
from time import process_time

from redline.analysis.verify import flaws
from redline.engine.load import load
from redline.engine.run import Options, prepare
from redline.front.cli_verify import little_collected
from redline.rules.evidence import FlawKind
from tests.generate_policies import a_policy

FIVE = ("conflict", "dead", "shadowed", "redundant", "gap")


def main() -> None:
    """Prints what was found, and the processor time and memory that it took."""
    rules, kinds = int(sys.argv[1]), {FlawKind(kind) for kind in sys.argv[2:] or FIVE}
    with TemporaryDirectory() as folder:
        path = Path(folder) / "made.yaml"
        path.write_text(a_policy(rules), encoding="utf-8")
        begun = process_time()
        bench = prepare(load([path], None), Options(include_author=True))
    loaded = process_time()
    with little_collected():
        found = Counter((flaw.kind.value, type(flaw.evidence).__name__) for flaw in flaws(bench, kinds))
    memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    print(f"{loaded - begun:.2f} s to load, {process_time() - loaded:.2f} s to verify, {memory:.0f} MB")  # noqa: T201
    for (kind, evidence), count in sorted(found.items()):
        print(f"{count} {kind}: {evidence}")  # noqa: T201


if __name__ == "__main__":
    main()
