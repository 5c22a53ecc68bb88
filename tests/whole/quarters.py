"""Bundles of one simulated organisation, a quarter apart: read in this process, and moved to the day they stand for."""

import gzip
import json
from datetime import UTC, datetime, timedelta

from in_process import connected
from leaping_loop import in_no_time

from mfaaudit import auditing
from mfaaudit.brief import brief
from mfaaudit.evidence.run import Order
from mfaaudit.judging import judge_bundle
from mfaaudit.simulated import open_tenant
from mfaaudit.simulated.ageing import QUARTER
from mfaaudit.tenant.sign_in import GivenToken

OF_THE_RUN = ("started_at", "finished_at", "metrics_from", "metrics_to")
METRICS = ("getMetricsForMfaSignInSuccess", "getMetricsForMfaSignInFailure")


def tenant_of(quarter, quarters, *, users, seed=7, mood="tidy"):
    """The organisation as it is after so many quarters, if that many in all have passed today."""
    now = datetime.now(UTC) - (quarters - quarter) * QUARTER
    return open_tenant(users=users, seed=seed, mood=mood, now=now, quota=False, quarter=quarter)


def read(tenant, folder, back, *, permissions=None, options=(), groups=()):
    """Reads a tenant into a bundle, as if that had been so long ago."""
    connection = connected(tenant, credential=GivenToken(tenant.access_token(permissions=permissions)))
    order = Order(options=tuple(options), groups=tuple(groups))
    in_no_time(auditing.collect(connection, order, folder, lambda *_: None, lambda _: None))
    move(folder / "evidence", back)
    return folder


def move(evidence, back):
    """Moves the times at which evidence was read, and those of the sign-ins in it, so far into the past."""
    path = evidence / "run.json"
    facts = json.loads(path.read_text(encoding="utf-8"))
    for name in OF_THE_RUN:
        facts[name] = earlier(facts[name], back)
    for session in facts["sessions"]:
        session["started_at"] = earlier(session["started_at"], back)
        session["ended_at"] = earlier(session["ended_at"], back)
    path.write_text(json.dumps(facts), encoding="utf-8")
    for path in evidence.glob("*.jsonl.gz"):
        lines = [json.loads(line) for line in gzip.decompress(path.read_bytes()).splitlines()]
        for line in lines:
            line["readAt"] = earlier(line["readAt"], back)
            if line["source"] in METRICS and line["status"] == 200:
                line["body"] = json.dumps(moved_rows(json.loads(line["body"]), back))
        text = "".join(json.dumps(line) + "\n" for line in lines)
        path.write_bytes(gzip.compress(text.encode("utf-8")))


def moved_rows(body, back):
    for row in body["value"]:
        row["intervalStartDateTime"] = earlier(row["intervalStartDateTime"], back)
    return body


def earlier(text, back):
    return (datetime.fromisoformat(text) - back).isoformat()


def judge(bundle, policies, **how):
    judge_bundle(bundle, brief(policies, "low", "json", **how), lambda *_: None)
    return bundle


def quarter_ago(count):
    return count * QUARTER


def day_of(quarter, quarters):
    return (datetime.now(UTC) - (quarters - quarter) * QUARTER).date()


def days(number):
    return timedelta(days=number)
