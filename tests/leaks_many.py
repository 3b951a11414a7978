"""Many parties and channels, and how long leaks take to find: `python -m tests.leaks_many 500 5000`."""

from __future__ import annotations

import random
import sys
import tempfile
import time
from pathlib import Path

from redline.analysis.leaks import leaks
from redline.analysis.network_file import read_network
from redline.engine.shelf import usual_bench

COUNTRIES = ("IT", "DE", "FR", "IN", "AE", "TR", "BR", "EG", "US", "GB", "SG", "ZA")
HEAD = """redline: 1
network: many
as_of: 2026-06-01
assume: [recipient_is_end_user, used_where_received, nothing_else_inside, no_agreements, no_other_papers,
  no_other_owners]
"""
ITEMS = """id,class,form,military,sensitivity,codes,origin
sonar,sonar,hardware,yes,sensitive,ML9.c,DE
radar,radar,hardware,yes,sensitive,ML5.b,IT
engine,engine,hardware,no,not-sensitive,none,FR
design,torpedo,design,yes,sensitive,ML22.a,DE
boat,patrol-vessel,hardware,no,not-sensitive,none,TR
"""


def written(folder: Path, parties: int, channels: int, seed: int = 1) -> Path:
    """A network of that many parties and channels, as tables; every hundredth party is in Pakistan."""
    draw = random.Random(seed)  # noqa: S311 (seeded, so that the work is the same everywhere)
    (folder / "network.yaml").write_text(HEAD)
    (folder / "items.csv").write_text(ITEMS)
    rows = ["id,name,country,kind"]
    for number in range(parties):
        country = "PK" if number % 100 == 99 else draw.choice(COUNTRIES)
        kind = "armed-forces" if country == "PK" or draw.random() < 0.1 else "company"
        rows.append(f"p{number},party number {number},{country},{kind}")
    (folder / "parties.csv").write_text("\n".join(rows) + "\n")
    rows = ["id,from,to,item,activity"]
    for number in range(channels):
        sender, recipient = draw.sample(range(parties), 2)
        while sender % 100 == 99:
            sender = draw.randrange(parties)
        item = draw.choice(("sonar", "radar", "engine", "design", "boat"))
        rows.append(f"c{number},p{sender},p{recipient},{item},export")
    (folder / "channels.csv").write_text("\n".join(rows) + "\n")
    rows = ["id,by,takes,gives"]
    makers = draw.sample([n for n in range(parties) if n % 100 != 99], parties // 50)
    rows += [f"b{n},p{n},sonar,boat" for n in makers]
    (folder / "built_in.csv").write_text("\n".join(rows) + "\n")
    return folder


def main(parties: int, channels: int, *, close: bool) -> None:
    """Tells the processor time that reading and searching take."""
    bench = usual_bench()
    with tempfile.TemporaryDirectory() as folder:
        path = written(Path(folder), parties, channels)
        begun = time.process_time()
        network, problems, _ = read_network(path, bench.library.lexicon)
        assert network is not None, problems
        read = time.process_time()
        found = leaks(bench, network, close=close)
        ended = time.process_time()
    ways = (
        "none looked for"
        if found.closing is None
        else f"{found.closing.cost} (at least {found.closing.bound})"
    )
    told = [
        f"{parties} parties, {channels} channels: read {read - begun:.2f} s, searched {ended - read:.2f} s",
        f"{len(found.leaks)} leaks told, {found.judged} judged, {found.checked} checked; closing: {ways}",
    ]
    sys.stdout.write("\n".join(told) + "\n")


if __name__ == "__main__":
    main(int(sys.argv[1]), int(sys.argv[2]), close="--open" not in sys.argv)
