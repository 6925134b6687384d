"""Bugs put into the delivery on purpose, each with a case that brings it out: the judge must catch every one."""

import signal
import time

from tests.faults.cases import Case, Stage
from tests.fleet import Worker


def _with(publisher: str, fault: str = "0.2") -> Case:
    """Workers with the bug are killed while pages flow, then one rests without a further fault."""

    def case(stage: Stage) -> None:
        work = stage.settings.worker.model_copy(update={"publisher": f"tests.faults.publishers:{publisher}"})
        kafka = stage.settings.kafka.model_copy(update={"group_instance": "one"})
        stage.settings = stage.settings.model_copy(update={"worker": work, "kafka": kafka})
        worker = stage.hire(FAULT=fault)
        for _ in range(3):
            stage.ready()
            stage.progress(60)
            worker = stage.wanted[0]
            worker.send(signal.SIGKILL)
            stage.ready()
        stage.progress(60)

    return case


def _alone(publisher: str) -> Case:
    """No fault from outside is needed where the bug shows by itself."""

    def case(stage: Stage) -> None:
        work = stage.settings.worker.model_copy(update={"publisher": f"tests.faults.publishers:{publisher}"})
        stage.settings = stage.settings.model_copy(update={"worker": work})
        stage.hire()
        stage.progress(60)

    return case


def unfenced(stage: Stage) -> None:
    """A worker stands still in an open transaction, another takes over, the first goes on."""
    work = stage.settings.worker.model_copy(update={"publisher": "tests.faults.publishers:Unfenced"})
    kafka = stage.settings.kafka.model_copy(update={"transaction_timeout": 120.0})
    stage.settings = stage.settings.model_copy(update={"worker": work, "kafka": kafka})
    first: Worker = stage.hire(FAULT="0.5")
    stage.hire(FAULT="0.01")
    stage.ready()
    stage.progress(60)
    first.send(signal.SIGSTOP)
    time.sleep(stage.settings.kafka.session_timeout + 1)
    stage.progress(100)
    first.send(signal.SIGCONT)
    stage.progress(100)
    for worker in tuple(stage.wanted):  # no transaction left open: it would hide what follows it from the reader
        stage.dismiss(worker)


BUGS: dict[str, tuple[Case, str]] = {
    "acknowledges first": (_with("AcknowledgesFirst"), "lost"),
    "acknowledges later": (_with("AcknowledgesLater"), "repeated"),
    "acknowledges too far": (_with("AcknowledgesTooFar"), "lost"),
    "swallows a failed send": (_alone("Swallows"), "lost"),
    "publishes out of order": (_alone("TurnsRound"), "wrong"),
    "has no fence": (unfenced, "repeated"),
}
"""By name: the case, and the kind of breach that the judge must name."""
