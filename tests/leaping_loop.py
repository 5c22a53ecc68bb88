"""An event loop on which a pause costs no time, and commands that are done on one."""

import asyncio
import time
from contextlib import ExitStack, contextmanager
from functools import partial
from unittest.mock import patch

from mfaaudit import simulated

_monotonic = time.monotonic
_ended = 0.0


def hurried(least=0.0, began=0.0):
    """An event loop that leaps over pauses instead of sitting through them; its clock counts nothing else.

    No leap is shorter than `least` seconds.
    """
    loop = asyncio.new_event_loop()
    select, now = loop._selector.select, began

    def leap(timeout):
        nonlocal now
        if timeout is None:
            return select(None)
        events = select(0)
        now += 0 if events else max(timeout, least)
        return events

    loop._selector.select = leap
    loop.time = lambda: now
    return loop


def in_strides():
    """The same for whole audits: whoever looks again every few milliseconds would be all that the test does.

    It begins where the one before it ended, so that a simulated tenant which both ask sees no time run backwards.
    """
    return hurried(least=0.05, began=max(_ended, _monotonic()))


def in_no_time(work, loop=in_strides):
    """Does the work of a coroutine without sitting through a pause, and returns what it returns."""
    global _ended
    with asyncio.Runner(loop_factory=loop) as runner, ExitStack() as clock:
        # Paces measure by the same clock as pauses, or they would be waited for in earnest.
        clock.enter_context(patch.object(time, "monotonic", runner.get_loop().time))
        try:
            return runner.run(work)
        finally:
            _ended = max(_ended, time.monotonic())


@contextmanager
def no_waiting():
    """The commands of this process are done in no time, and the simulated tenants that they open count the same time.

    Nothing may be at the other end of a socket: an answer that is not there yet would be leapt over.
    """
    tenant = partial(simulated.open_tenant, clock=lambda: time.monotonic())
    with patch.object(asyncio, "run", in_no_time), patch.object(simulated, "open_tenant", tenant):
        yield
