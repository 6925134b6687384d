"""More of the matrix: faults of what stands around the workers. Disks, clocks, topics, builds, coordinators, names."""

import contextlib
import functools
import os
import shutil
import signal
import subprocess
import tempfile
import time
from collections.abc import Callable, Iterator
from pathlib import Path

from kafka import KafkaAdminClient, TopicPartition
from kafka.errors import KafkaError

from broadsheet.runtime.kafka import topics
from tests.faults.cases import Case, Stage
from tests.faults.ledger import Gone, name_of
from tests.fleet import ROOT, lag, positions, read, until

FULL = "filler"
"""The file that takes the broker's last space."""

DISK_MEGABYTES = 64
JUMPS = (3_000, -3_000, 7 * 3_600, -7 * 3_600, 400 * 86_400, -400 * 86_400)
"""Seconds by which a worker's clock jumps: minutes, hours, more than a year, forward and back."""

CLOCK = r"""
#define _GNU_SOURCE
#include <dlfcn.h>
#include <fcntl.h>
#include <stdlib.h>
#include <sys/time.h>
#include <time.h>
#include <unistd.h>

static long ahead(void) {
    char text[32] = {0};
    int file = open(getenv("FAKE_CLOCK"), O_RDONLY | O_CLOEXEC);
    if (file < 0) return 0;
    if (read(file, text, sizeof text - 1) < 0) text[0] = 0;
    close(file);
    return atol(text);
}

int clock_gettime(clockid_t clock, struct timespec *now) {
    static int (*real)(clockid_t, struct timespec *);
    if (!real) real = dlsym(RTLD_NEXT, "clock_gettime");
    int failed = real(clock, now);
    if (!failed && clock == CLOCK_REALTIME) now->tv_sec += ahead();
    return failed;
}

int gettimeofday(struct timeval *now, void *zone) {
    struct timespec at;
    int failed = clock_gettime(CLOCK_REALTIME, &at);
    now->tv_sec = at.tv_sec;
    now->tv_usec = at.tv_nsec / 1000;
    return failed;
}

time_t time(time_t *place) {
    struct timespec at;
    clock_gettime(CLOCK_REALTIME, &at);
    if (place) *place = at.tv_sec;
    return at.tv_sec;
}
"""
"""A time of day that jumps; the monotonic clock stays true, as it does in the world. (libfaketime breaks absolute
monotonic sleeps, which Python's are.)"""

SANE_SECONDS = 60.0
"""How far a record's time may be from that of the run."""

MOVES = ("killed", "stopped", "moved")


def disk_full(stage: Stage) -> None:
    """The broker's disk fills up until it gives up; space comes back, and so does the broker."""
    for _ in range(2):
        stage.hire()
    stage.ready()
    stage.progress(50)
    filler = stage.broker.data / "log" / FULL
    _fill(filler)
    until(lambda: not stage.broker.is_running(), "a broker that gives up for want of space")
    stage.feeding = False
    stage.pause(0.0, 3.0)
    filler.unlink()
    stage.broker.stop()
    stage.cluster.restart()
    stage.feeding = True
    stage.progress(50)


def _fill(file: Path) -> None:
    with file.open("wb", buffering=0) as filler, contextlib.suppress(OSError):
        while True:
            filler.write(bytes(4_096))


def clocks_that_jump(stage: Stage) -> None:
    """The clocks of the workers jump, forward and back, one and all; what counts time is not to notice."""
    library = _clock_library(stage.fleet.folder)
    files = [stage.fleet.folder / f"clock-{number}" for number in range(2)]
    for file in files:
        _set_clock(file, 0)
        stage.hire(LD_PRELOAD=str(library), FAKE_CLOCK=str(file))
    stage.ready()
    begun = time.time()
    jumps = list(JUMPS)
    stage.rng.shuffle(jumps)
    for jump in jumps:
        for file in stage.rng.sample(files, stage.rng.randint(1, 2)):
            _set_clock(file, jump)
        stage.progress(30)
        stage.pause(0.0, 1.0)
    for file in files:
        _set_clock(file, 0)
    stage.progress(50)
    assert not stage.ends, f"workers ended: {stage.ends}\n{stage.wanted[0].tail()}"
    sane = range(int((begun - SANE_SECONDS) * 1000), int((time.time() + SANE_SECONDS) * 1000))
    for record in read(stage.settings, stage.settings.topics.outcomes):
        assert record.timestamp in sane, f"a record of {time.ctime(record.timestamp / 1000)}"


