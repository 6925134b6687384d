"""The process that children are forked from: it has read all models, holds no secret, and does nothing else.

    python -m broadsheet.runtime.children.forkserver DESCRIPTOR TERMS

It does as its worker tells it through the socket of that descriptor, tells of each birth and death, and ends with it.
"""

import gc
import json
import os
import select
import signal
import socket
import sys
from contextlib import suppress
from importlib import import_module

from broadsheet.runtime.children.child import Terms, live, resolve
from broadsheet.runtime.children.confinement import die_with_parent
from broadsheet.runtime.children.orders import BEAR, BORN, DIED, ORDER, TOLD

FAILED = 70
"""Exit code of a server or a child that could not start (sysexits.h: internal software error)."""


class Forkserver:
    """The server's children, by their process ids."""

    def __init__(self, control: socket.socket, terms: Terms) -> None:
        self._control = control
        self._terms = terms
        self._tokens: dict[int, int] = {}
        self._woken, self._waking = os.pipe()
        for end in (self._woken, self._waking):
            os.set_blocking(end, False)

    def serve(self) -> None:
        """Fork and tell until the worker closes its end; then see all children dead."""
        signal.signal(signal.SIGCHLD, lambda *_: None)
        signal.set_wakeup_fd(self._waking, warn_on_full_buffer=False)
        control = self._control.fileno()
        while True:
            ready, _, _ = select.select([control, self._woken], [], [])
            if self._woken in ready:
                os.read(self._woken, 4096)
                self._bury()
            if control in ready and not self._obey():
                return self._end()

    def _obey(self) -> bool:
        """One order; False where there will be none any more."""
        try:
            data, files, _, _ = socket.recv_fds(self._control, ORDER.size, 2)
        except ConnectionResetError:
            return False
        if len(data) < ORDER.size:
            return False
        order, token = ORDER.unpack(data)
        if order == BEAR:
            self._bear(token, *files)
        else:
            self._kill(token)
        return True

    def _bear(self, token: int, pages: int, answers: int) -> None:
        server = os.getpid()
        pid = os.fork()
        if not pid:
            self._become_child(pages, answers, server)
        os.close(pages)
        os.close(answers)
        self._tokens[pid] = token
        self._tell(BORN, token, pid)

    def _become_child(self, pages: int, answers: int, server: int) -> None:
        code = FAILED
        try:
            signal.set_wakeup_fd(-1)
            signal.signal(signal.SIGCHLD, signal.SIG_DFL)
            for file in (self._control.detach(), self._woken, self._waking):
                os.close(file)
            live(pages, answers, self._terms, server)
            code = 0
        except BrokenPipeError:
            code = 0  # the worker has gone
        except BaseException as error:
            print(f"child failed: {type(error).__name__}: {error}", file=sys.stderr, flush=True)
        finally:
            os._exit(code)

    def _kill(self, token: int) -> None:
        """No process id is taken anew before its parent, which is this process, has asked for its end."""
        for pid, its in self._tokens.items():
            if its == token:
                os.kill(pid, signal.SIGKILL)

    def _bury(self) -> None:
        with suppress(ChildProcessError):
            while (found := os.waitpid(-1, os.WNOHANG))[0]:
                pid, status = found
                self._tell(DIED, self._tokens.pop(pid), os.waitstatus_to_exitcode(status))

    def _tell(self, what: int, token: int, value: int) -> None:
        with suppress(OSError):  # the worker has gone; the next order says so
            self._control.sendall(TOLD.pack(what, token, value))

    def _end(self) -> None:
        for pid in self._tokens:
            os.kill(pid, signal.SIGKILL)
        for pid in self._tokens:
            os.waitpid(pid, 0)


def main() -> int:
    """Load what children need, then serve."""
    die_with_parent()
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, signal.SIG_IGN)  # they mean the worker, which ends us when its pages are done
    terms = Terms(**json.loads(sys.argv[2]))
    try:
        resolve(terms.work)
        import_module("broadsheet.runtime.loaded")
    except Exception as error:
        print(f"children cannot be started: {type(error).__name__}: {error}", file=sys.stderr)
        return FAILED
    gc.collect()
    gc.freeze()  # else a child's first collection would copy all that it shares
    Forkserver(socket.socket(fileno=int(sys.argv[1])), terms).serve()
    return 0


if __name__ == "__main__":
    sys.exit(main())
