"""A tenant of a few users, registers as text, and rules, by hand."""

from datetime import UTC, date, datetime, timedelta

import polars as pl

from mfaaudit.columns import REASONS, columns_of
from mfaaudit.declared.declare import declare
from mfaaudit.declared.read_register import read_register
from mfaaudit.declared.register import Register
from mfaaudit.declared.standing import RuleFacts
from mfaaudit.facts.control_exclusions import CONTROLS
from mfaaudit.sources.field import Scope
from mfaaudit.vocabulary import FIELDS
from mfaaudit.words import Reason, Severity, Unknown

TODAY = date(2026, 10, 2)
NOW = datetime(2026, 10, 2, 12, tzinfo=UTC)
GONE, GROUP, OTHER_GROUP = (f"{letter * 8}-0000-4000-8000-000000000000" for letter in "def")

RULES = {
    "CRIT": RuleFacts(Severity.CRITICAL, about_tenant=False, waivable=True),
    "HIGH": RuleFacts(Severity.HIGH, about_tenant=False, waivable=True),
    "MED": RuleFacts(Severity.MEDIUM, about_tenant=False, waivable=True),
    "LOW": RuleFacts(Severity.LOW, about_tenant=False, waivable=True),
    "INFO": RuleFacts(Severity.INFO, about_tenant=False, waivable=True),
    "DQ": RuleFacts(Severity.LOW, about_tenant=False, waivable=False),
    "TENANT": RuleFacts(Severity.LOW, about_tenant=True, waivable=True),
}

USER = {
    "user.displayName": "Ada",
    "user.userPrincipalName": "ada@contoso.example",
    "user.accountEnabled": True,
    "user.userType": "Member",
    "user.odataType": "#microsoft.graph.user",
    "derived.roles": (),
    "derived.excludedFromMfaPolicies": (),
    "derived.excludedFromControlPolicies": (),
    "derived.excludedFromAdministratorPolicies": (),
    "derived.enforcedBy": "excluded",
}
TENANT = {
    "tenant.securityDefaults.isEnabled": False,
    "derived.allUsersMfaPolicies": ("All users",),
    "derived.allUsersPhishingResistantPolicies": (),
    "derived.guestsMfaPolicies": (),
    "derived.administratorsMfaPolicies": ("All users",),
    "derived.administratorsPhishingResistantPolicies": (),
    "derived.privilegedPhishingResistantPolicies": (),
    "derived.policiesExceptApplications": (),
    "derived.policyExclusions": (),
    "derived.hasAllUsersMfaPolicy": True,
    "derived.isPerUserMfaInUse": False,
    **{control.policies_field.name: () for control in CONTROLS},
}


def uid(number):
    return f"{number:08x}-0000-4000-8000-00000000000a"


def days(number):
    return (TODAY + timedelta(number)).isoformat()


def users(*cases):
    """A frame of users: each case says what is other than usual."""
    made = {"user_id": pl.Series([uid(number).upper() for number in range(len(cases))], dtype=pl.String())}
    for name in USER:
        made |= columns_of(FIELDS[name], [(USER | case)[name] for case in cases])
    reasons = [f"{FIELDS[name].column}_reason" for name in USER]
    return pl.DataFrame(made).with_columns(pl.col(reasons).cast(REASONS))


def tenant(policies=None, **other):
    """The tenant's row; `policies` are those that ask for MFA, where that is a column."""
    given = TENANT | {name.replace("__", "."): value for name, value in other.items()}
    made = {}
    for name, value in given.items():
        assert FIELDS[name].scope is Scope.TENANT
        made |= columns_of(FIELDS[name], [value])
    if policies is not None:
        reason = policies.reason.value if isinstance(policies, Unknown) else None
        made["derived_mfaPolicies"] = pl.Series([None if reason else list(policies)], dtype=pl.List(pl.String()))
        made["derived_mfaPolicies_reason"] = pl.Series([reason], dtype=pl.String())
    return pl.DataFrame(made)


def entry(name="E-1", **other):
    """One entry as YAML; `None` leaves a key out."""
    given = {
        "id": name,
        "kind": "waiver",
        "rules": "[LOW]",
        "subject": f"{{userId: {uid(0)}}}",
        "reason": "Kiosk",
        "compensating_control": "A lock",
        "requested_by": "it@contoso.example",
        "approved_by": "ciso@contoso.example",
        "approved_on": days(-10),
        "expires_on": days(100),
        "ticket": "CHG-1",
    } | other
    if given["kind"] == "break_glass" and "last_drill_on" not in other:
        given["last_drill_on"] = days(-1)
    lines = [f"{key}: {value}" for key, value in given.items() if value is not None]
    return "  - " + "\n    ".join(lines) + "\n"


def text(*entries):
    return "schema: 1\nexceptions:\n" + "".join(entries) if entries else "schema: 1\nexceptions: []\n"


def register(*entries):
    return read_register(text(*entries), "ours.yaml")


def declared(*entries, people=None, of_tenant=None, groups=None, now=NOW, rules=RULES, overrides=None, asked="auto"):
    """What `declare` makes of entries in a tenant of three users; a register that was read may stand for them."""
    one = entries[0] if len(entries) == 1 and isinstance(entries[0], Register | None) else register(*entries)
    return declare(
        users({}, {}, {}) if people is None else people,
        tenant() if of_tenant is None else of_tenant,
        register=one,
        overrides=overrides,
        posture_asked=asked,
        groups={} if groups is None else groups,
        now=now,
        rules=rules,
    )


def states(*entries, used=None, **how):
    """The states of the first entry, as words."""
    return [str(state) for state in declared(*entries, **how).entries(used or {"E-1": 1})[0].states]


def waived(made, rule):
    found = made.waivers(rule)
    return None if found is None else found.to_list()


def fact(frame, name):
    """The only value of a field of the tenant, or the reason why there is none."""
    column = FIELDS[name].column
    reason = frame[f"{column}_reason"].item()
    value = frame[column].item()
    if reason is not None:
        assert value is None
        return Reason(reason)
    return value.to_list() if isinstance(value, pl.Series) else value
