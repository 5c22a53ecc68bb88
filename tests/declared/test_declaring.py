"""What is declared becomes columns beside what was read, for rules to ask about."""

import polars as pl
import pytest
from declared_by_hand import GROUP, NOW, RULES, days, declared, entry, fact, register, tenant, uid, users

from mfaaudit.columns import REASONS, TYPES
from mfaaudit.declared.declare import declare, group_ids
from mfaaudit.declared.fields import FIELDS as DECLARED
from mfaaudit.declared.fields import FROM_FILES
from mfaaudit.declared.overrides import read_overrides
from mfaaudit.findings.judge import judge
from mfaaudit.findings.read_pack import read_pack
from mfaaudit.sources.field import Scope
from mfaaudit.vocabulary import FIELDS, SOURCE_OF
from mfaaudit.words import Reason, Unknown

EXCLUDED = "derived.excludedFromMfaPolicies"
NAME = "user.userPrincipalName"
ENABLED = "user.accountEnabled"
OUT = {EXCLUDED: ("All users",)}
IN_GROUP = {"subject": f"{{groupId: {GROUP}}}"}
UNREAD = {GROUP: Unknown(Reason.NO_PERMISSION)}


def of_tenant(name, *entries, **how):
    return fact(declared(*entries, **how).tenant, f"declared.{name}")


def kinds(*entries, **how):
    """The kinds of each user, or the reason why they are not known."""
    made = declared(*entries, **how).users
    return [
        Reason(reason) if reason else value
        for value, reason in made.select("declared_exceptionKinds", "declared_exceptionKinds_reason").iter_rows()
    ]


def test_every_declared_value_is_in_the_vocabulary_and_says_what_opens_it():
    assert all(FIELDS[field.name] is field for field in DECLARED)
    assert {field.name for field in DECLARED} <= set(SOURCE_OF)
    assert {field.name for field in DECLARED} >= FROM_FILES
    assert "declared.posture" not in FROM_FILES


@pytest.mark.parametrize("given", [None, register(entry()), register(entry(**IN_GROUP))], ids=["none", "one", "unread"])
def test_every_declared_value_has_its_columns(given):
    made = declared(given, groups=UNREAD)

    for field in DECLARED:
        frame = made.users if field.scope is Scope.USER else made.tenant
        assert frame[field.column].dtype == TYPES[field.kind], field.name
        missing, reasons = frame[field.column].is_null(), frame[f"{field.column}_reason"]
        assert (missing == reasons.is_not_null()).all(), field.name
        assert reasons.dtype == (REASONS if field.scope is Scope.USER else pl.String())
    assert made.users["declared_exceptionKinds_unclassified"].dtype == pl.Boolean()


def test_what_was_read_stays_as_it_was():
    people, row = users({}, OUT, {}), tenant()
    made = declared(entry(), people=people, of_tenant=row)

    assert made.users.select(people.columns).equals(people)
    assert made.tenant.select(row.columns).equals(row)


def test_without_a_register_nothing_is_declared():
    made = declared(None)

    assert fact(made.tenant, "declared.hasRegister") is False
    assert fact(made.tenant, "declared.breakGlassAccounts") == 0
    for name in ("expiredExceptions", "invalidExceptions", "expiringExceptions", "orphanedExceptions", "overdueDrills"):
        assert fact(made.tenant, f"declared.{name}") == []
    assert made.entries({}) == ()
    assert made.waivers("LOW") is None
    assert kinds(None) == [[], [], []]
    assert made.sha256s == {}


def test_hashes_are_those_of_the_files():
    ours, theirs = register(entry()), read_overrides("schema: 1\naccounts: []\n", "classes.yaml")

    assert declared(ours, overrides=theirs).sha256s == {"exceptions": ours.sha256, "classes": theirs.sha256}
    assert declared(ours).sha256s == {"exceptions": ours.sha256}
    assert of_tenant("hasRegister", register()) is True


def test_the_groups_to_read_are_those_of_the_register():
    assert group_ids(register(entry(**IN_GROUP), entry("E-2", **IN_GROUP), entry("E-3"))) == (GROUP,)
    assert group_ids(None) == ()


