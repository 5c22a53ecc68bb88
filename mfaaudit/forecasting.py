"""What an audit of a tenant would take, before it runs: requests, quota, time, memory and disk.

Five calls are made: which tenant it is, how many users it counts, who holds directory roles, and which groups the
Conditional Access policies of both versions name (the first page of each). Refusals, throttling and reads that fail are
asked for again in an audit, and are not foreseen here.

As JSON (schema 1; a later version of the same schema only adds keys):

schema          1
tool, toolVersion, forecastAt (UTC)
tenant          id, name, defaultDomain
cloud, graph    which Microsoft cloud, and the root of the Graph service that answered
collect         the way to collect that the rest, but for `ways` and `options`, is about
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
ways[]          collect: each way to collect; requests, units, seconds, memoryBytes, as above and below;
                perUserReads: of the two reads for one user, in all; atLeast: whether there may be more
options[]       what each option of `audit` would add: option, as it is typed; title; requests, units, seconds, atLeast:
                as above, null also where it could not be told; price: the same in a sentence
memoryBytes     of the process at its most
diskBytes       of the bundle with all its reports; evidenceBytes: of its evidence alone
assumptions[]   what the numbers rest on, a sentence each
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from mfaaudit import __version__
from mfaaudit.connecting import Connection, check_tenant, connected, sign_in
from mfaaudit.errors import Refused
from mfaaudit.evidence.journal import Journal
from mfaaudit.evidence.response import next_link, objects_in
from mfaaudit.evidence.run import PER_USER, WAYS
from mfaaudit.evidence.service import Service, said_of
from mfaaudit.facts.policy_exclusions import policy_groups
from mfaaudit.facts.roles import role_groups
from mfaaudit.snapshot.sample import SIZE
from mfaaudit.sources import conditional_access, conditional_access_beta, requirements, role_assignments, user_count
from mfaaudit.sources.options import OPTIONS
from mfaaudit.sources.source import Bucket
from mfaaudit.tenant.ability import holds_answer
from mfaaudit.tenant.collect import Progress
from mfaaudit.tenant.cost import Known, Line
from mfaaudit.tenant.organisation import Tenant, cannot_do_without, read_tenant
from mfaaudit.tenant.price import Price, price_of, prices_for
from mfaaudit.tenant.reader import Reader
from mfaaudit.tenant.way import Share, Way, way_of

SCHEMA = 1
USER = "#microsoft.graph.user"
SAMPLE = SIZE * (1 + len(requirements.FIELDS[0].values))
"""Users whom `verified-bulk` draws at most: so many of each per-user MFA state, and of those without one."""

# Peak memory of `mfaaudit audit` and size of its bundle, default rules and formats, on the simulated tenant served by
# another process without quotas: lines near what 500, 8,000, 20,000 and 100,000 users of the messy mood took in memory
# (161, 198, 240 and 369 MB), and 500, 3,000 and 12,000 on disk (2.7, 6.9 and 21.1 MB); the tidy mood takes less.
MEMORY, MEMORY_A_USER = 180_000_000, 1_900
EVIDENCE, EVIDENCE_A_USER = 30_000, 164
DISK, DISK_A_USER = 1_400_000, 1_600

ASSUMPTIONS = (
    "Nothing is refused or asked for twice.",
    "There are no Conditional Access plans; each takes a request more.",
    "The per-user reads cost one resource unit each and are counted by the identity service. Graph's pages do not say "
    "so; if they are counted with the reports (5 in 10 s), the last of the three times holds.",
    "The sign-in metrics are counted with the reports, which Graph's pages do not say either.",
    "The registration report has a row for every user; it leaves out the disabled, so that it may be shorter.",
    f"verified-bulk reads the administrators singly, and up to {SAMPLE:,} others as a sample; whoever the listings "
    "leave open comes on top, and all users if the sample and the listings disagree.",
    "An option with a quota of its own is read beside the rest: an audit takes longer for it only if the rest is done "
    "first.",
    "Memory and disk were measured on simulated tenants of 500 to 100,000 users, collected per-user.",
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Forecast:
    """What an audit of one tenant would take."""

    connection: Connection
    tenant: Tenant
    forecast_at: datetime
    known: Known
    requests_made: int
    way: Way
    """The way that was asked about."""
    ways: tuple[Way, ...]
    """All of them, side by side."""
    prices: tuple[Price, ...]
    """What each option would add."""

    @property
    def memory(self) -> int:
        """Bytes that the process needs at its most; most of it is the users' values, however they were read."""
        return MEMORY + MEMORY_A_USER * self.known.users

    @property
    def evidence(self) -> int:
        """Bytes of the evidence, compressed."""
        return EVIDENCE + EVIDENCE_A_USER * self.known.users

    @property
    def disk(self) -> int:
        """Bytes of the whole bundle."""
        return DISK + DISK_A_USER * self.known.users


