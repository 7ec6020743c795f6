"""What worker processes are asked to do in tests. They import this module, and nothing that is slow to import."""

from __future__ import annotations

import ctypes
import os
import resource

from briefs.errors import Unreadable


def double(number: int) -> int:
    return 2 * number


def _prctl(option: int) -> int:
    return ctypes.CDLL(None).prctl(option, 0, 0, 0, 0)


class Evil:
    """An answer that would do something where it is read."""

    def __reduce__(self) -> tuple[object, ...]:
        return os.system, ("touch /tmp/briefbot-was-here",)


def evil(task: str) -> object:
    return Evil() if task == "evil" else task


def of_payer(task: tuple[str, str]) -> str:
    return work(task[1])


def work(task: str) -> str:
    """What each item asks for."""
    match task:
        case "hang":
            while True:
                pass
        case "crash":
            os.abort()
        case "swell":
            return str(len(bytearray(4 * 2**30)))
        case "raise":
            raise ZeroDivisionError("by zero")
        case "say":
            raise Unreadable("{address}: no text", address="a.pdf")
        case "secret":
            return os.environ.get("BRIEFBOT_CANARY", "nothing")
        case "write":
            with open("/tmp/briefbot-was-here", "w") as file:
                file.write("it is")
        case "rights":
            return f"{_prctl(3)} {_prctl(39)} {resource.getrlimit(resource.RLIMIT_CORE)[0]}"
        case "input":
            return input()
    return task
