"""`make faults`: the whole matrix, so many rounds of each case, and a table as its result.

    python -m tests.faults --rounds 10 --case zombie --seed 4
    python -m tests.faults --soak 3600 --rate 20

Each round has its own seed, which is told when it fails; the same seed plays the same faults (their moments are the
machine's).
"""

import argparse
import os
import shutil
import sys
import tempfile
from collections import Counter
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from rich.console import Console
from rich.table import Table

from broadsheet.runtime.local_kafka import LocalCluster, LocalKafka
from tests.faults.around import BROKER, BROKERS, DISK, NEEDS, small_disk
from tests.faults.cases import CLUSTER, LONG, NETWORK, Case
from tests.faults.ledger import table
from tests.faults.run import Played, play, settings_for
from tests.faults.seeded import BUGS
from tests.faults.soak import Soak


@dataclass
class Row:
    """What all rounds of one case gave."""

    name: str
    rounds: int = 0
    pages: int = 0
    hidden: int = 0
    again: int = 0
    restarts: int = 0
    seconds: float = 0.0
    breaches: Counter[str] = field(default_factory=Counter)
    unfinished: int = 0
    caught: bool | None = None

    def add(self, played: Played) -> None:
        """One round more."""
        self.pages += played.pages
        self.hidden += played.hidden
        self.again += played.again
        self.restarts += len(played.ends)
        self.seconds += played.seconds
        self.breaches.update(table(played.faults))

    def is_good(self) -> bool:
        """Nothing lost, nothing repeated, always at rest; a seeded bug was caught."""
        return self.caught if self.caught is not None else not (self.breaches.total() or self.unfinished)


ON_ONE = {**LONG, **BROKER, **NETWORK}
ON_SMALL_DISK = DISK
ON_THREE = {**CLUSTER, **BROKERS}
"""The cases by the brokers that they are played on."""

OWN_NETWORK = "FAULTS_OWN_NETWORK"
TOOLS = ("unshare", "ip", "iptables")


def main() -> int:
    """Play what was asked for; 1 if anything was lost, repeated or wrong."""
    asked = _arguments()
    if not _in_own_network() and os.geteuid() == 0 and all(map(shutil.which, TOOLS)):
        _enter_own_network()
    console = Console() if sys.stdout.isatty() else Console(width=130)
    rows = list(_rows(asked, console))
    console.print(_table(rows))
    return 0 if all(row.is_good() for row in rows) else 1


def _in_own_network() -> bool:
    return OWN_NETWORK in os.environ


def _enter_own_network() -> None:
    """Play all of it where packets may be dropped without harm to anyone: this process begins anew there."""
    os.environ[OWN_NETWORK] = "1"
    again = 'ip link set lo up && exec "$0" -m tests.faults "$@"'
    os.execvp("unshare", ["unshare", "--net", "--mount", "sh", "-c", again, sys.executable, *sys.argv[1:]])


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else "")
    parser.add_argument("--rounds", type=int, default=3, help="rounds of each case")
    parser.add_argument("--seed", type=int, default=1, help="seed of the first round")
    parser.add_argument("--case", action="append", help="only this case")
    parser.add_argument("--soak", type=float, metavar="SECONDS", help="instead: one long run with random faults")
    parser.add_argument("--rate", type=float, default=20.0, help="pages a second of the soak")
    parser.add_argument("--keep", type=Path, metavar="FOLDER", help="where the logs of rounds that went wrong are put")
    parser.add_argument("--no-bugs", action="store_true", help="leave the seeded bugs out")
    return parser.parse_args()


def _rows(asked: argparse.Namespace, console: Console) -> Iterator[Row]:
    if asked.soak:
        yield from _soaked(asked, console)
        return
    yield from _played(_wanted(asked, console), asked, console)


def _wanted(asked: argparse.Namespace, console: Console) -> set[str]:
    """What was asked for and can be had here; a line for each that cannot."""
    every = {**ON_ONE, **ON_SMALL_DISK, **ON_THREE, **({} if asked.no_bugs else BUGS)}
    wanted = set(asked.case or every)
    if unknown := wanted - every.keys():
        raise SystemExit(f"no such case: {', '.join(sorted(unknown))}; there are: {', '.join(every)}")
    needs = {**NEEDS, **dict.fromkeys(NETWORK, (_in_own_network, "root, unshare, ip and iptables"))}
    lacking = {name for name, (there, _) in needs.items() if name in wanted and not there()}
    for name in sorted(lacking):
        console.print(f"{name}: skipped, it needs {needs[name][1]}", markup=False)
    return wanted - lacking


