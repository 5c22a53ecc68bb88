"""An audit with something to do in it, for what the report and the files say of that."""

import json
from types import SimpleNamespace

import polars as pl

from mfaaudit.actions import Catalogue, plan_of
from mfaaudit.actions.read_action import read_action
from mfaaudit.findings import Circumstances, judge
from mfaaudit.findings.examples import NOW, frame
from mfaaudit.findings.read_pack import read_pack
from mfaaudit.sources.field import Scope
from mfaaudit.words import Reason, Unknown

TENANT_ID, RUN_ID = "44b99f10-ff88-58a5-9a4c-134806071d7b", "7929b554-dd6e-459f-a40b-d9561519c9df"
MFA, STATE, ENABLED = "registration.isMfaRegistered", "requirements.perUserMfaState", "user.accountEnabled"
UPN, NAME, CLASS = "user.userPrincipalName", "user.displayName", "derived.accountClass"
BOSS, OTHER = "b0550000-0000-4000-8000-000000000001", "b0550000-0000-4000-8000-000000000002"
OF_MANAGER = ("id", "displayName", "userPrincipalName", "mail")

ACTIONS = (
    {
        "id": "register",
        "who": "user",
        "when": {MFA: False},
        "tell": "Please register.",
        "steps": "Lead the user through it.",
    },
    {"id": "off", "change": {"set": STATE, "to": "disabled"}, "steps": "Set it to disabled."},
    {"id": "out", "change": {"set": ENABLED, "to": False}, "steps": "Disable it."},
    {"id": "again", "scope": "tenant", "who": "auditor", "reasons": ["THROTTLED"], "steps": "Audit anew."},
)
RULES = (
    {"id": "R-1", "require": {MFA: True}, "severity": "high", "action": "register"},
    {"id": "R-2", "require": {MFA: True}, "severity": "low", "action": "register"},
    {"id": "R-3", "require": {STATE: "disabled"}, "severity": "medium", "action": "off"},
    {"id": "R-4", "require": {"user.department": {"ne": "Gone"}}, "severity": "low", "action": "out"},
)


def uid(number):
    return f"{number:08x}-0000-4000-8000-00000000000a"


def person(number, **other):
    """A user with whom all is well but for what is said."""
    given = {
        UPN: f"user{number}@contoso.example",
        NAME: f"User {number}",
        ENABLED: True,
        MFA: True,
        STATE: "disabled",
        "user.department": "Sales",
        CLASS: "person",
        "derived.isAccountClassGuessed": False,
    }
    return given | other


def audit(*users, rules=RULES, actions=ACTIONS, tenant_id=TENANT_ID, run_id=RUN_ID, now=NOW, ids=None, bosses=None):
    """The material of an audit, as far as the part and the files look at it; `bosses` are the users' managers."""
    plain = {"title": "A rule", "rationale": "R.", "severity": "high", "remediation": "The rule's own cure."}
    head = {"id": "by-hand", "version": "1", "title": "By hand"}
    pack = read_pack(json.dumps({"pack": head, "rules": [plain | one for one in rules]}), "by-hand.yaml")
    people = frame(users, Scope.USER)
    people = people.with_columns(
        user_id=pl.Series(ids or [uid(n) for n in range(len(users))], dtype=pl.String()), **_bosses(bosses)
    )
    row = frame([{}], Scope.TENANT)
    findings = judge([pack], users=people, tenant=row, now=now, circumstances=Circumstances())
    texts = ({"title": f"Do {one['id']}", "who": "administrator"} | one for one in actions)
    catalogue = Catalogue.of(read_action(json.dumps(one), one["id"], {}) for one in texts)
    return SimpleNamespace(
        users=people,
        findings=findings,
        actions=plan_of(findings, people, row, catalogue, now),
        snapshot=SimpleNamespace(run=SimpleNamespace(id=run_id, tenant_id=tenant_id, started_at=now)),
    )


def _bosses(given):
    made = {}
    for key in OF_MANAGER if given is not None else ():
        column = f"manager_{key}"
        values = [one if isinstance(one, Unknown) else one.get(key, "") for one in given]
        made[column] = pl.Series([None if isinstance(one, Unknown) else one for one in values], dtype=pl.String())
        reasons = [one.reason.value if isinstance(one, Unknown) else None for one in values]
        made[f"{column}_reason"] = pl.Series(reasons, dtype=pl.String())
    return made


def boss(number=1):
    return {
        "id": BOSS if number == 1 else OTHER,
        "displayName": f"Boss {number}",
        "userPrincipalName": f"boss{number}@contoso.example",
        "mail": f"boss{number}@mail.example",
    }


NOT_ASKED, REFUSED = Unknown(Reason.NOT_REQUESTED), Unknown(Reason.NO_PERMISSION)
