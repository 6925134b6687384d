"""What follows from each reason that a page can fail for: the one table, and the order of attempts.

Only the page's own faults are here. Faults of the machine (a broker that is gone, children that cannot be started) are
never a page's fate: they end the worker, and the page is done again after its restart.
"""

from collections.abc import Mapping
from typing import NamedTuple

from broadsheet.errors import Reason
from broadsheet.runtime.children.pool import Ending
from broadsheet.runtime.children.results import Unread


class Fate(NamedTuple):
    """`tries`: how often the page is given to a child before it goes to the dead letters with the reason. `ours`: many
    of them say that a deploy is bad, and the breaker counts them."""

    tries: int = 1
    ours: bool = False


THEIRS, OURS = Fate(), Fate(ours=True)

FATES: Mapping[Reason, Fate] = {
    Reason.UNDECODABLE: THEIRS,
    Reason.INVALID_ENVELOPE: THEIRS,
    Reason.UNSUPPORTED_CONTENT_TYPE: THEIRS,
    Reason.TOO_LARGE: THEIRS,
    Reason.EXPANSION_BOMB: THEIRS,
    Reason.TIMEOUT: OURS,  # once: seconds of a child are dear, and a page is as slow the second time
    Reason.OUT_OF_MEMORY: OURS,
    # twice: the death may have been another's doing, a kill by hand or by the system for memory
    Reason.CRASHED: Fate(tries=2, ours=True),
    Reason.INTERNAL_ERROR: OURS,
}

REASON_OF_ENDING: Mapping[Ending, Reason] = {
    Ending.CPU: Reason.TIMEOUT,
    Ending.TIMEOUT: Reason.TIMEOUT,
    Ending.CRASHED: Reason.CRASHED,
}
"""How a child's end reads as a page's reason."""

ENDING_DETAIL: Mapping[Ending, str] = {
    Ending.CPU: "the page needs more CPU time than a page may use (setting worker.page_cpu)",
    Ending.TIMEOUT: "the page was not done by its deadline by the clock (setting worker.page_timeout)",
    Ending.CRASHED: "the page's child process died, twice",
}
"""The same for people."""


def unread_at(ending: Ending) -> Unread:
    """What a child's end says of its page."""
    return Unread(REASON_OF_ENDING[ending], ENDING_DETAIL[ending])
