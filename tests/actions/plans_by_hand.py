"""Users, rules and a catalogue in a few words, and what is to be done about them."""

import json

import polars as pl

from mfaaudit.actions import Catalogue, plan_of
from mfaaudit.actions.assign import assign
from mfaaudit.actions.read_action import read_action
from mfaaudit.findings import Circumstances, judge
from mfaaudit.findings.atoms import Atoms
from mfaaudit.findings.examples import NOW, frame
from mfaaudit.findings.read_pack import read_pack
from mfaaudit.sources.field import Scope

MFA, CAPABLE, ADMIN = "registration.isMfaRegistered", "registration.isMfaCapable", "registration.isAdmin"
STATE, ENABLED, CLASS = "requirements.perUserMfaState", "user.accountEnabled", "derived.accountClass"
PERSON = {CLASS: "person", "derived.isAccountClassGuessed": False}


def uid(number):
    return f"{number:08x}-0000-4000-8000-00000000000a"


def rule(name, require, **parts):
    """A rule as its file would hold it."""
    plain = {
        "id": name,
        "title": f"Title {name}",
        "rationale": "R.",
        "severity": "high",
        "remediation": f"Cure {name}.",
    }
    return plain | {"require": require} | parts


def action(name, **parts):
    """An action as it is read from a file: JSON is YAML too."""
    plain = {"id": name, "title": f"Do {name}", "who": "administrator", "steps": f"Steps of {name}."}
    return read_action(json.dumps(plain | parts), f"{name}.yaml", {})


def judged(users, rules, tenant=None, waived=None):
    """The findings, the users and the tenant's row."""
    head = {"id": "by-hand", "version": "1", "title": "By hand"}
    pack = read_pack(json.dumps({"pack": head, "rules": rules}), "by-hand.yaml")
    given = frame([PERSON | one for one in users], Scope.USER)
    given = given.with_columns(user_id=pl.Series([uid(n) for n in range(given.height)], dtype=pl.String()))
    row = frame([tenant or {}], Scope.TENANT)
    excused = pl.Series([waived] * given.height, dtype=pl.String())
    circumstances = Circumstances(waivers=lambda _: excused if waived else None)
    return judge([pack], users=given, tenant=row, now=NOW, circumstances=circumstances), given, row


def planned(users, rules, actions=(), tenant=None, **how):
    """What is to be done."""
    findings, given, row = judged(users, rules, tenant, **how)
    return plan_of(findings, given, row, Catalogue.of(actions), NOW)


def assigned(users, rules, actions=(), tenant=None, **how):
    """Every finding with its action, as (action id, place of the user, rule id, failed)."""
    findings, given, row = judged(users, rules, tenant, **how)
    atoms = {Scope.USER: Atoms(given, NOW), Scope.TENANT: Atoms(row, NOW)}
    found = assign(findings, Catalogue.of(actions), atoms)
    rows = found.pairs.select("action", "user", "rule", "failed").iter_rows()
    return [(found.actions[a].id, user, findings.results[r].rule.id, failed) for a, user, r, failed in rows]


def items(plan):
    """The items as (action id, place of the user, rules, state, why)."""
    rows = plan.items.select("action", "subject", "rules", "state", "why").iter_rows()
    return [(plan.steps[action].action.id, *others) for action, *others in rows]
