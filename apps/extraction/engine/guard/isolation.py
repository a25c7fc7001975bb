"""Guards of the kernel around a reading process: no network, no writing, no other program, no outliving its parent.

Each is best effort and told to the parent; macOS has only the limits of `limits.py`.
"""

import ctypes
import os
import platform
import signal
import struct
import sys

_PR_SET_PDEATHSIG = 1
_PR_SET_NO_NEW_PRIVS = 38
_PR_SET_SECCOMP = 22
_SECCOMP_MODE_FILTER = 2
_CLONE_NEWNET = 0x40000000
_CLONE_NEWUSER = 0x10000000
_LANDLOCK_CREATE_RULESET = 444
_LANDLOCK_ADD_RULE = 445
_LANDLOCK_RESTRICT_SELF = 446
_LANDLOCK_RULE_PATH_BENEATH = 1
_LANDLOCK_CREATE_RULESET_VERSION = 1

# Rights of linux/landlock.h that change a file system, by the version that introduced them; handling them without a
# rule that grants them denies them everywhere.
_LANDLOCK_WRITES_V1 = 0b1_1111_1111_0010  # write_file, remove_*, make_* (bits 1 and 4 to 12)
_LANDLOCK_WRITE_FILE = 1 << 1
_LANDLOCK_REFER_V2 = 1 << 13
_LANDLOCK_TRUNCATE_V3 = 1 << 14
_LANDLOCK_CONNECT_AND_BIND_V4 = 0b11

# Numbers of linux/audit.h and of the system call tables. New sockets, new programs, other processes' memory, and the
# ways around: io_uring opens sockets by itself.
_AUDIT_X86_64 = 0xC000003E
_AUDIT_AARCH64 = 0xC00000B7
_DENIED_CALLS = {
    "x86_64": (_AUDIT_X86_64, (41, 42, 49, 53, 59, 322, 101, 310, 311, 425, 165, 250, 321, 298, 272, 308, 304)),
    "aarch64": (_AUDIT_AARCH64, (198, 203, 200, 199, 221, 281, 117, 270, 271, 425, 40, 219, 280, 241, 97, 268, 265)),
}
_X32_BIT = 0x40000000
_EPERM = 1
_ALLOW = 0x7FFF0000
_ERRNO = 0x00050000
_KILL_PROCESS = 0x80000000
_LOAD, _JUMP_EQUAL, _JUMP_AT_LEAST, _RETURN = 0x20, 0x15, 0x35, 0x06


def die_with_parent(parent: int) -> bool:
    """Be killed when the thread that started this process ends; `parent` is the id of its process."""
    if not sys.platform.startswith("linux"):
        return False
    done = bool(_libc().prctl(_PR_SET_PDEATHSIG, signal.SIGKILL, 0, 0, 0) == 0)
    if os.getppid() != parent:  # it died before the call
        os._exit(1)
    return done


def leave_network() -> bool:
    """Move into a network namespace that has no interface.

    A privileged process keeps its user namespace: in a new one it could no longer read other users' files.
    """
    if not sys.platform.startswith("linux"):
        return False
    flags = _CLONE_NEWNET if os.geteuid() == 0 else _CLONE_NEWNET | _CLONE_NEWUSER
    return bool(_libc().unshare(flags) == 0)


def forbid_writing() -> bool:
    """Deny every change of the file system by Landlock (Linux 5.13 and newer).

    /dev/null stays writable: Tesseract sends its messages there and crashes when it cannot.
    """
    if not sys.platform.startswith("linux"):
        return False
    libc = _libc()
    version = libc.syscall(_LANDLOCK_CREATE_RULESET, None, ctypes.c_size_t(0), _LANDLOCK_CREATE_RULESET_VERSION)
    if version < 1:
        return False
    files = _LANDLOCK_WRITES_V1
    files |= _LANDLOCK_REFER_V2 if version >= 2 else 0
    files |= _LANDLOCK_TRUNCATE_V3 if version >= 3 else 0
    attributes = struct.pack("=Q", files)
    if version >= 4:
        attributes += struct.pack("=Q", _LANDLOCK_CONNECT_AND_BIND_V4)
    buffer = ctypes.create_string_buffer(attributes, len(attributes))
    ruleset = libc.syscall(_LANDLOCK_CREATE_RULESET, buffer, ctypes.c_size_t(len(attributes)), 0)
    if ruleset < 0:
        return False
    try:
        _allow_null_device(libc, ruleset)
        return _no_new_privileges() and libc.syscall(_LANDLOCK_RESTRICT_SELF, ruleset, 0) == 0
    finally:
        os.close(ruleset)


def _allow_null_device(libc: ctypes.CDLL, ruleset: int) -> None:
    """Add `struct landlock_path_beneath_attr`, which is packed: the rights, then the file they are for."""
    null = os.open(os.devnull, os.O_PATH)
    try:
        rule = struct.pack("=Qi", _LANDLOCK_WRITE_FILE, null)
        buffer = ctypes.create_string_buffer(rule, len(rule))
        libc.syscall(_LANDLOCK_ADD_RULE, ruleset, _LANDLOCK_RULE_PATH_BENEATH, buffer, 0)
    finally:
        os.close(null)


class _FilterProgram(ctypes.Structure):
    _fields_ = (("length", ctypes.c_ushort), ("instructions", ctypes.c_void_p))


def forbid_calls() -> bool:
    """Deny sockets, new programs and other processes' memory by a seccomp filter; foreign call tables kill."""
    table = _DENIED_CALLS.get(platform.machine())
    if table is None or not sys.platform.startswith("linux"):
        return False
    code = _filter(*table)
    buffer = ctypes.create_string_buffer(code, len(code))
    program = _FilterProgram(len(code) // 8, ctypes.cast(buffer, ctypes.c_void_p))
    if not _no_new_privileges():
        return False
    return bool(_libc().prctl(_PR_SET_SECCOMP, _SECCOMP_MODE_FILTER, ctypes.byref(program), 0, 0) == 0)


def _filter(architecture: int, denied: tuple[int, ...]) -> bytes:
    """Return the classic BPF program over `struct seccomp_data`: the call's number at 0, the architecture at 4."""

    def instruction(code: int, value: int, if_true: int = 0, if_false: int = 0) -> bytes:
        return struct.pack("=HBBI", code, if_true, if_false, value)

    lines = [
        instruction(_LOAD, 4),
        instruction(_JUMP_EQUAL, architecture, 1, 0),
        instruction(_RETURN, _KILL_PROCESS),
        instruction(_LOAD, 0),
        instruction(_JUMP_AT_LEAST, _X32_BIT, len(denied) + 1, 0),
    ]
    for index, number in enumerate(denied):
        lines.append(instruction(_JUMP_EQUAL, number, len(denied) - index, 0))
    lines += [instruction(_RETURN, _ALLOW), instruction(_RETURN, _ERRNO | _EPERM)]
    return b"".join(lines)


def _no_new_privileges() -> bool:
    return bool(_libc().prctl(_PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) == 0)


def _libc() -> ctypes.CDLL:
    return ctypes.CDLL(None, use_errno=True)
