"""A pack to include from and to extend, and what the tests of that share."""

import pytest

from mfaaudit.errors import PolicyProblem

BASE = """\
pack:
  id: base
  version: "2.0"
  title: Base
  description: What it says.
  posture: per-user
  judges: tenant
  conflicts_with: [other]
  framework: {name: Frame, version: "7", source: secondary, note: N}
preconditions:
  - {tenant.securityDefaults.isEnabled: false}
population:
  user.userType: {not_in: $outsiders}
lists:
  outsiders: [Guest]
  phones: [mobilePhone, sms]
rules:
  - id: B-1
    title: One
    rationale: R
    severity: low
    require: {registration.methodsRegistered: {contains_none: $phones}}
    remediation: C
    examples:
      - {given: {user.userType: Member, registration.methodsRegistered: [email]}, verdict: PASS}
  - id: B-2
    title: Two
    rationale: R
    severity: high
    population: {user.accountEnabled: true}
    require: {registration.isMfaRegistered: true}
    remediation: C
    blocked_by: [B-1]
    examples:
      - {given: {user.accountEnabled: true, registration.isMfaRegistered: true}, verdict: PASS}
  - id: B-3
    scope: tenant
    title: Three
    rationale: R
    severity: high
    aggregate: {count: {registration.isMfaCapable: true}, over: population}
    require: {percent: {gte: 90}}
    min_coverage_percent: 80
    remediation: C
    examples:
      - users: [{tenant.securityDefaults.isEnabled: false, user.userType: Member, registration.isMfaCapable: true}]
        verdict: PASS
controls:
  - {id: "1.1", title: First, assessment: full, rules: [B-1, B-2]}
  - {id: "1.2", title: Second, assessment: partly, rules: [B-2], note: Not all of it.}
  - {id: "1.3", title: Third, assessment: manual, note: Look.}
"""
HEAD = 'pack:\n  id: mine\n  version: "1"\n  title: Mine\n'
CHILD = HEAD + "  extends: base\n"
OWN = """\
rules:
  - {id: M-1, title: T, rationale: R, severity: low, require: {registration.isMfaCapable: true}, remediation: C}
"""
NEEDS = HEAD.replace("mine", "needs") + (
    "lists: {emergency: [a], few: [sms]}\n"
    "fill_in: {emergency: Object ids of the emergency accounts.}\n"
    "rules:\n"
    "  - {id: N-1, title: T, rationale: R, severity: low, require: {derived.roles: {contains_none: $emergency}},\n"
    "     remediation: C}\n"
    "  - {id: N-2, title: T, rationale: R, severity: low, require: {registration.isMfaCapable: true}, remediation: C}\n"
)


def refused(read):
    with pytest.raises(PolicyProblem) as caught:
        read()
    return caught.value


def of(one, name):
    return next(rule for rule in one.rules if rule.id == name)


def writer(folder):
    """Writes packs into a folder, in which the base stands already."""

    def put(name, text):
        path = folder / f"{name}.yaml"
        path.write_text(text, encoding="utf-8")
        return str(path)

    put("base", BASE)
    return put
