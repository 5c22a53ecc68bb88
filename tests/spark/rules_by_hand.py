"""A pack that asks everything of users in which everything occurs: known, empty, unread, not classified."""

import json
from datetime import UTC, datetime, timedelta

import polars as pl

from mfaaudit.columns import known_of
from mfaaudit.findings import Circumstances
from mfaaudit.findings.examples import frame
from mfaaudit.findings.read_pack import read_pack
from mfaaudit.sources.field import Scope
from mfaaudit.vocabulary import FIELDS
from mfaaudit.words import Reason, Unknown

MFA, CAPABLE, ADMIN = "registration.isMfaRegistered", "registration.isMfaCapable", "registration.isAdmin"
METHODS, ROLES = "registration.methodsRegistered", "derived.roles"
NAME, CREATED, TYPE, STATE = "user.displayName", "user.createdDateTime", "user.userType", "requirements.perUserMfaState"
UPN, GROUPS = "user.userPrincipalName", "derived.groups"
DEFAULTS, POSTURE = "tenant.securityDefaults.isEnabled", "declared.posture"
G1, G2, G3 = (f"{n:08x}-0000-0000-0000-00000000000{n}" for n in (1, 2, 3))
READ = [G1, G2]
"""The groups of which it is known who is in them."""
NEW, PHONE, PUSH, KEY = "methodOfTheFuture", "mobilePhone", "microsoftAuthenticatorPush", "fido2SecurityKey"
WEAK = [PHONE, "email"]
FIRST, SECOND = datetime(2026, 3, 1, 12, tzinfo=UTC), datetime(2026, 3, 29, 0, 30, tzinfo=UTC)
"""When two audits began; between them, clocks are put forward in many places."""
MICRO = timedelta(microseconds=1)
THROTTLED, NO_ROW = Unknown(Reason.THROTTLED), Unknown(Reason.NO_ROW)

TRUTHS = [True, False, THROTTLED, NO_ROW]
VALUES = {
    MFA: TRUTHS,
    CAPABLE: [*reversed(TRUTHS), True],
    ADMIN: [True, NO_ROW, False],
    TYPE: ["Member", "Guest", "none", THROTTLED],
    STATE: ["disabled", "enabled", "enforced", NO_ROW],
    NAME: [
        *("Zoë", "zoë", "ZOË", "", " ", "svc-\nx", "a.b", "axb", "İSMAİL", "ısmaıl", "ismail", "ISMAIL", "\u212a", "k"),
        *("straße", "STRAẞE", "𝒳\\", "$^[a]", "ſvc", "Σίσυφος", "σίσυφοσ", NO_ROW),
    ],
    METHODS: [
        *((), (KEY,), (PHONE,), (KEY, PUSH), (KEY, PHONE), (NEW,), (KEY, NEW), (PHONE, NEW), (KEY, PUSH, NEW)),
        *(WEAK, (KEY, KEY), THROTTLED, NO_ROW),
    ],
    ROLES: [(), ("a",), ("a", "b"), ("x",), ("",), THROTTLED],
    GROUPS: [(), (G1,), (G1, G2), NO_ROW, (G2,)],
    UPN: ["a.b", "İSMAİL", THROTTLED, "ismail", "Zoë", "k"],
    CREATED: [
        *(day - timedelta(days=14) + shift for day in (FIRST, SECOND) for shift in (-MICRO, 0 * MICRO, MICRO)),
        FIRST,
        datetime(1601, 1, 1, tzinfo=UTC),
        NO_ROW,
    ],
}
TESTS = {
    MFA: [{"eq": True}, {"eq": False}, {"ne": True}, {"ne": False}, {"exists": True}, {"eq_field": CAPABLE}],
    STATE: [{"eq": "enforced"}, {"ne": "enforced"}, {"in": ["enabled", "enforced"]}, {"not_in": ["disabled"]}],
    TYPE: [{"empty": True}, {"not_empty": True}, {"exists": True}],
    NAME: [
        *({"matches": one} for one in ("zoë", "ısmaıl", "ismail", "İsmail", "k", "stra?e", "STRAẞE", "SVC*", "a.b")),
        *({"matches": one} for one in ("*", "?", "?\\", "$^[A]", "ΣΊΣΥΦΟΣ", "*x", "??????")),
        *(
            {"regex": one}
            for one in ("^[a-zß]+$", "[^a-zς]", r"^\w+$", r"\W", r"\s|\d", "^s.c-", "ı|\u017f", "k$|^x", ".")
        ),
        *({"regex": one} for one in (r"[\[\]^$\\]", "(a|z).+b?", r"^\$", "^$", "σ$", "ß")),
        {"eq_field": UPN},
        {"eq": "Zoë"},
        {"ne": ""},
        {"in": ["Zoë", ""]},
        {"not_in": ["a.b"]},
        {"empty": True},
        {"not_empty": True},
    ],
    METHODS: [
        {"contains": PHONE},
        *({name: [KEY, PUSH]} for name in ("contains_any", "contains_all")),
        *({name: WEAK} for name in ("contains_none", "contains_other_than")),
        *({"count": {name: 1}} for name in ("eq", "lt", "lte", "gt", "gte")),
        *({"count_excluding": {"of": WEAK, name: 1}} for name in ("eq", "lt", "lte", "gt", "gte")),
        {"empty": True},
        {"not_empty": True},
    ],
    ROLES: [
        {"contains_any": ["a", "b"]},
        {"contains_none": ["a"]},
        {"contains": ""},
        {"empty": True},
        {"exists": True},
    ],
    GROUPS: [
        *({"contains": one} for one in (G1, G3)),
        *({name: [G1, G2]} for name in ("contains_any", "contains_all", "contains_none")),
        *({name: [G1, G3]} for name in ("contains_any", "contains_all", "contains_none")),
    ],
    CREATED: [{"older_than_days": 14}, {"newer_than_days": 14}, {"older_than_days": 0}, {"exists": True}],
}
WHOLE = [
    {"any_of": [{MFA: True}, {ADMIN: True}]},
    {"all_of": [{MFA: True}, {CAPABLE: True}, {METHODS: {"contains_other_than": WEAK}}]},
    {"not": {"any_of": [{MFA: False}, {"all_of": [{CAPABLE: True}, {ROLES: {"empty": True}}]}]}},
    {"not": {CREATED: {"older_than_days": 14}}},
]
NUMBERS = [
    ({CAPABLE: True}, {"percent": {"gte": 40}}, {}),
    ({CAPABLE: True}, {"count": {"between": [0, 10_000]}}, {}),
    ({METHODS: {"contains_other_than": WEAK}}, {"percent": {"lt": 1}}, {"min_coverage_percent": 50}),
    ({NAME: {"matches": "ısmaıl"}}, {"count": {"gte": 1}}, {}),
    # An age that no other rule asks for.
    ({CREATED: {"newer_than_days": 13}}, {"percent": {"gte": 99}}, {}),
]


