"""An event loop on which a pause costs no time."""

import asyncio


def hurried(least=0.0):
    """An event loop that leaps over pauses instead of sitting through them; its clock counts nothing else.

    No leap is shorter than `least` seconds.
    """
    loop = asyncio.new_event_loop()
    select, leapt = loop._selector.select, 0.0

    def leap(timeout):
        nonlocal leapt
        if timeout is None:
            return select(None)
        events = select(0)
        leapt += 0 if events else max(timeout, least)
        return events

    loop._selector.select = leap
    loop.time = lambda: leapt
    return loop


def in_strides():
    """The same for whole audits: whoever looks again every few milliseconds would be all that the test does."""
    return hurried(least=0.05)
