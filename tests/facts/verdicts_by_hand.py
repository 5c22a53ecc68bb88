"""From policies, roles and a register to verdicts, as an audit comes to them, without a tenant that is served."""

from dataclasses import dataclass, replace
from datetime import UTC, datetime

import polars as pl
from policies_by_hand import Case
from tenants_by_hand import given_of

from mfaaudit.declared.fields import FIELDS
from mfaaudit.declared.read_register import read_register
from mfaaudit.facts import FACTS
from mfaaudit.findings import judge, load_packs
from mfaaudit.findings.declarations import Declarations
from mfaaudit.findings.examples import frame
from mfaaudit.known_ids import CIS_ADMINISTRATORS, SCUBA_PRIVILEGED
from mfaaudit.sources.field import Scope

NOW = datetime(2026, 10, 2, 12, tzinfo=UTC)
JUDGED = {
    *("CAM-T1", "CAM-T2", "CIS-5.2.2.1", "CIS-5.2.2.5", "SCUBA-3.1", "SCUBA-3.2", "SCUBA-3.6", "GST-T1"),
    *("ENF-01", "ENF-02", "ENF-03", "BASE-T2", "BASE-T3"),
}
"""Rules that rest on Conditional Access; the others of the packs would only take time."""
PACKS = tuple(
    replace(pack, rules=tuple(rule for rule in pack.rules if rule.id in JUDGED), controls=())
    for pack in load_packs(["ca-managed", "cis-m365", "cisa-scuba", "enforcement", "baseline", "guests"])
)
ROLES = sorted({*CIS_ADMINISTRATORS, *SCUBA_PRIVILEGED})
READER = "4a5d8f65-41da-4de4-8968-e035b65339cf"
"""Reports Reader: in neither list."""
PEOPLE = ("gav", "gil", "ann", "gus")
IDS = {name: f"0000000{number}-0000-4000-8000-00000000000a" for number, name in enumerate(PEOPLE, 1)}
TYPES = {"gus": "Guest"}


@dataclass
class Verdicts:
    """Of each rule the worst verdict, and who fails it."""

    status: dict[str, str]
    observed: dict[str, object]
    """The tenant's row, with what was declared."""
    failing: dict[str, set[str]]


def entry(subject, rules="[CAM-T1]", **more):
    given = {
        "id": "E-" + subject.replace(": ", "-"),
        "kind": "waiver",
        "rules": rules,
        "subject": f"{{{subject}}}",
        "reason": "Needed",
        "compensating_control": "A lock",
        "requested_by": "it@contoso.example",
        "approved_by": "ciso@contoso.example",
        "approved_on": "2026-09-22",
        "expires_on": "2026-12-31",
        "ticket": "CHG-1",
    } | more
    return "  - " + "\n    ".join(f"{key}: {value}" for key, value in given.items()) + "\n"


def read(columns):
    """A frame without what is declared: that is looked up afterwards."""
    known = tuple(field.column for field in FIELDS)
    return columns.select(name for name in columns.columns if not name.startswith(known))


def judged(policies, *, roles=(), groups=None, entries=(), people=PEOPLE):
    """The verdicts of the rules about the tenant, and the users who fail each rule about users."""
    names = {name: (TYPES.get(name, "Member"), f"{name}@contoso.example") for name in people}
    ids = {IDS[name]: kind for name, kind in names.items()}
    case = Case(name="", policies=policies, expected={}, source="", groups=groups or {}, roles=roles)
    given = given_of(case, ids)
    cases = [
        {
            "user.userPrincipalName": name,
            "user.displayName": name,
            "user.accountEnabled": True,
            "user.userType": kind,
            "requirements.perUserMfaState": "disabled",
            "registration.isAdmin": any(role["principalId"] == user for role in roles),
        }
        for user, (kind, name) in ids.items()
    ]
    tenant = {"tenant.securityDefaults.isEnabled": False}
    for fact in FACTS:
        if fact.source not in ("conditionalAccessPolicies", "roleAssignments", "requirements"):
            continue
        if fact.of_user is not None:
            for one, value in zip(cases, fact.of_user(given), strict=True):
                one[fact.field.name] = value
        if fact.of_tenant is not None:
            tenant[fact.field.name] = fact.of_tenant(given)
    declarations = Declarations(
        register=read_register("schema: 1\nexceptions:\n" + "".join(entries), "ours.yaml") if entries else None,
        overrides=None,
        posture="conditional-access",
        every_posture=False,
    )
    users = read(frame(cases, Scope.USER)).with_columns(user_id=pl.Series(list(ids)))
    declared = declarations.look_up(
        PACKS, users=users, tenant=read(frame([tenant], Scope.TENANT)), groups=groups or {}, day=NOW
    )
    findings = judge(
        PACKS, users=declared.users, tenant=declared.tenant, now=NOW, circumstances=declarations.circumstances(declared)
    )
    row = declared.tenant.row(0, named=True)
    found = Verdicts({}, row, {})
    for result in findings.results:
        found.status[result.rule.id] = result.counts.worst.value
        if result.rule.scope is Scope.USER:
            verdicts = result.frame["verdict"].cast(str).to_list()
            found.failing[result.rule.id] = {
                name for name, verdict in zip(people, verdicts, strict=True) if verdict == "FAIL"
            }
    return found
