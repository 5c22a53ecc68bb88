"""Packs, users and tenants in a few words, for the tests of this folder."""

import json

from mfaaudit.findings import judge
from mfaaudit.findings.examples import NOW, frame
from mfaaudit.findings.policy import Pack
from mfaaudit.findings.read_pack import read_pack
from mfaaudit.findings.results import Findings
from mfaaudit.sources.field import Scope
from mfaaudit.words import Reason, Unknown

MFA, CAPABLE, ADMIN = "registration.isMfaRegistered", "registration.isMfaCapable", "registration.isAdmin"
STATE, PREFERRED = (
    "requirements.perUserMfaState",
    "signInPreferences.userPreferredMethodForSecondaryAuthentication",
)
METHODS, ROLES = "registration.methodsRegistered", "derived.roles"
NAME, CREATED, TYPE, ENABLED = (
    "user.displayName",
    "user.createdDateTime",
    "user.userType",
    "user.accountEnabled",
)
DEFAULTS, POLICIES = "tenant.securityDefaults.isEnabled", "derived.allUsersMfaPolicies"

THROTTLED, NO_ROW = Unknown(Reason.THROTTLED), Unknown(Reason.NO_ROW)


def rule(require: dict, **parts) -> dict:
    """A rule as its file would hold it."""
    plain = {
        "id": "R-1",
        "title": "A rule",
        "rationale": "A reason.",
        "severity": "high",
        "remediation": "A cure.",
    }
    return plain | {"require": require} | parts


def pack(*rules: dict, lists: dict | None = None, **parts) -> Pack:
    """A pack as it is read from a file: JSON is YAML too."""
    head = {"id": "by-hand", "version": "1.0.0", "title": "A pack for a test"}
    text = json.dumps({"pack": head, **parts, "rules": rules})
    return read_pack(text, "by-hand.yaml", json.dumps({"lists": lists}) if lists else "", "_lists.yaml")


def judged(one: Pack, users: list[dict], tenant: dict | None = None) -> Findings:
    """What the pack says of the users; a field that is not given was not asked for."""
    return judge([one], users=frame(users, Scope.USER), tenant=frame([tenant or {}], Scope.TENANT), now=NOW)


def verdicts(one: Pack, users: list[dict], tenant: dict | None = None) -> list[tuple[str, str | None]]:
    """Verdict and reason of the pack's first rule, user by user."""
    return list(judged(one, users, tenant).results[0].frame.select("verdict", "reason").iter_rows())


GOOD = """\
pack:
  id: mine
  version: "1.0.0"
  title: Mine
preconditions:
  - {tenant.securityDefaults.isEnabled: false}
population:
  user.accountEnabled: true
rules:
  - id: M-1
    title: T
    rationale: R
    severity: high
    require:
      registration.isMfaRegistered: true
    remediation: C
    examples:
      - given:
          registration.isMfaRegistered: true
        verdict: PASS
  - id: M-2
    scope: tenant
    title: T
    rationale: R
    severity: low
    aggregate:
      count: {registration.isMfaCapable: true}
      over: population
    require: {percent: {gte: 99}}
    min_coverage_percent: 95
    remediation: C
"""
"""A file with nothing wrong in it."""
