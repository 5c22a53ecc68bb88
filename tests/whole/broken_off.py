"""An audit that is killed after some requests, again and again, and what is left of it on the disk."""

import random

import httpx
from in_process import connected
from leaping_loop import in_no_time
from test_soak import NOW

from mfaaudit.auditing import collect, go_on
from mfaaudit.bundle import EVIDENCE
from mfaaudit.evidence.run import BEGUN_FILE, Order
from mfaaudit.simulated import open_tenant

USERS = 130


def tenant_of(mood, **changes):
    return open_tenant(users=USERS, seed=5, mood=mood, now=NOW, quota=False, **changes)


class Killed(BaseException):
    """Ends a session in the middle of a request, as the end of its process would."""


def small_pages(query):
    return query.replace(b"top=999", b"top=20")


def mortal(tenant, requests, answered):
    """The tenant's application; whoever asks for more than so many requests is killed before the answer comes."""
    left = requests

    async def app(scope, receive, send):
        nonlocal left
        left -= 1
        if left < 0:
            raise Killed
        answered.append(scope["path"])
        await tenant.app(scope | {"query_string": small_pages(scope["query_string"])}, receive, send)

    return app


def session(tenant, bundle, *, requests=10**9, order=None, answered=None, **changes):
    """One session of an audit, without sitting through a pause; tells whether it came to its end."""
    app = mortal(tenant, requests, [] if answered is None else answered)
    connection = connected(tenant, transport=httpx.ASGITransport(app=app), **changes)
    order = order or Order()

    async def whole():
        if (bundle / EVIDENCE / BEGUN_FILE).exists():
            await go_on(connection, order, bundle, lambda *_: None, lambda _: None)
        else:
            await collect(connection, order, bundle, lambda *_: None, lambda _: None)

    try:
        in_no_time(whole())
    except (Killed, BaseExceptionGroup) as end:
        if isinstance(end, BaseExceptionGroup) and end.subgroup(Killed) is None:
            raise
        return False
    return True


def tear(bundle, chance):
    """What a power failure does on top: each journal loses up to its last two thousand bytes."""
    for path in sorted((bundle / EVIDENCE).glob("*.jsonl.gz")):
        data = path.read_bytes()
        path.write_bytes(data[: len(data) - chance.randrange(min(len(data) + 1, 2000))])


def in_pieces(tenant, bundle, seed, *, order=None, torn=False, most=40):
    """A whole audit in sessions that are killed after a random number of requests each; returns how many there were."""
    chance, sessions = random.Random(seed), 1
    while not session(tenant, bundle, requests=chance.randrange(4, most), order=order):
        sessions += 1
        assert sessions < 200, "no session gets any further"
        if torn:
            tear(bundle, chance)
    return sessions
