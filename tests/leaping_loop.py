"""An event loop on which a pause costs no time, and commands that are done on one."""

import asyncio
import time
from contextlib import ExitStack, contextmanager
from functools import partial
from unittest.mock import patch

from mfaaudit import simulated

_monotonic = time.monotonic
_leapt = 0.0


def hurried(least=0.0):
    """An event loop that leaps over pauses instead of sitting through them; its clock counts nothing else.

    No leap is shorter than `least` seconds. A loop begins where the one before it ended, so that a simulated tenant
    which two of them ask sees no time run backwards.
    """
    loop = asyncio.new_event_loop()
    select, began = loop._selector.select, _monotonic()

    def leap(timeout):
        global _leapt
        if timeout is None:
            return select(None)
        events = select(0)
        _leapt += 0 if events else max(timeout, least)
        return events

    loop._selector.select = leap
    loop.time = lambda: began + _leapt
    return loop


def in_strides():
    """The same for whole audits: whoever looks again every few milliseconds would be all that the test does."""
    return hurried(least=0.05)


def in_no_time(work):
    """Does the work of a coroutine without sitting through a pause, and returns what it returns."""
    with asyncio.Runner(loop_factory=in_strides) as runner, ExitStack() as clock:
        # Paces measure by the same clock as pauses, or they would be waited for in earnest.
        clock.enter_context(patch.object(time, "monotonic", runner.get_loop().time))
        return runner.run(work)


@contextmanager
def no_waiting():
    """The commands of this process are done in no time, and the simulated tenants that they open count the same time.

    Nothing may be at the other end of a socket: an answer that is not there yet would be leapt over.
    """
    tenant = partial(simulated.open_tenant, clock=lambda: time.monotonic())
    with patch.object(asyncio, "run", in_no_time), patch.object(simulated, "open_tenant", tenant):
        yield
