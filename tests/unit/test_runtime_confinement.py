"""What a child may not do, tried from within: spend, reach out, write, start programs, make its worker believe it."""

import asyncio
import errno
import os
import pickle
import sys
from datetime import UTC, datetime
from pathlib import Path
from subprocess import check_output
from typing import Any

import pytest
import pytest_asyncio

from broadsheet.options import Options
from broadsheet.runtime.children.forbidden import MACHINES
from broadsheet.runtime.children.pool import Ending, Pool, PoolLimits
from broadsheet.runtime.children.results import Read
from broadsheet.runtime.children.server import environment
from broadsheet.values import RawPage
from tests.unit.deeds import frame, huge_frame

pytestmark = [
    pytest.mark.asyncio(loop_scope="module"),
    pytest.mark.skipif(sys.platform != "linux", reason="only Linux confines children so"),
]
SECRET = "a-password-of-nobody"
WORK = "tests.unit.deeds:work_page"


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def shared() -> Any:
    """A pool of a process that has secrets, and files that others may inherit."""
    pool = Pool(WORK, PoolLimits(2, 60.0, 100_000_000, 0.3))
    opened = os.open("/", os.O_RDONLY)
    os.set_inheritable(opened, True)
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("BROADSHEET_KAFKA__SASL_PASSWORD", SECRET)
        patch.setenv("AWS_SECRET_ACCESS_KEY", SECRET)
        await pool.warm()
    yield pool
    pool.stop()
    os.close(opened)


@pytest_asyncio.fixture(loop_scope="module")
async def pool(shared: Any) -> Any:
    await shared.warm()
    return shared


async def did(pool: Pool, deed: str, argument: object = "") -> Any:
    page = RawPage(f"{deed} {argument}".encode())
    done = await pool.run(page, Options(), datetime(2026, 1, 1, tzinfo=UTC))
    return done.outcome.decode() if isinstance(done, Read) else done


async def test_a_page_that_spends_too_much_cpu(pool: Pool) -> None:
    """Wherever it spends it: no code of Python's runs while C holds on."""
    deeds = ("spin", "limits", "spin-in-c", "limits")
    ends = await asyncio.gather(*[did(pool, deed) for deed in deeds])
    assert ends == [Ending.CPU, "0 0", Ending.CPU, "0 0"]


async def test_no_secret_is_in_its_environment(pool: Pool) -> None:
    """Nor in that of the process that it is forked from."""
    for deed in ("environment", "parent-environment"):
        told = await did(pool, deed)
        assert "PYTHONPATH=" in told
        assert SECRET not in told


async def test_what_is_kept_of_an_environment() -> None:
    own = {
        "LC_ALL": "C.UTF-8",
        "PYTHONHASHSEED": "1",
        "HOME": "/home/x",
        "BROADSHEET_WEB__PORT": "1",
        "PYTHONPATH": "x",
    }
    assert set(environment(own)) == {"LC_ALL", "PYTHONHASHSEED", "PYTHONPATH"}


async def test_calls_that_are_forbidden_and_those_that_are_not(pool: Pool, tmp_path: Path) -> None:
    refused = errno.EPERM if os.uname().machine in MACHINES else 0
    for deed in ("socket", "exec /bin/true", "fork", f"ptrace {os.getpid()}"):
        if refused:
            assert await did(pool, *deed.split()) == f"failed {refused}", deed
    assert await did(pool, "thread") == "done"
    assert await did(pool, "write-file", tmp_path / "x") == f"failed {errno.EFBIG}"
    assert (tmp_path / "x").read_bytes() == b""
    assert await did(pool, "open-many") == f"failed {errno.EMFILE}"


async def test_it_inherits_its_pipes_and_nothing_else(pool: Pool) -> None:
    files = (await did(pool, "files")).splitlines()
    assert len(files) == 5, files  # stdin, stdout, stderr, two pipes
    assert files[0] == "/dev/null"


class _Touch:
    """Unpickled, it makes a file."""

    def __init__(self, path: Path) -> None:
        self.path = path

    def __reduce__(self) -> Any:
        return (Path.touch, (self.path,))


async def test_an_answer_is_believed_in_nothing_but_its_bytes(pool: Pool, tmp_path: Path) -> None:
    """A child that says something else than an answer is replaced, as one that died."""
    forged = (
        frame(pickle.dumps(_Touch(tmp_path / "touched"))),
        huge_frame(),
        frame(b'{"result":"none","cpu_ms":1,"traceparent":null,"sizes":[5,-5]}'),
        frame(b"\xff"),
        frame(b'{"reason":"because","detail":""}'),
    )
    for said in forged:
        assert await did(pool, "say", said) == Ending.CRASHED
        assert await did(pool, "limits") == "0 0"
    assert not (tmp_path / "touched").exists()


async def test_an_answer_that_nobody_asked_for_ends_its_child(pool: Pool) -> None:
    before = pool.pids()
    await did(pool, "say", frame(b'{"reason":"timeout","detail":""}') * 3)
    assert await asyncio.gather(*[did(pool, "limits") for _ in range(6)]) == ["0 0"] * 6
    await pool.warm()
    assert len(set(before) & set(pool.pids())) == 1


async def test_a_process_with_a_password_lets_nobody_look_in() -> None:
    """Asked of one of its own: who has root's rights may look all the same."""
    told = []
    for password in ("None", "'a-password-of-nobody'"):
        script = f"""
import ctypes
from broadsheet.runtime.children.server import keep_secrets
from broadsheet.runtime.settings import KafkaSettings
keep_secrets(KafkaSettings(sasl_password={password}))
print(ctypes.CDLL(None).prctl(3, 0, 0, 0, 0))
"""
        told.append((await asyncio.to_thread(check_output, [sys.executable, "-c", script])).decode())
    assert told == ["1\n", "0\n"]
