"""What an audit of a tenant would take, before it runs: requests, quota, time, memory and disk.

Three calls are made: which tenant it is, how many users it counts, and who holds directory roles (the first page).
Refusals, throttling and reads that fail are asked for again in an audit, and are not foreseen here.

As JSON (schema 1; a later version of the same schema only adds keys):

schema          1
tool, toolVersion, forecastAt (UTC)
tenant          id, name, defaultDomain
cloud, graph    which Microsoft cloud, and the root of the Graph service that answered
collect         per-user
users           how many the directory counts
requestsMade    how many calls the forecast itself made
requests        how many an audit would make
units           resource units of Graph's identity service that they would cost
sources[]       source (`$batch` for what carries the per-user reads), title, bucket;
                requests: null where the reads travel in `$batch`; reads: what the quota counts, null for `$batch`;
                units: resource units, null outside the identity service; atLeast: whether there may be more
buckets[]       bucket, requests, reads, units, as above; quota: units (identity) or requests (others) in
                periodSeconds; seconds: at that quota; documented: whether Graph's pages say that all of it belongs here
seconds         atQuota: at the documented quota of the tenant's size; cautious: at the lowest rate that is reported for
                reads of this kind; countedWithReports: if Graph counts the per-user reads with its reports
memoryBytes     of the process at its most
diskBytes       of the bundle with all its reports; evidenceBytes: of its evidence alone
assumptions[]   what the numbers rest on, a sentence each
"""

from __future__ import annotations

import math
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from mfaaudit import __version__
from mfaaudit.auditing import Connection, check_tenant, connected, sign_in
from mfaaudit.evidence.journal import Journal
from mfaaudit.sources import role_assignments, user_count
from mfaaudit.sources.source import Bucket
from mfaaudit.tenant.collect import Progress, Tenant, cannot_do_without, groups_in, read_tenant
from mfaaudit.tenant.cost import Line, lines_for
from mfaaudit.tenant.pace import identity_quota, paces
from mfaaudit.tenant.reader import Reader

SCHEMA = 1
PERIOD = 10
"""Seconds over which the identity service and the reports count (throttling-limits page)."""
REPORTS_A_PERIOD = 5
CAUTIOUS = 3.0
"""Per-user reads a second: the lowest rate that users report for the sibling endpoint, a user's methods."""

# Peak memory of `mfaaudit audit` and size of its bundle, default rules and formats, on the simulated tenant served by
# another process without quotas: a line that holds for 500, 2,000, 8,000 and 30,000 users of the messy mood, which
# needs more than the tidy one. Measured at 30,000: 183 MB of memory, 21.2 MB on disk, 4.9 MB of them evidence.
MEMORY, MEMORY_A_USER = 135_000_000, 2_500
EVIDENCE, EVIDENCE_A_USER = 25_000, 165
DISK, DISK_A_USER = 260_000, 700

