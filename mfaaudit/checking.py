"""Can this identity read what an audit needs? One small call for each source, and what would be missing without it.

As JSON (schema 1; a later version of the same schema only adds keys):

schema          1
tool, toolVersion, checkedAt (UTC)
tenant          id, name, defaultDomain, type (as Graph spells it); null where the tenant did not say
cloud, graph    which Microsoft cloud, and the root of the Graph service that answered
identity        kind (application, delegated, unknown), auth, appId, appDisplayName, objectId, userPrincipalName,
                permissions: those that the token carries
requests        how many calls were made
sources[]       source, title, version, path, bucket;
                ability: READABLE, NO_PERMISSION, NO_LICENSE, DELEGATED_ONLY (an application signed in, and only a
                person may read it), CLOUD_UNSUPPORTED or COULD_NOT_TELL;
                needs: what is lacking, in a few words; why, cure: a sentence each; empty where nothing is to be said;
                permissions: any one suffices, the least first; granted: those of them that the token carries;
                directoryRoles: a person needs one of them too; needed: without it there is no audit;
                option: what an audit must be given to read it, as it is typed; empty if it is always read;
                httpStatus, errorCode, requestId of the answer; null where nothing was asked;
                fields: what would be unknown without it; rules, rulesInDoubt: as in `missing`, where they look at
                one of the fields. The last three are empty if the source is readable.
missing         of what is always read: fields: what would be unknown for everybody; rules: of the shipped packs, that
                could then judge nobody (NOT_EVALUATED); rulesInDoubt: that could judge some or not, as other values
                turn out, or that need what COULD_NOT_TELL is about; each rule as pack and id
grant           the permissions that would have to be granted, as few as can be
own             of the signed-in person's own per-user MFA state, which no audit needs: source, path, ability, needs,
                why, cure, permissions, granted, httpStatus, errorCode, requestId, as in sources
conclusion      exitCode, statement
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from mfaaudit import __version__
from mfaaudit.connecting import Connection, check_tenant, connected, sign_in
from mfaaudit.errors import Refused
from mfaaudit.evidence.response import Response, error_code
from mfaaudit.evidence.run import Identity
from mfaaudit.facts import FACTS
from mfaaudit.findings import Pack, Rule, load_pack, shipped_packs
from mfaaudit.findings.open_rules import fields_of_rule, open_rules
from mfaaudit.sources import BY_NAME, SOURCES, organization, requirements, users
from mfaaudit.sources.options import OPTIONS
from mfaaudit.sources.source import Bucket, Source
from mfaaudit.tenant.ability import FEWEST, Ability, Case, Finding, finding_of
from mfaaudit.tenant.collect import Progress
from mfaaudit.tenant.organisation import Tenant, read_tenant
from mfaaudit.tenant.own_requirements import own_case, own_finding
from mfaaudit.tenant.pace import Pace
from mfaaudit.tenant.probe import OneCall, probe
from mfaaudit.vocabulary import FIELDS, SOURCE_OF

SCHEMA = 1
NEEDED = frozenset({organization.SOURCE.name, users.SOURCE.name})
"""Without these there is no audit."""
NO_AUDIT, GAPS = 1, 11
OF_RUN = frozenset(fact.field.name for fact in FACTS if fact.of_run)
"""What tells how the reading went: of a source that cannot be read, it says so, and is not missing."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """One source, and what hangs on it."""

    case: Case
    finding: Finding
    fields: tuple[str, ...]
    """Names of what would be unknown without the source; none if it can be read."""
    rules: tuple[Rule, ...]
    in_doubt: tuple[Rule, ...]

    @property
    def option(self) -> str:
        """What an audit must be given to read the source, as it is typed; empty if it is always read."""
        return _option(self.case.source)

    @property
    def gap(self) -> bool:
        """Whether an audit may lack something. What no application may read is derived from the other reports."""
        return self.finding.ability not in (Ability.READABLE, Ability.DELEGATED_ONLY)


@dataclass(frozen=True, slots=True, kw_only=True)
class Check:
    """What one identity can read of one tenant."""

    connection: Connection
    identity: Identity
    tenant: Tenant | None
    """None where the identity may not even ask which tenant it is."""
    checked_at: datetime
    requests: int
    rows: tuple[Row, ...]
    fields: tuple[str, ...]
    """Names of what would be unknown for everybody."""
    rules: tuple[Rule, ...]
    """Of the shipped packs: those that could judge nobody."""
    in_doubt: tuple[Rule, ...]
    """Those that could judge some or not, as other values turn out."""
    own: tuple[Case, Finding]
    """Whether the signed-in person may read their own per-user MFA state; it changes no exit code."""

    @property
    def gaps(self) -> tuple[Row, ...]:
        """The sources that cannot be read, or of which that is not known; those that only an option reads aside."""
        return tuple(row for row in self.rows if row.gap and not row.option)

    @property
    def closed_options(self) -> tuple[str, ...]:
        """The options whose sources cannot be read, or of which that is not known, as they are typed."""
        return tuple(dict.fromkeys(row.option for row in self.rows if row.gap and row.option))

    @property
    def exit_code(self) -> int:
        """0 if everything that an audit needs can be read, 11 if something cannot, 1 if no audit is possible."""
        if any(row.case.source.name in NEEDED and not row.case.answered for row in self.gaps):
            return NO_AUDIT
        return GAPS if self.gaps else 0

    @property
    def statement(self) -> str:
        """The result in a sentence or two."""
        if self.exit_code == NO_AUDIT:
            unread = [row for row in self.gaps if row.case.source.name in NEEDED and not row.case.answered]
            names = " and ".join(row.case.source.title.lower() for row in unread)
            return f"No audit is possible: {names} cannot be read."
        closed = ""
        if self.closed_options:
            closed = f" What could not be read is asked for only by {' and '.join(self.closed_options)}."
        if not self.gaps:
            return f"This identity can read everything that an audit needs.{closed}"
        total = sum(not row.option for row in self.rows)
        untold = sum(row.finding.ability is Ability.COULD_NOT_TELL for row in self.gaps)
        text = f"An audit is possible, with gaps. Of {total} sources, {len(self.gaps) - untold} cannot be read"
        text += f", and of {untold} it could not be told." if untold else "."
        if self.rules:
            text += f" Rules of the shipped packs that could then judge nobody: {len(self.rules)}."
        return text + closed

    @property
    def grant(self) -> tuple[str, ...]:
        """The permissions that are lacking, as few as can be; none where the token cannot be looked into."""
        if self.identity.kind == "unknown":
            return ()
        lacking = (row.case for row in self.gaps if not row.case.granted)
        return tuple(sorted({FEWEST[case.source.name] for case in lacking}))


async def check(
    connection: Connection, progress: Progress, *, pace_by_bucket: Mapping[Bucket, Pace] | None = None
) -> Check:
    """Signs in and asks each source at most once; keeps nothing of the answers, and writes nothing.

    Raises SignInFailed, WrongTenant, Refused if the token is not taken, or Unreachable.
    """
    checked_at = datetime.now(UTC)
    async with connected(connection) as graph:
        identity = await sign_in(connection)
        reader = OneCall(graph, pace_by_bucket or connection.paces())
        progress("Sources", 0, len(SOURCES))
        tenant = await _tenant(connection, identity, reader)
        cases = await probe(reader, identity, connection.cloud, lambda done: progress("Sources", done, len(SOURCES)))
        own = await own_case(reader, identity, connection.cloud)
    found = [(case, finding_of(case)) for case in cases]
    packs = [load_pack(name) for name in shipped_packs()]
    unread = [(case, finding) for case, finding in found if finding.ability is not Ability.READABLE]
    always = [(case, finding) for case, finding in unread if not _option(case.source)]
    lost = _lost(case for case, _ in always)
    refused = [case for case, finding in always if finding.ability is not Ability.COULD_NOT_TELL]
    names = {case.source.name for case in refused}
    # What another source can decide as well is lost only if none of them can be read.
    decided = (fact.field.name for fact in FACTS if fact.or_by and not names.issuperset((fact.source, *fact.or_by)))
    certain = _lost(refused).difference(decided)
    rules, _ = open_rules(packs, certain)
    open_for_some = [rule for part in open_rules(packs, lost) for rule in part]
    in_doubt = tuple(rule for rule in open_for_some if rule not in rules)
    return Check(
        connection=connection,
        identity=identity,
        tenant=tenant,
        checked_at=checked_at,
        requests=reader.requests,
        rows=tuple(_row(case, finding, packs, rules, in_doubt) for case, finding in found),
        fields=_in_order(certain),
        rules=rules,
        in_doubt=in_doubt,
        own=(own, own_finding(own, next(finding for case, finding in found if case.source is requirements.SOURCE))),
    )


def _option(source: Source) -> str:
    if source.option:
        return OPTIONS[source.option].flag
    return f"--collect {source.collect}" if source.collect else ""


async def _tenant(connection: Connection, identity: Identity, reader: OneCall) -> Tenant | None:
    try:
        tenant = await read_tenant(reader)
    except Refused:
        # A token that may read nothing of the organization may still show what else is lacking.
        if reader.answers[organization.SOURCE.name].status != 403:
            raise
        return None
    check_tenant(connection.tenant, tenant, identity)
    return tenant


def _lost(cases: Iterable[Case]) -> frozenset[str]:
    """The names of the fields that are unknown for everybody without these sources."""
    # Where no user was known to ask about, the refusal counts; where no group is known, there may be none to read.
    cases = list(cases)
    sources = [case.source for case in cases if case.named or case.source.fields]
    # Of a source that is answered in part, these are known.
    shown = {
        field.name for case in cases if case.withheld and case.answered for field in case.source.fields
    }.difference(*(case.withheld for case in cases))
    names, options = {source.name for source in sources}, {"", *(source.option for source in sources)}
    facts = {fact.field.name for fact in FACTS if names.intersection(fact.also)}
    lost = (facts | {field for field, source in SOURCE_OF.items() if source in names}) - OF_RUN - shown
    # What an option reads is not missed where only other sources are in question.
    return frozenset(field for field in lost if BY_NAME[SOURCE_OF[field]].option in options)


def _row(case: Case, finding: Finding, packs: Sequence[Pack], rules: Sequence[Rule], in_doubt: Sequence[Rule]) -> Row:
    fields = _lost([case]) if finding.ability is not Ability.READABLE else frozenset()
    touched = {rule.id for pack in packs for rule in pack.rules if fields & fields_of_rule(rule)}
    return Row(
        case=case,
        finding=finding,
        fields=_in_order(fields),
        rules=tuple(rule for rule in rules if rule.id in touched),
        in_doubt=tuple(rule for rule in in_doubt if rule.id in touched),
    )


def _in_order(fields: AbstractSet[str]) -> tuple[str, ...]:
    return tuple(name for name in FIELDS if name in fields)


def to_json(made: Check) -> dict[str, Any]:
    """The check as JSON values, with the keys that the head of this file explains."""
    tenant = made.tenant
    return {
        "schema": SCHEMA,
        "tool": "mfaaudit",
        "toolVersion": __version__,
        "checkedAt": made.checked_at.isoformat(timespec="milliseconds"),
        "tenant": {
            "id": None if tenant is None else tenant.id,
            "name": None if tenant is None else tenant.name,
            "defaultDomain": None if tenant is None else tenant.default_domain,
            "type": None if tenant is None else tenant.type or None,
        },
        "cloud": made.connection.cloud,
        "graph": made.connection.root,
        "identity": made.identity.facts(),
        "requests": made.requests,
        "sources": [_source(row) for row in made.rows],
        "missing": {
            "fields": list(made.fields),
            "rules": _names(made.rules),
            "rulesInDoubt": _names(made.in_doubt),
        },
        "grant": list(made.grant),
        "own": _own(*made.own),
        "conclusion": {"exitCode": made.exit_code, "statement": made.statement},
    }


def _own(case: Case, finding: Finding) -> dict[str, Any]:
    return {
        "source": case.source.name,
        "path": case.source.path,
        "ability": finding.ability.value,
        "needs": finding.needs,
        "why": finding.why,
        "cure": finding.cure,
        "permissions": list(case.source.permissions),
        "granted": list(case.granted),
    } | _answer(case.response)


def _answer(response: Response | None) -> dict[str, Any]:
    return {
        "httpStatus": None if response is None else response.status,
        "errorCode": None if response is None else error_code(response.json()),
        "requestId": None if response is None else response.request_id,
    }


def _source(row: Row) -> dict[str, Any]:
    source = row.case.source
    return {
        "source": source.name,
        "title": source.title,
        "version": source.version,
        "path": source.path,
        "bucket": source.bucket.value,
        "ability": row.finding.ability.value,
        "needs": row.finding.needs,
        "why": row.finding.why,
        "cure": row.finding.cure,
        "permissions": list(source.permissions),
        "granted": list(row.case.granted),
        "directoryRoles": list(source.directory_roles),
        "needed": source.name in NEEDED,
        "option": row.option,
        **_answer(row.case.response),
        "fields": list(row.fields),
        "rules": _names(row.rules),
        "rulesInDoubt": _names(row.in_doubt),
    }


def _names(rules: Sequence[Rule]) -> list[dict[str, str]]:
    return [{"pack": rule.pack, "id": rule.id} for rule in rules]