def _clock_library(folder: Path) -> Path:
    """Built where the round plays: a process that loads it first reads the time of day that FAKE_CLOCK's file tells."""
    library = folder / "clock.so"
    (folder / "clock.c").write_text(CLOCK)
    command = ["cc", "-shared", "-fPIC", "-O1", "-o", str(library), str(folder / "clock.c"), "-ldl"]
    subprocess.run(command, check=True, capture_output=True)
    return library


def _set_clock(file: Path, seconds: int) -> None:
    draft = file.with_suffix(".draft")
    draft.write_text(str(seconds))
    draft.rename(file)


def pages_topic_made_anew(stage: Stage) -> None:
    """The topic of pages is deleted under the workers, and made anew: what is sent to it then is done."""
    stage.ledger.dead_share = 0.0  # a dead page's outcome names its place, and there are two of each now
    for _ in range(2):
        stage.hire()
    stage.ready()
    stage.progress(100)
    stage.hush()
    topic = stage.settings.topics.pages
    pages, done = read(stage.settings, topic), positions(stage.settings)
    stage.gone = Gone(inputs=pages, positions=done)
    with stage.admin() as admin:
        admin.delete_topics([topic])
        until(lambda: topic not in admin.list_topics(), "the topic gone")
        stage.pause(0.0, 4.0)
        topics.create(stage.settings)
    stage.feeding = True
    stage.progress(50)


def articles_topic_deleted(stage: Stage) -> None:
    """A topic of results is deleted under the workers: they end, refuse to start, and go on once it is there again."""
    for _ in range(2):
        stage.hire()
    stage.ready()
    stage.progress(100)
    topic = stage.settings.topics.articles
    with stage.admin() as admin:
        admin.delete_topics([topic])
        until(lambda: topic not in admin.list_topics(), "the topic gone")
    until(lambda: stage.refused(), "a worker that refuses to start")
    stage.hush()
    done = positions(stage.settings)
    pages = read(stage.settings, stage.settings.topics.pages)
    told = (name_of(page.value) for page in pages if page.offset < done.get(page.partition, 0))
    stage.gone = Gone(without_articles=frozenset(told))
    topics.create(stage.settings)
    stage.feeding = True
    stage.progress(50)


def rolled_between_builds(stage: Stage) -> None:
    """A rolling restart from the build before to this one, and back: both stand in the group at once."""
    before = _build_before(stage.fleet.folder / "before")
    old = {"PYTHONPATH": f"{before / 'workers'}:{before}"}
    for _ in range(2):
        stage.hire(**old)
    stage.ready()
    for new in ({}, old):
        for worker in tuple(stage.wanted):
            stage.progress(30)
            stage.hire(**new)
            stage.ready()
            stage.rng.choice([_stopped, _killed])(stage, worker.pid)
            stage.progress(30)
    stage.progress(50)


def _stopped(stage: Stage, pid: int) -> None:
    worker = next(one for one in stage.wanted if one.pid == pid)
    assert stage.dismiss(worker) == 0, worker.tail()


def _killed(stage: Stage, pid: int) -> None:
    worker = next(one for one in stage.wanted if one.pid == pid)
    stage.wanted.remove(worker)
    worker.end()


@contextlib.contextmanager
def small_disk(folder: Path) -> Iterator[None]:
    """A disk of DISK_MEGABYTES at `folder` while the context lasts."""
    folder.mkdir(parents=True)
    subprocess.run(["mount", "-t", "tmpfs", "-o", f"size={DISK_MEGABYTES}m", "tmpfs", str(folder)], check=True)
    try:
        yield
    finally:
        subprocess.run(["umount", "-l", str(folder)], check=True)


def can_mount() -> bool:
    """Whether this process may."""
    if os.geteuid() != 0 or not shutil.which("mount"):
        return False
    try:
        with tempfile.TemporaryDirectory(prefix="broadsheet-disk-") as folder, small_disk(Path(folder) / "disk"):
            return True
    except subprocess.CalledProcessError:
        return False


@functools.cache
def build_before() -> str | None:
    """The commit before the last one that changed the runtime; None where there is no repository to ask."""
    asked = ["git", "-C", str(ROOT), "log", "--format=%H", "-n", "1", "--skip", "1", "--", "workers/broadsheet/runtime"]
    with contextlib.suppress(OSError, subprocess.CalledProcessError):
        return subprocess.run(asked, check=True, capture_output=True, text=True).stdout.strip() or None
    return None


def _build_before(folder: Path) -> Path:
    commit = build_before()
    assert commit is not None, "no build before this one"
    folder.mkdir()
    packed = subprocess.run(
        ["git", "-C", str(ROOT), "archive", commit, "workers", "tests", "schemas"], check=True, capture_output=True
    )
    subprocess.run(["tar", "-x", "-C", str(folder)], input=packed.stdout, check=True)
    return folder


