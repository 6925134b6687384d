"""The same page gives the same bytes in any process and in any order."""

import os
import subprocess
import sys

PROGRAM = """
import hashlib, sys
from broadsheet.samples import samples
from tests.golden.cases import outcome
pages = sorted(samples(), key=lambda sample: sample.name, reverse=sys.argv[1] == "backwards")
ended = {sample.name: repr(outcome(sample.raw)) for sample in pages}
print(hashlib.sha256(repr(sorted(ended.items())).encode()).hexdigest())
"""


def digest(seed: str, order: str) -> str:
    """Of all the samples' records, made in a process of its own."""
    run = subprocess.run(
        [sys.executable, "-c", PROGRAM, order],
        env={**os.environ, "PYTHONHASHSEED": seed},
        capture_output=True,
        text=True,
        check=True,
    )
    return run.stdout.strip()


def test_the_hash_seed_and_the_order_of_pages_change_nothing() -> None:
    first = digest("1", "forwards")
    assert len(first) == 64
    assert digest("2", "backwards") == first
