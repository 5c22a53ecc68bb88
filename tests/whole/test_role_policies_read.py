"""An audit that reads role management policies and the device registration policy, because a rule needs them."""

import pytest
from broken_off import session, tenant_of
from test_forecasting import forecast_of, options_of

from mfaaudit.brief import brief
from mfaaudit.bundle import EVIDENCE
from mfaaudit.evidence.run import Order
from mfaaudit.facts import WISHED
from mfaaudit.judging import judge_snapshot
from mfaaudit.snapshot import take
from mfaaudit.sources import BY_NAME
from mfaaudit.words import Reason

ROLES, DEVICES = "role-policies", "device-registration"


@pytest.mark.parametrize(
    ("pack", "options"),
    [
        ("cis-m365", {ROLES}),
        ("cisa-scuba", {ROLES}),
        ("ca-managed", {DEVICES}),
        ("eligible-administrators", {ROLES}),
        ("nydfs-500-12", set()),
        ("phishing-resistant", set()),
    ],
)
def test_a_pack_whose_rules_need_them_has_them_read(pack, options):
    assert {ROLES, DEVICES} & set(brief([pack], "low", "json").options) == options


def test_whom_a_policy_leaves_out_needs_the_groups_that_it_names():
    assert WISHED["declared.legacyAuthenticationExclusions"] == "policy-groups"
    assert "policy-groups" in brief(["nydfs-500-12"], "low", "json").options


def test_without_the_option_they_are_not_asked_for():
    sources = [BY_NAME[name] for name in ("roleManagementPolicyAssignments", "deviceRegistrationPolicy")]

    assert not any(Order().asks_for(source) for source in sources)
    assert all(Order(options=(ROLES, DEVICES)).asks_for(source) for source in sources)


def test_a_forecast_tells_what_they_add():
    options = options_of(forecast_of())

    assert (options[f"--with-{ROLES}"]["requests"], options[f"--with-{ROLES}"]["atLeast"]) == (1, True)
    assert (options[f"--with-{DEVICES}"]["requests"], options[f"--with-{DEVICES}"]["atLeast"]) == (1, False)
    assert options[f"--with-{DEVICES}"]["price"].endswith("adds one request.")


GLOBAL_ADMINISTRATOR = "62e90394-69f5-4237-9190-012177145e10"
SETTING = "tenant_deviceRegistrationPolicy_multiFactorAuthConfiguration"


def read_of(mood, folder, options=(ROLES, DEVICES, "policy-groups"), **changes):
    session(tenant_of(mood), folder, order=Order(options=options), **changes)
    return take(folder / EVIDENCE)


def test_what_the_tenant_has_is_read_and_judged(tmp_path):
    snapshot = read_of("managed", tmp_path / "managed")
    row = snapshot.tenant.row(0, named=True)

    assert row[SETTING] == "notRequired"
    assert GLOBAL_ADMINISTRATOR in row["derived_rolesWithoutApproval"]
    assert row["derived_rolesWithoutActivationMfa"] == []
    assert row["derived_deviceCodePolicies"] == ["CA010 Block device code flow and authentication transfer"]
    assert row["derived_administratorsReauthenticationPolicies"] == ["CA011 Administrators sign in again"]
    assert row["derived_signInRiskMfaPolicies"] == ["CA012 MFA at sign-in risk"]
    assert row["derived_userRiskPolicies"] == []
    made = judge_snapshot(snapshot, brief(["cis-m365", "ca-managed"], "low", "json"))
    found = {result.rule.id: result.status.value for result in made.findings.results}
    # Without a register the emergency accounts are left out by nobody's leave.
    assert (found["CAM-T7"], found["CAM-T9"], found["CAM-T12"], found["CIS-5.3.4"]) == ("FAIL",) * 4
    assert len(made.declared.tenant["declared_deviceCodeExclusions"].item()) == 2


def test_the_tidy_organisation_is_in_order(tmp_path):
    row = read_of("tidy", tmp_path / "tidy").tenant.row(0, named=True)

    assert row[SETTING] == "required"
    assert row["derived_rolesWithoutApprover"] == row["derived_rolesHeldForGood"] == []
    assert row["derived_legacyAuthenticationPolicies"] == ["Block legacy clients"]


def test_an_older_bundle_that_did_not_read_them_leaves_them_open_and_is_judged_all_the_same(tmp_path):
    snapshot = read_of("tidy", tmp_path / "older", options=())

    for column in (SETTING, "derived_rolesWithoutApproval"):
        assert snapshot.tenant[column].item() is None
        assert snapshot.tenant[f"{column}_reason"].item() == Reason.NOT_REQUESTED.value
    made = judge_snapshot(snapshot, brief(["eligible-administrators"], "low", "json"))
    found = {result.rule.id: result.status.value for result in made.findings.results}
    assert found["PRIV-T4"] == found["PRIV-T5"] == "NOT_EVALUATED"