def rules():
    """The rules as their file would hold them."""
    requires = [{name: test} for name, tests in TESTS.items() for test in tests] + WHOLE
    for number, require in enumerate(requires):
        narrowed = {"applies_to": {ADMIN: True}} if number % 3 == 0 else {}
        yield _rule(f"U-{number}", require=require, **narrowed)
    for number, (count, require, more) in enumerate(NUMBERS):
        aggregate = {"count": count, "over": ("population", {STATE: {"ne": "disabled"}})[number % 2]}
        yield _rule(f"N-{number}", scope="tenant", aggregate=aggregate, require=require, **more)
    for number, narrowed in enumerate(({CREATED: {"older_than_days": 14}}, {NAME: {"matches": "ısmaıl"}})):
        yield _rule(f"A-{number}", require={MFA: True}, applies_to=narrowed)
    for number, meaning in enumerate(("pass", "fail", "not_evaluated")):
        asked = {"any_of": [{NAME: {"matches": "*x*"}}, {"not": {METHODS: {"contains": KEY}}}, {TYPE: "Guest"}]}
        yield _rule(f"E-{number}", require=asked, null_means=meaning)
    yield _rule("S-1", require={MFA: True}, severity_when=[_when({ADMIN: True}, "critical"), _when(OLD, "info")])
    yield _rule("S-2", require={CAPABLE: True}, applies_to={ADMIN: True}, severity_when=[_when({TYPE: "Guest"}, "low")])
    yield _rule("P-1", require={MFA: True}, posture="per-user")
    yield _rule("P-2", require={MFA: True}, posture="conditional-access")
    yield _rule("T-1", scope="tenant", require={DEFAULTS: False})
    yield _rule("T-2", scope="tenant", require={DEFAULTS: False}, posture="per-user")


OLD = {CREATED: {"older_than_days": 14}}


def _when(condition, severity):
    return {"if": condition, "severity": severity}


def _rule(id_, **parts):
    return {"id": id_, "title": "T", "rationale": "R", "severity": "high", "remediation": "C"} | parts


def pack(name="by-hand", every=1, **parts):
    """The pack of all these rules, or of every so many; a name of its own gives rules of their own."""
    head = {"id": name, "version": "1", "title": "T"}
    own = [one | {"id": f"{name}-{one['id']}"} for one in [*rules()][::-every]]
    return read_pack(json.dumps({"pack": head, **parts, "rules": own}), f"{name}.yaml", "", "_lists.yaml")


def pack_of(**parts):
    """A pack with one rule."""
    head = {"id": "one", "version": "1", "title": "T"}
    return read_pack(json.dumps({"pack": head, "rules": [_rule("O-1", **parts)]}), "one.yaml", "", "_lists.yaml")


def users(size):
    """Each value of each field in turn, so that every pair of neighbours occurs."""
    cases = [
        {name: values[(number * step + number // len(values)) % len(values)] for name, values in VALUES.items()}
        for number, step in zip(range(size), [1, 2, 3, 5, 7] * size, strict=False)
    ]
    return frame(cases, Scope.USER).with_columns(known_of(FIELDS[GROUPS], READ))


def tenant(defaults, posture="mixed"):
    """The tenant's row."""
    return frame([{DEFAULTS: defaults, POSTURE: posture}], Scope.TENANT)


def circumstances(row):
    """What its row says of the posture."""
    posture, reason = row.select("declared_posture", "declared_posture_reason").row(0)
    return Circumstances(posture=posture, posture_reason=Reason(reason or "NOT_REQUESTED"))


def told(one):
    """An answer of the engine, to be compared."""
    return one.rule.id, one.counts, dict(one.failures), dict(one.reasons), one.observed


def told_by_judging(one):
    """The same of a result of judging."""
    reasons = dict(one.frame["reason"].drop_nulls().cast(pl.String()).value_counts().iter_rows())
    return one.rule.id, one.counts, dict(one.failures), reasons, one.observed
