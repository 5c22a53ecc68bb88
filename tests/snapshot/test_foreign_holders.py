"""Who holds a role and is no listed user is named apart, and leaves nobody of the tenant open."""

import pytest

from mfaaudit.snapshot import take
from mfaaudit.snapshot.foreign_holders import ForeignHolder, HolderKind, foreign_holders
from mfaaudit.words import Reason, Unknown

NOT_READ = Unknown(Reason.NOT_REQUESTED)
USER, GROUP, APPLICATION = ({"@odata.type": f"#microsoft.graph.{kind}"} for kind in ("user", "group", "application"))


def row(holder, principal, **more):
    return {"principalId": holder, "principal": principal, "roleDefinitionId": "r1", "directoryScopeId": "/"} | more


def found(*rows, eligible=NOT_READ, groups=None):
    sources = {"roleAssignments": rows, "roleEligibilitySchedules": eligible}
    members = groups or {}
    return foreign_holders(sources.__getitem__, lambda group: members.get(group, NOT_READ), {"ann"})


def holder(principal, kind, **more):
    known = {"name": "", "role": "r1", "assignment": "active", "scope": "/"}
    return ForeignHolder(principal_id=principal, kind=kind, **(known | more))


def test_a_group_that_the_tenant_does_not_have_is_named():
    assert found(row("g", GROUP | {"displayName": "Helpdesk of Contoso"}), groups={"g": Unknown(Reason.NOT_FOUND)}) == (
        holder("g", HolderKind.GROUP, name="Helpdesk of Contoso"),
    )


def test_a_principal_that_is_null_is_named_unless_it_is_a_listed_user():
    assert found(row("x", None), row("ANN", None)) == (holder("x", HolderKind.UNRESOLVED),)


def test_a_user_who_is_not_listed_is_named():
    assert found(row("bob", USER), row("Ann", USER)) == (holder("bob", HolderKind.USER),)


def test_those_who_may_activate_a_role_are_named_as_such_while_they_may():
    eligible = [row("x", None, status="Provisioned"), row("y", None, status="Revoked")]

    assert found(eligible=eligible) == (holder("x", HolderKind.UNRESOLVED, assignment="eligible"),)


@pytest.mark.parametrize(
    "rows",
    [
        [row("app", APPLICATION)],
        [row("g", GROUP)],
        [row("g", "not an object")],
        [{"principalId": "x", "roleDefinitionId": "r1"}],
        [row(None, None)],
    ],
    ids=["an application", "a group that was refused", "no object", "not expanded", "no holder"],
)
def test_what_may_be_of_this_tenant_is_not_foreign(rows):
    assert found(*rows, groups={"g": Unknown(Reason.NO_PERMISSION)}) == ()


def test_a_tenant_that_a_partner_manages_leaves_nobodys_roles_open(audit):
    snapshot = take(audit("partnered")[1])

    assert snapshot.users["derived_roles"].null_count() == 0
    assert [(one.kind.value, one.assignment) for one in snapshot.foreign_holders] == [
        ("group", "active"),
        ("unresolved", "active"),
    ]


def test_the_metrics_of_a_tenant_with_gaps_name_the_days(audit):
    metrics = take(audit("partnered")[1]).metrics

    assert len(metrics.missing(metrics.success)) == len(metrics.missing(metrics.failure)) == 3
    assert len(metrics.days) == 31
