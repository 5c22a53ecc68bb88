"""A person with a narrower permission is told which one, and which is needed, wherever an audit says why."""

import json

import openpyxl
import pytest
from broken_off import session, tenant_of

from mfaaudit.brief import brief
from mfaaudit.cli.terminal import print_summary
from mfaaudit.judging import judge_bundle
from mfaaudit.tenant.sign_in import GivenToken

HELD = {
    "signInPreferences": ("UserAuthenticationMethod.Read", "UserAuthenticationMethod.Read.All"),
    "requirements": ("Policy.Read.AuthenticationMethod", "Policy.Read.All"),
    "identitySecurityDefaultsEnforcementPolicy": ("Policy.Read.AuthenticationMethod", "Policy.Read.All"),
    "userRegistrationDetails": ("AuditLogsQuery.Read.All", "AuditLog.Read.All"),
    "userRegistrationActivity": ("AuditLogsQuery.Read.All", "AuditLog.Read.All"),
}


@pytest.fixture(scope="module")
def narrow(tmp_path_factory):
    """An audit by such a person: its folder, and what it comes to."""
    bundle, tenant = tmp_path_factory.mktemp("narrow") / "bundle", tenant_of("tidy")
    permissions = ["User.Read.All", *{held for held, _ in HELD.values()}]
    token = GivenToken(tenant.access_token(kind="delegated", permissions=permissions))
    assert session(tenant, bundle, credential=token)
    return bundle, judge_bundle(bundle, brief(("baseline",), "low", "json,xlsx"), lambda *_: None)


def sentence(held, needed):
    return f"The token carries {held} (", f"which does not cover this: it needs {needed}."


@pytest.mark.parametrize("source", HELD)
def test_the_results_name_both(narrow, source):
    bundle, _ = narrow
    coverage = json.loads((bundle / "results.json").read_text("utf-8"))["coverage"]
    (row,) = [row for row in coverage if row["source"] == source]

    assert all(part in row["why"]["NO_PERMISSION"] for part in sentence(*HELD[source]))
    assert HELD[source][1] in row["whatToDo"]["NO_PERMISSION"]
    assert set(row["why"]) == set(row["whatToDo"]) == set(row["reasons"])


def test_the_workbook_and_the_summary_name_both(narrow, capsys):
    bundle, made = narrow
    sheet = openpyxl.load_workbook(bundle / "report.xlsx", read_only=True)["Not evaluated"]
    cells = " ".join(str(value) for row in sheet.iter_rows(values_only=True) for value in row if value is not None)
    print_summary(bundle, made)
    printed = capsys.readouterr().out

    for held, needed in HELD.values():
        assert all(part in cells for part in sentence(held, needed))
        assert all(part in printed for part in sentence(held, needed))