async def forecast(
    connection: Connection, progress: Progress, *, collect: str = PER_USER, groups: Iterable[str] = ()
) -> Forecast:
    """Signs in and counts. Raises SignInFailed, WrongTenant, Refused or Unreachable.

    `groups` are the object ids of groups that rules or exceptions name, and that an audit would read for them.
    """
    forecast_at = datetime.now(UTC)
    async with connected(connection) as graph:
        identity = await sign_in(connection)
        progress("Tenant", 0, None)
        # Without a folder, a journal is a place in memory.
        reader = Reader(graph, Journal(), connection.paces())
        tenant = await read_tenant(reader)
        check_tenant(connection.tenant, tenant, identity)
        known = await _known(reader, tenant, frozenset(group.lower() for group in groups))
    ways = tuple(way_of(known, collect) for collect in WAYS)
    return Forecast(
        connection=connection,
        tenant=tenant,
        forecast_at=forecast_at,
        known=known,
        requests_made=reader.requests,
        way=next(way for way in ways if way.collect == collect),
        ways=ways,
        prices=tuple(prices_for(known)),
    )


async def _known(reader: Reader, tenant: Tenant, groups: frozenset[str]) -> Known:
    answer = await reader.ask(user_count.SOURCE, reader.url(user_count.SOURCE))
    users = answer.number()
    if users is None and Service(tenant_type=tenant.type).for_customers:
        raise Refused(
            f"{said_of(tenant.type)} does not count its users, so nothing can be forecast",
            hint="Audit it all the same: what such a tenant does not have is not evaluated, and the report says so.",
        )
    if users is None:
        raise cannot_do_without(user_count.SOURCE, answer)
    roles = await reader.ask(role_assignments.SOURCE, reader.url(role_assignments.SOURCE))
    lists = (conditional_access.SOURCE, conditional_access_beta.SOURCE)
    asked = [(source, await reader.ask(source, reader.url(source))) for source in lists]
    policies = [answer for source, answer in asked if holds_answer(source, answer)]
    named_by_policies = policy_groups(row for page in policies for row in objects_in(page)) if policies else None
    return Known(
        users=users,
        administrators=len({row["principalId"] for row in objects_in(roles) if _is_user(row)}),
        sample=SAMPLE,
        groups=role_groups(objects_in(roles)),
        more_roles=next_link(roles) is not None,
        policy_groups=named_by_policies,
        # The rules that an audit is judged with unless others are named ask what enforces MFA: their groups are read.
        named_groups=groups.union(named_by_policies or ()),
        more_policies=any(next_link(page) is not None for page in policies),
    )


def _is_user(assignment: Mapping[str, Any]) -> bool:
    principal = assignment.get("principal")
    kind = principal.get("@odata.type") if isinstance(principal, dict) else None
    return kind == USER and isinstance(assignment.get("principalId"), str)


def sentences(made: Forecast) -> dict[str, str]:
    """What each option would add, in words, by its name."""
    known = made.known
    groups = None if known.policy_groups is None else len(known.policy_groups - known.groups - known.named_groups)
    return {name: price_of(name, made.known.users, groups=groups) for name in OPTIONS}


def to_json(made: Forecast) -> dict[str, Any]:
    """The forecast as JSON values, with the keys that the head of this file explains."""
    way, said = made.way, sentences(made)
    return {
        "schema": SCHEMA,
        "tool": "mfaaudit",
        "toolVersion": __version__,
        "forecastAt": made.forecast_at.isoformat(timespec="milliseconds"),
        "tenant": {"id": made.tenant.id, "name": made.tenant.name, "defaultDomain": made.tenant.default_domain},
        "cloud": made.connection.cloud,
        "graph": made.connection.root,
        "collect": way.collect,
        "users": made.known.users,
        "requestsMade": made.requests_made,
        "requests": way.requests,
        "units": way.units,
        "sources": [_line(line) for line in way.lines],
        "buckets": [_bucket(share) for share in way.shares],
        "seconds": _seconds(way),
        "ways": [
            {
                "collect": one.collect,
                "requests": one.requests,
                "perUserReads": one.per_user_reads,
                "units": one.units,
                "atLeast": one.at_least,
                "seconds": _seconds(one),
                "memoryBytes": made.memory,
            }
            for one in made.ways
        ],
        "options": [
            {
                "option": OPTIONS[price.option].flag,
                "title": OPTIONS[price.option].title,
                "requests": price.requests,
                "units": price.units,
                "seconds": None if price.seconds is None else round(price.seconds, 1),
                "atLeast": price.at_least,
                "price": said[price.option],
            }
            for price in made.prices
        ],
        "memoryBytes": made.memory,
        "diskBytes": made.disk,
        "evidenceBytes": made.evidence,
        "assumptions": list(ASSUMPTIONS),
    }


def _line(line: Line) -> dict[str, Any]:
    return {
        "source": line.source,
        "title": line.title,
        "bucket": line.bucket.value,
        "requests": line.requests,
        "reads": line.reads,
        "units": line.units,
        "atLeast": line.at_least,
    }


def _bucket(share: Share) -> dict[str, Any]:
    return {
        "bucket": share.bucket.value,
        "requests": share.requests,
        "reads": share.reads,
        "units": share.units,
        "quota": share.quota.size,
        "periodSeconds": share.quota.period,
        "seconds": round(share.seconds, 1),
        "documented": share.bucket is Bucket.CONDITIONAL_ACCESS,
    }


def _seconds(way: Way) -> dict[str, float]:
    return {
        "atQuota": round(way.at_quota, 1),
        "cautious": round(way.cautious, 1),
        "countedWithReports": round(way.counted_with_reports, 1),
    }
