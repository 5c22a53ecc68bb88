"""What an audit would take in one way to collect: its requests, what falls to which quota, and how long."""

from __future__ import annotations

from dataclasses import dataclass

from mfaaudit.sources.source import Bucket
from mfaaudit.tenant.cost import Known, Line, lines_for
from mfaaudit.tenant.price import Quota, quota_of

CAUTIOUS = 3.0
"""Per-user reads a second: the lowest rate that users report for the sibling endpoint, a user's methods."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Share:
    """What falls to one quota."""

    bucket: Bucket
    requests: int
    reads: int
    units: int | None
    quota: Quota
    seconds: float
    """At the quota."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Way:
    """What an audit would take in one way to collect."""

    collect: str
    users: int
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
    def at_least(self) -> bool:
        """Whether there may be more of either."""
        return any(line.at_least for line in self.lines)

    @property
    def shares(self) -> tuple[Share, ...]:
        """By quota, of those that are touched."""
        return tuple(self._share(bucket) for bucket in Bucket if any(line.bucket is bucket for line in self.lines))

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
        return max(self.at_quota, reports.quota.seconds(self.per_user_reads + reports.requests))

    def _share(self, bucket: Bucket) -> Share:
        own = [line for line in self.lines if line.bucket is bucket]
        requests = sum(line.requests or 0 for line in own)
        units = sum(line.units or 0 for line in own) if bucket is Bucket.IDENTITY else None
        quota = quota_of(bucket, self.users)
        return Share(
            bucket=bucket,
            requests=requests,
            reads=sum(line.reads or 0 for line in own),
            units=units,
            quota=quota,
            seconds=quota.seconds(requests if units is None else units),
        )


def way_of(known: Known, collect: str) -> Way:
    """The way to collect of that name, in a tenant of which so much is known."""
    return Way(collect=collect, users=known.users, lines=tuple(lines_for(known, collect)))