def _played(wanted: set[str], asked: argparse.Namespace, console: Console) -> Iterator[Row]:
    seeds = range(asked.seed, asked.seed + asked.rounds)
    for cases, count, disk in ((ON_ONE, 1, False), (ON_SMALL_DISK, 1, True), (ON_THREE, 3, False)):
        names = [name for name in cases if name in wanted]
        bugs = [name for name in BUGS if name in wanted and cases is ON_ONE]
        if names or bugs:
            with _brokers(count, small=disk) as cluster:
                game = Game(cluster, console, asked.keep)
                yield from (game.rounds(name, cases[name], seeds) for name in names)
                yield from (game.bug(name, *BUGS[name], seed=asked.seed) for name in bugs)


def _soaked(asked: argparse.Namespace, console: Console) -> Iterator[Row]:
    with _brokers(1) as cluster:
        game = Game(cluster, console, asked.keep)
        soak = Soak(asked.soak, asked.rate, game.say)
        yield game.rounds(f"soak of {asked.soak / 60:g} min", soak, [asked.seed])
    game.say(f"faults: {dict(soak.faults)}; slowest recovery {soak.slowest:.0f} s")
    for life in soak.lives():
        game.say(life.line())


@contextmanager
def _brokers(count: int, *, small: bool = False) -> Iterator[LocalCluster]:
    with tempfile.TemporaryDirectory(prefix="broadsheet-faults-") as name, ExitStack() as stack:
        folder = Path(name)
        if small:
            stack.enter_context(small_disk(folder / "log"))
        brokers = LocalKafka(folder) if count == 1 else LocalCluster(folder, count)
        with brokers as cluster:
            yield cluster


@dataclass(frozen=True)
class Game:
    """Plays rounds on these brokers, and says what each gave."""

    cluster: LocalCluster
    console: Console
    keep: Path | None = None

    def rounds(self, name: str, case: Case, seeds: Sequence[int]) -> Row:
        """A round for each seed."""
        row = Row(name)
        for seed in seeds:
            played = self._play(row, case, seed, to_rest=True)
            for fault in played.faults[:5] if played else ():
                self.say(f"{row.name}, seed {seed}: {fault.kind}: {fault.what}")
        return row

    def bug(self, name: str, case: Case, kind: str, *, seed: int) -> Row:
        """One round with a seeded bug, which the judge must catch."""
        row = Row(f"bug: {name}", caught=False)
        played = self._play(row, case, seed, to_rest=False)
        row.caught = played is not None and table(played.faults)[kind] > 0
        return row

    def _play(self, row: Row, case: Case, seed: int, *, to_rest: bool) -> Played | None:
        made = settings_for(self.cluster.bootstrap_servers, replicas=min(3, len(self.cluster.brokers)))
        row.rounds += 1
        with tempfile.TemporaryDirectory(prefix="broadsheet-round-") as folder:
            try:
                played = play(case, made, seed, Path(folder), self.cluster, to_rest=to_rest)
            except AssertionError as error:
                row.unfinished += 1
                self.say(f"{row.name}, seed {seed}: {error}")
                self._keep(folder, row.name, seed)
                return None
            if played.faults and row.caught is None:
                self._keep(folder, row.name, seed)
        row.add(played)
        self.say(f"{row.name}, seed {seed}: {played.pages} pages, {table(played.faults)}, {played.seconds:.0f} s")
        return played

    def _keep(self, folder: str, name: str, seed: int) -> None:
        if self.keep is not None:
            logs = shutil.ignore_patterns("before", "*.draft")
            shutil.copytree(folder, self.keep / f"{name.replace(' ', '-')}-{seed}", ignore=logs, dirs_exist_ok=True)

    def say(self, line: str) -> None:
        """One line of how it goes."""
        self.console.print(line, markup=False, soft_wrap=True)


def _table(rows: list[Row]) -> Table:
    shown = Table("case", "rounds", "pages", "lost", "repeated", "wrong", "not at rest", "aborted records", "ends", "s")
    for row in rows:
        lost, repeated, wrong = (str(row.breaches[kind]) for kind in ("lost", "repeated", "wrong"))
        if row.again:
            repeated += f" ({row.again} as they may)"
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