def test_entries_are_listed_by_what_is_the_matter():
    late = {"kind": "break_glass", "last_drill_on": days(-200)}
    many = [
        entry("OUT", expires_on=days(-1)),
        entry("SOON", expires_on=days(5)),
        entry("SELF", approved_by="it@contoso.example"),
        entry("LONG", rules="[HIGH]"),
        entry("DQ", rules="[LOW, DQ]"),
        entry("TENANT", rules="[TENANT]"),
        entry("NOBODY", subject=f"{{userId: {uid(9)}}}"),
        entry("LATE", **late),
        entry("LATE-OUT", **late, expires_on=days(-1)),
        entry("GLASS", kind="break_glass", rules="[TENANT]"),
        entry("LATER", rules="[LATER]"),
        entry("NOT-YET", approved_on=days(1)),
        entry("FINE"),
    ]
    found = declared(*many).tenant

    assert fact(found, "declared.expiredExceptions") == ["OUT", "LATE-OUT"]
    assert fact(found, "declared.expiringExceptions") == ["SOON"]
    assert fact(found, "declared.invalidExceptions") == ["SELF", "LONG", "DQ", "TENANT"]
    assert fact(found, "declared.orphanedExceptions") == ["NOBODY"]
    assert fact(found, "declared.overdueDrills") == ["LATE"]


def test_whether_an_exception_is_orphaned_is_open_while_a_group_is_unread():
    both = entry(**IN_GROUP), entry("E-2", subject=f"{{userId: {uid(9)}}}")

    assert of_tenant("orphanedExceptions", *both, groups=UNREAD) is Reason.NO_PERMISSION
    assert of_tenant("orphanedExceptions", *both, groups={GROUP: Unknown(Reason.NOT_FOUND)}) == ["E-1", "E-2"]


def test_kinds_are_those_of_entries_in_force():
    two = entry("E-2", kind="false_positive", subject=f"{{userId: {uid(1)}}}", rules="[LATER]")
    again = entry("E-4", kind="false_positive", rules="[LOW]")
    out = entry("E-3", kind="service_account", expires_on=days(-1))

    assert kinds(entry(), two, out, again) == [["waiver", "false_positive"], ["false_positive"], []]


def test_kinds_are_open_for_whoever_may_be_in_a_group_that_was_not_read():
    in_group = entry("E-2", **IN_GROUP)

    assert kinds(entry(), in_group, groups=UNREAD) == [["waiver"], Reason.NO_PERMISSION, Reason.NO_PERMISSION]
    assert kinds(entry(kind="service_account"), in_group, groups=UNREAD) == [Reason.NO_PERMISSION] * 3
    assert kinds(entry("E-2", **IN_GROUP, expires_on=days(-1)), groups=UNREAD) == [[], [], []]


@pytest.mark.parametrize(
    ("other", "counts"),
    [
        ({}, 1),
        ({"last_drill_on": days(-200)}, 1),
        ({"rules": "[TENANT]"}, 1),
        ({"expires_on": days(-1)}, 0),
        ({"approved_on": days(1)}, 0),
        ({"approved_by": "it@contoso.example"}, 0),
        ({"approved_by": "it@contoso.example", "last_drill_on": days(-200)}, 0),
        ({"kind": "waiver", "last_drill_on": None}, 0),
        ({"subject": f"{{userId: {uid(9)}}}"}, 0),
    ],
)
def test_emergency_accounts_count_while_their_entry_holds(other, counts):
    assert of_tenant("breakGlassAccounts", entry(**{"kind": "break_glass"} | other)) == counts


def test_emergency_accounts_are_counted_once_and_only_if_enabled():
    glass = {"kind": "break_glass"}
    many = entry(**glass), entry("E-2", **glass), entry("E-3", **glass, **IN_GROUP)
    people = users({}, {ENABLED: False}, {}, {ENABLED: Unknown(Reason.UNKNOWN_VALUE)})

    def counted(*members, **how):
        groups = {GROUP: frozenset(uid(n) for n in members)}
        return of_tenant("breakGlassAccounts", *many, people=people, **{"groups": groups} | how)

    assert counted(0) == 1
    assert counted(0, 1) == 1
    assert counted(1, 2) == 2
    assert counted(2, 3) is Reason.UNKNOWN_VALUE
    assert counted(groups=UNREAD) is Reason.NO_PERMISSION
    drill = entry(**glass, **IN_GROUP, last_drill_on=days(-200))
    assert of_tenant("breakGlassAccounts", drill, groups=UNREAD) is Reason.NO_PERMISSION


