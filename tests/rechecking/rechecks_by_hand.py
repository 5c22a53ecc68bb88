"""An audit of a simulated tenant and rechecks of it, in this process and without sitting through a pause."""

from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path

import httpx
from in_process import connected
from leaping_loop import in_no_time

from mfaaudit.auditing import collect
from mfaaudit.brief import brief
from mfaaudit.evidence.run import Order
from mfaaudit.judging import judge_bundle
from mfaaudit.rechecking.flagged import Narrowing
from mfaaudit.rechecking.reading import read_again
from mfaaudit.rechecking.work import FORMATS, finish, plan
from mfaaudit.sources.options import OPTIONS

NOW = datetime.now(UTC)
PACKS = ("baseline", "legacy-per-user-mfa", "privileged-accounts", "guests")
ALL = tuple(one.name for one in FORMATS)


@dataclass
class Log:
    """Every request that a tenant was asked: its address, with what was posted."""

    asked: list = field(default_factory=list)

    def app(self, app):
        async def logging(scope, receive, send):
            body, more = b"", True
            while more:
                message = await receive()
                body, more = body + message.get("body", b""), message.get("more_body", False)
            self.asked.append(f"{scope['path']}?{scope['query_string'].decode()} {body.decode()}")

            async def again():
                return {"type": "http.request", "body": body, "more_body": False}

            await app(scope, again, send)

        return logging

    def about(self, user):
        return [one for one in self.asked if user in one]


def audit(tenant, bundle, packs=PACKS, *, way="per-user", **how):
    """A finished bundle."""
    judged_by = brief(packs, "low", "json", **how)
    order = Order(
        collect=way, options=tuple(one for one in OPTIONS if one in judged_by.options), groups=judged_by.groups
    )
    in_no_time(collect(connected(tenant), order, bundle, lambda *_: None, lambda _: None))
    return judge_bundle(bundle, judged_by, lambda *_: None)


def planned(bundle, **narrowing):
    return plan(bundle, Narrowing(**narrowing), lambda *_: None)


def recheck(tenant, bundle, out, *, app=None, log=None, connection=None, formats=("json",), **narrowing):
    """The recheck of a bundle."""
    log = log or Log()
    connection = connection or connected(tenant, transport=httpx.ASGITransport(app=log.app(app or tenant.app)))
    made = planned(bundle, **narrowing)
    reading = read_again(
        connection, made.origin, made.order, made.flagged.users, out, lambda *_: None, lambda _: None, lambda _: None
    )
    return finish(made, *in_no_time(reading), formats, lambda *_: None)


def bytes_of(folder):
    """Every file below a folder, and what is in it."""
    return {path.relative_to(folder): path.read_bytes() for path in sorted(Path(folder).rglob("*")) if path.is_file()}


def outcomes_of(made, rule):
    """What became of each user whom a rule flagged."""
    return {row.before.user_id: row.outcome for row in made.rows if row.before.rule.id == rule}
