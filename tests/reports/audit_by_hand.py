"""An audit of users that are written by hand, for the parts of a report that are drawn from it."""

from datetime import UTC, datetime
from types import SimpleNamespace

import polars as pl

from mfaaudit.declared.declare import Declared
from mfaaudit.declared.posture import posture_of
from mfaaudit.facts.conditional_access.enforcement import EVERYWHERE
from mfaaudit.findings import Circumstances, judge, load_packs
from mfaaudit.findings.examples import frame
from mfaaudit.reports.material import Material
from mfaaudit.sources.field import Scope
from mfaaudit.tenant.claims import identity_of
from mfaaudit.words import Unknown

NOW = datetime(2026, 3, 31, 12, tzinfo=UTC)
NOBODY = identity_of({}, auth="token")
USER = {
    "user.userPrincipalName": "ada@contoso.example",
    "user.displayName": "Ada",
    "user.accountEnabled": True,
    "user.userType": "Member",
    "derived.roles": (),
    "registration.isAdmin": False,
    "registration.isMfaRegistered": True,
    "requirements.perUserMfaState": "disabled",
    "derived.enforcedBy": "conditionalAccessAllResources",
    "derived.enforcingPolicies": ("All users (1)",),
    "derived.excludedFromMfaPolicies": (),
    "derived.accountClass": "person",
    "derived.accountClassReason": "Nothing marks it as anything else.",
    "derived.isAccountClassGuessed": False,
}
TENANT = {
    "tenant.securityDefaults.isEnabled": False,
    "derived.allUsersMfaPolicies": ("All users",),
    "derived.administratorsMfaPolicies": ("All users",),
    "derived.guestsMfaPolicies": (),
    "derived.mfaPolicies": ("All users",),
    "derived.isPerUserMfaInUse": False,
}


def audit(*others, tenant=(), posture="auto", packs=("enforcement",), orphans=(), waived=()):
    """The material of an audit; each user, and the tenant, is as usual but for what is said here.

    `waived` are the places of users whose failures are.
    """
    users = frame([_case(one) for one in others], Scope.USER)
    facts = TENANT | dict(tenant)
    named = facts["derived.allUsersMfaPolicies"]
    facts["derived.hasAllUsersMfaPolicy"] = named if isinstance(named, Unknown) else bool(named)
    row = frame([facts], Scope.TENANT)
    excused = pl.Series(["E-1" if place in waived else None for place in range(users.height)], dtype=pl.String())
    declared = Declared(
        users=users,
        tenant=row,
        posture=posture_of(posture, row),
        sha256s={},
        orphaned_overrides=tuple(orphans),
        _standings=(),
        _waivers=None,
    )
    return Material(
        snapshot=SimpleNamespace(
            role_names={"r-1": "Global Administrator"},
            foreign_holders=(),
            run=SimpleNamespace(id="run-1", cloud="global", sessions=(), identity=NOBODY),
            coverage=(),
            failures=(),
        ),
        declared=declared,
        findings=judge(
            load_packs(packs), users=users, tenant=row, now=NOW, circumstances=Circumstances(waivers=lambda _: excused)
        ),
        exceptions=(),
        conclusion=None,
    )


def _case(one):
    case = USER | one
    answer = case["derived.enforcedBy"]
    asked = answer if isinstance(answer, Unknown) else answer in EVERYWHERE
    return {"derived.isAskedEverywhere": asked} | case


def rows(section, name):
    """The rows of one table, by the keys of its columns; there are as many as the table says."""
    (table,) = [one for one in section.tables if one.name == name]
    keys = [column.key for column in table.columns]
    found = [dict(zip(keys, row, strict=True)) for row in table.rows()]
    assert len(found) == table.row_count
    return found


def facts(section):
    """The facts by their labels."""
    return {one.label: one for one in section.facts}
