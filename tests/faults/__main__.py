"""`make faults`: the whole matrix, so many rounds of each case, and a table as its result.

    python -m tests.faults --rounds 10 --case zombie --seed 4

Each round has its own seed, which is told when it fails; the same seed plays the same faults (their moments are the
machine's).
"""

import argparse
import sys
import tempfile
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from rich.console import Console
from rich.table import Table

from broadsheet.runtime.local_kafka import LocalCluster, LocalKafka
from tests.faults.cases import CLUSTER, LONG, Case
from tests.faults.ledger import table
from tests.faults.run import play, settings_for
from tests.faults.seeded import BUGS


@dataclass
class Row:
    """What all rounds of one case gave."""

    name: str
    rounds: int = 0
    pages: int = 0
    hidden: int = 0
    restarts: int = 0
    seconds: float = 0.0
    breaches: Counter[str] = field(default_factory=Counter)
    unfinished: int = 0
    caught: bool | None = None

    def is_good(self) -> bool:
        """Nothing lost, nothing repeated, always at rest; a seeded bug was caught."""
        return self.caught if self.caught is not None else not (self.breaches.total() or self.unfinished)


def main() -> int:
    """Play what was asked for; 1 if anything was lost, repeated or wrong."""
    asked = _arguments()
    console = Console()
    rows = [row for row in _rows(asked, console) if row.rounds]
    console.print(_table(rows))
    return 0 if all(row.is_good() for row in rows) else 1


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else "")
    parser.add_argument("--rounds", type=int, default=3, help="rounds of each case")
    parser.add_argument("--seed", type=int, default=1, help="seed of the first round")
    parser.add_argument("--case", action="append", help="only this case")
    parser.add_argument("--no-bugs", action="store_true", help="leave the seeded bugs out")
    return parser.parse_args()


def _rows(asked: argparse.Namespace, console: Console) -> Iterator[Row]:
    wanted = set(asked.case or [*LONG, *CLUSTER, *([] if asked.no_bugs else BUGS)])
    if wanted & (LONG.keys() | BUGS.keys()):
        with _brokers(1) as cluster:
            for name in LONG:
                yield _row(name, LONG[name], asked, cluster, console, wanted)
            for name, (case, kind) in BUGS.items():
                yield _row(name, case, asked, cluster, console, wanted, kind)
    if wanted & CLUSTER.keys():
        with _brokers(3) as cluster:
            for name in CLUSTER:
                yield _row(name, CLUSTER[name], asked, cluster, console, wanted)


@contextmanager
def _brokers(count: int) -> Iterator[LocalCluster]:
    with tempfile.TemporaryDirectory(prefix="broadsheet-faults-") as folder:
        brokers = LocalKafka(Path(folder)) if count == 1 else LocalCluster(Path(folder), count)
        with brokers as cluster:
            yield cluster


def _row(
    name: str,
    case: Case,
    asked: argparse.Namespace,
    cluster: LocalCluster,
    console: Console,
    wanted: set[str],
    bug: str | None = None,
) -> Row:
    row = Row(f"bug: {name}" if bug else name)
    for seed in range(asked.seed, asked.seed + (asked.rounds if bug is None else 1)) if name in wanted else ():
        with tempfile.TemporaryDirectory(prefix="broadsheet-round-") as folder:
            _round(row, case, seed, cluster, Path(folder), console, bug)
    return row


def _round(
    row: Row, case: Case, seed: int, cluster: LocalCluster, folder: Path, console: Console, bug: str | None
) -> None:
    replicas = min(3, len(cluster.brokers))
    made = settings_for(cluster.bootstrap_servers, replicas=replicas)
    row.rounds += 1
    try:
        played = play(case, made, seed, folder, cluster, to_rest=bug is None)
    except AssertionError as error:
        row.unfinished += 1
        console.print(f"{row.name}, seed {seed}: {error}", markup=False)
        return
    counts = table(played.faults)
    row.pages += played.pages
    row.hidden += played.hidden
    row.restarts += len(played.ends)
    row.seconds += played.seconds
    row.breaches.update(counts)
    if bug is not None:
        row.caught = counts[bug] > 0
    for fault in played.faults[:5] if bug is None else ():
        console.print(f"{row.name}, seed {seed}: {fault.kind}: {fault.what}", markup=False)
    console.print(f"{row.name}, seed {seed}: {played.pages} pages, {counts}, {played.seconds:.0f} s", markup=False)


def _table(rows: list[Row]) -> Table:
    shown = Table("case", "rounds", "pages", "lost", "repeated", "wrong", "not at rest", "aborted records", "ends", "s")
    for row in rows:
        lost, repeated, wrong = (str(row.breaches[kind]) for kind in ("lost", "repeated", "wrong"))
        name = row.name if row.caught is None else f"{row.name} ({'caught' if row.caught else 'NOT CAUGHT'})"
        shown.add_row(
            name,
            *(str(number) for number in (row.rounds, row.pages)),
            *(lost, repeated, wrong),
            *(str(number) for number in (row.unfinished, row.hidden, row.restarts)),
            f"{row.seconds:.0f}",
        )
    return shown


if __name__ == "__main__":
    sys.exit(main())
