"""`mfaaudit check` over a real socket: what it prints, what it ends with, and that it leaves nothing behind."""

import json

import pytest

from mfaaudit.sources import SOURCES

DEVICES = "Policy.Read.DeviceConfiguration"
ALL_BUT_POLICIES = [
    "User.Read.All",
    "UserAuthenticationMethod.Read.All",
    "AuditLog.Read.All",
    "Reports.Read.All",
    "RoleManagement.Read.Directory",
    "GroupMember.Read.All",
]


@pytest.fixture
def check(mfaaudit, served, token):
    """Checks the served tenant as an application, which has few enough reports to read without a pause."""

    def go(*more, **given):
        token(served.tenant.access_token(kind="application", **given))
        return mfaaudit("check", "--graph-url", served.url, "--auth", "token", "--quiet", *more)

    return go


def row_of(said, title):
    return next(line for line in said.out.splitlines() if title in line)


def line_before(said, title):
    lines = said.out.splitlines()
    return lines[lines.index(row_of(said, title)) - 1].strip()


def test_everything_can_be_read(check, tmp_path):
    said = check(permissions=["User.Read.All", "Policy.Read.All", DEVICES, *ALL_BUT_POLICIES])
    assert (said.code, said.err) == (0, "")
    assert row_of(said, "Per-user MFA state").split() == ["READABLE", "Per-user", "MFA", "state", "Policy.Read.All"]
    assert row_of(said, "Registration counts by feature").startswith("DELEGATED_ONLY")
    assert said.out.splitlines()[-1] == "This identity can read everything that an audit needs."
    assert row_of(said, "Sign-in activity").endswith("AuditLog.Read.All")
    assert line_before(said, "Sign-in activity") == "only with --with-signin-activity:"
    assert list((tmp_path / "work").iterdir()) == []


def test_a_person_is_told_whether_they_may_read_their_own_state(mfaaudit, served, token):
    narrow = ["User.Read.All", "Policy.Read.All", "UserAuthenticationMethod.Read"]
    token(served.tenant.access_token(kind="delegated", permissions=narrow))
    said = mfaaudit("check", "--graph-url", served.url, "--auth", "token", "--quiet")
    own = row_of(said, "Your own per-user MFA state")
    assert own == "READABLE  Your own per-user MFA state (/me/authentication/requirements), which no audit needs"
    # Lines are wrapped.
    words = " ".join(said.out.split())
    assert "The token carries UserAuthenticationMethod.Read (the signed-in person's own account only)" in words
    assert "it needs UserAuthenticationMethod.Read.All." in words


def test_gaps_end_with_11_and_name_the_permission_the_fields_and_the_rules(check):
    said = check(permissions=ALL_BUT_POLICIES)
    assert (said.code, said.err) == (11, "")
    assert row_of(said, "Per-user MFA state").split()[0] == "NO_PERMISSION"
    assert row_of(said, "To grant").split() == ["To", "grant", "Policy.Read.All"]
    for word in ("requirements.perUserMfaState", "PUM-01", "BASE-T2", "Grant the application Policy.Read.All"):
        assert word in said.out
    assert max(map(len, said.out.splitlines()[:25])) <= 100


def test_a_gap_that_only_an_option_would_feel_names_the_option_and_is_none_of_the_audit(check):
    without_roles = {"User.Read.All", "Policy.Read.All", DEVICES, *ALL_BUT_POLICIES} - {"RoleManagement.Read.Directory"}
    said = check(permissions=sorted(without_roles | {"Directory.Read.All"}))
    assert said.code == 0
    row = row_of(said, "Eligible role assignments")
    assert row.startswith("NO_PERMISSION")
    assert row.endswith("RoleManagement.Read.Directory")
    assert line_before(said, "Eligible role assignments") == "only with --with-eligible-roles:"
    assert "To grant" not in said.out
    assert said.out.splitlines()[-1].endswith("only by --with-eligible-roles and --with-role-policies.")


def test_the_columns_stand_under_each_other(check):
    lines = check(permissions=ALL_BUT_POLICIES).out.splitlines()
    rows = [
        line for line in lines if line.startswith(("READABLE           ", "NO_PERMISSION      ", "DELEGATED_ONLY     "))
    ]
    assert len(rows) == len(SOURCES)
    assert {line[17:19] for line in rows} == {"  "}
    start = next(line for line in lines if "permission, or" in line).index("permission, or")
    assert {line[start - 2 : start] for line in rows} == {"  "}
    assert not [line for line in rows if line[start] == " "]


def test_the_same_as_json_and_nothing_else(check, served):
    said = check("--json", permissions=ALL_BUT_POLICIES)
    found = json.loads(said.out)
    assert said.code == found["conclusion"]["exitCode"] == 11
    assert found["schema"] == 1
    assert found["tenant"]["id"] == served.tenant.tenant_id
    assert found["identity"]["kind"] == "application"
    assert found["grant"] == ["Policy.Read.All"]
    (row,) = [one for one in found["sources"] if one["source"] == "requirements"]
    assert (row["ability"], row["httpStatus"], row["errorCode"]) == ("NO_PERMISSION", 403, "accessDenied")
    assert row["requestId"]
    assert {"pack": "legacy-per-user-mfa", "id": "PUM-01"} in row["rules"]


def test_without_the_users_there_is_no_audit_but_the_table_is_shown(check):
    said = check(permissions=["Policy.Read.All"])
    assert said.code == 1
    assert row_of(said, "Conditional Access policies").startswith("READABLE")
    assert "No audit is possible" in said.out
    assert "User.Read.All" in said.out.partition("To grant")[2]


@pytest.mark.parametrize(
    ("given", "more", "word"),
    [({"lifetime_seconds": -60}, (), "401"), ({}, ("--tenant", "contoso.example"), "contoso.example")],
)
def test_a_sign_in_that_leads_nowhere_or_elsewhere(check, given, more, word):
    said = check(*more, **given)
    assert said.code == 1
    assert said.out == ""
    assert word in said.err
    assert "hint: " in said.err


@pytest.mark.parametrize("arguments", [("--policy", "baseline"), ("--graph-url", "http://127.0.0.1:1")])
def test_usage(mfaaudit, arguments):
    assert mfaaudit("check", *arguments).code == 2