@pytest.mark.parametrize(
    ("other", "accounts"),
    [
        ({}, True),
        ({"kind": "break_glass", "rules": "[TENANT]"}, True),
        ({"kind": "service_account", "rules": "[LATER]"}, True),
        ({"kind": "compensating_control"}, True),
        ({"kind": "false_positive"}, False),
        ({"expires_on": days(-1)}, False),
        ({"approved_on": days(1)}, False),
        ({"approved_by": "it@contoso.example"}, False),
        ({"kind": "break_glass", "last_drill_on": days(-200)}, False),
        ({"subject": f"{{userId: {uid(1)}}}"}, False),
    ],
)
def test_an_exclusion_is_accounted_for_by_an_entry_in_force(other, accounts):
    people = users(OUT | {NAME: "zoe@contoso.example"}, {})

    found = of_tenant("unregisteredExclusions", entry(**other), people=people)

    assert found == ([] if accounts else ["zoe@contoso.example"])


def test_without_a_register_no_exclusion_is_accounted_for():
    people = users(OUT | {NAME: "z@contoso.example"}, {}, OUT | {NAME: Unknown(Reason.UNKNOWN_VALUE)})

    assert of_tenant("unregisteredExclusions", None, people=people) == ["z@contoso.example", uid(2).upper()]


def test_exclusions_that_are_not_known_leave_the_list_open():
    people = users(OUT, {EXCLUDED: Unknown(Reason.NOT_REQUESTED)}, {EXCLUDED: Unknown(Reason.NO_PERMISSION)})

    assert of_tenant("unregisteredExclusions", entry(), people=people) is Reason.NO_PERMISSION


def test_a_group_that_was_not_read_leaves_the_list_open_only_where_it_matters():
    assert (
        of_tenant("unregisteredExclusions", entry(**IN_GROUP), people=users(OUT), groups=UNREAD) is Reason.NO_PERMISSION
    )
    assert of_tenant("unregisteredExclusions", entry(**IN_GROUP), people=users({}), groups=UNREAD) == []
    both = entry(), entry("E-2", **IN_GROUP)
    assert of_tenant("unregisteredExclusions", *both, people=users(OUT), groups=UNREAD) == []
    wrong = entry(**IN_GROUP, kind="false_positive")
    assert of_tenant("unregisteredExclusions", wrong, people=users(OUT), groups=UNREAD) == ["ada@contoso.example"]


def test_rules_can_ask_about_all_of_it():
    pack = read_pack(
        """
pack: {id: ours, version: "1", title: Ours}
rules:
  - {id: A, title: t, rationale: r, severity: low, remediation: r,
     require: {declared.exceptionKinds: {contains: waiver}}}
  - {id: B, title: t, rationale: r, severity: low, remediation: r, require: {derived.accountClass: {ne: service}}}
  - {id: C, title: t, rationale: r, severity: low, remediation: r, require: {derived.isAccountClassGuessed: false}}
  - {id: D, scope: tenant, title: t, rationale: r, severity: low, remediation: r,
     require: {declared.breakGlassAccounts: {gte: 2}, declared.posture: conditional-access, declared.hasRegister: true}}
  - {id: E, scope: tenant, title: t, rationale: r, severity: low, remediation: r,
     require: {declared.unregisteredExclusions: {empty: true}, declared.expiredExceptions: {empty: true}}}
""",
        "ours.yaml",
    )
    made = declare(
        users({}, {NAME: "svc-x@contoso.example"}),
        tenant(),
        register=register(entry(), entry("E-2", kind="break_glass")),
        overrides=None,
        posture_asked="auto",
        groups={},
        now=NOW,
        rules=RULES,
    )
    findings = judge([pack], users=made.users, tenant=made.tenant, now=NOW)

    verdicts = {one.rule.id: one.frame["verdict"].cast(pl.String()).to_list() for one in findings.results}
    assert verdicts == {
        "A": ["PASS", "FAIL"],
        "B": ["PASS", "FAIL"],
        "C": ["PASS", "FAIL"],
        "D": ["FAIL"],
        "E": ["PASS"],
    }
    assert "declared.breakGlassAccounts = 1" in findings.results[3].observed