ASSUMPTIONS = (
    "Nothing is refused or asked for twice.",
    "The per-user reads cost one resource unit each and are counted by the identity service. Graph's pages do not say "
    "so; if they are counted with the reports (5 in 10 s), the last of the three times holds.",
    "The sign-in metrics are counted with the reports, which Graph's pages do not say either.",
    "The registration report has a row for every user; it leaves out the disabled, so that it may be shorter.",
    "Memory and disk were measured on simulated tenants of 500 to 30,000 users.",
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Share:
    """What falls to one quota."""

    bucket: Bucket
    requests: int
    reads: int
    units: int | None
    quota: int
    period: int
    """Seconds in which the quota may be used up."""
    seconds: float
    """At the quota."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Forecast:
    """What an audit of one tenant would take."""

    connection: Connection
    tenant: Tenant
    forecast_at: datetime
    users: int
    requests_made: int
    lines: tuple[Line, ...]

    @property
    def requests(self) -> int:
        """How many an audit would make."""
        return sum(line.requests or 0 for line in self.lines)

    @property
    def units(self) -> int:
        """Resource units of the identity service."""
        return sum(line.units or 0 for line in self.lines)

    @property
    def shares(self) -> tuple[Share, ...]:
        """By quota."""
        return tuple(_share(bucket, self.lines, self.users) for bucket in Bucket)

    @property
    def per_user_reads(self) -> int:
        """The reads whose quota is not documented."""
        return sum(line.reads or 0 for line in self.lines if line.requests is None)

    @property
    def at_quota(self) -> float:
        """Seconds, at the documented quotas; the buckets are used side by side."""
        return max(share.seconds for share in self.shares)

    @property
    def cautious(self) -> float:
        """Seconds, if the per-user reads go as slowly as the slowest that has been reported."""
        return max(self.at_quota, self.per_user_reads / CAUTIOUS)

    @property
    def counted_with_reports(self) -> float:
        """Seconds, if Graph counts the per-user reads with its reports."""
        reports = next(share for share in self.shares if share.bucket is Bucket.REPORTS)
        return max(self.at_quota, _in_periods(self.per_user_reads + reports.requests))

    @property
    def memory(self) -> int:
        """Bytes that the process needs at its most."""
        return MEMORY + MEMORY_A_USER * self.users

    @property
    def evidence(self) -> int:
        """Bytes of the evidence, compressed."""
        return EVIDENCE + EVIDENCE_A_USER * self.users

    @property
    def disk(self) -> int:
        """Bytes of the whole bundle."""
        return DISK + DISK_A_USER * self.users


async def forecast(connection: Connection, progress: Progress) -> Forecast:
    """Signs in and counts. Raises SignInFailed, WrongTenant, Refused or Unreachable."""
    forecast_at = datetime.now(UTC)
    async with connected(connection) as graph:
        identity = await sign_in(connection)
        progress("Tenant", 0, None)
        # Without a folder, a journal is a place in memory.
        reader = Reader(graph, Journal(), paces())
        tenant = await read_tenant(reader)
        check_tenant(connection.tenant, tenant, identity)
        answer = await reader.ask(user_count.SOURCE, reader.url(user_count.SOURCE))
        users = answer.number()
        if users is None:
            raise cannot_do_without(user_count.SOURCE, answer)
        page = await reader.ask(role_assignments.SOURCE, reader.url(role_assignments.SOURCE))
        body = page.json() if page.ok else None
    more = isinstance(body, dict) and "@odata.nextLink" in body
    return Forecast(
        connection=connection,
        tenant=tenant,
        forecast_at=forecast_at,
        users=users,
        requests_made=reader.requests,
        lines=tuple(lines_for(users, groups=len(set(groups_in(page))), more_roles=more)),
    )


def _share(bucket: Bucket, lines: Iterable[Line], users: int) -> Share:
    own = [line for line in lines if line.bucket is bucket]
    requests, reads = sum(line.requests or 0 for line in own), sum(line.reads or 0 for line in own)
    units: int | None = None
    if bucket is Bucket.IDENTITY:
        units = sum(line.units or 0 for line in own)
        quota, period, seconds = round(PERIOD * identity_quota(users)), PERIOD, units / identity_quota(users)
    elif bucket is Bucket.REPORTS:
        quota, period, seconds = REPORTS_A_PERIOD, PERIOD, _in_periods(requests)
    else:
        quota, period, seconds = 1, 1, float(max(0, requests - 1))
    return Share(
        bucket=bucket, requests=requests, reads=reads, units=units, quota=quota, period=period, seconds=seconds
    )


def _in_periods(requests: int) -> float:
    # The first five go out at once.
    return float(PERIOD * max(0, math.ceil(requests / REPORTS_A_PERIOD) - 1))


def to_json(made: Forecast) -> dict[str, Any]:
    """The forecast as JSON values, with the keys that the head of this file explains."""
    return {
        "schema": SCHEMA,
        "tool": "mfaaudit",
        "toolVersion": __version__,
        "forecastAt": made.forecast_at.isoformat(timespec="milliseconds"),
        "tenant": {"id": made.tenant.id, "name": made.tenant.name, "defaultDomain": made.tenant.default_domain},
        "cloud": made.connection.cloud,
        "graph": made.connection.root,
        "collect": "per-user",
        "users": made.users,
        "requestsMade": made.requests_made,
        "requests": made.requests,
        "units": made.units,
        "sources": [
            {
                "source": line.source,
                "title": line.title,
                "bucket": line.bucket.value,
                "requests": line.requests,
                "reads": line.reads,
                "units": line.units,
                "atLeast": line.at_least,
            }
            for line in made.lines
        ],
        "buckets": [
            {
                "bucket": share.bucket.value,
                "requests": share.requests,
                "reads": share.reads,
                "units": share.units,
                "quota": share.quota,
                "periodSeconds": share.period,
                "seconds": round(share.seconds, 1),
                "documented": share.bucket is Bucket.CONDITIONAL_ACCESS,
            }
            for share in made.shares
        ],
        "seconds": {
            "atQuota": round(made.at_quota, 1),
            "cautious": round(made.cautious, 1),
            "countedWithReports": round(made.counted_with_reports, 1),
        },
        "memoryBytes": made.memory,
        "diskBytes": made.disk,
        "evidenceBytes": made.evidence,
        "assumptions": list(ASSUMPTIONS),
    }