def coordinators_moved(stage: Stage) -> None:
    """The coordinator of the transactions, then that of the group, moves while transactions are open: its broker is
    killed, is stopped, or hands it over."""
    held = stage.settings.worker.model_copy(update={"publisher": "tests.faults.publishers:Slow"})
    stage.settings = stage.settings.model_copy(update={"worker": held})
    for _ in range(2):
        stage.hire(FAULT="0.1")
    stage.ready()
    moves = [(topic, how) for topic in ("__transaction_state", "__consumer_offsets") for how in MOVES]
    stage.rng.shuffle(moves)
    for topic, how in moves:
        stage.progress(50)
        _move(stage, topic, how)
        stage.progress(50)
        stage.cluster.restart()
    stage.progress(50)


def _move(stage: Stage, topic: str, how: str) -> None:
    with stage.admin() as admin:
        (partition,) = admin.describe_topics([topic])[0]["partitions"]
        leader = partition["leader_id"]
        if how == "moved":
            others = [node for node in partition["replica_nodes"] if node != leader]
            admin.alter_partition_reassignments({TopicPartition(topic, 0): [*others, leader]})
            until(lambda: _elected(admin, topic) != leader, f"another leader of {topic}")
            return
    broker = next(one for one in stage.cluster.brokers if one.node.id == leader)
    broker.kill() if how == "killed" else broker.stop()


def _elected(admin: KafkaAdminClient, topic: str) -> int:
    with contextlib.suppress(KafkaError):
        admin.elect_leaders(0, {topic: [0]})
    leader: int = admin.describe_topics([topic])[0]["partitions"][0]["leader_id"]
    return leader


def zombie_of_the_same_name(stage: Stage) -> None:
    """A worker stands still in open transactions; its successor comes with the same name in the group; it wakes up."""
    held = stage.settings.worker.model_copy(update={"publisher": "tests.faults.publishers:Slow"})
    kafka = stage.settings.kafka.model_copy(update={"group_instance": "one"})
    stage.settings = stage.settings.model_copy(update={"worker": held, "kafka": kafka})
    first = stage.fleet.worker(stage.settings, FAULT="0.3").start()
    until(first.is_ready, "the first worker")
    stage.progress(50)
    first.send(signal.SIGSTOP)
    try:
        stage.hire(FAULT="0.01")
        stage.progress(50)
        stage.pause(0.0, 8.0)
    finally:
        first.send(signal.SIGCONT)
    stage.progress(50)
    assert first.wait() == 70, first.tail()
    stage.progress(50)
    assert not stage.ends, f"the successor ended: {stage.wanted[0].tail()}"


def partitions_added(stage: Stage) -> None:
    """The topic of pages is given more partitions under the workers: pages that come to those before anybody has
    noticed are done as well."""
    for _ in range(2):
        stage.hire()
    stage.ready()
    stage.progress(50)
    stage.hush()
    until(lambda: lag(stage.settings) == 0, "all pages done")  # keys go elsewhere from now on: no order beyond this
    wanted = stage.settings.topics.partitions + stage.rng.randint(1, 5)
    with stage.admin() as admin:
        admin.create_partitions({stage.settings.topics.pages: wanted})
    stage.feeding = True
    until(lambda: _held(stage) == wanted, f"{wanted} partitions held")
    stage.rng.choice(stage.wanted).send(signal.SIGKILL)
    stage.progress(50)


def _held(stage: Stage) -> float:
    stage.keep()
    return sum(worker.metric("broadsheet_partitions") for worker in stage.wanted)


BROKER: dict[str, Case] = {
    "zombie of the same name": zombie_of_the_same_name,
    "rolled between two builds": rolled_between_builds,
    "clocks that jump": clocks_that_jump,
    "articles topic deleted": articles_topic_deleted,
    "pages topic made anew": pages_topic_made_anew,
    "partitions added": partitions_added,
}
"""On one broker."""

DISK: dict[str, Case] = {"disk full": disk_full}
"""On a broker whose disk is small."""

BROKERS: dict[str, Case] = {"coordinators moved": coordinators_moved}
"""On three."""

NEEDS: dict[str, tuple[Callable[[], bool], str]] = {
    "clocks that jump": (lambda: bool(shutil.which("cc")), "a C compiler"),
    "rolled between two builds": (lambda: build_before() is not None, "git and a build before this one"),
    "disk full": (can_mount, "root that may mount"),
}
"""What not every machine has: whether it is there, and its name."""
