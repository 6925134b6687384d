"""Calls of the system that a child has no need of, forbidden on Linux by seccomp: sockets, programs, other processes.

A filter of the kernel's own small language (seccomp(2), "classic BPF"): the numbers of the calls are the kernel's, of
each kind of machine (its tables `syscall_64.tbl` and `unistd.h`), and never change. What is forbidden fails with
EPERM, as for a user without the right to it. On other systems and machines nothing is forbidden.

Written out because no library for it is well kept on PyPI: each needs libseccomp on the machine, and had its last
release years ago or has a single user.
"""

import ctypes
import errno
import os
import struct
import sys
from collections.abc import Iterator
from typing import NamedTuple


class Machine(NamedTuple):
    """`audit` names the machine to the kernel (linux/audit.h); `clone` is the call that makes processes and threads."""

    audit: int
    clone: int
    forbidden: tuple[int, ...]


MACHINES = {
    "x86_64": Machine(
        0xC000003E,
        56,
        (
            *(41, 42, 53),  # socket, connect, socketpair
            *(59, 322, 57, 58),  # execve, execveat, fork, vfork
            *(101, 310, 311, 438),  # ptrace, process_vm_readv, process_vm_writev, pidfd_getfd
            *(425, 321, 323, 272, 165),  # io_uring_setup, bpf, userfaultfd, unshare, mount
        ),
    ),
    "aarch64": Machine(
        0xC00000B7,
        220,
        (
            *(198, 203, 199),  # socket, connect, socketpair
            *(221, 281),  # execve, execveat
            *(117, 270, 271, 438),  # ptrace, process_vm_readv, process_vm_writev, pidfd_getfd
            *(425, 280, 282, 97, 40),  # io_uring_setup, bpf, userfaultfd, unshare, mount
        ),
    ),
}
CLONE3 = 435
"""The same number everywhere. Its flags cannot be looked at; told that it is unknown, the C library takes `clone`."""

CLONE_THREAD = 0x10000
"""The flag of a clone that is a thread (linux/sched.h): numpy's libraries may want one."""

OTHER_NUMBERING = 0x40000000
"""The first call of x86-64's second set of numbers (x32), which holds the same calls again."""

LOAD, EQUALS, AT_LEAST, HAS, RETURN = 0x20, 0x15, 0x35, 0x45, 0x06
CALL, ARCHITECTURE, FIRST_ARGUMENT = 0, 4, 16
"""Offsets in the kernel's `struct seccomp_data`."""

ALLOW, FAIL = 0x7FFF0000, 0x00050000
SET_SECCOMP, FILTER_MODE = 22, 2

_Step = tuple[int, int, int, int]


class _Program(ctypes.Structure):
    _fields_ = (("length", ctypes.c_ushort), ("steps", ctypes.c_char_p))


def forbid() -> bool:
    """Forbid them to this process, for good; whether the system has done so. Needs `PR_SET_NO_NEW_PRIVS`."""
    machine = MACHINES.get(os.uname().machine)
    if sys.platform != "linux" or machine is None or sys.maxsize < 2**32:
        return False
    steps = b"".join(struct.pack("<HBBI", *step) for step in _steps(machine))
    program = _Program(len(steps) // 8, steps)
    return bool(ctypes.CDLL(None).prctl(SET_SECCOMP, FILTER_MODE, ctypes.byref(program), 0, 0) == 0)


def _steps(machine: Machine) -> Iterator[_Step]:
    """Each step is an operation, how many steps to leave out if it holds and if not, and its operand."""
    no, unknown = FAIL | errno.EPERM, FAIL | errno.ENOSYS
    yield (LOAD, 0, 0, ARCHITECTURE)
    yield from _unless(EQUALS, machine.audit, no)
    yield (LOAD, 0, 0, CALL)
    yield from _where(AT_LEAST, OTHER_NUMBERING, no)
    yield from _where(EQUALS, CLONE3, unknown)
    for number in machine.forbidden:
        yield from _where(EQUALS, number, no)
    yield (EQUALS, 0, 3, machine.clone)
    yield (LOAD, 0, 0, FIRST_ARGUMENT)
    yield from _unless(HAS, CLONE_THREAD, no)
    yield (RETURN, 0, 0, ALLOW)


def _where(test: int, operand: int, end: int) -> Iterator[_Step]:
    yield (test, 0, 1, operand)
    yield (RETURN, 0, 0, end)


def _unless(test: int, operand: int, end: int) -> Iterator[_Step]:
    yield (test, 1, 0, operand)
    yield (RETURN, 0, 0, end)
